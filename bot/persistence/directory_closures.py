"""Times without appointments as the pages of the console read, make and undo them; `closing` settles who was booked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from .audit import Entry, record
from .booking_rows import ClosureRow, CounterRow
from .directory_editing import read_all
from .displacing import Closed, Handling
from .engine import at_once


class SqlClosures:
    """Reads and changes closures, one call a transaction."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._reading = at_once(engine)

    async def to_come(self, now: dt.datetime) -> Sequence[Any]:
        """What is closed now or later, with the counter's key, in order of time."""
        return await read_all(
            self._reading,
            select(*ClosureRow.__table__.c, CounterRow.key.label("counter_key"))
            .outerjoin(CounterRow, CounterRow.id == ClosureRow.counter_id)
            .where(ClosureRow.ends_at > now)
            .order_by(ClosureRow.starts_at, ClosureRow.id),
        )

    async def close(self, closed: Closed, handling: Handling, reason: str, actor: str, once: str) -> bool:
        """Close a time; False where the same form had done so already (`once` is its own mark)."""
        async with self._engine.begin() as connection:
            await connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(once))))
            again = select(ClosureRow.id).where(
                ClosureRow.starts_at == closed.starts_at,
                ClosureRow.ends_at == closed.ends_at,
                ClosureRow.department_key.is_not_distinct_from(closed.department),
                ClosureRow.counter_id.is_not_distinct_from(closed.counter),
            )
            if (await connection.execute(again.limit(1))).first() is not None:
                return False
            id_ = await connection.scalar(
                insert(ClosureRow)
                .values(
                    starts_at=closed.starts_at,
                    ends_at=closed.ends_at,
                    department_key=closed.department,
                    counter_id=closed.counter,
                    reason=reason,
                    handling=handling,
                    created_by=actor,
                )
                .returning(ClosureRow.id)
            )
            after = {
                "starts_at": closed.starts_at.isoformat(),
                "ends_at": closed.ends_at.isoformat(),
                "department": closed.department,
                "counter": closed.counter,
                "handling": handling,
                "reason": reason,
            }
            await record(connection, Entry(actor, "directory.close", "closure", str(id_), None, after))
            return True

    async def one(self, id_: int) -> Any | None:
        found = await read_all(self._reading, select(*ClosureRow.__table__.c).where(ClosureRow.id == id_))
        return found[0] if found else None

    async def reopen(self, id_: int, actor: str) -> None:
        """Open a closed time again; who was moved stays moved."""
        async with self._engine.begin() as connection:
            row = (
                await connection.execute(
                    delete(ClosureRow).where(ClosureRow.id == id_).returning(*ClosureRow.__table__.c)
                )
            ).one_or_none()
            if row is not None:
                before = {
                    "starts_at": row.starts_at.isoformat(),
                    "ends_at": row.ends_at.isoformat(),
                    "department": row.department_key,
                    "counter": row.counter_id,
                    "reason": row.reason,
                }
                await record(connection, Entry(actor, "directory.reopen", "closure", str(id_), before, None))
