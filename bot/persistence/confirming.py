"""Confirming: a hold becomes an appointment, or moves the one it was taken for. Saying so twice changes nothing."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.booking.appointment import Appointment, Change, Details, State
from bot.domain.booking.errors import AppointmentOver, HoldLapsed, UnknownAppointment

from .appointment_records import CONTACT, change, plan_reminders, read_one
from .booking_rows import AppointmentChangeRow, AppointmentRow
from .holding import bookable
from .limits import ACTIVE, check_limits, settle_past
from .moving import movable, move_to, moved_by
from .rows import ConversationRow
from .waiting_entries import waits_no_longer


async def confirm(
    connection: AsyncConnection, conversation: uuid.UUID, code: str, details: Details, now: dt.datetime
) -> Appointment:
    """Make a hold an appointment, as `Appointments.confirm` says; the caller has locked the conversation."""
    own = (AppointmentRow.code == code, AppointmentRow.conversation_id == conversation)
    replaced = await connection.scalar(select(AppointmentRow.replaces).where(*own))
    if replaced is not None:
        # before the hold, as whoever cancels it does: the other way round they would wait for one another
        await connection.execute(
            select(AppointmentRow.id).where(AppointmentRow.code == replaced).with_for_update(key_share=True)
        )
    hold = await read_one(connection, *own, lock=True)
    if hold is None:
        return await _moved_before(connection, conversation, code, details)
    if hold.state.value in ACTIVE:
        return hold
    if hold.state is not State.HELD and await _was_booked(connection, hold):
        raise AppointmentOver(code, hold.state.value)
    if hold.hold_until is None or hold.hold_until <= now:
        raise HoldLapsed(code)
    await bookable(connection, hold.service.key, hold.starts_at, now, promised=True, counter=hold.counter.id)
    await settle_past(connection, conversation, hold.service.key, now)
    if hold.replaces is None:
        return await _book(connection, conversation, hold, details, now)
    old = await movable(connection, conversation, hold.replaces, now, details.telephone)
    await check_limits(connection, now, conversation, telephone=details.telephone, besides=old.id)
    await waits_no_longer(connection, conversation, hold)
    return await move_to(connection, old, hold, CONTACT, now, **_columns(details))


async def _book(
    connection: AsyncConnection, conversation: uuid.UUID, hold: Appointment, details: Details, now: dt.datetime
) -> Appointment:
    await check_limits(connection, now, conversation, service=hold.service.key, telephone=details.telephone)
    language = await connection.scalar(select(ConversationRow.language).where(ConversationRow.id == conversation))
    try:
        async with connection.begin_nested():
            booked = await change(
                connection,
                hold,
                Change.BOOKED,
                CONTACT,
                now,
                state=State.BOOKED.value,
                hold_until=None,
                language=language,
                **_columns(details),
            )
    except IntegrityError as error:
        if getattr(error.orig, "sqlstate", None) != "23505":
            raise
        await check_limits(connection, now, conversation, service=hold.service.key)
        raise
    await waits_no_longer(connection, conversation, hold)
    await plan_reminders(connection, booked, now)
    return booked


async def _moved_before(
    connection: AsyncConnection, conversation: uuid.UUID, code: str, details: Details
) -> Appointment:
    moved = await moved_by(connection, conversation, code, details.telephone)
    if moved is None:
        raise UnknownAppointment(code)
    if moved.state.value not in ACTIVE:
        raise AppointmentOver(moved.code, moved.state.value)
    return moved


async def _was_booked(connection: AsyncConnection, appointment: Appointment) -> bool:
    booked = select(AppointmentChangeRow.id).where(
        AppointmentChangeRow.appointment_id == appointment.id, AppointmentChangeRow.change == Change.BOOKED.value
    )
    return (await connection.execute(booked.limit(1))).first() is not None


def _columns(details: Details) -> dict[str, Any]:
    return {"name": details.name, "telephone": details.telephone, "tax_code": details.tax_code}
