"""Occupancy: which minutes of which place at a counter are taken.

A day at a place is one integer with a bit for each minute, so that a time is tried in one step however many
appointments there are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import NamedTuple

DAY_SECONDS = 24 * 60 * 60
OFFSET = 7 * 60 * 60
"""Seconds by which city time is ahead of UTC; it has been so without a break since 1975."""
_EPOCH = dt.date(1970, 1, 1).toordinal()


class Taken(NamedTuple):
    """A place that somebody has, from `starts` to `ends` in seconds since 1970 in UTC."""

    counter: int
    place: int
    starts: int
    ends: int


def minutes_mask(starts: int, ends: int) -> int:
    """The bits of the minutes from `starts` to `ends` of a day."""
    return ((1 << (ends - starts)) - 1) << starts


def starts_touching(mask: int, minutes: int) -> int:
    """The bits of the minutes at which something that takes `minutes` would touch `mask`."""
    widened, done = mask, 1
    while done < minutes:
        step = min(done, minutes - done)
        widened |= widened >> step
        done += step
    return widened


class Tally:
    """Counts, for every minute of a day, in how many masks it is; the n-th number holds the n-th bit of the counts."""

    def __init__(self) -> None:
        self._bits: list[int] = []

    def add(self, mask: int) -> None:
        for number, bits in enumerate(self._bits):
            if not mask:
                return
            self._bits[number], mask = bits ^ mask, bits & mask
        if mask:
            self._bits.append(mask)

    def at(self, minute: int) -> int:
        return sum((bits >> minute & 1) << number for number, bits in enumerate(self._bits))


class Occupancy:
    """Every taken place, by day and counter; made of what has the fields of `Taken`."""

    def __init__(self, taken: Iterable[tuple[int, int, int, int]] = ()) -> None:
        self._days: dict[int, dict[int, dict[int, int]]] = {}
        for counter, place, starts, ends in taken:
            self.take(starts, ends, ((counter, place),))

    def take(self, starts: int, ends: int, places: Iterable[tuple[int, int]]) -> None:
        """These places, each a counter and its number, are taken from `starts` to `ends` (as in `Taken`)."""
        day, second = divmod(starts + OFFSET, DAY_SECONDS)
        first = second // 60
        mask = minutes_mask(first, -(-(second + ends - starts) // 60))
        counters = self._days.setdefault(day + _EPOCH, {})
        for counter, place in places:
            if (known := counters.get(counter)) is None:
                counters[counter] = {place: mask}
            else:
                known[place] = known.get(place, 0) | mask

    def on(self, day: dt.date) -> Mapping[int, Mapping[int, int]]:
        """By counter the taken minutes of each place on `day`; what nobody has is left out."""
        return self._days.get(day.toordinal(), {})

    def at(self, counter: int, day: dt.date) -> Mapping[int, int]:
        """The taken minutes of each place at `counter` on `day`; places that nobody has are left out."""
        return self.on(day).get(counter, {})
