"""Entries of the waiting list: a contact joins, leaves, or found a place. Offering is another's (`waiting_list`)."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.booking.appointment import Appointment
from bot.domain.booking.errors import OpeningGone
from bot.domain.booking.offices import CITY_TIME
from bot.domain.booking.openings import Why
from bot.domain.booking.waiting import Waiting
from bot.domain.when import Part

from .booking_rows import WaitingRow
from .holding import release_offer
from .offices import read_services

OPEN = ("waiting", "offered")


async def wait(
    connection: AsyncConnection,
    conversation: uuid.UUID,
    service: str,
    first: dt.date,
    last: dt.date,
    part: Part | None,
    now: dt.datetime,
    *,
    procedure: str | None,
) -> Waiting:
    """Put a wish at the end of the list, in place of an older one for the same service."""
    services = await read_services(connection, service)
    if not services:
        raise OpeningGone(service, now, Why.NOT_OFFERED)
    await release_offer(connection, conversation, service, now)
    wish = {
        "first_on": first,
        "last_on": max(first, last),
        "part": None if part is None else part.value,
        "procedure_code": procedure,
        "state": "waiting",
        "appointment_id": None,
        "offer_until": None,
        "created_at": now,
    }
    await connection.execute(
        upsert(WaitingRow)
        .values(conversation_id=conversation, service_key=service, **wish)
        .on_conflict_do_update(
            index_elements=["conversation_id", "service_key"], index_where=WaitingRow.state.in_(OPEN), set_=wish
        )
    )
    return Waiting(services[0], first, max(first, last), part, procedure)


async def leave(connection: AsyncConnection, conversation: uuid.UUID, service: str, now: dt.datetime) -> bool:
    """Take a wish off the list and give back what was offered; False where there is none."""
    await release_offer(connection, conversation, service, now)
    left = await connection.execute(
        update(WaitingRow)
        .where(
            WaitingRow.conversation_id == conversation, WaitingRow.service_key == service, WaitingRow.state.in_(OPEN)
        )
        .values(state="left", appointment_id=None, offer_until=None)
    )
    return left.rowcount > 0


async def waits_no_longer(connection: AsyncConnection, conversation: uuid.UUID, hold: Appointment) -> None:
    """The contact waits no longer where they took what was offered, or found a place on a day they wished."""
    day = hold.starts_at.astimezone(CITY_TIME).date()
    await connection.execute(
        update(WaitingRow)
        .where(
            WaitingRow.conversation_id == conversation,
            WaitingRow.service_key == hold.service.key,
            WaitingRow.state.in_(OPEN),
            (WaitingRow.appointment_id == hold.id)
            | ((WaitingRow.state == "waiting") & (WaitingRow.first_on <= day) & (day <= WaitingRow.last_on)),
        )
        .values(state="taken", offer_until=None)
    )
