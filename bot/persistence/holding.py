"""Holding: a contact keeps a place while they decide, and gives it back."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.booking.appointment import HOLD, Appointment, Change, State
from bot.domain.booking.errors import OpeningGone
from bot.domain.booking.judging import why_not
from bot.domain.booking.offices import CITY_TIME
from bot.domain.booking.openings import Why
from bot.domain.booking.schedule import Schedule

from .appointment_records import CONTACT, appointment_of, appointments_where, change, read_again, read_one
from .booking_rows import AppointmentRow, WaitingRow
from .limits import check_limits, settle_past
from .moving import movable
from .offices import read_schedule
from .places import CLOCK, take_place


async def hold(
    connection: AsyncConnection,
    conversation: uuid.UUID,
    service: str,
    starts_at: dt.datetime,
    now: dt.datetime,
    *,
    procedure: str | None,
    instead_of: str | None,
    moving: str | None,
    telephone: str | None,
    keep: dt.timedelta,
) -> Appointment:
    """Keep a place, as `Appointments.hold` says."""
    schedule = await bookable(connection, service, starts_at, now)
    await settle_past(connection, conversation, service, now)
    if moving is not None:
        await movable(connection, conversation, moving, now, telephone)
    else:
        await check_limits(connection, now, conversation, service=service)
    await _release_others(connection, conversation, instead_of, now, every=keep <= HOLD)
    id_ = await take_place(
        connection,
        schedule,
        starts_at,
        now,
        now + keep,
        actor=CONTACT,
        conversation_id=conversation,
        procedure_code=procedure,
        replaces=moving,
    )
    return await read_again(connection, id_)


async def bookable(
    connection: AsyncConnection,
    service: str,
    starts_at: dt.datetime,
    now: dt.datetime,
    *,
    promised: bool = False,
    counter: int | None = None,
) -> Schedule:
    """The rules of a service on the day of `starts_at`. Raises `OpeningGone` where they forbid that time.

    `promised`: notice and window were kept before; `counter`: the one at which the place is kept already.
    """
    day = starts_at.astimezone(CITY_TIME).date()
    schedule = await read_schedule(connection, service, day, day)
    if schedule is None:
        raise OpeningGone(service, starts_at, Why.NOT_OFFERED)
    if (why := why_not(schedule, starts_at, now, promised=promised)) is not None:
        raise OpeningGone(service, starts_at, why)
    if counter is not None and why_not(schedule, starts_at, now, promised=True, counter=counter) is not None:
        raise OpeningGone(service, starts_at, Why.CLOSED)
    return schedule


async def release_offer(connection: AsyncConnection, conversation: uuid.UUID, service: str, now: dt.datetime) -> None:
    """Give back what the waiting list offers the contact for a service."""
    offered = select(WaitingRow.appointment_id).where(
        WaitingRow.conversation_id == conversation, WaitingRow.service_key == service, WaitingRow.state == "offered"
    )
    for id_ in (await connection.scalars(offered)).all():
        kept = None if id_ is None else await read_one(connection, AppointmentRow.id == id_, lock=True)
        if kept is not None and kept.state is State.HELD:
            await give_back(connection, kept, CONTACT, now)


async def release_moves_of(connection: AsyncConnection, code: str, now: dt.datetime) -> None:
    """Give back the places kept for moving an appointment that is not to be moved any more."""
    moves = appointments_where(AppointmentRow.replaces == code, AppointmentRow.state == State.HELD.value)
    for row in (await connection.execute(moves.with_for_update(of=AppointmentRow))).all():
        await give_back(connection, appointment_of(row), CLOCK, now)


async def give_back(connection: AsyncConnection, kept: Appointment, actor: str, now: dt.datetime) -> Appointment:
    """End a hold, which the caller has locked."""
    return await change(connection, kept, Change.CANCELLED, actor, now, state=State.CANCELLED.value, hold_until=None)


async def _release_others(
    connection: AsyncConnection, conversation: uuid.UUID, instead_of: str | None, now: dt.datetime, *, every: bool
) -> None:
    """Give back `instead_of`, and (`every`) what else the contact holds but for offers of the waiting list."""
    given_back = AppointmentRow.code == (instead_of or "")
    if every:
        offered = select(WaitingRow.appointment_id).where(
            WaitingRow.conversation_id == conversation, WaitingRow.appointment_id.is_not(None)
        )
        given_back |= AppointmentRow.id.not_in(offered.scalar_subquery())
    mine = appointments_where(
        AppointmentRow.conversation_id == conversation, AppointmentRow.state == State.HELD.value, given_back
    ).with_for_update(of=AppointmentRow)
    for row in (await connection.execute(mine)).all():
        await give_back(connection, appointment_of(row), CONTACT, now)
