"""The directory's files in the tables: what was edited on a page stays, what is gone is retired, never deleted."""

from __future__ import annotations

import dataclasses
import datetime as dt

from sqlalchemy import select, update

from bot.persistence.booking_rows import CounterRow, DepartmentRow, OpeningRuleRow, ServiceRow
from bot.persistence.directory_editing import SqlDirectoryEditing
from bot.persistence.directory_hours import SqlHoursEditing
from bot.persistence.directory_seeding import seed
from bot.persistence.directory_store import read, read_departments, store
from bot.settings import ROOT
from knowledge.offices_checking import Offices, read_offices, texts_of
from tests.conftest import Database

FOLDER = ROOT / "data" / "directory"
SHIPPED, _ = read_offices(texts_of(FOLDER))


async def put(database: Database, offices: Offices, *, overwrite: bool = False) -> dict[str, int]:
    async with database.engine.begin() as connection:
        return dict(await store(connection, offices, overwrite=overwrite))


async def test_what_was_stored_reads_as_it_was_written(database: Database) -> None:
    await put(database, SHIPPED)
    async with database.engine.connect() as connection:
        found = await read(connection)
    assert dict(found.services) == dict(SHIPPED.services)
    assert dict(found.counters) == dict(SHIPPED.counters)
    assert dict(found.departments) == dict(SHIPPED.departments)
    assert dict(found.hours) == dict(SHIPPED.hours)
    assert not any(await put(database, SHIPPED)), "twice is the same as once"


async def test_what_was_edited_on_a_page_stays_until_it_is_overwritten(database: Database) -> None:
    await put(database, SHIPPED)
    edited = update(ServiceRow).where(ServiceRow.key == "finance_company").values(duration_minutes=45, edited_by="an")
    async with database.engine.begin() as connection:
        await connection.execute(edited)
    length = select(ServiceRow.duration_minutes).where(ServiceRow.key == "finance_company")
    for overwrite, minutes in ((False, 45), (True, 30)):
        done = await put(database, SHIPPED, overwrite=overwrite)
        assert done.get("kept", 0) == (not overwrite)
        async with database.engine.connect() as connection:
            assert await connection.scalar(length) == minutes


async def test_hours_taken_away_on_a_page_do_not_come_back(database: Database) -> None:
    await put(database, SHIPPED)
    editing, hours = SqlDirectoryEditing(database.engine), SqlHoursEditing(database.engine)
    counter = await editing.one(CounterRow, "customs_1")
    assert counter is not None
    now = dt.datetime.now(dt.UTC)
    await hours.save_hours("customs_1", counter.version, [], "an", now, handling="inform", reason="")
    await put(database, SHIPPED)
    assert await hours.rules([counter.id]) == []
    await put(database, SHIPPED, overwrite=True)
    assert len(await hours.rules([counter.id])) == 10


async def test_what_is_gone_from_the_files_is_retired_and_comes_back_with_them(database: Database) -> None:
    await put(database, SHIPPED)
    fewer = dataclasses.replace(
        SHIPPED, services={key: one for key, one in SHIPPED.services.items() if key != "finance_company"}
    )
    assert (await put(database, fewer))["retired"] == 1
    active = select(ServiceRow.active).where(ServiceRow.key == "finance_company")
    async with database.engine.connect() as connection:
        assert await connection.scalar(active) is False
    await put(database, SHIPPED)
    async with database.engine.connect() as connection:
        assert await connection.scalar(active) is True


async def test_a_broken_file_leaves_the_counters_open(database: Database, tmp_path: object) -> None:
    await put(database, SHIPPED)
    folder = type(FOLDER)(str(tmp_path))
    for name, text in texts_of(FOLDER).items():
        (folder / name).write_text(text.replace("'08:00-11:30'", "'8 giờ'"), encoding="utf-8")
    assert await seed(database.engine, folder) != []
    async with database.engine.connect() as connection:
        assert len((await connection.execute(select(OpeningRuleRow.id))).all()) == 360


async def test_departments_are_told_as_the_administrators_keep_them(database: Database) -> None:
    await put(database, SHIPPED)
    record = SHIPPED.departments["finance"].model_dump(mode="json", exclude_none=True)
    changed = record | {"name": record["name"] | {"vi": "Sở Tài chính mới"}}
    async with database.engine.begin() as connection:
        await connection.execute(update(DepartmentRow).where(DepartmentRow.key == "finance").values(record=changed))
        await connection.execute(update(DepartmentRow).where(DepartmentRow.key == "tax").values(record={"x": 1}))
    found, broken = await read_departments(database.engine)
    assert found["finance"].name.vi == "Sở Tài chính mới"
    assert broken == ["tax"]
