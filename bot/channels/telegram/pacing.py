"""Pacing: Telegram's limits on how fast a bot may write, kept before it has to ask for it.

About 30 messages a second in all, and one a second to a chat, where short bursts are let through
(https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this). So a reply of several
parts, or a quick second question, is not slowed down; a long stream is. This counts for one process: with
n of them Telegram's 429 does the rest, and its `retry_after` is obeyed.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta

from bot.channels.errors import Throttled
from bot.channels.limiting import NO_WAIT, RateLimiter

LONGEST_WAIT = timedelta(seconds=5)
"""What must wait longer goes back to the queue instead of holding a place in it."""
_ALL = "all"


class Pacing:
    """Lets messages go, each at its time."""

    def __init__(
        self,
        *,
        per_second: float = 28,
        chat_per_second: float = 1,
        chat_burst: float = 5,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._all = RateLimiter(per_second * 60, burst=per_second, clock=clock)
        self._chats = RateLimiter(chat_per_second * 60, burst=chat_burst, clock=clock)

    async def turn(self, chat: str) -> None:
        """Wait until a message may go to `chat`. Raises `Throttled` where that takes too long."""
        own = self._chats.reserve(chat, longest=LONGEST_WAIT)
        if own > LONGEST_WAIT:
            raise Throttled(own)
        everyone = self._all.reserve(_ALL, longest=LONGEST_WAIT)
        if everyone > LONGEST_WAIT:
            self._chats.give_back(chat)
            raise Throttled(everyone)
        if (wait := max(own, everyone)) > NO_WAIT:
            await asyncio.sleep(wait.total_seconds())
