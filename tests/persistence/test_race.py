"""200 contacts of 4 processes want 10 places. With the constraint ten get one; without it more do, which shows that
the test can see a place sold twice."""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections import Counter
from pathlib import Path

from sqlalchemy import text

from tests.conftest import Database
from tests.offices import fill_office
from tests.persistence.test_intake import rows

ROOT = Path(__file__).parents[2]
PROCESSES, CONTACTS, PLACES = 4, 50, 10


async def race(url: str) -> Counter[str]:
    """What became of all contacts."""

    async def start(name: int) -> Process:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.persistence.racing", url, str(name), str(CONTACTS),
            cwd=ROOT, stdin=PIPE, stdout=PIPE,
        )  # fmt: skip
        assert process.stdout is not None
        assert await process.stdout.readline() == b"ready\n"
        return process

    processes = await asyncio.gather(*map(start, range(PROCESSES)))
    told = await asyncio.gather(*(process.communicate(b"go\n") for process in processes))
    ends: Counter[str] = Counter()
    for out, _ in told:
        ends.update(json.loads(out))
    return ends


async def test_ten_places_are_sold_to_ten_of_two_hundred_contacts(database: Database) -> None:
    await fill_office(database.engine, counters=2, capacity=PLACES // 2)
    assert await race(database.url) == {"booked": PLACES, "full": PROCESSES * CONTACTS - PLACES}
    sold = await rows(database, "SELECT count(*), count(DISTINCT (counter_id, place)) FROM appointment")
    assert [tuple(row) for row in sold] == [(PLACES, PLACES)]


async def test_without_the_constraint_more_than_ten_are_sold(database: Database) -> None:
    await fill_office(database.engine, counters=2, capacity=PLACES // 2)
    async with database.engine.begin() as connection:
        await connection.execute(text("ALTER TABLE appointment DROP CONSTRAINT ex_appointment_sold_once"))
    ends = await race(database.url)
    assert set(ends) == {"booked", "full"}
    assert ends["booked"] > PLACES
