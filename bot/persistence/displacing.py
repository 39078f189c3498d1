"""Who is booked at a time that will not be open, and the note that they are still to be moved or told.

The note is a row of the appointment's history. Whoever writes it need not be there to the end: what is noted is
settled by `SqlClosing.settle`, now or by the next sweep.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, String, and_, cast, func, insert, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.booking.appointment import Appointment, Change, State
from bot.domain.booking.offices import CITY_TIME, Hours

from .appointment_records import appointment_of, appointments_where, during
from .booking_rows import AppointmentChangeRow, AppointmentRow, ClosureRow, CounterRow

Handling = Literal["move", "inform"]


@dataclass(frozen=True, slots=True)
class Closed:
    """A time at a counter, a department or (neither named) everywhere."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    department: str | None = None
    counter: int | None = None


async def booked_within(connection: AsyncConnection, closed: Closed, now: dt.datetime) -> list[Appointment]:
    """Who is booked then and still to come, in order of time."""
    wanted = appointments_where(
        AppointmentRow.state == State.BOOKED.value,
        func.lower(AppointmentRow.during) > now,
        _touches(closed.starts_at, closed.ends_at),
        *_where(closed.department, closed.counter),
    )
    return await _in_order(connection, wanted)


async def booked_outside(
    connection: AsyncConnection, counter: int, before: Iterable[Hours], after: Iterable[Hours], now: dt.datetime
) -> list[Appointment]:
    """Who is booked at a counter within the hours `before` and not within those `after`, in order of time."""
    found = await _in_order(
        connection,
        appointments_where(
            AppointmentRow.state == State.BOOKED.value,
            AppointmentRow.counter_id == counter,
            func.lower(AppointmentRow.during) > now,
        ),
    )
    old, new = tuple(before), tuple(after)
    return [one for one in found if _fits(one, old) and not _fits(one, new)]


async def note_displaced(
    connection: AsyncConnection,
    appointments: Collection[Appointment],
    handling: Handling,
    reason: str,
    actor: str,
    now: dt.datetime,
    *,
    closure: int | None = None,
) -> None:
    """These are to be moved or told; harmless where somebody has changed one meanwhile."""
    rows = [
        {
            "appointment_id": one.id,
            "version": one.version,
            "change": Change.DISPLACED.value,
            "actor": actor,
            "at": now,
            "facts": {"handling": handling, "reason": reason} | ({} if closure is None else {"closure": closure}),
        }
        for one in appointments
    ]
    if rows:
        await connection.execute(insert(AppointmentChangeRow), rows)


async def note_closures(connection: AsyncConnection, now: dt.datetime) -> int:
    """Note everybody booked in a closed time of whom that was not noted; how many they are.

    Also those who were confirming while the closing was written: neither saw the other then.
    """
    noted = select(AppointmentChangeRow.id).where(
        AppointmentChangeRow.appointment_id == AppointmentRow.id,
        AppointmentChangeRow.change == Change.DISPLACED.value,
        AppointmentChangeRow.facts["closure"].astext == cast(ClosureRow.id, String),
    )
    rows = (
        await connection.execute(
            select(
                AppointmentRow.id,
                AppointmentRow.version,
                ClosureRow.id.label("closure"),
                ClosureRow.handling,
                ClosureRow.reason,
                ClosureRow.created_by,
            )
            .join(CounterRow, CounterRow.id == AppointmentRow.counter_id)
            .join(
                ClosureRow,
                and_(
                    func.tstzrange(ClosureRow.starts_at, ClosureRow.ends_at).op("&&")(AppointmentRow.during),
                    or_(
                        ClosureRow.counter_id == AppointmentRow.counter_id,
                        and_(ClosureRow.counter_id.is_(None), ClosureRow.department_key == CounterRow.department_key),
                        and_(ClosureRow.counter_id.is_(None), ClosureRow.department_key.is_(None)),
                    ),
                ),
            )
            .where(
                AppointmentRow.state == State.BOOKED.value,
                func.lower(AppointmentRow.during) > now,
                ClosureRow.ends_at > now,
                ~noted.exists(),
            )
            .with_for_update(of=AppointmentRow, skip_locked=True)
        )
    ).all()
    values = [
        {
            "appointment_id": row.id,
            "version": row.version,
            "change": Change.DISPLACED.value,
            "actor": row.created_by,
            "at": now,
            "facts": {"handling": row.handling, "reason": row.reason, "closure": row.closure},
        }
        for row in rows
    ]
    if values:
        await connection.execute(insert(AppointmentChangeRow), values)
    return len(values)


def _where(department: str | None, counter: int | None) -> Sequence[ColumnElement[bool]]:
    if counter is not None:
        return (AppointmentRow.counter_id == counter,)
    return (CounterRow.department_key == department,) if department is not None else ()


def _touches(starts_at: dt.datetime, ends_at: dt.datetime) -> ColumnElement[bool]:
    return AppointmentRow.during.op("&&")(literal(during(starts_at, ends_at), AppointmentRow.during.type))


async def _in_order(connection: AsyncConnection, wanted: Select[Any]) -> list[Appointment]:
    rows = await connection.execute(wanted.order_by(func.lower(AppointmentRow.during), AppointmentRow.code))
    return [appointment_of(row) for row in rows]


def _fits(appointment: Appointment, hours: Iterable[Hours]) -> bool:
    starts, ends = appointment.starts_at.astimezone(CITY_TIME), appointment.ends_at.astimezone(CITY_TIME)
    return any(
        span.weekday == starts.weekday()
        and (span.valid_from is None or span.valid_from <= starts.date())
        and (span.valid_to is None or starts.date() <= span.valid_to)
        and span.starts <= starts.time()
        and (ends.date() == starts.date() and ends.time() <= span.ends)
        and appointment.place <= span.capacity + span.reserved
        for span in hours
    )
