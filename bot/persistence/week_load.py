"""The week of a department: how full each half hour is, and why a day is not worked. Only reads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.booking.occupancy import minutes_mask
from bot.domain.booking.offices import CITY_TIME, Service
from bot.domain.booking.schedule import Schedule
from bot.domain.procedure import Text

from .booking_rows import AppointmentRow
from .engine import at_once
from .offices import midnight, read_closures, read_counters, read_hours, read_special_days

STEP = 30
"""Minutes of a row."""
_ANYTHING = Service(
    "any", "", Text(""), dt.timedelta(minutes=STEP), dt.timedelta(), dt.timedelta(days=1), dt.timedelta()
)


@dataclass(frozen=True, slots=True)
class Load:
    """Half an hour: places that are taken, of those there are; `shut`: a counter is closed then."""

    booked: int
    capacity: int
    shut: bool = False

    @property
    def tenths(self) -> int:
        """How full, from 0 to 10."""
        return min(10, -(-10 * self.booked // self.capacity)) if self.capacity else 0


@dataclass(frozen=True, slots=True)
class DayLoad:
    """A day; `loads` by the minute at which the half hour begins. `notes`: the holiday, the closures' reasons."""

    on: dt.date
    booked: int
    loads: dict[int, Load]
    notes: tuple[str, ...]


class SqlWeekLoad:
    """Reads how full a department is."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = at_once(engine)

    async def of(self, department: str, days: Sequence[dt.date]) -> list[DayLoad]:
        """Each of `days`, which follow one another."""
        first, last = days[0], days[-1]
        async with self._engine.connect() as connection:
            counters = [each for each in await read_counters(connection) if each.department == department]
            ids = [counter.id for counter in counters]
            schedule = Schedule(
                replace(_ANYTHING, department=department),
                [replace(counter, services=()) for counter in counters],
                await read_hours(connection, ids),
                await read_closures(connection, first, last),
                await read_special_days(connection, first, last),
            )
            rows = await connection.execute(
                select(
                    AppointmentRow.counter_id,
                    AppointmentRow.place,
                    func.lower(AppointmentRow.during).label("starts"),
                    func.upper(AppointmentRow.during).label("ends"),
                ).where(
                    AppointmentRow.counter_id.in_(ids),
                    AppointmentRow.state.in_(("booked", "arrived", "served", "missed")),
                    func.lower(AppointmentRow.during) >= midnight(first),
                    func.lower(AppointmentRow.during) < midnight(last + dt.timedelta(days=1)),
                )
            )
            taken: dict[dt.date, list[tuple[int, int, int]]] = {}
            for row in rows:
                starts, ends = row.starts.astimezone(CITY_TIME), row.ends.astimezone(CITY_TIME)
                mask = minutes_mask(_minute(starts), max(_minute(ends), _minute(starts) + 1))
                taken.setdefault(starts.date(), []).append((row.counter_id, row.place, mask))
        return [_day(schedule, day, taken.get(day, [])) for day in days]


def _day(schedule: Schedule, day: dt.date, taken: list[tuple[int, int, int]]) -> DayLoad:
    loads: dict[int, Load] = {}
    for desk in schedule.desks(day):
        for start in desk.starts:
            span = minutes_mask(start.minute, start.minute + STEP)
            before = loads.get(start.minute, Load(0, 0))
            if desk.closed & span:
                loads[start.minute] = Load(before.booked, before.capacity, True)
                continue
            places = {place for counter, place, mask in taken if counter == desk.counter and mask & span}
            loads[start.minute] = Load(before.booked + len(places), before.capacity + start.total, before.shut)
    special = schedule.special(day)
    notes = [] if special is None else [special.name]
    notes += dict.fromkeys(closure.reason for closure in schedule.closures(day))
    return DayLoad(day, len(taken), dict(sorted(loads.items())), tuple(notes))


def _minute(moment: dt.datetime) -> int:
    return moment.hour * 60 + moment.minute
