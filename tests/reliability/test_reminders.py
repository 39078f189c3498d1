"""An hour of simulated clock with two schedulers and two workers: each reminder arrives once."""

from __future__ import annotations

import asyncio
import datetime as dt
import random
import uuid
from collections import Counter
from collections.abc import Awaitable

import pytest
from sqlalchemy import Select, select

from bot.channels.dispatcher import Dispatcher
from bot.persistence.booking_rows import ReminderRow
from bot.persistence.outbox_queue import SqlOutboxQueue
from bot.persistence.reminders import SqlReminders
from scheduler import jobs
from scheduler.jobs import Sweep, booking_sweeps
from scheduler.runner import run_scheduler
from tests.channels.test_dispatcher import ScriptedChannel
from tests.conftest import Database
from tests.offices import MONDAY, city, fill_office
from tests.persistence.test_intake import rows
from tests.persistence.test_reminders import REMINDING, an_appointment
from tests.waiting import PATIENCE

TUESDAY = MONDAY + dt.timedelta(days=1)
WEDNESDAY = MONDAY + dt.timedelta(days=2)
PACE = 1200
"""Seconds of the simulated hour in one of ours."""
MOST = dt.timedelta(minutes=5)

UNDER_WAY = (
    "SELECT 1 FROM reminder WHERE state = 'due' AND due_at < :now UNION ALL SELECT 1 FROM outbox WHERE state <> 'sent'"
)


class SimulatedClock:
    """Runs from eight to nine on a Tuesday morning, in a few seconds.

    Only whoever begins to send moves it, and never by much: where the machine is held up, the hour is too.
    """

    def __init__(self) -> None:
        self._now = city(TUESDAY, 8)
        self._moved = asyncio.get_running_loop().time()

    def __call__(self) -> dt.datetime:
        return self._now

    def move(self) -> None:
        now = asyncio.get_running_loop().time()
        self._now += min(dt.timedelta(seconds=(now - self._moved) * PACE), MOST)
        self._moved = now


class CarelessReminders(SqlReminders):
    """What sending would be without the row lock: read what is due, then send it."""

    def _next(self, now: dt.datetime, left: set[int]) -> Select[int, uuid.UUID, int, str]:  # type: ignore[override]
        row = ReminderRow
        due = select(row.id, row.appointment_id, row.version, row.kind).where(row.state == "due", row.due_at <= now)
        return due.where(row.id.not_in(left)).order_by(row.due_at, row.id).limit(1)

    async def _settle(self, *args: object) -> str:
        await asyncio.sleep(random.uniform(0, 0.03))
        return await super()._settle(*args)  # type: ignore[arg-type]


def ringing(database: Database, clock: SimulatedClock, dispatcher: Dispatcher) -> list[Sweep]:
    """The sweeps of one process, as much faster as the clock."""
    every = dt.timedelta(seconds=0.2)
    due = {sweep.name: sweep.run for sweep in booking_sweeps(database.engine, REMINDING, clock=clock)}
    send = due["send_reminders"]

    def move_and_send() -> Awaitable[object]:
        clock.move()
        return send()

    due["send_reminders"] = move_and_send
    return [
        *(Sweep(name, every, run) for name, run in due.items()),
        Sweep("deliver_due", every, dispatcher.deliver_due),
    ]


async def an_hour(database: Database) -> list[str]:
    """What arrives in the hour in which eighty reminders fall due: of a day before, and of two hours before."""
    await fill_office(database.engine, counters=20)
    expected = []
    for counter in range(1, 21):
        for starts, booked in (
            (city(WEDNESDAY, 8), city(MONDAY, 9)),
            (city(WEDNESDAY, 8, 30), city(MONDAY, 9)),
            (city(TUESDAY, 10), city(MONDAY, 11)),
            (city(TUESDAY, 10, 30), city(MONDAY, 11)),
        ):
            expected.append(await an_appointment(database, starts, booked_at=booked, counter=counter))
    channel = ScriptedChannel()
    clock = SimulatedClock()
    dispatchers = [Dispatcher(SqlOutboxQueue(database.engine), [channel]) for _ in range(2)]
    clocks = [asyncio.create_task(run_scheduler(ringing(database, clock, each))) for each in dispatchers]
    async with asyncio.timeout(2 * PATIENCE):
        while clock() < city(TUESDAY, 9) or await rows(database, UNDER_WAY, now=city(TUESDAY, 9)):
            await asyncio.sleep(0.05)
    for task in clocks:
        task.cancel()
    await asyncio.gather(*clocks, return_exceptions=True)
    for dispatcher in dispatchers:
        await dispatcher.drain()
    arrived = [next(code for code in expected if code in text) for text in channel.arrived]
    assert set(arrived) == set(expected), "nobody is forgotten"
    return arrived


async def test_an_hour_with_two_schedulers_and_two_workers_says_each_reminder_once(database: Database) -> None:
    arrived = await an_hour(database)
    assert set(Counter(arrived).values()) == {1}
    assert await rows(
        database, "SELECT DISTINCT state FROM reminder WHERE due_at <= :now", now=city(TUESDAY, 8, 30)
    ) == [("sent",)]


async def test_without_the_lock_the_same_hour_says_some_twice(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Shows that the test above would see it."""
    monkeypatch.setattr(jobs, "SqlReminders", CarelessReminders)
    arrived = await an_hour(database)
    assert max(Counter(arrived).values()) > 1
