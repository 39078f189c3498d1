"""People at the counters, for tests: appointments as they stand in the table, and a queue on one transaction."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.booking.appointment import State, new_code
from bot.domain.booking.visiting import Visit
from bot.persistence.arrivals import SqlArrivals
from bot.persistence.booking_rows import AppointmentRow
from bot.persistence.visits import SqlVisits
from tests.offices import COMPANY

CLERK = "lan"


async def expect_somebody(
    engine: AsyncEngine,
    counter: int,
    starts_at: dt.datetime,
    *,
    service: str = COMPANY,
    state: State = State.BOOKED,
    place: int = 1,
    name: str = "Nguyễn Văn An",
    telephone: str = "+84912345678",
    conversation: uuid.UUID | None = None,
    language: str = "vi",
) -> str:
    """An appointment of half an hour; gives its code."""
    code = new_code()
    async with engine.begin() as connection:
        await connection.execute(
            insert(AppointmentRow).values(
                code=code,
                conversation_id=conversation,
                service_key=service,
                counter_id=counter,
                place=place,
                during=Range(starts_at, starts_at + dt.timedelta(minutes=30)),
                state=state.value,
                hold_until=starts_at if state is State.HELD else None,
                language=language,
                name=name,
                telephone=telephone,
            )
        )
    return code


@asynccontextmanager
async def desk(engine: AsyncEngine) -> AsyncIterator[tuple[SqlArrivals, SqlVisits]]:
    """Arrivals and visits on one transaction, true when it ends well."""
    async with engine.begin() as connection:
        yield SqlArrivals(connection), SqlVisits(connection)


async def arrive(engine: AsyncEngine, code: str, now: dt.datetime, department: str = "finance") -> Visit:
    async with desk(engine) as (arrivals, _):
        return await arrivals.arrive(code, department, now, CLERK)


async def walk_in(engine: AsyncEngine, now: dt.datetime, service: str | None = None) -> Visit:
    async with desk(engine) as (arrivals, _):
        return await arrivals.walk_in("finance", service, now, CLERK)


async def call(engine: AsyncEngine, counter: int, now: dt.datetime, current: Visit | None = None) -> Visit | None:
    async with desk(engine) as (_, visits):
        return await visits.call_next("finance", counter, current.id if current else None, now, CLERK)


async def state_of(engine: AsyncEngine, code: str) -> tuple[str, int]:
    """The state and version of an appointment."""
    async with engine.connect() as connection:
        statement = select(AppointmentRow.state, AppointmentRow.version).where(AppointmentRow.code == code)
        row = (await connection.execute(statement)).one()
        return row.state, row.version
