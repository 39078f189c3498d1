"""How long it takes to list the openings of 60 days at 20 counters with 5,000 appointments, the database included.

python -m tests.bench.openings
"""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
import uuid
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert, text
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.persistence.booking_rows import AppointmentRow
from bot.persistence.embedded import EmbeddedPostgres
from bot.persistence.engine import create_engine
from bot.persistence.migrations import migrate
from bot.persistence.openings import SqlOpenings
from tests.offices import COMPANY, EARLY, MONDAY, city, fill_office

from .figures import Figure, percentile

DAYS, COUNTERS, APPOINTMENTS = 60, 20, 5_000
GOAL = 50.0
"""Milliseconds, p95: the issue's."""


async def fill(engine: AsyncEngine) -> None:
    """The counters and appointments, at random but the same in every run."""
    counters = await fill_office(engine, counters=COUNTERS, window_days=DAYS + 5)
    dice = random.Random(4)
    weekdays = [day for number in range(DAYS) if (day := MONDAY + timedelta(days=number)).weekday() < 5]
    hours = [(hour, minute) for hour in (8, 9, 10, 14, 15, 16) for minute in (0, 30)]
    times = [(counter, day, hour) for counter in counters for day in weekdays for hour in hours]
    async with engine.begin() as connection:
        await connection.execute(
            insert(AppointmentRow),
            [_appointment(*chosen) for chosen in dice.sample(times, APPOINTMENTS)],
        )
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text("ANALYZE"))


async def timed(engine: AsyncEngine, times: int) -> list[float]:
    """Milliseconds of each of so many listings, after two that warm up."""
    openings, last = SqlOpenings(engine), MONDAY + timedelta(days=DAYS - 1)
    spent = []
    for number in range(times + 2):
        began = time.perf_counter()
        listed = await openings.listing(COMPANY, MONDAY, last, EARLY)
        if number >= 2:
            spent.append((time.perf_counter() - began) * 1000)
        if not listed:
            raise RuntimeError("no opening was listed")
    return spent


async def measure(engine: AsyncEngine, times: int = 100) -> list[Figure]:
    """The figures, on an empty migrated database."""
    await fill(engine)
    spent = await timed(engine, times)
    name = f"list openings: {DAYS} days, {COUNTERS} counters, {APPOINTMENTS:,} appointments"
    return [
        Figure(f"{name}, p50", percentile(spent, 0.5), "ms"),
        Figure(f"{name}, p95", percentile(spent, 0.95), "ms", GOAL),
    ]


def _appointment(counter: int, day: date, hour: tuple[int, int]) -> dict[str, object]:
    starts_at: datetime = city(day, *hour).astimezone(UTC)
    return {
        "code": uuid.uuid4().hex[:12],
        "service_key": COMPANY,
        "counter_id": counter,
        "place": 1,
        "during": Range(starts_at, starts_at + timedelta(minutes=30), bounds="[)"),
        "state": "booked",
    }


async def alone() -> list[Figure]:
    """The figures, from a database of their own that is removed afterwards."""
    with (
        tempfile.TemporaryDirectory(prefix="ctc-") as folder,
        EmbeddedPostgres(Path(folder) / "postgres", durable=False) as server,
    ):
        await asyncio.to_thread(migrate, server.url)
        engine = create_engine(server.url)
        try:
            return await measure(engine)
        finally:
            await engine.dispose()


if __name__ == "__main__":
    for figure in asyncio.run(alone()):
        print(figure.line())
