"""The directory as the pages of the console read and change it.

Every change is one transaction with its audit row, and is refused where somebody else changed the entry meanwhile.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.domain.booking.appointment import Appointment, State
from bot.domain.booking.offices import Hours
from bot.domain.errors import AssistantError
from knowledge.offices import HolidayData

from . import directory_rows as as_rows
from .audit import Entry, record
from .booking_rows import (
    AppointmentRow,
    ClosureRow,
    CounterRow,
    DepartmentRow,
    HolidayOverrideRow,
    OpeningRuleRow,
    ServiceRow,
)
from .directory_rows import HOURS_EDITED_BY, Values
from .directory_store import replace_hours
from .displacing import Closed, Handling, booked_outside, note_displaced
from .engine import at_once
from .offices import read_hours
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
        return await self._all(
            select(
                *DepartmentRow.__table__.c,
                services.scalar_subquery().label("services"),
                counters.scalar_subquery().label("counters"),
            ).order_by(DepartmentRow.key)
        )

    async def services(self, department: str) -> Sequence[Any]:
        wanted = select(*ServiceRow.__table__.c).where(ServiceRow.department_key == department)
        return await self._all(wanted.order_by(ServiceRow.active.desc(), ServiceRow.key))

    async def counters(self, department: str | None = None) -> Sequence[Any]:
        wanted = select(*CounterRow.__table__.c).order_by(CounterRow.active.desc(), CounterRow.key)
        return await self._all(wanted if department is None else wanted.where(CounterRow.department_key == department))

    async def one(self, table: Keyed, key: str) -> Any | None:
        """The row of that key, active or not."""
        found = await self._all(select(*table.__table__.c).where(table.key == key))
        return found[0] if found else None

    async def rules(self, counters: Sequence[int]) -> Sequence[Any]:
        """The rows of the hours of these counters."""
        return await self._all(
            select(*OpeningRuleRow.__table__.c)
            .where(OpeningRuleRow.counter_id.in_(counters))
            .order_by(OpeningRuleRow.counter_id, OpeningRuleRow.weekday, OpeningRuleRow.starts)
        )

    async def procedure_codes(self) -> frozenset[str]:
        """The codes of the procedures that are stored."""
        return frozenset(row.code for row in await self._all(select(ProcedureRow.code).distinct()))

    async def upcoming(self, table: Keyed, key: str, now: dt.datetime) -> int:
        """How many appointments still to come hang on an entry."""
        wanted = (
            select(func.count())
            .select_from(AppointmentRow)
            .join(CounterRow, CounterRow.id == AppointmentRow.counter_id)
            .where(AppointmentRow.state == State.BOOKED.value, func.upper(AppointmentRow.during) > now)
        )
        column = {DepartmentRow: CounterRow.department_key, ServiceRow: AppointmentRow.service_key}
        return int((await self._all(wanted.where(column.get(table, CounterRow.key) == key)))[0][0])

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

    async def closures(self, now: dt.datetime) -> Sequence[Any]:
        """What is closed now or later, with the counter's key, in order of time."""
        return await self._all(
            select(*ClosureRow.__table__.c, CounterRow.key.label("counter_key"))
            .outerjoin(CounterRow, CounterRow.id == ClosureRow.counter_id)
            .where(ClosureRow.ends_at > now)
            .order_by(ClosureRow.starts_at, ClosureRow.id)
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

    async def closure(self, id_: int) -> Any | None:
        found = await self._all(select(*ClosureRow.__table__.c).where(ClosureRow.id == id_))
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

    async def holidays(self, first: dt.date, last: dt.date) -> Sequence[Any]:
        """What was decided about the days from `first` to `last`."""
        row = HolidayOverrideRow
        return await self._all(select(*row.__table__.c).where(row.day.between(first, last)).order_by(row.day))

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

    async def _all(self, wanted: Select[Any]) -> Sequence[Any]:
        async with self._reading.connect() as connection:
            rows: Sequence[Any] = (await connection.execute(wanted)).all()
            return rows


async def _holiday(connection: AsyncConnection, day: dt.date) -> Values | None:
    row = (
        await connection.execute(
            select(HolidayOverrideRow.name, HolidayOverrideRow.worked_as).where(HolidayOverrideRow.day == day)
        )
    ).one_or_none()
    return None if row is None else {"name": row.name, "worked_as": row.worked_as}


def _hours(counter: int, rules: Iterable[Values]) -> list[Hours]:
    return [Hours(counter, **{name: rule[name] for name in Hours.__slots__ if name != "counter"}) for rule in rules]


def _shown(hours: Hours) -> str:
    dates = f" {hours.valid_from or ''}..{hours.valid_to or ''}" if hours.valid_from or hours.valid_to else ""
    return f"{hours.weekday} {hours.starts:%H:%M}-{hours.ends:%H:%M} {hours.capacity}+{hours.reserved}{dates}"
