"""The city's decisions about days (off, or worked) as the pages of the console read, make and take them back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from knowledge.offices import HolidayData

from . import directory_rows as as_rows
from .audit import Entry, record
from .booking_rows import HolidayOverrideRow
from .directory_editing import read_all
from .directory_rows import Values
from .engine import at_once


class SqlSpecialDays:
    """Reads and changes decisions, one call a transaction."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._reading = at_once(engine)

    async def decided(self, first: dt.date, last: dt.date) -> Sequence[Any]:
        """What was decided about the days from `first` to `last`."""
        row = HolidayOverrideRow
        return await read_all(
            self._reading, select(*row.__table__.c).where(row.day.between(first, last)).order_by(row.day)
        )

    async def decide(self, day: dt.date, data: HolidayData, actor: str) -> None:
        """Decide about a day; a second decision replaces the first."""
        values = as_rows.holiday_values(data) | {"edited_by": actor}
        async with self._engine.begin() as connection:
            before = await _holiday(connection, day)
            await connection.execute(
                upsert(HolidayOverrideRow)
                .values(day=day, **values)
                .on_conflict_do_update(index_elements=["day"], set_=values)
            )
            after = as_rows.holiday_values(data)
            await record(connection, Entry(actor, "directory.holiday", "holiday", day.isoformat(), before, after))

    async def undecide(self, day: dt.date, actor: str) -> None:
        """Take a decision back: the calendar of public holidays holds again."""
        async with self._engine.begin() as connection:
            before = await _holiday(connection, day)
            if before is not None:
                await connection.execute(delete(HolidayOverrideRow).where(HolidayOverrideRow.day == day))
                await record(connection, Entry(actor, "directory.holiday", "holiday", day.isoformat(), before, None))


async def _holiday(connection: AsyncConnection, day: dt.date) -> Values | None:
    row = (
        await connection.execute(
            select(HolidayOverrideRow.name, HolidayOverrideRow.worked_as).where(HolidayOverrideRow.day == day)
        )
    ).one_or_none()
    return None if row is None else {"name": row.name, "worked_as": row.worked_as}
