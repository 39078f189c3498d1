"""A rush: more messages come in than can be answered; taking them in goes before answering.

A platform waits some seconds for our "stored" and then sends again, or gives up; a contact waits anyway. Both are
done by one event loop in the embedded form, where turns under way would otherwise hold up the storing.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from datetime import timedelta

WINDOW = 0.1
"""Seconds over which messages are counted."""
MANY = 6
"""Messages in a window that make a rush: sixty a second, about twice what a small machine can answer."""
LONGEST = timedelta(seconds=6)
"""For one turn; then it begins whatever comes in."""
_PAUSE = 0.02


class Rush:
    """Counts what comes into this process, and lets turns wait for it to pass."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._arrived: deque[float] = deque(maxlen=MANY)

    def count(self) -> None:
        """A message came in."""
        self._arrived.append(self._clock())

    @property
    def is_on(self) -> bool:
        return len(self._arrived) == MANY and self._clock() - self._arrived[0] < WINDOW

    async def pass_by(self) -> None:
        """Wait while a rush is on, at most `LONGEST`."""
        until = self._clock() + LONGEST.total_seconds()
        while self.is_on and self._clock() < until:
            await asyncio.sleep(_PAUSE)
