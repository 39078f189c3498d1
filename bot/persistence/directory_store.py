"""The directory in PostgreSQL: the files go in, what the administrators changed on a page stays as they left it.

A row that is gone from the files is retired and never deleted: appointments may point to it.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from knowledge.directory import Department, to_department
from knowledge.offices import HolidayData, RuleData
from knowledge.offices_checking import Offices

from . import directory_rows as as_rows
from .booking_rows import CounterRow, DepartmentRow, HolidayOverrideRow, OpeningRuleRow, ServiceRow
from .directory_rows import HOURS_EDITED_BY, Values

LOCK = 0x0C7C_0D1E
"""The advisory lock of whoever writes the whole directory: several processes start at once."""
_Keyed = type[DepartmentRow] | type[ServiceRow] | type[CounterRow]


async def store(connection: AsyncConnection, offices: Offices, *, overwrite: bool = False) -> Counter[str]:
    """Write what differs; counts of `new`, `changed`, `kept` (edited on a page) and `retired` entries.

    `overwrite`: the files win over what was edited on a page.
    """
    await connection.execute(select(func.pg_advisory_xact_lock(LOCK)))
    done: Counter[str] = Counter()
    departments = {key: as_rows.department_values(data) for key, data in offices.departments.items()}
    services = {key: as_rows.service_values(data) for key, data in offices.services.items()}
    counters = {key: as_rows.counter_values(data) for key, data in offices.counters.items()}
    for table, wanted in ((DepartmentRow, departments), (ServiceRow, services), (CounterRow, counters)):
        done += await _store_keyed(connection, table, wanted, overwrite=overwrite)
    done += await _store_hours(connection, offices.hours, overwrite=overwrite)
    done += await _store_holidays(connection, offices.holidays, overwrite=overwrite)
    return done


async def read(connection: AsyncConnection) -> Offices:
    """The directory in use as its files would say it. Raises `pydantic.ValidationError` for a row nobody could edit."""
    await connection.execute(text("set transaction isolation level repeatable read"))
    departments = await connection.execute(
        select(DepartmentRow.key, DepartmentRow.record).where(DepartmentRow.active).order_by(DepartmentRow.key)
    )
    services = await connection.execute(
        select(*ServiceRow.__table__.c).where(ServiceRow.active).order_by(ServiceRow.key)
    )
    counters = (
        await connection.execute(select(*CounterRow.__table__.c).where(CounterRow.active).order_by(CounterRow.key))
    ).all()
    rules = defaultdict(list)
    for row in await connection.execute(select(*OpeningRuleRow.__table__.c)):
        rules[row.counter_id].append(row)
    holidays = await connection.execute(select(*HolidayOverrideRow.__table__.c).order_by(HolidayOverrideRow.day))
    return Offices(
        {row.key: as_rows.department_data(row) for row in departments},
        {row.key: as_rows.service_data(row) for row in services},
        {row.key: as_rows.counter_data(row) for row in counters},
        {row.key: as_rows.rule_data(rules[row.id]) for row in counters if rules[row.id]},
        {row.day: as_rows.holiday_data(row) for row in holidays},
    )


async def read_departments(engine: AsyncEngine) -> tuple[dict[str, Department], list[str]]:
    """The departments that contacts are told of, and the keys of those whose row cannot be used."""
    found: dict[str, Department] = {}
    broken: list[str] = []
    async with engine.connect() as connection:
        rows = await connection.execute(
            select(DepartmentRow.key, DepartmentRow.record).where(DepartmentRow.active).order_by(DepartmentRow.key)
        )
    for row in rows:
        try:
            found[row.key] = to_department(row.key, as_rows.department_data(row))
        except ValidationError:
            broken.append(row.key)
    return found, broken


async def _store_keyed(
    connection: AsyncConnection, table: _Keyed, wanted: Mapping[str, Values], *, overwrite: bool
) -> Counter[str]:
    done: Counter[str] = Counter()
    held = {row.key: row for row in await connection.execute(select(*table.__table__.c).order_by(table.key))}
    for key, values in sorted(wanted.items()):
        row = held.get(key)
        if row is None:
            await connection.execute(insert(table).values(key=key, **values))
            done["new"] += 1
        elif row.edited_by is not None and not overwrite:
            done["kept"] += 1
        elif new := _differing(row, values):
            await connection.execute(
                update(table).where(table.key == key).values(**new, edited_by=None, version=table.version + 1)
            )
            done["changed"] += 1
    gone = [row.key for key, row in held.items() if key not in wanted and row.active and not row.edited_by]
    if gone:
        await connection.execute(
            update(table).where(table.key.in_(gone)).values(active=False, version=table.version + 1)
        )
        done["retired"] += len(gone)
    return done


def _differing(row: Any, values: Values) -> Values:
    """The values that a row does not have yet; all of them where an edit is overwritten."""
    wanted = dict(values)
    if (hours := row.record.get(HOURS_EDITED_BY)) is not None:
        wanted["record"] = {**wanted["record"], HOURS_EDITED_BY: hours}
    same = all(getattr(row, name) == value for name, value in wanted.items()) and row.edited_by is None
    return {} if same else wanted


async def _store_hours(
    connection: AsyncConnection, wanted: Mapping[str, tuple[RuleData, ...]], *, overwrite: bool
) -> Counter[str]:
    done: Counter[str] = Counter()
    counters = (await connection.execute(select(CounterRow.id, CounterRow.key, CounterRow.record))).all()
    held = defaultdict(list)
    for row in await connection.execute(select(*OpeningRuleRow.__table__.c)):
        held[row.counter_id].append(row)
    for counter in counters:
        rows = held[counter.id]
        edited = HOURS_EDITED_BY in counter.record or any(row.edited_by for row in rows)
        if edited and not (overwrite and counter.key in wanted):
            done["kept"] += counter.key in wanted
            continue
        rules = as_rows.rule_values(wanted.get(counter.key, ()))
        if not edited and rules == as_rows.rule_values(as_rows.rule_data(rows)):
            continue
        await replace_hours(connection, counter.id, rules)
        record = {key: value for key, value in counter.record.items() if key != HOURS_EDITED_BY}
        await connection.execute(
            update(CounterRow).where(CounterRow.id == counter.id).values(record=record, version=CounterRow.version + 1)
        )
        done["changed" if rows else "new"] += 1
    return done


async def replace_hours(
    connection: AsyncConnection, counter: int, rules: list[Values], *, edited_by: str | None = None
) -> None:
    """These are the hours of a counter from now on."""
    await connection.execute(delete(OpeningRuleRow).where(OpeningRuleRow.counter_id == counter))
    if rules:
        values = [{**rule, "counter_id": counter, "edited_by": edited_by} for rule in rules]
        await connection.execute(insert(OpeningRuleRow), values)


async def _store_holidays(
    connection: AsyncConnection, wanted: Mapping[dt.date, HolidayData], *, overwrite: bool
) -> Counter[str]:
    done: Counter[str] = Counter()
    table = HolidayOverrideRow
    held = {row.day: row for row in await connection.execute(select(*table.__table__.c))}
    for day, data in sorted(wanted.items()):
        row, values = held.get(day), as_rows.holiday_values(data)
        if row is None:
            await connection.execute(insert(table).values(day=day, **values))
            done["new"] += 1
        elif row.edited_by is not None and not overwrite:
            done["kept"] += 1
        elif row.edited_by is not None or any(getattr(row, name) != value for name, value in values.items()):
            await connection.execute(update(table).where(table.day == day).values(**values, edited_by=None))
            done["changed"] += 1
    gone = [day for day, row in held.items() if day not in wanted and not row.edited_by]
    if gone:
        await connection.execute(delete(table).where(table.day.in_(gone)))
        done["retired"] += len(gone)
    return done
