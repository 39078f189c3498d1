"""Whatever contacts do in whatever order: no place is sold twice, none is lost, no version falls.

A model of one morning with two places at each of four openings says what must happen; the real thing does it.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from hypothesis.strategies import booleans, integers, sampled_from
from sqlalchemy import text

from bot.conversation.messages import Address
from bot.domain.booking.appointment import HOLD, Details, State
from bot.domain.booking.errors import (
    AlreadyBooked,
    BookingError,
    HoldLapsed,
    OpeningFull,
    OpeningGone,
    UnknownAppointment,
)
from bot.persistence.engine import create_engine
from bot.persistence.openings import SqlOpenings
from bot.persistence.places import lapse_holds
from bot.persistence.unit_of_work import SqlUnitOfWork
from tests.offices import COMPANY, MONDAY, city, close, fill_office

T = TypeVar("T")

PLACES = 2
STARTS = [city(MONDAY, hour, minute) for hour in (8, 9) for minute in (0, 30)]
CONTACTS = [Address("echo", f"contact-{number}") for number in range(4)]
SUNDAY = city(MONDAY - dt.timedelta(days=1), 8)
WIPE = "TRUNCATE appointment, appointment_change, reminder, waiting, closure, contact, conversation CASCADE"
OVERLAPS = """
    SELECT count(*) FROM appointment a JOIN appointment b ON a.id < b.id AND a.counter_id = b.counter_id
     AND a.place = b.place AND a.during && b.during
    WHERE a.state IN ('held', 'booked', 'arrived') AND b.state IN ('held', 'booked', 'arrived')
