"""Polling: asking Telegram for updates where it cannot reach us.

One process per bot: Telegram answers a second one 409. What was stored is confirmed by the next question,
so that a crash in between brings the update again, and the inbox drops it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

import structlog
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.persistence.engine import is_database_away

from .client import Client, pause_asked
from .inbound import ALLOWED_UPDATES
from .receiving import Receiver

log = structlog.get_logger(__name__)

TOKEN_REFUSED = "Telegram refuses the bot's token; check CTC_TELEGRAM_TOKEN, then restart"  # noqa: S105
CONFLICT = (
    "another program asks for this bot's updates, or a webhook is set: stop the other one, "
    "use another token, or set CTC_TELEGRAM_MODE=webhook"
)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for updates, and after failures: doubling from `shortest` to `longest`."""

    wait: int = 25
    shortest: float = 1
    longest: float = 30
    refused: float = 60


class Poller:
    """Asks for updates until cancelled."""

    def __init__(self, client: Client, receiver: Receiver, patience: Patience | None = None) -> None:
        self._client = client
        self._receiver = receiver
        self._patience = patience or Patience()
        self._offset = 0
        self._failures = 0

    async def run(self) -> None:
        """Never returns and never fails; every trouble is logged and waited out."""
        while True:
            try:
                await self._round()
                self._failures = 0
            except Exception as error:
                self._failures += 1
                pause = self._pause_after(error)
                await asyncio.sleep(pause)

    async def _round(self) -> None:
        updates = await self._client.updates(offset=self._offset, wait=self._patience.wait, kinds=ALLOWED_UPDATES)
        for update in updates:
            await _whole(self._receiver.receive(update))
            self._offset = max(self._offset, _number(update) + 1)

    def _pause_after(self, error: Exception) -> float:
        patience = self._patience
        doubling = min(patience.longest, patience.shortest * 2.0 ** min(self._failures - 1, 16))
        match error:
            case InvalidToken():
                log.error("telegram_token_refused", what_to_do=TOKEN_REFUSED)
                return patience.refused
            case Conflict():
                log.error("telegram_polling_conflict", what_to_do=CONFLICT, next_try_in=doubling)
            case RetryAfter():
                return pause_asked(error).total_seconds()
            case TelegramError():
                log.warning("telegram_away", reason=str(error)[:120], next_try_in=doubling)
            case _ if is_database_away(error):
                log.warning("update_not_stored", reason=type(error).__name__, next_try_in=doubling)
            case _:
                log.error("update_not_stored", next_try_in=doubling, exc_info=error)
        return doubling


async def _whole(work: Coroutine[Any, Any, None]) -> None:
    """Do `work`; a cancellation meanwhile waits for its end, so that no database connection is torn off."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task}, timeout=5)
        task.cancel()
        raise


def _number(update: Any) -> int:
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if isinstance(number, int) else -1
