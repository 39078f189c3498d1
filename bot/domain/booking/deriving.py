"""Deriving: which openings the rules of the counters and the taken places leave for a service.

Pure rules. Only what is taken is looked at: the places of a whole day are known from the rules, and the taken ones
are counted away for all its minutes at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence

from .occupancy import Occupancy, Tally, starts_touching
from .offices import CITY_TIME
from .openings import Opening
from .schedule import Desk, Schedule, clock


def free_at(schedule: Schedule, occupancy: Occupancy, day: dt.date) -> dict[int, dict[int, int]]:
    """For each counter the minutes of `day` at which contacts find a free place, and how many of them."""
    return {
        desk.counter: _left(
            {
                start.minute: start.capacity
                for start in desk.starts
                if desk.levels and desk.levels[0] >> start.minute & 1
            },
            (desk,),
            schedule,
            occupancy,
            day,
        )
        for desk in schedule.desks(day)
    }


def openings(
    schedule: Schedule, occupancy: Occupancy, first: dt.date, last: dt.date, earliest: dt.datetime
) -> list[Opening]:
    """Every opening for contacts from `first` to `last` that begins at `earliest` or later, in order of time."""
    return [
        opening(schedule, day, minute, places)
        for day in days(first, last)
        for minute, places in free_on(schedule, occupancy, day, earliest).items()
    ]


def free_on(schedule: Schedule, occupancy: Occupancy, day: dt.date, earliest: dt.datetime) -> dict[int, int]:
    """The minutes of `day`, in order, at which any counter has a free place, and how many there are in all."""
    local = earliest.astimezone(CITY_TIME)
    if day < local.date():
        return {}
    worked = schedule.day(day)
    free = _left(worked.places, worked.desks, schedule, occupancy, day)
    if day > local.date():
        return free
    from_minute = local.hour * 60 + local.minute + (local.second > 0 or local.microsecond > 0)
    return {minute: places for minute, places in free.items() if minute >= from_minute}


def places_at(
    schedule: Schedule, occupancy: Occupancy, starts_at: dt.datetime, *, officials: bool = False
) -> list[tuple[int, list[int]]]:
    """The counters and their free places for an opening at `starts_at`; officials get the reserved ones first."""
    local = starts_at.astimezone(CITY_TIME)
    day, minute = local.date(), local.hour * 60 + local.minute
    block = (1 << schedule.minutes) - 1
    found = []
    for desk in schedule.desks(day):
        start = next((start for start in desk.starts if start.minute == minute), None)
        if start is None or desk.closed >> minute & block:
            continue
        masks = occupancy.at(desk.counter, day)
        usable = range(1, start.capacity + 1)
        order: Sequence[int] = [*range(start.capacity + 1, start.total + 1), *usable] if officials else usable
        free = [place for place in order if not masks.get(place, 0) >> minute & block]
        if free:
            found.append((desk.counter, free))
    return found


def opening(schedule: Schedule, day: dt.date, minute: int, places: int) -> Opening:
    """The opening at a minute of `day`."""
    starts_at = dt.datetime.combine(day, clock(minute), CITY_TIME)
    return Opening(schedule.service.key, starts_at, starts_at + schedule.service.duration, places)


def days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """From `first` to `last`, both included."""
    return map(dt.date.fromordinal, range(first.toordinal(), last.toordinal() + 1))


def _left(
    places: Mapping[int, int], desks: Iterable[Desk], schedule: Schedule, occupancy: Occupancy, day: dt.date
) -> dict[int, int]:
    """What is left of `places` at `desks` when those taken are counted away."""
    lost = Tally()
    if taken := occupancy.on(day):
        for desk in desks:
            for place, mask in taken.get(desk.counter, {}).items():
                if place <= len(desk.levels):
                    lost.add(desk.levels[place - 1] & starts_touching(mask, schedule.minutes))
    return {minute: left for minute, every in places.items() if (left := every - lost.at(minute)) > 0}
