"""Moving an appointment on: to the next opening that is free, and at which its contact is not expected elsewhere."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.booking.appointment import Appointment, State
from bot.domain.booking.errors import OpeningFull
from bot.domain.booking.offices import CITY_TIME
from bot.domain.booking.openings import Opening

from .appointment_records import during, read_again
from .booking_rows import AppointmentRow
from .moving import move_to
from .next_openings import next_openings
from .offices import read_schedule
from .places import take_place

TRIED = 20
"""Openings that are tried in turn when others take them first."""
_FOR_A_MOMENT = dt.timedelta(minutes=1)


async def move_on(
    connection: AsyncConnection, old: Appointment, conversation: uuid.UUID | None, actor: str, now: dt.datetime
) -> Appointment | None:
    """The appointment at the next opening; None where there is none."""
    for opening in await next_openings(connection, old, now, limit=TRIED):
        day = opening.starts_at.astimezone(CITY_TIME).date()
        schedule = await read_schedule(connection, old.service.key, day, day)
        if schedule is None or await _is_elsewhere(connection, conversation, old, opening):
            continue
        try:
            hold = await take_place(
                connection,
                schedule,
                opening.starts_at,
                now,
                now + _FOR_A_MOMENT,
                actor=actor,
                conversation_id=conversation,
                procedure_code=old.procedure,
                replaces=old.code,
            )
        except OpeningFull:
            continue
        return await move_to(connection, old, await read_again(connection, hold), actor, now)
    return None


async def _is_elsewhere(
    connection: AsyncConnection, conversation: uuid.UUID | None, appointment: Appointment, opening: Opening
) -> bool:
    """Whether the contact is expected at another counter just then."""
    if conversation is None:
        return False
    at_once = select(AppointmentRow.id).where(
        AppointmentRow.conversation_id == conversation,
        AppointmentRow.id != appointment.id,
        AppointmentRow.state == State.BOOKED.value,
        AppointmentRow.during.op("&&")(literal(during(opening.starts_at, opening.ends_at), AppointmentRow.during.type)),
    )
    return (await connection.execute(at_once.limit(1))).first() is not None
