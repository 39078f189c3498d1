"""Departments, services and counters as the pages of the console read and change them.

Every change is one transaction with its audit row, and is refused where somebody else changed the entry meanwhile.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.booking.appointment import State
from bot.domain.errors import AssistantError

from .audit import Entry, record
from .booking_rows import (
    AppointmentRow,
    CounterRow,
    DepartmentRow,
    ServiceRow,
)
from .directory_rows import HOURS_EDITED_BY, Values
from .engine import at_once
from .rows import ProcedureRow

Keyed = type[DepartmentRow] | type[ServiceRow] | type[CounterRow]
_KINDS: Mapping[Any, str] = {DepartmentRow: "department", ServiceRow: "service", CounterRow: "counter"}


class ChangedMeanwhile(AssistantError):
    """Somebody else changed the entry since it was shown."""


class Taken(AssistantError):
    """There is an entry of that key already."""


class SqlDirectoryEditing:
    """Reads and changes entries, one call a transaction."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._reading = at_once(engine)

    async def departments(self) -> Sequence[Any]:
        """Every department, active or not, with how many services and counters are in use."""
        services = select(func.count()).where(ServiceRow.department_key == DepartmentRow.key, ServiceRow.active)
        counters = select(func.count()).where(CounterRow.department_key == DepartmentRow.key, CounterRow.active)
        return await read_all(
            self._reading,
            select(
                *DepartmentRow.__table__.c,
                services.scalar_subquery().label("services"),
                counters.scalar_subquery().label("counters"),
            ).order_by(DepartmentRow.key),
        )

    async def services(self, department: str) -> Sequence[Any]:
        wanted = select(*ServiceRow.__table__.c).where(ServiceRow.department_key == department)
        return await read_all(self._reading, wanted.order_by(ServiceRow.active.desc(), ServiceRow.key))

    async def counters(self, department: str | None = None) -> Sequence[Any]:
        wanted = select(*CounterRow.__table__.c).order_by(CounterRow.active.desc(), CounterRow.key)
        return await read_all(
            self._reading, wanted if department is None else wanted.where(CounterRow.department_key == department)
        )

    async def one(self, table: Keyed, key: str) -> Any | None:
        """The row of that key, active or not."""
        found = await read_all(self._reading, select(*table.__table__.c).where(table.key == key))
        return found[0] if found else None

    async def procedure_codes(self) -> frozenset[str]:
        """The codes of the procedures that are stored."""
        return frozenset(row.code for row in await read_all(self._reading, select(ProcedureRow.code).distinct()))

    async def upcoming(self, table: Keyed, key: str, now: dt.datetime) -> int:
        """How many appointments still to come hang on an entry."""
        wanted = (
            select(func.count())
            .select_from(AppointmentRow)
            .join(CounterRow, CounterRow.id == AppointmentRow.counter_id)
            .where(AppointmentRow.state == State.BOOKED.value, func.upper(AppointmentRow.during) > now)
        )
        column = {DepartmentRow: CounterRow.department_key, ServiceRow: AppointmentRow.service_key}
        return int((await read_all(self._reading, wanted.where(column.get(table, CounterRow.key) == key)))[0][0])

    async def save(self, table: Keyed, key: str, version: int | None, values: Values, actor: str) -> None:
        """Write an entry; `version` None makes a new one. Raises `ChangedMeanwhile`, `Taken`."""
        async with self._engine.begin() as connection:
            row = (
                await connection.execute(select(*table.__table__.c).where(table.key == key).with_for_update())
            ).one_or_none()
            if version is None:
                if row is not None:
                    raise Taken(key)
                await connection.execute(insert(table).values(key=key, edited_by=actor, **values))
                await record(connection, Entry(actor, "directory.add", _KINDS[table], key, None, values))
                return
            if row is None or row.version != version:
                raise ChangedMeanwhile(key)
            new = dict(values)
            if "record" in new and HOURS_EDITED_BY in row.record:
                new["record"] = {**new["record"], HOURS_EDITED_BY: row.record[HOURS_EDITED_BY]}
            changed = {name: value for name, value in new.items() if getattr(row, name) != value}
            if not changed:
                return
            await connection.execute(
                update(table).where(table.key == key).values(**changed, edited_by=actor, version=version + 1)
            )
            before = {name: getattr(row, name) for name in changed}
            await record(connection, Entry(actor, "directory.change", _KINDS[table], key, before, changed))


async def read_all(reading: AsyncEngine, wanted: Select[Any]) -> Sequence[Any]:
    """Every row of a single statement."""
    async with reading.connect() as connection:
        rows: Sequence[Any] = (await connection.execute(wanted)).all()
        return rows
