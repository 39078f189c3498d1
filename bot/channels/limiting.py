"""Limiting: how often one contact, or one network address, may ask something of us.

Token buckets in memory, without I/O. They count what this process has seen: with n processes the limit
is n times as wide, and a restart forgets. That is enough to slow a flood, which is all they are for.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

NO_WAIT = timedelta(0)


@dataclass(slots=True)
class Bucket:
    """Room for `capacity` actions, refilled at `per_second`; moments are seconds of any one clock.

    `level` below zero is a debt: actions allowed in advance.
    """

    capacity: float
    per_second: float
    level: float
    filled_at: float

    def fill(self, now: float) -> None:
        """Let in what has come together since; a clock that went back changes nothing."""
        passed = max(0.0, now - self.filled_at)
        self.level = min(self.capacity, self.level + passed * self.per_second)
        self.filled_at = max(self.filled_at, now)

    def wait(self) -> float:
        """Seconds until one action fits."""
        # The tolerance keeps sums of small refills from missing a whole action by a rounding error.
        return max(0.0, (1 - 1e-9 - self.level) / self.per_second)


class RateLimiter:
    """A bucket for each key, at most `most_keys` of them: the one unused for longest is forgotten first.

    `burst` actions may come at once (by default a whole minute's worth), `per_minute` in the long run.
    """

    def __init__(
        self,
        per_minute: float,
        *,
        burst: float | None = None,
        most_keys: int = 20_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._per_second = per_minute / 60
        self._capacity = max(1.0, per_minute if burst is None else burst)
        self._most_keys = most_keys
        self._clock = clock
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def take(self, key: str, *, at: float | None = None) -> timedelta:
        """Count one action of `key`: no wait where it may happen, else how long to wait, and nothing counted.

        `at` is the moment of the action where it is not now, in seconds of the limiter's clock.
        """
        bucket = self._bucket(key, at)
        wait = bucket.wait()
        if wait > 0:
            return timedelta(seconds=wait)
        bucket.level -= 1
        return NO_WAIT

    def reserve(self, key: str, *, longest: timedelta) -> timedelta:
        """Count one action of `key` in advance and give the wait before it; over `longest` nothing is counted."""
        bucket = self._bucket(key, None)
        wait = timedelta(seconds=bucket.wait())
        if wait <= longest:
            bucket.level -= 1
        return wait

    def give_back(self, key: str) -> None:
        """Uncount an action that did not happen after all."""
        if (bucket := self._buckets.get(key)) is not None:
            bucket.level = min(bucket.capacity, bucket.level + 1)

    def __len__(self) -> int:
        return len(self._buckets)

    def _bucket(self, key: str, at: float | None) -> Bucket:
        now = self._clock() if at is None else at
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = Bucket(self._capacity, self._per_second, self._capacity, now)
            if len(self._buckets) > self._most_keys:
                self._buckets.popitem(last=False)
        else:
            self._buckets.move_to_end(key)
            bucket.fill(now)
        return bucket
