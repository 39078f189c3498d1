"""Appointments as rows: read with their service and counter, each change written into their history."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, insert, select, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.booking.appointment import Appointment, Change, Details, State
from bot.domain.booking.errors import StaleAppointment
from bot.domain.booking.offices import CITY_TIME
from bot.domain.booking.reminding import reminders_for

from .booking_rows import AppointmentChangeRow, AppointmentRow, CounterRow, ReminderRow, ServiceRow
from .offices import counter_of, service_of

CONTACT = "contact"
"""Who changes an appointment where it is no official and not the clock."""


class _Columns:
    """Those columns of a joined row that come from one table."""

    def __init__(self, row: Any, prefix: str) -> None:
        self._row = row
        self._prefix = prefix

    def __getattr__(self, name: str) -> Any:
        return getattr(self._row, self._prefix + name)


def _prefixed(row: type[Any], prefix: str) -> list[ColumnElement[Any]]:
    return [column.label(prefix + column.name) for column in row.__table__.c]


def appointments_where(*conditions: ColumnElement[bool]) -> Select[Any]:
    """Selects appointments with their service and counter; `appointment_of` reads the rows."""
    return (
        select(
            *_prefixed(AppointmentRow, "a_"),
            *_prefixed(ServiceRow, "s_"),
            *_prefixed(CounterRow, "c_"),
            _timed_by_office().label("timed_by_office"),
        )
        .join_from(AppointmentRow, ServiceRow, AppointmentRow.service_key == ServiceRow.key)
        .join(CounterRow, AppointmentRow.counter_id == CounterRow.id)
        .where(*conditions)
    )


def appointment_of(row: Any) -> Appointment:
    """An appointment from a row of `appointments_where`; times are the city's."""
    own = _Columns(row, "a_")
    named = own.name is not None and own.telephone is not None
    return Appointment(
        id=own.id,
        code=own.code,
        service=service_of(_Columns(row, "s_")),
        counter=counter_of(_Columns(row, "c_")),
        place=own.place,
        starts_at=own.during.lower.astimezone(CITY_TIME),
        ends_at=own.during.upper.astimezone(CITY_TIME),
        state=State(own.state),
        version=own.version,
        hold_until=own.hold_until,
        procedure=own.procedure_code,
        details=Details(own.name, own.telephone, own.tax_code) if named else None,
        attending=own.attending_at is not None,
        replaces=own.replaces,
        timed_by_office=row.timed_by_office,
    )


def _timed_by_office() -> ColumnElement[bool]:
    """Whether the change that made this version of the appointment was the office's."""
    row = AppointmentChangeRow
    return (
        select(row.id)
        .where(
            row.appointment_id == AppointmentRow.id,
            row.version == AppointmentRow.version,
            (row.change == Change.INFORMED.value) | ((row.change == Change.MOVED.value) & (row.actor != CONTACT)),
        )
        .correlate(AppointmentRow)
        .exists()
    )


async def read_one(
    connection: AsyncConnection, *conditions: ColumnElement[bool], lock: bool = False
) -> Appointment | None:
    """The one appointment these conditions name; `lock` keeps others from changing it."""
    wanted = appointments_where(*conditions)
    if lock:
        wanted = wanted.with_for_update(of=AppointmentRow)
    row = (await connection.execute(wanted)).one_or_none()
    return None if row is None else appointment_of(row)


async def read_again(connection: AsyncConnection, id_: uuid.UUID) -> Appointment:
    """The appointment as it is now."""
    return appointment_of((await connection.execute(appointments_where(AppointmentRow.id == id_))).one())


async def change(
    connection: AsyncConnection,
    appointment: Appointment,
    what: Change,
    actor: str,
    now: dt.datetime,
    *,
    facts: Mapping[str, Any] | None = None,
    **values: Any,
) -> Appointment:
    """Write new values and the history row, and raise the version (but for attending, which moves nothing).

    Raises `StaleAppointment` where somebody changed it since it was read.
    """
    version = appointment.version + (what is not Change.ATTENDING)
    changed = await connection.execute(
        update(AppointmentRow)
        .where(AppointmentRow.id == appointment.id, AppointmentRow.version == appointment.version)
        .values(version=version, updated_at=now, **values)
    )
    if changed.rowcount != 1:
        raise StaleAppointment(appointment.code, appointment.version)
    await note(connection, appointment.id, version, what, actor, now, facts)
    return await read_again(connection, appointment.id)


async def note(
    connection: AsyncConnection,
    id_: uuid.UUID,
    version: int,
    what: Change,
    actor: str,
    now: dt.datetime,
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Write one row of an appointment's history."""
    await connection.execute(
        insert(AppointmentChangeRow).values(
            appointment_id=id_, version=version, change=what.value, actor=actor, at=now, facts=dict(facts or {})
        )
    )


async def plan_reminders(connection: AsyncConnection, appointment: Appointment, now: dt.datetime) -> None:
    """Write the reminders of this version; those of earlier ones are dropped."""
    await drop_reminders(connection, appointment, "moved", now)
    rows = [
        {"appointment_id": appointment.id, "version": appointment.version, "kind": str(kind), "due_at": due_at}
        for kind, due_at in reminders_for(appointment.starts_at, now)
    ]
    if rows:
        await connection.execute(upsert(ReminderRow).on_conflict_do_nothing(), rows)


async def drop_reminders(connection: AsyncConnection, appointment: Appointment, reason: str, now: dt.datetime) -> None:
    """What was still to be said of the appointment is not said any more."""
    await connection.execute(
        update(ReminderRow)
        .where(ReminderRow.appointment_id == appointment.id, ReminderRow.state == "due")
        .values(state="dropped", reason=reason, done_at=now)
    )


def during(starts_at: dt.datetime, ends_at: dt.datetime) -> Range[dt.datetime]:
    """The time of an appointment as it is stored: its end belongs to the next one."""
    return Range(starts_at, ends_at, bounds="[)")
