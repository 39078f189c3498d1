"""Offering: what to show somebody who wishes to come at some time, and why it is not quite what they wished.

Pure rules. Where the wish can be had it is given; otherwise the nearest openings, and few of them, far enough
apart to be a choice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from bot.domain.when import Edge, Part

from .deriving import days, free_on, opening
from .judging import earliest, last_day, why_not, why_not_the_day
from .occupancy import Occupancy
from .offices import CITY_TIME
from .openings import Offer, Opening, Why, Wish
from .schedule import Schedule
from .spreading import chunks, evenly, near

PARTS = {
    Part.MORNING: (0, 12 * 60),
    Part.NOON: (11 * 60, 14 * 60),
    Part.AFTERNOON: (12 * 60, 18 * 60),
    Part.EVENING: (17 * 60, 24 * 60),
}
"""The minutes of the day at which an opening in that part begins."""
_EDGE = 60
"""Minutes that "the first thing" and "the last thing" of a part of the day leave."""
_A_DAY = 2
"""Openings shown of each day, where several days are shown."""
_NEAREST_TO_POSSIBLE = (
    Why.FULL,
    Why.BETWEEN_OPENINGS,
    Why.CLOSED,
    Why.TOO_SOON,
    Why.OUTSIDE_HOURS,
    Why.HOLIDAY,
    Why.DAY_OFF,
    Why.TOO_FAR,
    Why.PAST,
)
"""Of several days that cannot be had, the reason of the first of these is told."""


def offer(schedule: Schedule, occupancy: Occupancy, wish: Wish, now: dt.datetime, *, limit: int = 6) -> Offer:
    """What can be had near `wish`; never more than `limit` openings."""
    if not schedule.offered:
        return Offer(schedule.service.key, why=Why.NOT_OFFERED)
    return _Search(schedule, occupancy, wish, now, limit).offer()


@dataclass
class _Search:
    schedule: Schedule
    occupancy: Occupancy
    wish: Wish
    now: dt.datetime
    limit: int
    _free: dict[dt.date, dict[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.today = self.now.astimezone(CITY_TIME).date()
        self.last = last_day(self.schedule, self.now)
        self.earliest = earliest(self.schedule, self.now)
        first, last = self.wish.first, self.wish.last
        self.named = first is not None or last is not None
        self.from_day = first or self.today
        self.to_day = max(self.from_day, last or first or self.last)
        self.minute = None if self.wish.time is None else self.wish.time.hour * 60 + self.wish.time.minute

    def offer(self) -> Offer:
        wished = self._wished_days()
        single = self.named and self.from_day == self.to_day
        if single and self.minute is not None and self.wish.until is None:
            return self._at(self.from_day, self.minute)
        fitting = [(day, minutes) for day in wished if (minutes := self._fitting(day))]
        if fitting:
            return Offer(
                self.schedule.service.key,
                openings=self._spread(fitting),
                hours=self.schedule.hours(self.from_day) if single else (),
            )
        return self._instead(wished)

    def _at(self, day: dt.date, minute: int) -> Offer:
        """A day and an hour were named: that opening, or the reason and the nearest ones."""
        starts_at = dt.datetime.combine(day, dt.time(*divmod(minute, 60)), CITY_TIME)
        why = why_not(self.schedule, starts_at, self.now)
        if why is None:
            if (places := self.free(day).get(minute)) is not None and day not in self.wish.excluding:
                return self._told(day, None, exact=opening(self.schedule, day, minute, places))
            why = Why.FULL
        return self._told(day, why, openings=self._around(day, day, minute))

    def _instead(self, wished: Sequence[dt.date]) -> Offer:
        """Nothing that was wished is left: say why, and what is nearest."""
        judged = [(self._why(day), day) for day in wished or [self.from_day]]
        why, day = min(judged, key=lambda each: (_NEAREST_TO_POSSIBLE.index(each[0]), each[1]))
        if self.named:
            return self._told(day, why, openings=self._around(self.from_day, self.to_day, self._middle(day)))
        return self._told(day, why, openings=self._around(self.today, self.today, self._middle(day)))

    def _told(
        self, day: dt.date, why: Why | None, *, exact: Opening | None = None, openings: tuple[Opening, ...] = ()
    ) -> Offer:
        name = name_en = limit = None
        if why is Why.HOLIDAY and (special := self.schedule.special(day)) is not None:
            name, name_en = special.name, special.name_en
        elif why is Why.CLOSED:
            name = next((closure.reason for closure in self.schedule.closures(day)), None)
        elif why is Why.TOO_SOON:
            limit = self.earliest
        elif why is Why.TOO_FAR:
            limit = dt.datetime.combine(self.last, dt.time(23, 59), CITY_TIME)
        return Offer(self.schedule.service.key, exact, openings, why, name, name_en, self.schedule.hours(day), limit)

    def free(self, day: dt.date) -> dict[int, int]:
        """The minutes of `day` that can be booked now, with the places left; none on a day that was refused."""
        if (known := self._free.get(day)) is None:
            bookable = self.today <= day <= self.last and day not in self.wish.excluding
            found = free_on(self.schedule, self.occupancy, day, self.earliest) if bookable else {}
            known = self._free[day] = found
        return known

    def _wished_days(self) -> list[dt.date]:
        first, last = max(self.from_day, self.today), min(self.to_day, self.last)
        return [day for day in days(first, last) if day not in self.wish.excluding]

    def _fitting(self, day: dt.date) -> list[int]:
        """The free minutes of `day` that the wish means."""
        fits = self._fits(day)
        return [minute for minute in self.free(day) if fits(minute)]

    def _fits(self, day: dt.date) -> Callable[[int], bool]:
        """Whether the wish means a minute of `day`, free or not."""
        wish, minute = self.wish, self.minute
        if minute is not None:
            if wish.until is None:
                return lambda start: start == minute
            until = wish.until.hour * 60 + wish.until.minute
            return lambda start: minute <= start < until
        lowest, highest = PARTS[wish.part] if wish.part is not None else (0, 24 * 60)
        if wish.until is not None:
            highest = min(highest, wish.until.hour * 60 + wish.until.minute)
        if wish.edge is not None:
            starts = [start for start in self._starts(day) if lowest <= start < highest]
            if starts and wish.edge is Edge.START:
                highest = min(highest, starts[0] + _EDGE)
            elif starts:
                lowest = max(lowest, starts[-1] - _EDGE + 1)
        return lambda start: lowest <= start < highest

    def _starts(self, day: dt.date) -> list[int]:
        return sorted({start.minute for desk in self.schedule.desks(day) for start in desk.starts})

    def _why(self, day: dt.date) -> Why:
        """Why nothing that the wish means is left on `day`."""
        if day < self.today:
            return Why.PAST
        if day > self.last:
            return Why.TOO_FAR
        if (why := why_not_the_day(self.schedule, day)) is not None:
            return why
        if self.minute is not None and self.wish.until is None:
            starts_at = dt.datetime.combine(day, dt.time(*divmod(self.minute, 60)), CITY_TIME)
            return why_not(self.schedule, starts_at, self.now) or Why.FULL
        starts = list(filter(self._fits(day), self._starts(day)))
        if not starts:
            return Why.OUTSIDE_HOURS
        moments = {dt.datetime.combine(day, dt.time(*divmod(start, 60)), CITY_TIME) for start in starts}
        reasons = {why_not(self.schedule, moment, self.now) or Why.FULL for moment in moments}
        return min(reasons, key=_NEAREST_TO_POSSIBLE.index)

    def _middle(self, day: dt.date) -> int | None:
        """The minute to be near to where no hour was named, or None where any hour is as good."""
        if self.minute is not None:
            return self.minute
        starts = list(filter(self._fits(day), self._starts(day)))
        if (self.wish.part is None and self.wish.edge is None and self.wish.until is None) or not starts:
            return sum(PARTS[self.wish.part]) // 2 if self.wish.part is not None else None
        return starts[len(starts) // 2]

    def _spread(self, fitting: Sequence[tuple[dt.date, list[int]]]) -> tuple[Opening, ...]:
        """A choice among days and hours that all are as wished."""
        if self.minute is not None and self.wish.until is None:
            chosen = fitting[: self.limit] if not self.named else evenly(fitting, self.limit)
            return self._openings((day, minutes[0]) for day, minutes in chosen)
        count = max(1, self.limit // _A_DAY)
        # without a day the next ones; of a week all of it
        chosen = evenly(fitting, count) if self.named else fitting[:count]
        share, rest = divmod(self.limit, len(chosen))
        picked = [
            (day, minute)
            for number, (day, minutes) in enumerate(chosen)
            for minute in chunks(minutes, share + (number < rest))
        ]
        return self._openings(picked)

    def _around(self, first: dt.date, last: dt.date, minute: int | None) -> tuple[Opening, ...]:
        """The nearest to days that cannot be had as wished: those days first, then their neighbours."""

        def of(day: dt.date, count: int) -> list[tuple[dt.date, int]]:
            free = list(self.free(day))
            return [(day, each) for each in (chunks(free, count) if minute is None else near(free, minute, count))]

        def away(day: dt.date) -> tuple[int, bool]:
            distance = (first - day).days if day < first else max(0, (day - last).days)
            return distance, day < first

        nearest = sorted((day for day in days(self.today, self.last) if self.free(day)), key=away)
        within = [day for day in nearest if away(day)[0] == 0]
        outside = [day for day in nearest if away(day)[0] > 0]
        picked: list[tuple[dt.date, int]] = []
        for day in within[: self.limit]:
            share = self.limit - self.limit // 3 if len(within) == 1 else max(1, self.limit // len(within))
            picked += of(day, share)
        for day in outside:
            if len(picked) >= self.limit:
                break
            picked += of(day, min(_A_DAY, self.limit - len(picked)))
        return self._openings(picked[: self.limit])

    def _openings(self, picked: Iterable[tuple[dt.date, int]]) -> tuple[Opening, ...]:
        return tuple(opening(self.schedule, day, minute, self.free(day)[minute]) for day, minute in sorted(set(picked)))
