"""Places: taking one for a while, and giving back what nobody confirmed in time.

The exclusion constraint of the table alone decides who has a place. What is read before only tells which places
are worth trying, so that two who read the same still cannot both have it.
"""

from __future__ import annotations

import datetime as dt
import random
import uuid
from typing import Any

from sqlalchemy import ColumnElement, insert, literal, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.domain.booking.appointment import Change, State, new_code
from bot.domain.booking.deriving import places_at
from bot.domain.booking.errors import OpeningFull
from bot.domain.booking.offices import CITY_TIME
from bot.domain.booking.schedule import Schedule

from .appointment_records import during, note
from .booking_rows import AppointmentChangeRow, AppointmentRow
from .openings import read_occupancy

CLOCK = "clock"
"""Who does something where nobody does."""
_ROUNDS = 4
"""How often the free places are read anew before an opening counts as full."""
_LOST = ("40P01", "23P01")
"""SQLSTATE of a deadlock and of an exclusion: somebody else was there at the same time."""
_BATCH = 500


async def take_place(
    connection: AsyncConnection,
    schedule: Schedule,
    starts_at: dt.datetime,
    now: dt.datetime,
    hold_until: dt.datetime,
    *,
    actor: str,
    officials: bool = False,
    **values: Any,
) -> uuid.UUID:
    """Keep a place until `hold_until` and give the id of the hold; `values` are further columns of its row.

    Whether the rules allow the time was asked before (`why_not`). Raises `OpeningFull`.
    """
    day = starts_at.astimezone(CITY_TIME).date()
    counters = [counter.id for counter in schedule.counters]
    ends_at = starts_at + schedule.service.duration
    await lapse(
        connection,
        now,
        AppointmentRow.counter_id.in_(counters),
        AppointmentRow.during.op("&&")(literal(during(starts_at, ends_at), AppointmentRow.during.type)),
    )
    for _ in range(_ROUNDS):
        occupancy = await read_occupancy(connection, schedule, day, day, now)
        found = places_at(schedule, occupancy, starts_at, officials=officials)
        # whoever asks at the same moment should try another place first, and not wait for us
        random.shuffle(found)
        free = [(counter, place) for counter, places in found for place in places]
        if not officials:
            random.shuffle(free)
        if not free:
            break
        for counter, place in free:
            id_ = uuid.uuid4()
            row = {
                "id": id_,
                "code": new_code(),
                "service_key": schedule.service.key,
                "counter_id": counter,
                "place": place,
                "during": during(starts_at, ends_at),
                "state": State.HELD.value,
                "hold_until": hold_until,
                "created_at": now,
                **values,
            }
            if await _insert(connection, row):
                await note(connection, id_, 0, Change.HELD, actor, now)
                return id_
    raise OpeningFull(schedule.service.key, starts_at)


async def _insert(connection: AsyncConnection, row: dict[str, Any]) -> bool:
    """Whether the row was accepted. Waits for whoever is just taking or giving back the same place.

    `ON CONFLICT` makes PostgreSQL look before it writes: two plain inserts of one place would each write, then wait
    for the other for ever. A deadlock that comes about another way costs this place only: without it, the savepoint
    goes back, and the others go on.
    """
    try:
        async with connection.begin_nested():
            inserted = upsert(AppointmentRow).values(row).on_conflict_do_nothing().returning(AppointmentRow.id)
            return (await connection.execute(inserted)).first() is not None
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) in _LOST:
            return False
        raise


async def lapse(connection: AsyncConnection, now: dt.datetime, *conditions: ColumnElement[bool]) -> int:
    """Give back holds whose time is over at `now`; those that somebody is just changing are left to them."""
    over = (
        select(AppointmentRow.id)
        .where(AppointmentRow.state == State.HELD.value, AppointmentRow.hold_until <= now, *conditions)
        .limit(_BATCH)
        .with_for_update(skip_locked=True)
    )
    given_back = (
        await connection.execute(
            update(AppointmentRow)
            .where(AppointmentRow.id.in_(over.scalar_subquery()))
            .values(state=State.CANCELLED.value, hold_until=None, version=AppointmentRow.version + 1, updated_at=now)
            .returning(AppointmentRow.id, AppointmentRow.version)
        )
    ).all()
    if given_back:
        await connection.execute(
            insert(AppointmentChangeRow),
            [
                {"appointment_id": id_, "version": version, "change": Change.LAPSED.value, "actor": CLOCK, "at": now}
                for id_, version in given_back
            ],
        )
    return len(given_back)


async def lapse_holds(engine: AsyncEngine, now: dt.datetime) -> int:
    """A sweep: give back every hold whose time is over, and count them. Harmless when run twice."""
    total = 0
    while True:
        async with engine.begin() as connection:
            count = await lapse(connection, now)
        total += count
        if count < _BATCH:
            return total
