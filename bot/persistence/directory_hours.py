"""The hours of counters as the pages of the console read and change them; who falls outside is noted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.booking.appointment import Appointment
from bot.domain.booking.offices import Hours

from .audit import Entry, record
from .booking_rows import CounterRow, OpeningRuleRow
from .directory_editing import ChangedMeanwhile, read_all
from .directory_rows import HOURS_EDITED_BY, Values
from .directory_store import replace_hours
from .displacing import Handling, booked_outside, note_displaced
from .engine import at_once
from .offices import read_hours


class SqlHoursEditing:
    """Reads and changes hours, one call a transaction."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._reading = at_once(engine)

    async def rules(self, counters: Sequence[int]) -> Sequence[Any]:
        """The rows of the hours of these counters."""
        return await read_all(
            self._reading,
            select(*OpeningRuleRow.__table__.c)
            .where(OpeningRuleRow.counter_id.in_(counters))
            .order_by(OpeningRuleRow.counter_id, OpeningRuleRow.weekday, OpeningRuleRow.starts),
        )

    async def displaced_by(self, counter: int, rules: Iterable[Values], now: dt.datetime) -> list[Appointment]:
        """Who would fall outside if these were the hours of a counter."""
        async with self._reading.connect() as connection:
            return await booked_outside(
                connection, counter, await read_hours(connection, [counter]), _hours(counter, rules), now
            )

    async def save_hours(
        self,
        key: str,
        version: int,
        rules: list[Values],
        actor: str,
        now: dt.datetime,
        *,
        handling: Handling,
        reason: str,
    ) -> int:
        """Write the hours of a counter and note who falls outside now; how many. Raises `ChangedMeanwhile`."""
        async with self._engine.begin() as connection:
            row = (
                await connection.execute(
                    select(CounterRow.id, CounterRow.version, CounterRow.record)
                    .where(CounterRow.key == key)
                    .with_for_update()
                )
            ).one_or_none()
            if row is None or row.version != version:
                raise ChangedMeanwhile(key)
            before = await read_hours(connection, [row.id])
            await replace_hours(connection, row.id, rules, edited_by=actor)
            found = await booked_outside(connection, row.id, before, _hours(row.id, rules), now)
            await note_displaced(connection, found, handling, reason, actor, now)
            await connection.execute(
                update(CounterRow)
                .where(CounterRow.id == row.id)
                .values(version=version + 1, record={**row.record, HOURS_EDITED_BY: actor})
            )
            old = [_shown(hours) for hours in before]
            new = [_shown(hours) for hours in _hours(row.id, rules)]
            await record(connection, Entry(actor, "directory.hours", "counter", key, {"hours": old}, {"hours": new}))
            return len(found)


def _hours(counter: int, rules: Iterable[Values]) -> list[Hours]:
    return [Hours(counter, **{name: rule[name] for name in Hours.__slots__ if name != "counter"}) for rule in rules]


def _shown(hours: Hours) -> str:
    dates = f" {hours.valid_from or ''}..{hours.valid_to or ''}" if hours.valid_from or hours.valid_to else ""
    return f"{hours.weekday} {hours.starts:%H:%M}-{hours.ends:%H:%M} {hours.capacity}+{hours.reserved}{dates}"
