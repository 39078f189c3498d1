"""The waiting list: a freed place goes to whoever has waited longest, for half an hour, then to the next."""

from __future__ import annotations

import asyncio
import datetime as dt

import pytest

from bot.conversation.choices import read_choice
from bot.conversation.messages import Address
from bot.conversation.tracker import Tracker
from bot.domain.booking.appointment import Details
from bot.domain.booking.waiting import OFFER
from bot.domain.procedure import Language
from bot.domain.when import Part
from bot.persistence.missed import miss
from bot.persistence.openings import SqlOpenings
from bot.persistence.places import lapse_holds
from bot.persistence.unit_of_work import SqlUnitOfWork
from bot.persistence.waiting_list import SqlWaitingList
from tests.builders import an_address
from tests.conftest import Database
from tests.offices import COMPANY, EARLY, MONDAY, city, fill_office
from tests.persistence.test_intake import rows
from tests.persistence.test_reminders import REMINDING

TUESDAY = MONDAY + dt.timedelta(days=1)
AN = Details("Nguyễn Văn An", "+84912345678")
NINE = (dt.time(9), dt.time(9, 30))
"""One opening a day."""


class Office:
    """A counter with one opening a day, its waiting list, and people."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.list = SqlWaitingList(database.engine, SqlOpenings(database.engine), REMINDING)

    async def wait(
        self, name: str, first: dt.date = MONDAY, last: dt.date = TUESDAY, part: Part | None = None, minute: int = 0
    ) -> Address:
        address = an_address(name)
        async with SqlUnitOfWork(self.database.engine) as uow:
            await uow.trackers.save(Tracker(address, Language.EN if name == "Bob" else Language.VI))
            await uow.appointments.wait(address, COMPANY, first, last, part, EARLY - dt.timedelta(minutes=60 - minute))
            await uow.commit()
        return address

    async def book(self, address: Address, starts_at: dt.datetime, now: dt.datetime = EARLY) -> str:
        async with SqlUnitOfWork(self.database.engine) as uow:
            hold = await uow.appointments.hold(address, COMPANY, starts_at, now)
            booked = await uow.appointments.confirm(address, hold.code, AN, now)
            await uow.commit()
        return booked.code

    async def said(self) -> list[tuple[str, str]]:
        """Who was told what, in order."""
        found = await rows(
            self.database,
            "SELECT contact.external_id, reply->>'key' FROM outbox"
            " JOIN conversation ON conversation.id = conversation_id"
            " JOIN contact ON contact.id = contact_id ORDER BY outbox.id",
        )
        return [(row[0], row[1]) for row in found]

    async def states(self) -> list[tuple[str, str]]:
        found = await rows(
            self.database,
            "SELECT contact.external_id, state FROM waiting JOIN conversation ON conversation.id = conversation_id"
            " JOIN contact ON contact.id = contact_id ORDER BY waiting.created_at, waiting.id",
        )
        return [(row[0], row[1]) for row in found]


@pytest.fixture
async def office(database: Database) -> Office:
    await fill_office(database.engine, counters=1, spans=[NINE])
    return Office(database)


async def test_the_one_who_waited_longest_is_offered_the_place_for_half_an_hour(office: Office) -> None:
    await office.wait("second", TUESDAY, TUESDAY, minute=2)
    await office.wait("first", TUESDAY, TUESDAY, minute=1)
    assert await office.list.sweep(EARLY) == {"offered": 1}
    assert await office.said() == [("first", "offer_place")]
    ((text, until),) = await rows(office.database, "SELECT reply->>'text', hold_until FROM outbox, appointment")
    assert until == EARLY + OFFER
    assert "09:00" in text
    assert "đến 07:30" in text
    assert "minh họa" in text
    ((code,),) = await rows(office.database, "SELECT code FROM appointment")
    buttons = [row[0] for row in await rows(office.database, "SELECT value FROM button ORDER BY value")]
    assert buttons == [f"offer:refuse:{code}", f"offer:take:{code}"]
    assert None not in map(read_choice, buttons)
    assert await office.list.sweep(EARLY + dt.timedelta(minutes=1)) == {}, "one place, one offer"


async def test_an_offer_not_taken_goes_to_the_next_and_the_first_is_told_once(office: Office) -> None:
    await office.wait("first", TUESDAY, TUESDAY, minute=1)
    await office.wait("Bob", TUESDAY, TUESDAY, minute=2)
    await office.list.sweep(EARLY)
    later = EARLY + OFFER
    await lapse_holds(office.database.engine, later)
    assert await office.list.sweep(later) == {"lapsed": 1, "offered": 1}
    assert await office.list.sweep(later) == {}
    assert await office.said() == [("first", "offer_place"), ("first", "offer_lapsed"), ("Bob", "offer_place")]
    assert await office.states() == [("first", "lapsed"), ("Bob", "offered")]
    (text,) = [row[0] for row in await rows(office.database, "SELECT reply->>'text' FROM outbox ORDER BY id")][2:]
    assert "waiting list" in text


async def test_a_place_taken_ends_the_waiting(office: Office) -> None:
    first = await office.wait("first", TUESDAY, TUESDAY)
    await office.list.sweep(EARLY)
    ((code,),) = await rows(office.database, "SELECT code FROM appointment")
    async with SqlUnitOfWork(office.database.engine) as uow:
        await uow.appointments.confirm(first, code, AN, EARLY + dt.timedelta(minutes=5))
        await uow.commit()
    assert await office.list.sweep(EARLY + OFFER) == {}
    assert await office.states() == [("first", "taken")]
    assert await office.said() == [("first", "offer_place")]


async def test_who_gives_the_place_back_is_not_asked_about_it_again(office: Office) -> None:
    first = await office.wait("first", TUESDAY, TUESDAY, minute=1)
    await office.wait("second", TUESDAY, TUESDAY, minute=2)
    await office.list.sweep(EARLY)
    ((code,),) = await rows(office.database, "SELECT code FROM appointment")
    now = EARLY + dt.timedelta(minutes=5)
    async with SqlUnitOfWork(office.database.engine) as uow:
        await uow.appointments.release(first, code, now)
        await uow.commit()
    assert await office.list.sweep(now) == {"left": 1, "offered": 1}
    told = [("first", "offer_place"), ("first", "offer_given_back"), ("second", "offer_place")]
    assert await office.said() == told, "who is off the list is told so"
    async with SqlUnitOfWork(office.database.engine) as uow:
        await uow.appointments.wait(first, COMPANY, TUESDAY, TUESDAY, None, now)
        await uow.commit()
    later = EARLY + 2 * OFFER
    assert await office.list.sweep(later) == {"lapsed": 1}, "the place is free, but they did not want it"


async def test_only_a_place_within_the_wish_is_offered(office: Office) -> None:
    await office.wait("afternoon", TUESDAY, TUESDAY, Part.AFTERNOON)
    await office.wait("next week", MONDAY + dt.timedelta(days=40), MONDAY + dt.timedelta(days=40))
    await office.wait("past", MONDAY - dt.timedelta(days=3), MONDAY - dt.timedelta(days=1))
    assert await office.list.sweep(EARLY) == {}
    assert await office.said() == []
    assert dict(await office.states())["past"] == "lapsed"


async def test_nobody_is_woken_for_a_place(office: Office) -> None:
    await office.wait("first", TUESDAY, TUESDAY)
    assert await office.list.sweep(city(MONDAY, 21)) == {}
    assert await office.list.sweep(city(TUESDAY, 6, 29)) == {}
    assert await office.list.sweep(city(TUESDAY, 6, 30)) == {"offered": 1}


async def test_who_has_an_appointment_is_offered_only_what_is_sooner_in_its_stead(office: Office) -> None:
    first = await office.wait("first", MONDAY, MONDAY + dt.timedelta(days=9))
    await office.book(first, city(TUESDAY + dt.timedelta(days=7), 9), EARLY)
    await rows(office.database, "UPDATE waiting SET state = 'waiting' RETURNING 1")
    assert await office.list.sweep(EARLY) == {"offered": 1}
    ((text,),) = await rows(office.database, "SELECT reply->>'text' FROM outbox")
    assert "sẽ được chuyển sang giờ này" in text
    assert await rows(office.database, "SELECT count(*) FROM appointment WHERE replaces IS NOT NULL") == [(1,)]


async def test_who_is_just_choosing_keeps_their_own_hold(office: Office) -> None:
    first = await office.wait("first", TUESDAY, TUESDAY)
    async with SqlUnitOfWork(office.database.engine) as uow:
        await uow.appointments.hold(first, COMPANY, city(TUESDAY + dt.timedelta(days=1), 9), EARLY)
        await uow.commit()
    assert await office.list.sweep(EARLY) == {}
    assert await rows(office.database, "SELECT state FROM appointment") == [("held",)]


async def test_four_sweeps_at_once_offer_each_place_once_and_in_order(office: Office) -> None:
    for minute in range(8):
        await office.wait(f"contact-{minute}", MONDAY, MONDAY + dt.timedelta(days=2), minute=minute)
    for _ in range(4):
        await asyncio.gather(*(office.list.sweep(EARLY) for _ in range(4)))
    assert await rows(office.database, "SELECT count(*) FROM appointment WHERE state = 'held'") == [(3,)]
    assert sorted(await office.said()) == [(f"contact-{minute}", "offer_place") for minute in range(3)]


async def test_nobody_who_came_to_be_is_missed_before_the_evening(office: Office) -> None:
    first = await office.wait("first")
    await office.book(first, city(MONDAY, 9))
    assert await miss(office.database.engine, city(MONDAY, 19, 59)) == 0
    counts = await asyncio.gather(*(miss(office.database.engine, city(MONDAY, 20)) for _ in range(3)))
    assert sum(counts) == 1
    assert await rows(office.database, "SELECT state FROM appointment") == [("missed",)]
    changes = await rows(office.database, "SELECT change, actor FROM appointment_change ORDER BY id")
    assert tuple(changes[-1]) == ("missed", "clock")


async def test_who_had_arrived_and_was_never_marked_is_served_when_the_day_is_over(office: Office) -> None:
    first = await office.wait("first")
    await office.book(first, city(MONDAY, 9))
    await rows(office.database, "UPDATE appointment SET state = 'arrived' RETURNING 1")
    assert await miss(office.database.engine, city(MONDAY + dt.timedelta(days=20), 8)) == 1
    assert await rows(office.database, "SELECT state FROM appointment") == [("served",)]
    assert await rows(office.database, "SELECT change FROM appointment_change ORDER BY id DESC LIMIT 1") == [
        ("served",)
    ]
