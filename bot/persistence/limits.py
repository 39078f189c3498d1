"""Limits: how many appointments a contact and a telephone number may have. Bots resell public openings."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.booking.appointment import Change, State
from bot.domain.booking.errors import AlreadyBooked, TooManyAppointments

from .appointment_records import appointment_of, appointments_where, change
from .booking_rows import AppointmentRow
from .places import CLOCK

LIMIT = 3
"""Upcoming appointments of one contact, and of one telephone number."""
ACTIVE = (State.BOOKED.value, State.ARRIVED.value)


async def check_limits(
    connection: AsyncConnection,
    now: dt.datetime,
    conversation: uuid.UUID,
    *,
    service: str | None = None,
    telephone: str | None = None,
    besides: uuid.UUID | None = None,
) -> None:
    """Raises `AlreadyBooked` (with `service`), `TooManyAppointments`.

    The caller has locked the conversation. The telephone number is locked here until the transaction ends: two
    contacts confirming with the same one would otherwise each count without the other.
    """
    row = AppointmentRow
    if service is not None:
        mine = select(row.code).where(
            row.conversation_id == conversation, row.service_key == service, row.state.in_(ACTIVE)
        )
        if (already := await connection.scalar(mine)) is not None:
            raise AlreadyBooked(already)
    whose = [row.conversation_id == conversation]
    if telephone is not None:
        key = func.hashtextextended(f"telephone {telephone}", 0)
        await connection.execute(select(func.pg_advisory_xact_lock(key)))
        whose.append(row.telephone == telephone)
    for one in whose:
        upcoming = select(func.count()).where(one, row.state.in_(ACTIVE), func.upper(row.during) > now)
        if besides is not None:
            upcoming = upcoming.where(row.id != besides)
        if (await connection.execute(upcoming)).scalar_one() >= LIMIT:
            raise TooManyAppointments(LIMIT)


async def settle_past(connection: AsyncConnection, conversation: uuid.UUID, service: str, now: dt.datetime) -> None:
    """An appointment of the past that nobody marked must not keep the contact from making another."""
    over = appointments_where(
        AppointmentRow.conversation_id == conversation,
        AppointmentRow.service_key == service,
        AppointmentRow.state.in_(ACTIVE),
        func.upper(AppointmentRow.during) <= now,
    ).with_for_update(of=AppointmentRow)
    for row in (await connection.execute(over)).all():
        past = appointment_of(row)
        came = past.state is State.ARRIVED
        state, what = (State.SERVED, Change.SERVED) if came else (State.MISSED, Change.MISSED)
        await change(connection, past, what, CLOCK, now, state=state.value)
