"""A working morning to look at: the console over the shipped offices, with forty booked and some who just came.

For pictures and for looking; the clock stands at twenty past nine on a Monday.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from sqlalchemy import select

from bot.console.desk.pages import add_desk
from bot.console.directory.part import add_directory
from bot.conversation.booking.closing import ClosingNotices
from bot.conversation.messages import Address
from bot.conversation.wording import Wording
from bot.domain.booking.appointment import Appointment, Details
from bot.domain.booking.errors import BookingError
from bot.domain.booking.visiting import VisitState
from bot.domain.official import Role
from bot.papers.links import Links
from bot.persistence.arrivals import SqlArrivals
from bot.persistence.booking_rows import CounterRow
from bot.persistence.closing import SqlClosing
from bot.persistence.directory_seeding import seed
from bot.persistence.embedded import EmbeddedPostgres
from bot.persistence.engine import create_engine
from bot.persistence.migrations import migrate
from bot.persistence.officials_booking import SqlOfficialsBooking
from bot.persistence.unit_of_work import SqlUnitOfWork
from bot.persistence.visits import SqlVisits
from bot.settings import ROOT
from bot.supervising import free_port
from tests.console.visiting import SECRET, Place
from tests.offices import MONDAY, city

NOW = city(MONDAY, 9, 20)
OPENED = city(MONDAY, 7, 30)
DEPARTMENT = "finance"
SERVICES = ("finance_company", "finance_general", "finance_company_change")
FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi")
GIVEN = ("Văn An", "Thị Bình", "Văn Cường", "Thị Dung", "Văn Em")


@dataclass(frozen=True, slots=True)
class Morning:
    """`address` of the console; `coming` are the codes of those who are still to come, earliest first."""

    address: str
    place: Place
    coming: tuple[Appointment, ...]
    links: Links


@asynccontextmanager
async def morning(appointments: int = 40) -> AsyncIterator[Morning]:
    """Everything on a throw-away database, on a free port. Accounts: `lan` heads the department, `minh` is its clerk,
    `quantri` administers; the password is `tests.console.visiting.PASSWORD`."""
    with tempfile.TemporaryDirectory(prefix="ctc-") as folder:
        server = EmbeddedPostgres(Path(folder) / "postgres", durable=False)
        url = await asyncio.to_thread(server.start)
        engine = create_engine(url, pool=5)
        try:
            await asyncio.to_thread(migrate, url)
            await seed(engine, ROOT / "data" / "directory")
            place = Place(engine)
            place.clock.now = NOW
            wording, links = Wording.read(ROOT / "data" / "wording"), Links(SECRET, None)
            add_desk(place.console, wording, links.scanned, SECRET)
            add_directory(place.console, engine, SqlClosing(engine, ClosingNotices(wording)).settle)
            await place.add("lan", departments={DEPARTMENT: "head"})
            await place.add("minh", departments={DEPARTMENT: "clerk"})
            await place.add("quantri", Role.ADMINISTRATOR)
            coming = await _fill(place, appointments)
            async with _served(place) as address:
                yield Morning(address, place, coming, links)
        finally:
            await engine.dispose()
            await asyncio.to_thread(server.stop)


async def _fill(place: Place, appointments: int) -> tuple[Appointment, ...]:
    """Book through the conversation and by telephone, let the early ones come, serve and miss some."""
    booked: list[Appointment] = []
    people = _people()
    starts = [city(MONDAY, hour, minute) for hour in (8, 9, 10, 11, 13, 14, 15, 16) for minute in (0, 30)]
    early = OPENED - dt.timedelta(days=3)
    for at, service in itertools.islice(itertools.product(starts, SERVICES), appointments + 6):
        name, telephone = next(people)
        try:
            async with SqlUnitOfWork(place.engine) as uow:
                if len(booked) % 4:
                    address = Address("web", f"showing-{len(booked)}")
                    hold = await uow.appointments.hold(address, service, at, early)
                    done = await uow.appointments.confirm(address, hold.code, Details(name, telephone), early)
                else:
                    desk = SqlOfficialsBooking(uow.connection)
                    done = await desk.book(service, at, Details(name, telephone), early, "lan")
                await uow.commit()
        except BookingError:
            continue
        booked.append(done)
    for one in (city(MONDAY + dt.timedelta(days=days), hour) for days in (1, 2, 3) for hour in (8, 9, 10, 14, 15)):
        name, telephone = next(people)
        async with place.engine.begin() as connection:
            await SqlOfficialsBooking(connection).book(SERVICES[0], one, Details(name, telephone), early, "lan")
    await _receive(place, [one for one in booked if one.starts_at < NOW + dt.timedelta(minutes=40)])
    return tuple(one for one in booked if one.starts_at > NOW)


async def _receive(place: Place, early: list[Appointment]) -> None:
    """The first hour and a half: who came and was served, who waits, who was missed, who never came."""
    async with place.engine.begin() as connection:
        counters = list(
            await connection.scalars(
                select(CounterRow.id).where(CounterRow.department_key == DEPARTMENT).order_by(CounterRow.key)
            )
        )
        arrivals, visits = SqlArrivals(connection), SqlVisits(connection)
        current: dict[int, int | None] = dict.fromkeys(counters)
        for order, one in enumerate(early):
            if order % 5 == 3:
                continue  # not here yet, or late
            when = min(one.starts_at - dt.timedelta(minutes=7 + order % 4), NOW - dt.timedelta(minutes=3))
            await arrivals.arrive(one.code, DEPARTMENT, when, "minh")
            if order % 4 == 1:
                await arrivals.walk_in(DEPARTMENT, SERVICES[order % 3], when + dt.timedelta(minutes=2), "minh")
            if one.starts_at <= city(MONDAY, 8, 30):
                counter = counters[order % len(counters)]
                called = await visits.call_next(DEPARTMENT, counter, current[counter], one.starts_at, "minh")
                current[counter] = called.id if called is not None else None
                if called is not None and order == 4:
                    await visits.finish(called.id, called.version, VisitState.MISSED, one.starts_at, "minh")
                    current[counter] = None


def _people() -> Iterator[tuple[str, str]]:
    """Names and telephones as they stand in examples, again and again."""
    for number, (given, family) in enumerate(itertools.cycle(itertools.product(GIVEN, FAMILIES))):
        yield f"{family} {given}", f"+8491{2_000_000 + number:07d}"


@asynccontextmanager
async def _served(place: Place) -> AsyncIterator[str]:
    port = free_port()
    config = uvicorn.Config(place.app, host="127.0.0.1", port=port, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.05)
    try:
        yield f"http://127.0.0.1:{port}/console"
    finally:
        server.should_exit = True
        await running
