"""Schedule: the rules of the counters made ready to be asked for one service; it knows nothing of who has booked.

Pure rules. An opening begins at a multiple of the service's duration from the start of a span of hours and ends
within the span. Contacts have the places 1 to capacity, officials also the reserved ones after them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .occupancy import minutes_mask, starts_touching
from .offices import CITY_TIME, Closure, Counter, Hours, Service, SpecialDay

_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Start:
    """A minute of the day at which an opening begins, and the places for contacts and for everybody."""

    minute: int
    capacity: int
    total: int


@dataclass(frozen=True, slots=True)
class Desk:
    """A counter on one day: its spans of hours in minutes, where openings begin, and its closed minutes.

    `levels`: for each place of contacts, from the first, the minutes at which openings begin there and are not closed.
    """

    counter: int
    spans: tuple[tuple[int, int], ...]
    starts: tuple[Start, ...]
    closed: int
    levels: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """The counters that work on one day; `places`: how many contacts have room at each minute while nobody came."""

    desks: tuple[Desk, ...]
    places: Mapping[int, int]


class Schedule:
    """The rules for one service."""

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
        self._dated = any(span.valid_from or span.valid_to for spans in self._hours.values() for span in spans)
        self._days: dict[dt.date, Day] = {}
        self._weekdays: dict[int, Day] = {}

    @property
    def offered(self) -> bool:
        """Whether any counter ever serves it."""
        return bool(self._hours)

    def special(self, day: dt.date) -> SpecialDay | None:
        """What is special about `day`."""
        return self._special.get(day)

    def day(self, day: dt.date) -> Day:
        """What is worked on `day`; nothing on a holiday."""
        if (known := self._days.get(day)) is None:
            known = self._days[day] = self._worked(day)
        return known

    def desks(self, day: dt.date) -> tuple[Desk, ...]:
        """The counters that work on `day`; none on a holiday."""
        return self.day(day).desks

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

    def _worked(self, day: dt.date) -> Day:
        special = self._special.get(day)
        weekday = day.weekday() if special is None else special.worked_as
        if weekday is None:
            return Day((), {})
        closed: dict[int, int] = {}
        for closure, ids in self._closures:
            if ids and (span := _minutes(closure, day)) is not None:
                for id_ in ids:
                    closed[id_] = closed.get(id_, 0) | minutes_mask(*span)
        if closed or self._dated:
            return self._open(weekday, day, closed)
        # the other days of a weekday are all the same
        if (known := self._weekdays.get(weekday)) is None:
            known = self._weekdays[weekday] = self._open(weekday, day, closed)
        return known

    def _open(self, weekday: int, day: dt.date, closed: Mapping[int, int]) -> Day:
        desks = []
        places: dict[int, int] = {}
        for counter in self.counters:
            spans = [span for span in self._hours.get((counter.id, weekday), ()) if _valid(span, day)]
            if not spans:
                continue
            shut = closed.get(counter.id, 0)
            starts = self._starts(spans)
            blocked = starts_touching(shut, self.minutes)
            open_ = [start for start in starts if not blocked >> start.minute & 1]
            for start in open_:
                places[start.minute] = places.get(start.minute, 0) + start.capacity
            most = max((start.capacity for start in open_), default=0)
            levels = tuple(
                sum(1 << start.minute for start in open_ if start.capacity >= place) for place in range(1, most + 1)
            )
            hours = tuple(sorted((_minute(span.starts), _minute(span.ends)) for span in spans))
            desks.append(Desk(counter.id, hours, starts, shut, levels))
        return Day(tuple(desks), {minute: places[minute] for minute in sorted(places) if places[minute]})

    def _starts(self, spans: Iterable[Hours]) -> tuple[Start, ...]:
        found: dict[int, Start] = {}
        for span in spans:
            for minute in range(_minute(span.starts), _minute(span.ends) - self.minutes + 1, self.minutes):
                start = Start(minute, span.capacity, span.capacity + span.reserved)
                if (other := found.get(minute)) is not None:
                    start = Start(minute, max(start.capacity, other.capacity), max(start.total, other.total))
                found[minute] = start
        return tuple(found[minute] for minute in sorted(found))


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
