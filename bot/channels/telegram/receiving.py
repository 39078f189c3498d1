"""Receiving: one update is stored, whichever way it came, before Telegram is told that we have it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Any

import structlog
from prometheus_client import Counter
from sqlalchemy.exc import DataError
from telegram import Bot
from telegram.error import TelegramError

from bot.channels.limiting import NO_WAIT, RateLimiter
from bot.conversation.inbox import Intake
from bot.conversation.messages import Address, InboundMessage
from bot.conversation.wording import Wording
from bot.domain.procedure import Language

from .inbound import CHANNEL, Ignored, Update, read_update

log = structlog.get_logger(__name__)

UPDATES = Counter("ctc_telegram_updates", "Updates from Telegram by what became of them.", ["result"])


class Receiver:
    """Stores updates, keeps floods out, and confirms taps; the webhook and the poller share one."""

    def __init__(
        self,
        intake: Intake,
        bot: Bot,
        wording: Wording,
        *,
        per_minute: int,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._intake = intake
        self._bot = bot
        self._wording = wording
        self._clock = clock
        # Counted by when a message was sent: after an outage of ours, an hour's messages come at once.
        self._limiter = RateLimiter(per_minute, clock=time.time)
        self._notices = RateLimiter(1, clock=time.time)
        self._running: set[asyncio.Task[None]] = set()

    async def receive(self, data: object) -> None:
        """Store one update durably. Raises what the database raises; then Telegram must send it again."""
        update = read_update(data, self._clock())
        result = await self._store(update)
        UPDATES.labels(result).inc()
        if update.tap is not None:
            # Always, also for a tap that changes nothing: else its button keeps spinning.
            self._aside(self._confirm(update.tap))

    async def close(self) -> None:
        """Let what was begun beside the updates come to an end, for a few seconds at most."""
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=5)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _store(self, update: Update) -> str:
        content = update.content
        if isinstance(content, Ignored):
            await self._ignore(content)
            log.info("update_ignored", channel=CHANNEL, update=content.event_id, reason=content.reason)
            return "ignored"
        if self._limiter.take(content.address.contact, at=content.sent_at.timestamp()) > NO_WAIT:
            return await self._refuse(content)
        try:
            accepted = await self._intake.accept(content)
        except DataError:
            # Coming again would not make it storable, and would hold up the contact's later messages.
            log.exception("update_unstorable", channel=CHANNEL, update=content.event_id)
            await self._ignore(Ignored(content.event_id, "unstorable", {"reason": "unstorable"}))
            return "ignored"
        except BaseException:
            self._limiter.give_back(content.address.contact)  # it will come again
            raise
        if not accepted:
            self._limiter.give_back(content.address.contact)
        return "accepted" if accepted else "repeated"

    async def _refuse(self, message: InboundMessage) -> str:
        """Keep that it came, not what it said, and tell the contact once a minute."""
        first = await self._ignore(Ignored(message.event_id, "too_many", {"reason": "too_many"}))
        if first and self._notices.take(message.address.contact) == NO_WAIT:
            self._aside(self._ask_for_patience(message.address, message.language_hint))
        return "limited" if first else "repeated"

    async def _ignore(self, content: Ignored) -> bool:
        return await self._intake.accept_unknown(CHANNEL, content.event_id, content.payload)

    async def _confirm(self, tap: str) -> None:
        try:
            await self._bot.answer_callback_query(tap)
        except TelegramError as error:
            # "query is too old" after an outage, or nothing reached Telegram: the answer itself still goes out.
            log.info("tap_not_confirmed", reason=type(error).__name__)

    async def _ask_for_patience(self, address: Address, hint: str | None) -> None:
        language = next((known for known in Language if (hint or "").startswith(known)), Language.VI)
        try:
            await self._bot.send_message(int(address.contact), self._wording.say("too_many", language))
        except TelegramError as error:
            log.info("notice_not_sent", reason=type(error).__name__)

    def _aside(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
