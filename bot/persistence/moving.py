"""Moving: a booked appointment takes the place of a hold in one step, and keeps its row and its code."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.booking.appointment import Appointment, Change, State
from bot.domain.booking.errors import AppointmentOver, TooLateToChange, UnknownAppointment

from .appointment_records import change, during, plan_reminders, read_one
from .booking_rows import AppointmentChangeRow, AppointmentRow


async def movable(
    connection: AsyncConnection, conversation: uuid.UUID, code: str, now: dt.datetime, telephone: str | None
) -> Appointment:
    """The appointment to be moved, locked: the contact's own, or one booked elsewhere with the telephone they know.

    Raises `UnknownAppointment`, `AppointmentOver`, `TooLateToChange`.
    """
    whose = AppointmentRow.conversation_id == conversation
    if telephone is not None:
        whose |= AppointmentRow.telephone == telephone
    found = await read_one(connection, AppointmentRow.code == code, whose, lock=True)
    if found is None or found.state is State.HELD:
        raise UnknownAppointment(code)
    if found.state is not State.BOOKED:
        raise AppointmentOver(code, found.state.value)
    if found.is_too_late_to_change(now):
        raise TooLateToChange(code, found.change_until)
    return found


async def move_to(
    connection: AsyncConnection, old: Appointment, hold: Appointment, actor: str, now: dt.datetime, **values: Any
) -> Appointment:
    """Put a booked appointment where the hold is, in one step with the end of the hold. The caller has locked both."""
    await connection.execute(delete(AppointmentRow).where(AppointmentRow.id == hold.id))
    moved = await change(
        connection,
        old,
        Change.MOVED,
        actor,
        now,
        facts={
            "hold": hold.code,
            "from": {"counter": old.counter.key, "starts_at": old.starts_at.isoformat()},
            "to": {"counter": hold.counter.key, "starts_at": hold.starts_at.isoformat()},
        },
        counter_id=hold.counter.id,
        place=hold.place,
        during=during(hold.starts_at, hold.ends_at),
        attending_at=None,
        **values,
    )
    await plan_reminders(connection, moved, now)
    return moved


async def moved_by(
    connection: AsyncConnection, conversation: uuid.UUID, hold: str, telephone: str | None
) -> Appointment | None:
    """The appointment of this contact that the hold of this code has moved already; None where there is none."""
    moved = select(AppointmentChangeRow.appointment_id).where(
        AppointmentChangeRow.change == Change.MOVED.value, AppointmentChangeRow.facts["hold"].astext == hold
    )
    whose = AppointmentRow.conversation_id == conversation
    if telephone is not None:
        whose |= AppointmentRow.telephone == telephone
    return await read_one(connection, AppointmentRow.id.in_(moved.scalar_subquery()), whose)
