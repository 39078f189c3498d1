"""The audit trail: who did what to what. Rows are added and read, never changed; a trigger refuses the rest.

Nothing here is personal data of contacts: `before` and `after` hold keys, names of officials, hours, counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, null, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from .engine import at_once
from .official_rows import AuditRow

COMMAND_LINE = "command line"
"""The actor of what is done by `bot official`."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something done. `actor`: a login or `COMMAND_LINE`; `before` and `after`: only what changed."""

    actor: str
    action: str
    object_kind: str
    object_key: str
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class KeptEntry:
    """An entry as it is kept."""

    id: int
    at: datetime
    entry: Entry


async def record(connection: AsyncConnection, entry: Entry) -> None:
    """Add `entry` in the transaction of what it tells of."""
    await connection.execute(
        insert(AuditRow).values(
            actor=entry.actor,
            action=entry.action,
            object_kind=entry.object_kind,
            object_key=entry.object_key,
            before=null() if entry.before is None else dict(entry.before),
            after=null() if entry.after is None else dict(entry.after),
        )
    )


class SqlAudit:
    """Reads the trail, newest first."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = at_once(engine)

    async def entries(
        self,
        *,
        actor: str | None = None,
        object_kind: str | None = None,
        object_keys: Sequence[str] | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int = 50,
        offset: int = 0,
    ) -> tuple[list[KeptEntry], int]:
        """The entries asked for, and how many there are in all; any of `object_keys`; `until` is not included."""
        wanted = []
        if actor is not None:
            wanted.append(AuditRow.actor == actor)
        if object_kind is not None:
            wanted.append(AuditRow.object_kind == object_kind)
        if object_keys is not None:
            wanted.append(AuditRow.object_key.in_(object_keys))
        if since is not None:
            wanted.append(AuditRow.at >= since)
        if until is not None:
            wanted.append(AuditRow.at < until)
        async with self._engine.connect() as connection:
            total = await connection.scalar(select(func.count()).select_from(AuditRow).where(*wanted)) or 0
            rows = await connection.execute(
                select(AuditRow.__table__)
                .where(*wanted)
                .order_by(AuditRow.at.desc(), AuditRow.id.desc())
                .limit(limit)
                .offset(offset)
            )
            found = [
                KeptEntry(
                    row.id, row.at, Entry(row.actor, row.action, row.object_kind, row.object_key, row.before, row.after)
                )
                for row in rows
            ]
        return found, total

    async def kinds(self) -> list[str]:
        """Every kind of object the trail tells of."""
        async with self._engine.connect() as connection:
            return list(
                await connection.scalars(select(AuditRow.object_kind).distinct().order_by(AuditRow.object_kind))
            )
