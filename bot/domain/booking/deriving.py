"""Deriving: which openings the rules of the counters and the taken places leave for a service.

Pure rules. An opening begins at a multiple of the service's duration from the start of a span of hours and ends
within the span. Contacts have the places 1 to capacity, officials also the reserved ones after them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from .occupancy import Occupancy, minutes_mask
from .offices import CITY_TIME, Closure, Counter, Hours, Service, SpecialDay
from .openings import Opening

_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Start:
    """A minute of the day at which an opening begins, and the places for contacts and for everybody."""

    minute: int
    capacity: int
    total: int


@dataclass(frozen=True, slots=True)
class Desk:
    """A counter on one day: its spans of hours in minutes, where openings begin, and its closed minutes."""

    counter: int
    spans: tuple[tuple[int, int], ...]
    starts: tuple[Start, ...]
    closed: int


class Schedule:
    """The rules for one service, made ready to be asked; knows nothing of who has booked."""

    def __init__(
        self,
        service: Service,
        counters: Iterable[Counter],
        hours: Iterable[Hours],
        closures: Iterable[Closure] = (),
        special_days: Iterable[SpecialDay] = (),
    ) -> None:
        self.service = service
        self.minutes = int(service.duration.total_seconds()) // 60
        self.counters = tuple(counter for counter in counters if serves(counter, service))
        ids = {counter.id for counter in self.counters}
        departments = {counter.id: counter.department for counter in self.counters}
        self._hours: dict[tuple[int, int], list[Hours]] = {}
        for span in hours:
            if span.counter in ids:
                self._hours.setdefault((span.counter, span.weekday), []).append(span)
        self._closures = [
            (closure, frozenset(id_ for id_ in ids if _concerns(closure, id_, departments[id_])))
            for closure in closures
        ]
        self._special = {special.day: special for special in special_days}
        self._days: dict[dt.date, tuple[Desk, ...]] = {}
        self._spans: dict[tuple[int, int], tuple[tuple[tuple[int, int], ...], tuple[Start, ...]]] = {}

    @property
    def offered(self) -> bool:
        """Whether any counter ever serves it."""
        return bool(self._hours)

    def special(self, day: dt.date) -> SpecialDay | None:
        """What is special about `day`."""
        return self._special.get(day)

    def desks(self, day: dt.date) -> tuple[Desk, ...]:
        """The counters that work on `day`; none on a holiday."""
        if (known := self._days.get(day)) is None:
            known = self._days[day] = tuple(self._open(day))
        return known

    def hours(self, day: dt.date) -> tuple[tuple[dt.time, dt.time], ...]:
        """The spans in which at least one counter works, in order, closures left aside."""
        joined: list[tuple[int, int]] = []
        for starts, ends in sorted({span for desk in self.desks(day) for span in desk.spans}):
            if joined and starts <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(ends, joined[-1][1]))
            else:
                joined.append((starts, ends))
        return tuple((clock(starts), clock(ends)) for starts, ends in joined)

    def closures(self, day: dt.date) -> list[Closure]:
        """The closures that touch `day` at one of the counters."""
        return [closure for closure, ids in self._closures if ids and _minutes(closure, day) is not None]

    def _open(self, day: dt.date) -> Iterator[Desk]:
        special = self._special.get(day)
        weekday = day.weekday() if special is None else special.worked_as
        if weekday is None:
            return
        closed: dict[int, int] = {}
        for closure, ids in self._closures:
            if ids and (span := _minutes(closure, day)) is not None:
                for id_ in ids:
                    closed[id_] = closed.get(id_, 0) | minutes_mask(*span)
        for counter in self.counters:
            spans, starts = self._rules(counter.id, weekday, day)
            if spans:
                yield Desk(counter.id, spans, starts, closed.get(counter.id, 0))

    def _rules(self, counter: int, weekday: int, day: dt.date) -> tuple[tuple[tuple[int, int], ...], tuple[Start, ...]]:
        if (known := self._spans.get((counter, weekday))) is not None:
            return known
        every = self._hours.get((counter, weekday), [])
        dated = any(span.valid_from or span.valid_to for span in every)
        valid = [span for span in every if _valid(span, day)]
        found: dict[int, Start] = {}
        for span in valid:
            for minute in range(_minute(span.starts), _minute(span.ends) - self.minutes + 1, self.minutes):
                start = Start(minute, span.capacity, span.capacity + span.reserved)
                if (other := found.get(minute)) is not None:
                    start = Start(minute, max(start.capacity, other.capacity), max(start.total, other.total))
                found[minute] = start
        rules = (
            tuple(sorted((_minute(span.starts), _minute(span.ends)) for span in valid)),
            tuple(found[minute] for minute in sorted(found)),
        )
        if not dated:
            self._spans[counter, weekday] = rules
        return rules


def free_at(schedule: Schedule, occupancy: Occupancy, day: dt.date) -> dict[int, dict[int, int]]:
    """For each counter the minutes of `day` at which contacts find a free place, and how many of them."""
    block = (1 << schedule.minutes) - 1
    found: dict[int, dict[int, int]] = {}
    for desk in schedule.desks(day):
        taken, closed = tuple(occupancy.at(desk.counter, day).items()), desk.closed
        free = found[desk.counter] = {}
        for start in desk.starts:
            minute, places = start.minute, start.capacity
            if closed and closed >> minute & block:
                continue
            for place, mask in taken:
                if mask >> minute & block and place <= start.capacity:
                    places -= 1
            if places > 0:
                free[minute] = places
    return found


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
    from_minute = -1.0
    if day == local.date():
        from_minute = local.hour * 60 + local.minute + (local.second > 0 or local.microsecond > 0)
    found: dict[int, int] = {}
    for free in free_at(schedule, occupancy, day).values():
        for minute, places in free.items():
            if minute >= from_minute:
                found[minute] = found.get(minute, 0) + places
    return dict(sorted(found.items()))


def opening(schedule: Schedule, day: dt.date, minute: int, places: int) -> Opening:
    """The opening at a minute of `day`."""
    starts_at = dt.datetime.combine(day, clock(minute), CITY_TIME)
    return Opening(schedule.service.key, starts_at, starts_at + schedule.service.duration, places)


def days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """From `first` to `last`, both included."""
    return map(dt.date.fromordinal, range(first.toordinal(), last.toordinal() + 1))


def clock(minute: int) -> dt.time:
    """A minute of the day as an hour on the clock; midnight after the day's end is its last minute."""
    return dt.time(*divmod(min(minute, _DAY - 1), 60))


def serves(counter: Counter, service: Service) -> bool:
    """Whether `counter` receives contacts for `service`."""
    return service.key in counter.services if counter.services else counter.department == service.department


def _concerns(closure: Closure, counter: int, department: str) -> bool:
    if closure.counter is not None:
        return closure.counter == counter
    return closure.department is None or closure.department == department


def _minutes(closure: Closure, day: dt.date) -> tuple[int, int] | None:
    """The minutes of `day` that are closed, rounded outwards; None where the day is not touched."""
    midnight = dt.datetime.combine(day, dt.time(), CITY_TIME)
    starts = max(0, int((closure.starts_at - midnight).total_seconds() // 60))
    ends = min(_DAY, int(-((midnight - closure.ends_at).total_seconds() // 60)))
    return (starts, ends) if starts < ends else None


def _valid(span: Hours, day: dt.date) -> bool:
    return (span.valid_from is None or span.valid_from <= day) and (span.valid_to is None or day <= span.valid_to)


def _minute(time: dt.time) -> int:
    return time.hour * 60 + time.minute
