"""Outbound: a reply becomes Telegram messages with buttons below the last one, and then its files.

Plain text without `parse_mode`, so that markup in a source or a name is shown as it stands.

Telegram has no idempotent send, so delivery is at least once. Parts of a reply known to have arrived are
remembered in this process and not sent again; after a crash in the middle of a reply its parts come anew.
"""

from __future__ import annotations

import base64
from collections import OrderedDict
from collections.abc import Sequence
from datetime import timedelta

import structlog
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, Message
from telegram.constants import ChatAction
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.channels.errors import DeliveryError, PlatformDown, Rejected, Throttled, Unreachable
from bot.channels.fitting import FittedButton, Part, fit, link_line
from bot.channels.port import Capabilities, OutboundReply
from bot.conversation.messages import Address, Attachment

from .client import NotSent, pause_asked
from .inbound import CHANNEL
from .keyboard import rows
from .pacing import Pacing
from .polling import TOKEN_REFUSED

log = structlog.get_logger(__name__)

CAPABILITIES = Capabilities(
    max_text=4096,
    max_buttons=12,
    max_button_title=44,
    opens_links=True,
    retries_are_safe=False,
    # Telegram lets short bursts through; `Pacing` slows down what is more than a burst.
    min_interval=timedelta(0),
    sends_files=frozenset({"image/png", "text/calendar"}),
    max_caption=1024,
)
_MOST_REMEMBERED = 2_000
_GONE = ("chat not found", "user is deactivated", "user not found", "peer_id_invalid")


class TelegramChannel:
    """`Channel` for Telegram."""

    name = CHANNEL
    capabilities = CAPABILITIES

    def __init__(self, bot: Bot, pacing: Pacing | None = None, *, home: str | None = None) -> None:
        self._bot = bot
        self._home = home
        """Our public address, for links to files."""
        self._pacing = pacing or Pacing()
        self._arrived: OrderedDict[int, int] = OrderedDict()
        """How many parts of a reply have surely arrived, by the reply's id."""

    async def deliver(self, outbound: OutboundReply) -> str | None:
        """As the port says; the id is that of the last message."""
        parts = fit(outbound.reply, outbound.tokens, self.capabilities, self._home)
        last: str | None = None
        for number, part in enumerate(parts):
            if number < self._arrived.get(outbound.id, 0):
                continue
            await self._pacing.turn(outbound.address.contact)
            last = await self._send(outbound.address, part) or last
            self._remember(outbound.id, number + 1)
        self._arrived.pop(outbound.id, None)
        return last

    async def show_typing(self, address: Address) -> None:
        """As the port says."""
        try:
            await self._bot.send_chat_action(int(address.contact), ChatAction.TYPING)
        except TelegramError as error:
            log.debug("typing_not_shown", reason=type(error).__name__)

    async def _send(self, address: Address, part: Part) -> str | None:
        if part.file is None:
            return await self._write(address, part.text, part.buttons)
        try:
            return await self._upload(address, part.text, part.file)
        except Rejected as error:
            # The text has arrived already, and the next file may be taken: this one alone is given as a link.
            log.warning("telegram_refused_file", media_type=part.file.media_type, reason=str(error))
        return await self._write(address, link_line(part.file, self._home)) if self._home else None

    async def _write(self, address: Address, text: str, buttons: Sequence[FittedButton] = ()) -> str:
        try:
            message = await self._bot.send_message(
                int(address.contact),
                text,
                reply_markup=_keyboard(buttons),
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        except TelegramError as error:
            raise translated(error) from error
        return str(message.message_id)

    async def _upload(self, address: Address, caption: str, file: Attachment) -> str:
        chat, content = int(address.contact), base64.b64decode(file.content)
        try:
            message: Message
            if file.media_type.startswith("image/"):
                message = await self._bot.send_photo(chat, content, caption=caption, filename=file.filename)
            else:
                message = await self._bot.send_document(
                    chat,
                    content,
                    caption=caption,
                    filename=file.filename,
                    disable_content_type_detection=True,  # else a server may show it as something it is not
                )
        except TelegramError as error:
            raise translated(error) from error
        return str(message.message_id)

    def _remember(self, reply: int, parts: int) -> None:
        self._arrived[reply] = parts
        self._arrived.move_to_end(reply)
        if len(self._arrived) > _MOST_REMEMBERED:
            self._arrived.popitem(last=False)


def translated(error: TelegramError) -> DeliveryError:
    """What a failed send means for the reply."""
    match error:
        case Forbidden() | ChatMigrated():
            return Unreachable(error.message)
        case BadRequest():  # a kind of NetworkError to the library, so it comes before that
            gone = any(sign in error.message.lower() for sign in _GONE)
            return Unreachable(error.message) if gone else Rejected(error.message)
        case RetryAfter():
            return Throttled(pause_asked(error))
        case InvalidToken():
            # Nobody gets an answer until an operator acts; the replies wait for that.
            log.error("telegram_token_refused", what_to_do=TOKEN_REFUSED)
            return PlatformDown("token refused", perhaps_delivered=False)
        case NotSent() | Conflict():
            return PlatformDown(error.message, perhaps_delivered=False)
        case _:
            return PlatformDown(error.message, perhaps_delivered=True)


def _keyboard(buttons: Sequence[FittedButton]) -> InlineKeyboardMarkup | None:
    if not buttons:
        return None
    return InlineKeyboardMarkup(
        [
            [
                InlineKeyboardButton(button.title, url=button.url)
                if button.url is not None
                else InlineKeyboardButton(button.title, callback_data=button.token)
                for button in row
            ]
            for row in rows(buttons)
        ]
    )
