"""Ending: an appointment is cancelled; or, the other way, its contact says that they will come."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.booking.appointment import Appointment, Change, State
from bot.domain.booking.errors import AppointmentOver, TooLateToChange, UnknownAppointment

from .appointment_records import CONTACT, change, drop_reminders, read_one
from .booking_rows import AppointmentRow
from .holding import give_back, release_moves_of
from .limits import ACTIVE
from .rows import ContactRow, ConversationRow


async def cancel(connection: AsyncConnection, code: str, now: dt.datetime, actor: str) -> Appointment:
    """End an appointment or give a hold back, as `Appointments.cancel` says."""
    found = await read_locked(connection, code)
    if found is None:
        raise UnknownAppointment(code)
    if found.state is State.CANCELLED:
        return found
    if found.state is State.HELD:
        return await give_back(connection, found, actor, now)
    if found.state is not State.BOOKED:
        raise AppointmentOver(code, found.state.value)
    if actor == CONTACT and found.is_too_late_to_change(now):
        raise TooLateToChange(code, found.change_until)
    await release_moves_of(connection, code, now)
    await drop_reminders(connection, found, "cancelled", now)
    return await change(connection, found, Change.CANCELLED, actor, now, state=State.CANCELLED.value)


async def attend(connection: AsyncConnection, code: str, now: dt.datetime) -> Appointment:
    """Note that the contact will come, as `Appointments.attend` says; saying so twice changes nothing."""
    found = await read_locked(connection, code)
    if found is None or found.state is State.HELD:
        raise UnknownAppointment(code)
    if found.state.value not in ACTIVE or found.ends_at <= now:
        raise AppointmentOver(code, found.state.value)
    if found.attending:
        return found
    return await change(connection, found, Change.ATTENDING, CONTACT, now, attending_at=now)


async def read_locked(connection: AsyncConnection, code: str) -> Appointment | None:
    """The appointment of this code, locked, after its contact and their conversation.

    Everybody locks in this order: contact, conversation, appointment, the holds that would move it. Who locked the
    appointment first, and then wrote to the contact, could wait for ever for a turn of the same contact.
    """
    conversation = select(AppointmentRow.conversation_id).where(AppointmentRow.code == code).scalar_subquery()
    contact = select(ConversationRow.contact_id).where(ConversationRow.id == conversation).scalar_subquery()
    await connection.execute(select(ContactRow.id).where(ContactRow.id == contact).with_for_update(key_share=True))
    await connection.execute(
        select(ConversationRow.id).where(ConversationRow.id == conversation).with_for_update(key_share=True)
    )
    return await read_one(connection, AppointmentRow.code == code, lock=True)