"""

contacts = sampled_from(CONTACTS)
starts = sampled_from(STARTS)


@dataclass
class Held:
    code: str
    starts_at: dt.datetime
    until: dt.datetime
    moving: bool


@dataclass
class Booked:
    code: str
    starts_at: dt.datetime


class Morning(RuleBasedStateMachine):
    """What contacts and the office do, beside what must come of it."""

    url: str
    loop: asyncio.AbstractEventLoop

    def __init__(self) -> None:
        super().__init__()
        self.engine = create_engine(self.url, pool=2)
        self.now = SUNDAY
        self.holds: dict[Address, Held] = {}
        self.booked: dict[Address, Booked] = {}
        self.closed: set[dt.datetime] = set()
        self.waiting: set[Address] = set()
        self.versions: dict[str, int] = {}
        self.run(self.wipe())

    def run(self, deed: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(deed)

    async def wipe(self) -> None:
        async with self.engine.begin() as connection:
            await connection.execute(text(WIPE))

    def teardown(self) -> None:
        self.run(self.engine.dispose())

    def left(self, starts_at: dt.datetime, *, but_for: Address | None = None) -> int:
        """Places free by the model; `but_for`: as if that contact's hold were given back."""
        held = [
            1
            for contact, hold in self.holds.items()
            if hold.starts_at == starts_at and hold.until > self.now and contact != but_for
        ]
        return PLACES - len(held) - sum(booked.starts_at == starts_at for booked in self.booked.values())

    @rule(contact=contacts, starts_at=starts, moving=booleans())
    def hold(self, contact: Address, starts_at: dt.datetime, moving: bool) -> None:
        mine = self.booked.get(contact)
        moving = moving and mine is not None
        expected: type[BookingError] | None = None
        if starts_at in self.closed:
            expected = OpeningGone
        elif mine is not None and not moving:
            expected = AlreadyBooked
        elif self.left(starts_at, but_for=contact) <= 0:
            expected = OpeningFull

        async def do() -> None:
            async with SqlUnitOfWork(self.engine) as uow:
                moved = mine.code if mine is not None and moving else None
                hold = await uow.appointments.hold(contact, COMPANY, starts_at, self.now, moving=moved)
                await uow.commit()
            self.holds[contact] = Held(hold.code, starts_at, self.now + HOLD, moving)

        self.expect(expected, do())

    @rule(contact=contacts)
    def confirm(self, contact: Address) -> None:
        hold = self.holds.get(contact)
        if hold is None:
            return
        expected: type[BookingError] | None = None
        if hold.until <= self.now:
            expected = HoldLapsed
        elif hold.starts_at in self.closed:
            expected = OpeningGone
        details = Details("Nguyễn Văn An", f"+8491234567{CONTACTS.index(contact)}")

        async def do() -> None:
            for _ in range(2):  # the second time changes nothing
                async with SqlUnitOfWork(self.engine) as uow:
                    booked = await uow.appointments.confirm(contact, hold.code, details, self.now)
                    await uow.commit()
                assert booked.starts_at == hold.starts_at
                assert booked.state is State.BOOKED
            if hold.moving:
                assert booked.code == self.booked[contact].code
            del self.holds[contact]
            self.booked[contact] = Booked(booked.code, booked.starts_at)
            self.waiting.discard(contact)

        self.expect(expected, do())

    @rule(contact=contacts)
    def cancel(self, contact: Address) -> None:
        mine = self.booked.get(contact)
        if mine is None:
            return

        async def do() -> None:
            async with SqlUnitOfWork(self.engine) as uow:
                await uow.appointments.cancel(mine.code, self.now)
                await uow.commit()

        self.run(do())
        del self.booked[contact]
        if (hold := self.holds.get(contact)) is not None and hold.moving:
            del self.holds[contact]

    @rule(contact=contacts)
    def release(self, contact: Address) -> None:
        hold = self.holds.pop(contact, None)

        async def do() -> None:
            async with SqlUnitOfWork(self.engine) as uow:
                await uow.appointments.release(contact, "ABCDEF" if hold is None else hold.code, self.now)
                await uow.commit()

        self.run(do())

    @rule(contact=contacts, thief=contacts)
    def steal(self, contact: Address, thief: Address) -> None:
        """Nobody confirms what another holds."""
        hold = self.holds.get(contact)
        if hold is None or thief == contact:
            return

        async def do() -> None:
            async with SqlUnitOfWork(self.engine) as uow:
                await uow.appointments.confirm(thief, hold.code, Details("Trần Thị Bình", "+84987654321"), self.now)

        self.expect(UnknownAppointment, do())

    @rule(starts_at=starts)
    def shut(self, starts_at: dt.datetime) -> None:
        if len(self.closed) < 2:
            self.run(close(self.engine, starts_at, starts_at + dt.timedelta(minutes=30)))
            self.closed.add(starts_at)

    @rule(minutes=integers(1, 11))
    def time_passes(self, minutes: int) -> None:
        self.now += dt.timedelta(minutes=minutes)

    @rule()
    def sweep(self) -> None:
        self.run(lapse_holds(self.engine, self.now))

    @rule(contact=contacts, wait=booleans())
    def join_or_leave_the_list(self, contact: Address, wait: bool) -> None:
        async def do() -> bool:
            async with SqlUnitOfWork(self.engine) as uow:
                if wait:
                    await uow.appointments.wait(contact, COMPANY, MONDAY, MONDAY, None, self.now)
                    left = False
                else:
                    left = await uow.appointments.leave(contact, COMPANY, self.now)
                await uow.commit()
                return left

        assert self.run(do()) == (not wait and contact in self.waiting)
        (self.waiting.add if wait else self.waiting.discard)(contact)

    @invariant()
    def nothing_is_sold_twice_or_lost(self) -> None:
        async def look() -> None:
            async with self.engine.connect() as connection:
                assert (await connection.execute(text(OVERLAPS))).scalar_one() == 0
                found = (await connection.execute(text("SELECT code, version FROM appointment"))).all()
            assert len({code for code, _ in found}) == len(found)
            for code, version in found:
                assert version >= self.versions.get(code, 0)
                self.versions[code] = version
            listed = await SqlOpenings(self.engine).listing(COMPANY, MONDAY, MONDAY, self.now)
            free = {each.starts_at: each.places for each in listed}
            assert free == {
                starts_at: self.left(starts_at)
                for starts_at in STARTS
                if starts_at not in self.closed and self.left(starts_at) > 0
            }

        self.run(look())

    def expect(self, error: type[BookingError] | None, deed: Coroutine[Any, Any, None]) -> None:
        if error is None:
            self.run(deed)
            return
        with pytest.raises(error):
            self.run(deed)


def test_in_any_order_no_place_is_sold_twice_or_lost(database_url: str) -> None:
    loop = asyncio.new_event_loop()
    Morning.url, Morning.loop = database_url, loop

    async def prepare() -> None:
        engine = create_engine(database_url, pool=1)
        await fill_office(
            engine,
            counters=1,
            capacity=PLACES,
            notice_minutes=0,
            cancel_minutes=0,
            spans=[(dt.time(8), dt.time(10))],
            weekdays=[0],
        )
        await engine.dispose()

    try:
        loop.run_until_complete(prepare())
        run_state_machine_as_test(
            Morning,
            settings=settings(
                max_examples=15,
                stateful_step_count=25,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        loop.close()
