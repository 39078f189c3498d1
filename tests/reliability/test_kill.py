"""Processes killed at the worst moments: nothing is lost, nothing is done twice that must not be."""

from __future__ import annotations

import asyncio
import contextlib
import json
import multiprocessing
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.synchronize import Event

import pytest

from tests.conftest import Database
from tests.offices import MONDAY, city, fill_office
from tests.persistence.test_intake import rows
from tests.persistence.test_reminders import an_appointment
from tests.reliability.assistant import Orders, run
from tests.waiting import PATIENCE

START = 3 * PATIENCE
"""Seconds that a process is given to import everything and to come to a point."""


class Platform:
    """A messaging platform in small: keeps what it accepted, in order."""

    def __init__(self) -> None:
        platform = self
        self.accepted: list[str] = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                platform.accepted.append(json.loads(body)["text"])
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class says so
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def platform() -> Iterator[Platform]:
    platform = Platform()
    thread = threading.Thread(target=platform.server.serve_forever, daemon=True)
    thread.start()
    yield platform
    platform.server.shutdown()
    platform.server.server_close()
    thread.join()


# The forkserver imports everything once; the processes are as real as any, and ready at once.
_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(["tests.reliability.assistant"])


@contextlib.contextmanager
def an_assistant(
    database: Database,
    platform: Platform,
    *,
    accept: int = 0,
    hang_at: str | None = None,
    clock: datetime | None = None,
) -> Iterator[Event]:
    """A running process, killed at the end; the event says that it reached `hang_at`."""
    reached = _processes.Event()
    orders = Orders(database.url, platform.url, reached, accept, hang_at, clock)
    process = _processes.Process(target=run, args=(orders,), daemon=True)
    process.start()
    try:
        yield reached
    finally:
        process.kill()
        process.join()
        process.close()


def kill_at(point: str, messages: int, database: Database, platform: Platform) -> None:
    """Start a process with messages to answer, and `kill -9` it at `point`."""
    with an_assistant(database, platform, accept=messages, hang_at=point) as reached:
        assert reached.wait(timeout=START), f"never came to {point}"


async def an_hour_passes(database: Database) -> None:
    """So that whoever is silent is taken for dead, and what they had claimed is free."""
    for aged in (
        "UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 hour' RETURNING 1",
        "UPDATE outbox SET claimed_at = claimed_at - interval '1 hour' RETURNING 1",
    ):
        await rows(database, aged)


async def settled(database: Database) -> None:
    """Wait until no update and no reply is under way."""
    async with asyncio.timeout(START):
        while await rows(
            database,
            "SELECT 1 FROM inbox WHERE state = 'pending' UNION ALL SELECT 1 FROM outbox WHERE state <> 'sent'"
            " UNION ALL SELECT 1 FROM procrastinate_jobs",
        ):
            await asyncio.sleep(0.05)


# With one message no later turn comes to the rescue of its reply: only the sweep does.
@pytest.mark.parametrize(
    ("point", "messages"),
    [("stored", 3), ("before_commit", 3), ("after_commit", 1), ("after_delivery", 1), ("after_delivery", 3)],
)
async def test_nothing_is_lost_when_a_process_is_killed(
    point: str, messages: int, database: Database, platform: Platform
) -> None:
    await asyncio.to_thread(kill_at, point, messages, database, platform)
    await an_hour_passes(database)
    with an_assistant(database, platform):
        await settled(database)
    expected = [f"{number + 1}: m{number}" for number in range(messages)]
    if point == "after_delivery":
        # The platform took the reply and nobody noted it: it comes again, and before the next one.
        expected.insert(0, expected[0])
    assert platform.accepted == expected
    assert await rows(database, "SELECT tracker->'turns' FROM conversation") == [(messages,)]
    assert await rows(database, "SELECT DISTINCT state FROM inbox") == [("done",)]


async def test_two_processes_share_the_work_and_keep_the_order(database: Database, platform: Platform) -> None:
    with an_assistant(database, platform), an_assistant(database, platform, accept=20, hang_at="stored") as stored:
        assert await asyncio.to_thread(stored.wait, START)
        with an_assistant(database, platform):
            await settled(database)
    assert platform.accepted == [f"{number + 1}: m{number}" for number in range(20)]


@pytest.mark.parametrize(("point", "times"), [("before_delivery", 1), ("after_delivery", 2)])
async def test_a_reminder_survives_the_worker_that_was_killed_while_sending_it(
    point: str, times: int, database: Database, platform: Platform
) -> None:
    """Where the platform had taken it and nobody noted it, it comes again; it is never lost and never made anew."""
    await fill_office(database.engine)
    tuesday = MONDAY + timedelta(days=1)
    code = await an_appointment(database, city(tuesday, 14), booked_at=city(MONDAY, 15))
    clock = city(tuesday, 12, 1)

    def kill() -> None:
        with an_assistant(database, platform, hang_at=point, clock=clock) as reached:
            assert reached.wait(timeout=START), f"never came to {point}"

    await asyncio.to_thread(kill)
    await an_hour_passes(database)
    with an_assistant(database, platform, clock=clock):
        await settled(database)
    assert [code in text for text in platform.accepted] == [True] * times
    assert await rows(database, "SELECT state FROM reminder WHERE kind = 'hours_before'") == [("sent",)]
    assert await rows(database, "SELECT count(*) FROM outbox") == [(1,)]
