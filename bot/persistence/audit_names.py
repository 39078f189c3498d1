"""The names of what the audit trail speaks of by key: officials, departments, services, counters, closures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.procedure import Text

from .booking_rows import ClosureRow, CounterRow, DepartmentRow, ServiceRow
from .engine import at_once
from .offices import text_of
from .official_rows import OfficialRow


@dataclass(frozen=True, slots=True)
class Names:
    """What there is now, by key; a counter also by the number its visits carry."""

    officials: Mapping[str, UUID]
    departments: Mapping[str, Text]
    services: Mapping[str, Text]
    counters: Mapping[str, Text]
    counter_keys: Mapping[int, str]
    closures: frozenset[int]
    belongs_to: Mapping[str, str]
    """The department of a service or counter, by their keys."""


async def read_names(engine: AsyncEngine) -> Names:
    """All of them: an installation has some hundreds at most."""
    async with at_once(engine).connect() as connection:
        counters = list(
            await connection.execute(
                select(CounterRow.id, CounterRow.key, CounterRow.record, CounterRow.department_key)
            )
        )
        services = list(await connection.execute(select(ServiceRow.key, ServiceRow.record, ServiceRow.department_key)))
        return Names(
            officials={
                row.login: row.id for row in await connection.execute(select(OfficialRow.login, OfficialRow.id))
            },
            departments={
                row.key: _text(row.record, "name", row.key)
                for row in await connection.execute(select(DepartmentRow.key, DepartmentRow.record))
            },
            services={row.key: _text(row.record, "title", row.key) for row in services},
            counters={row.key: _text(row.record, "name", row.key) for row in counters},
            counter_keys={row.id: row.key for row in counters},
            closures=frozenset(await connection.scalars(select(ClosureRow.id))),
            belongs_to={row.key: row.department_key for row in [*services, *counters]},
        )


def _text(record: Mapping[str, Any], part: str, key: str) -> Text:
    return text_of(record.get(part)) or Text(key)
