"""Setup: Telegram is told how updates reach us and which commands we know."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

import structlog
from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats
from telegram.error import BadRequest, InvalidToken, RetryAfter, TelegramError

from bot.conversation.wording import Wording
from bot.domain.errors import AssistantError
from bot.domain.procedure import Language

from .client import pause_asked
from .inbound import ALLOWED_UPDATES
from .polling import TOKEN_REFUSED, Patience

log = structlog.get_logger(__name__)

COMMANDS = ("start", "help", "language", "mydata")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


class TelegramMisconfigured(AssistantError):
    """The settings cannot work; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram brings updates. Raises `TelegramMisconfigured` for what Telegram would refuse."""

    url: str
    secret: str

    def __post_init__(self) -> None:
        address = urlsplit(self.url)
        # A Bot API server of one's own, on the same machine, may use plain HTTP.
        if address.scheme != "https" and address.hostname not in ("127.0.0.1", "localhost"):
            raise TelegramMisconfigured("CTC_PUBLIC_URL must be an https:// address for Telegram's webhook")
        if not _SECRET.fullmatch(self.secret):
            raise TelegramMisconfigured("CTC_TELEGRAM_SECRET must be 1 to 256 of A-Z a-z 0-9 _ -")


async def introduce(bot: Bot, wording: Wording, webhook: Webhook | None, patience: Patience | None = None) -> None:
    """Set the webhook, or remove it for polling, and name our commands in each language.

    Tries until Telegram has heard all of it, so the program may start while Telegram is away. Updates that
    wait at Telegram are kept.
    """
    patience = patience or Patience()
    failures = 0
    while True:
        try:
            await _choose_way(bot, webhook)
            await _name_commands(bot, wording)
            return
        except TelegramError as error:
            failures += 1
            pause = _pause_after(error, failures, patience)
        await asyncio.sleep(pause)


async def _choose_way(bot: Bot, webhook: Webhook | None) -> None:
    if webhook is None:
        await bot.delete_webhook()
    else:
        await bot.set_webhook(webhook.url, secret_token=webhook.secret, allowed_updates=ALLOWED_UPDATES)


async def _name_commands(bot: Bot, wording: Wording) -> None:
    for language in Language:
        commands = [BotCommand(name, wording.say(f"command_{name}", language)) for name in COMMANDS]
        # Without a language they serve everyone whose own has none: for us, Vietnamese.
        code = None if language is Language.VI else language.value
        await bot.set_my_commands(commands, scope=BotCommandScopeAllPrivateChats(), language_code=code)


def _pause_after(error: TelegramError, failures: int, patience: Patience) -> float:
    match error:
        case InvalidToken():
            log.error("telegram_token_refused", what_to_do=TOKEN_REFUSED)
            return patience.refused
        case BadRequest():
            what = "Telegram refuses our settings; check CTC_PUBLIC_URL (port 443, 80, 88 or 8443)"
            log.error("telegram_setup_refused", reason=error.message, what_to_do=what)
            return patience.refused
        case RetryAfter():
            return pause_asked(error).total_seconds()
        case _:
            log.warning("telegram_away", reason=error.message)
            return min(patience.longest, patience.shortest * 2.0 ** min(failures - 1, 16))
