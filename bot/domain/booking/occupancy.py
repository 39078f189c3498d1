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
_NONE: Mapping[int, int] = {}


class Taken(NamedTuple):
    """A place that somebody has, from `starts` to `ends` in seconds since 1970 in UTC."""

    counter: int
    place: int
    starts: int
    ends: int


def minutes_mask(starts: int, ends: int) -> int:
    """The bits of the minutes from `starts` to `ends` of a day."""
    return ((1 << (ends - starts)) - 1) << starts


class Occupancy:
    """Every taken place, by counter and day; made of what has the fields of `Taken`."""

    def __init__(self, taken: Iterable[tuple[int, int, int, int]] = ()) -> None:
        self._days: dict[tuple[int, int], dict[int, int]] = {}
        days, lengths = self._days, _Lengths()
        for counter, place, starts, ends in taken:
            day, second = divmod(starts + OFFSET, DAY_SECONDS)
            first = second // 60
            mask = lengths[-(-(second + ends - starts) // 60) - first] << first
            key = (counter, day + _EPOCH)
            if (places := days.get(key)) is None:
                days[key] = {place: mask}
            else:
                places[place] = places.get(place, 0) | mask

    def at(self, counter: int, day: dt.date) -> Mapping[int, int]:
        """The taken minutes of each place at `counter` on `day`; places that nobody has are left out."""
        return self._days.get((counter, day.toordinal()), _NONE)


class _Lengths(dict[int, int]):
    """So many minutes as bits; the same few lengths come up again and again."""

    def __missing__(self, minutes: int) -> int:
        self[minutes] = bits = (1 << minutes) - 1
        return bits
