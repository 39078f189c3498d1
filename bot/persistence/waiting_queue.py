"""Who is on the waiting list: entries that wait, entries whose offer is over, the oldest first."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.booking.appointment import State
from bot.domain.booking.offices import CITY_TIME

from .booking_rows import AppointmentRow, WaitingRow
from .engine import at_once
from .rows import ContactRow, ConversationRow


@dataclass(frozen=True, slots=True)
class Entry:
    """A wish on the list."""

    id: int
    conversation_id: uuid.UUID
    service_key: str
    procedure_code: str | None
    first_on: date
    last_on: date
    part: str | None


async def forget_past_wishes(engine: AsyncEngine, now: datetime) -> None:
    """Nobody is told: the days have passed, and they know that nothing came free."""
    async with at_once(engine).connect() as connection:
        past = WaitingRow.last_on < now.astimezone(CITY_TIME).date()
        await connection.execute(update(WaitingRow).where(WaitingRow.state == "waiting", past).values(state="lapsed"))


async def over(engine: AsyncEngine, now: datetime, limit: int) -> list[Entry]:
    """Entries whose offer is over, or whose hold the contact gave back by another way."""
    held = exists().where(
        AppointmentRow.id == WaitingRow.appointment_id,
        AppointmentRow.state == State.HELD.value,
        AppointmentRow.hold_until > now,
    )
    return await _entries(engine, limit, WaitingRow.state == "offered", ~held)


async def waiting(engine: AsyncEngine, now: datetime, limit: int) -> list[Entry]:
    """Who waits and can be told; not who is just choosing a time, or their own hold would be lost."""
    choosing = exists().where(
        AppointmentRow.conversation_id == WaitingRow.conversation_id,
        AppointmentRow.state == State.HELD.value,
        AppointmentRow.hold_until > now,
    )
    unreachable = exists().where(
        ConversationRow.id == WaitingRow.conversation_id,
        ContactRow.id == ConversationRow.contact_id,
        ContactRow.unreachable_since.is_not(None),
    )
    return await _entries(engine, limit, WaitingRow.state == "waiting", ~choosing, ~unreachable)


async def _entries(engine: AsyncEngine, limit: int, *conditions: ColumnElement[bool]) -> list[Entry]:
    row = WaitingRow
    wanted = (
        select(
            row.id,
            row.conversation_id,
            row.service_key,
            row.procedure_code,
            row.first_on,
            row.last_on,
            row.part,
        )
        .where(*conditions)
        .order_by(row.created_at, row.id)
        .limit(limit)
    )
    async with at_once(engine).connect() as connection:
        return [Entry(*found) for found in await connection.execute(wanted)]
