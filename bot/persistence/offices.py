"""Offices in PostgreSQL: services, counters, hours, closures and special days as the administrators keep them now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.domain.booking.offices import CITY_TIME, Closure, Counter, Hours, Service, SpecialDay
from bot.domain.booking.schedule import Schedule, serves
from bot.domain.procedure import Language, Text

from .booking_rows import ClosureRow, CounterRow, DepartmentRow, HolidayOverrideRow, OpeningRuleRow, ServiceRow
from .engine import at_once
from .public_holidays import public_holidays


class SqlOffices:
    """`Offices` in PostgreSQL, with what the pages of the officials read besides."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = at_once(engine)

    async def services(self) -> tuple[Service, ...]:
        """As the port says, in the order of their keys."""
        async with self._engine.connect() as connection:
            return await read_services(connection)

    async def counters(self, department: str | None = None) -> tuple[Counter, ...]:
        """The counters in use, of one department or all."""
        async with self._engine.connect() as connection:
            every = await read_counters(connection)
        return tuple(counter for counter in every if department in (None, counter.department))

    async def hours(self, counters: Sequence[int]) -> tuple[Hours, ...]:
        """The weekly spans at these counters."""
        async with self._engine.connect() as connection:
            return await read_hours(connection, counters)

    async def closures(self, first: dt.date, last: dt.date) -> tuple[Closure, ...]:
        """What is closed at some time from `first` to `last`."""
        async with self._engine.connect() as connection:
            return await read_closures(connection, first, last)

    async def special_days(self, first: dt.date, last: dt.date) -> tuple[SpecialDay, ...]:
        """Public holidays and worked days off from `first` to `last`; what the administrators decided wins."""
        async with self._engine.connect() as connection:
            return await read_special_days(connection, first, last)


async def read_services(connection: AsyncConnection, key: str | None = None) -> tuple[Service, ...]:
    """The services that may be booked, or the one with that key; none where it is not offered (any more)."""
    wanted = select(*ServiceRow.__table__.c).where(ServiceRow.active, _department_is_active(ServiceRow.department_key))
    if key is not None:
        wanted = wanted.where(ServiceRow.key == key)
    return tuple(map(service_of, await connection.execute(wanted.order_by(ServiceRow.key))))


async def read_counters(connection: AsyncConnection) -> tuple[Counter, ...]:
    """The counters in use, in the order of their keys."""
    wanted = select(
        CounterRow.id, CounterRow.key, CounterRow.department_key, CounterRow.record, CounterRow.services
    ).where(CounterRow.active, _department_is_active(CounterRow.department_key))
    return tuple(map(counter_of, await connection.execute(wanted.order_by(CounterRow.key))))


async def read_hours(connection: AsyncConnection, counters: Sequence[int]) -> tuple[Hours, ...]:
    """The weekly spans at these counters."""
    row = OpeningRuleRow
    wanted = select(
        row.counter_id, row.weekday, row.starts, row.ends, row.capacity, row.reserved, row.valid_from, row.valid_to
    ).where(row.counter_id.in_(counters))
    return tuple(Hours(*values) for values in await connection.execute(wanted.order_by(row.id)))


async def read_closures(connection: AsyncConnection, first: dt.date, last: dt.date) -> tuple[Closure, ...]:
    """What is closed at some time from `first` to `last`."""
    row = ClosureRow
    wanted = select(row.starts_at, row.ends_at, row.reason, row.department_key, row.counter_id).where(
        row.ends_at > midnight(first), row.starts_at < midnight(last + dt.timedelta(days=1))
    )
    rows = await connection.execute(wanted.order_by(row.starts_at, row.id))
    return tuple(Closure(*values) for values in rows)


async def read_special_days(connection: AsyncConnection, first: dt.date, last: dt.date) -> tuple[SpecialDay, ...]:
    """Public holidays and worked days off from `first` to `last`; what the administrators decided wins."""
    row = HolidayOverrideRow
    decided = select(row.day, row.name, row.worked_as).where(row.day.between(first, last))
    found = {special.day: special for special in public_holidays(first, last)}
    found |= {values[0]: SpecialDay(*values) for values in await connection.execute(decided)}
    return tuple(found[day] for day in sorted(found))


async def read_schedule(
    connection: AsyncConnection, service: str, first: dt.date, last: dt.date, *, retired: bool = False
) -> Schedule | None:
    """The rules of a service from `first` to `last`; None where it may not be booked.

    `retired`: also one that is not offered any more, for an appointment made while it was.
    """
    if retired:
        every = select(*ServiceRow.__table__.c).where(ServiceRow.key == service)
        found = tuple(map(service_of, await connection.execute(every)))
    else:
        found = await read_services(connection, service)
    if not found:
        return None
    counters = [counter for counter in await read_counters(connection) if serves(counter, found[0])]
    return Schedule(
        found[0],
        counters,
        await read_hours(connection, [counter.id for counter in counters]),
        await read_closures(connection, first, last),
        await read_special_days(connection, first, last),
    )


def midnight(day: dt.date) -> dt.datetime:
    """When `day` begins in the city."""
    return dt.datetime.combine(day, dt.time(), CITY_TIME)


def service_of(row: Any) -> Service:
    """A service from its columns."""
    record = row.record
    return Service(
        key=row.key,
        department=row.department_key,
        title=text_of(record.get("title")) or Text(row.key),
        duration=dt.timedelta(minutes=row.duration_minutes),
        notice=dt.timedelta(minutes=row.notice_minutes),
        window=dt.timedelta(days=row.window_days),
        cancel_until=dt.timedelta(minutes=row.cancel_minutes),
        procedures=tuple(row.procedures),
        documents=tuple(text for each in record.get("documents") or () if (text := text_of(each)) is not None),
        instructions=text_of(record.get("instructions")),
        demonstration=row.demonstration,
    )


def counter_of(row: Any) -> Counter:
    """A counter from its columns."""
    return Counter(
        id=row.id,
        key=row.key,
        department=row.department_key,
        name=text_of(row.record.get("name")) or Text(row.key),
        address=text_of(row.record.get("address")),
        services=tuple(row.services),
    )


def text_of(record: dict[str, str] | None) -> Text | None:
    """A text from `{vi: …, en: …}`; None where there is no Vietnamese."""
    if not record or not record.get("vi"):
        return None
    return Text(**{language.value: record.get(language.value) for language in Language})  # type: ignore[arg-type]


def _department_is_active(key: Any) -> ColumnElement[bool]:
    active = select(DepartmentRow.key).where(DepartmentRow.active).scalar_subquery()
    return key.in_(active)  # type: ignore[no-any-return]
