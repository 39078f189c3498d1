"""Closing a time: everybody booked then is moved or told, once, whatever happens in between."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from bot.conversation.booking.closing import ClosingNotices
from bot.conversation.messages import Address, Reply
from bot.conversation.wording import Wording
from bot.domain.booking.appointment import Appointment, Details
from bot.domain.booking.offices import Hours
from bot.domain.procedure import Language
from bot.persistence.booking_rows import AppointmentChangeRow, AppointmentRow, ClosureRow, ReminderRow
from bot.persistence.closing import SqlClosing
from bot.persistence.displacing import Closed, booked_outside, booked_within, note_displaced
from bot.persistence.rows import OutboxRow
from bot.persistence.unit_of_work import SqlUnitOfWork
from tests.conftest import Database
from tests.offices import AFTERNOON, COMPANY, DEPARTMENT, EARLY, HOUSEHOLD, MONDAY, MORNING, city, fill_office

DATA = Path(__file__).resolve().parents[2] / "data"
TUESDAY = MONDAY + dt.timedelta(days=1)
WEDNESDAY = MONDAY + dt.timedelta(days=2)
NAMED = Details("Nguyễn Văn An", "+84912345678")


@dataclass
class Office:
    """The desk of a test: books, closes, settles."""

    database: Database
    closing: SqlClosing
    counters: list[int]

    async def book(self, contact: str, at: dt.datetime, service: str = COMPANY) -> Appointment:
        address = Address("test", contact)
        async with SqlUnitOfWork(self.database.engine) as uow:
            hold = await uow.appointments.hold(address, service, at, EARLY)
            number = f"+849{sum(map(ord, contact)):08d}"
            booked = await uow.appointments.confirm(address, hold.code, Details("Nguyễn Văn An", number), EARLY)
            await uow.commit()
        return booked

    async def close(self, closed: Closed, handling: str = "move") -> None:
        async with self.database.engine.begin() as connection:
            await connection.execute(
                insert(ClosureRow).values(
                    department_key=closed.department,
                    counter_id=closed.counter,
                    starts_at=closed.starts_at,
                    ends_at=closed.ends_at,
                    reason="Tập huấn nghiệp vụ",
                    handling=handling,
                    created_by="truong.phong",
                )
            )

    async def now(self, code: str) -> Any:
        async with self.database.engine.connect() as connection:
            return (await connection.execute(select(AppointmentRow.__table__).where(AppointmentRow.code == code))).one()

    async def said(self) -> list[dict[str, Any]]:
        async with self.database.engine.connect() as connection:
            return list(await connection.scalars(select(OutboxRow.reply).order_by(OutboxRow.id)))

    async def changes(self, code: str) -> list[str]:
        async with self.database.engine.connect() as connection:
            wanted = (
                select(AppointmentChangeRow.change)
                .join(AppointmentRow, AppointmentRow.id == AppointmentChangeRow.appointment_id)
                .where(AppointmentRow.code == code)
                .order_by(AppointmentChangeRow.id)
            )
            return list(await connection.scalars(wanted))


@pytest.fixture
async def office(database: Database) -> Office:
    counters = await fill_office(database.engine, counters=1)
    notices = ClosingNotices(Wording.read(DATA / "wording"))
    return Office(database, SqlClosing(database.engine, notices), counters)


def whole(day: dt.date, **where: Any) -> Closed:
    return Closed(city(day, 0), city(day + dt.timedelta(days=1), 0), **where)


async def test_everybody_is_moved_to_the_next_opening_and_keeps_the_code(office: Office) -> None:
    first = await office.book("a", city(TUESDAY, 9))
    second = await office.book("b", city(TUESDAY, 9, 30))
    await office.close(whole(TUESDAY, department=DEPARTMENT))
    done = await office.closing.settle(EARLY)
    assert done["moved"] == 2
    moved = [await office.now(one.code) for one in (first, second)]
    assert [row.during.lower for row in moved] == [city(WEDNESDAY, 8), city(WEDNESDAY, 8, 30)]
    assert [row.version for row in moved] == [first.version + 1, second.version + 1]
    said = await office.said()
    assert [reply["key"] for reply in said] == ["closing_moved"] * 2
    assert "Thứ Ba 03/03/2026, 09:00" in said[0]["text"]
    assert "Thứ Tư 04/03/2026, 08:00" in said[0]["text"]
    assert "Tập huấn nghiệp vụ" in said[0]["text"]


async def test_those_who_shall_choose_are_told_and_reminded_no_more(office: Office) -> None:
    booked = await office.book("a", city(TUESDAY, 9))
    await office.close(whole(TUESDAY), "inform")
    assert (await office.closing.settle(EARLY))["informed"] == 1
    row = await office.now(booked.code)
    assert (row.state, row.version) == ("booked", booked.version + 1)
    assert [reply["key"] for reply in await office.said()] == ["closing_inform"]
    async with office.database.engine.connect() as connection:
        assert set(await connection.scalars(select(ReminderRow.state))) == {"dropped"}


async def test_running_it_twice_says_nothing_twice(office: Office) -> None:
    moved = await office.book("a", city(TUESDAY, 9))
    await office.book("b", city(TUESDAY, 10))
    await office.close(whole(TUESDAY), "inform")
    await office.closing.settle(EARLY)
    assert await office.closing.settle(EARLY) == Counter()
    assert len(await office.said()) == 2
    assert await office.changes(moved.code) == ["held", "booked", "displaced", "informed"]


async def test_where_no_opening_is_found_the_contact_is_asked_to_choose(office: Office) -> None:
    await office.book("a", city(TUESDAY, 9))
    await office.close(Closed(city(TUESDAY, 0), city(TUESDAY + dt.timedelta(days=90), 0)))
    done = await office.closing.settle(EARLY)
    assert (done["moved"], done["informed"]) == (0, 1)
    assert "chưa thấy chỗ trống" in (await office.said())[0]["text"]


async def test_another_counter_at_the_same_hour_is_nearest(database: Database) -> None:
    counters = await fill_office(database.engine, counters=2)
    office = Office(database, SqlClosing(database.engine, ClosingNotices(Wording.read(DATA / "wording"))), counters)
    booked = await office.book("a", city(TUESDAY, 9))
    await office.close(whole(TUESDAY, counter=booked.counter.id))
    await office.closing.settle(EARLY)
    row = await office.now(booked.code)
    assert row.during.lower == city(TUESDAY, 9)
    assert row.counter_id != booked.counter.id


async def test_nobody_is_moved_to_an_earlier_time(office: Office) -> None:
    booked = await office.book("a", city(TUESDAY, 14))
    await office.close(Closed(city(TUESDAY, 13), city(TUESDAY, 15)))
    await office.closing.settle(EARLY)
    assert (await office.now(booked.code)).during.lower > city(TUESDAY, 14)


async def test_an_interrupted_closing_is_finished_by_the_sweep(office: Office) -> None:
    """The process dies after the first message was composed, before its transaction ended."""

    class Dies:
        def __init__(self, notices: ClosingNotices) -> None:
            self.notices, self.left = notices, 1

        def moved(self, *args: Any) -> Reply:
            if self.left == 0:
                raise asyncio.CancelledError
            self.left -= 1
            return self.notices.moved(*args)

        def inform(self, *args: Any, **named: Any) -> Reply:
            return self.notices.inform(*args, **named)

    booked = [await office.book(name, city(TUESDAY, hour)) for name, hour in (("a", 9), ("b", 10), ("c", 11))]
    await office.close(whole(TUESDAY))
    dying = SqlClosing(office.database.engine, Dies(ClosingNotices(Wording.read(DATA / "wording"))))
    with pytest.raises(asyncio.CancelledError):
        await dying.settle(EARLY)
    assert len(await office.said()) == 1
    assert (await office.closing.settle(EARLY))["moved"] == 2
    assert len(await office.said()) == 3
    rows = [await office.now(one.code) for one in booked]
    assert all(row.during.lower >= city(WEDNESDAY, 8) for row in rows)
    assert len({row.during.lower for row in rows}) == 3


async def test_a_contact_who_moves_at_the_same_moment_is_moved_once(office: Office) -> None:
    """Either the contact's own move stands, or they are moved and told; never both, never neither."""
    booked = await office.book("a", city(TUESDAY, 9))
    address = Address("test", "a")
    async with SqlUnitOfWork(office.database.engine) as uow:
        hold = await uow.appointments.hold(address, COMPANY, city(WEDNESDAY, 15), EARLY, moving=booked.code)
        await uow.commit()
    await office.close(whole(TUESDAY))

    async def move() -> str:
        async with SqlUnitOfWork(office.database.engine) as uow:
            await uow.appointments.confirm(address, hold.code, NAMED, EARLY)
            await asyncio.sleep(0.05)
            await uow.commit()
        return "own"

    await asyncio.gather(move(), office.closing.settle(EARLY))
    await office.closing.settle(EARLY)
    row = await office.now(booked.code)
    history = await office.changes(booked.code)
    assert row.during.lower == city(WEDNESDAY, 15), "what the contact confirmed last is what holds"
    assert len(await office.said()) == history.count("moved") - 1


async def test_two_who_settle_at_once_tell_everybody_once(office: Office) -> None:
    for number in range(6):
        await office.book(f"c{number}", city(TUESDAY, 8 + number // 2, 30 * (number % 2)))
    await office.close(whole(TUESDAY))
    await asyncio.gather(*(office.closing.settle(EARLY) for _ in range(2)))
    await office.closing.settle(EARLY)
    assert len(await office.said()) == 6
    async with office.database.engine.connect() as connection:
        counts = Counter(await connection.scalars(select(AppointmentChangeRow.change)))
    assert counts["moved"] == 6


async def test_who_was_confirming_while_it_closed_is_found_by_the_sweep(office: Office) -> None:
    await office.close(whole(TUESDAY), "inform")
    async with office.database.engine.begin() as connection:
        await connection.execute(
            AppointmentRow.__table__.insert().values(  # type: ignore[attr-defined]
                code="ABC234",
                service_key=COMPANY,
                counter_id=office.counters[0],
                place=1,
                during=f"[{city(TUESDAY, 9).isoformat()},{city(TUESDAY, 9, 30).isoformat()})",
                state="booked",
            )
        )
    done = await office.closing.settle(EARLY)
    assert (done["informed"], done["untold"]) == (1, 1)


async def test_a_notice_told_too_late_may_still_be_answered(office: Office) -> None:
    """The deadline binds contacts, not those whose office closed an hour before."""
    booked = await office.book("a", city(TUESDAY, 9))
    late = city(TUESDAY, 8, 30)
    await office.close(whole(TUESDAY), "inform")
    await office.closing.settle(late)
    async with SqlUnitOfWork(office.database.engine) as uow:
        cancelled = await uow.appointments.cancel(booked.code, late)
    assert cancelled.state == "cancelled"


async def test_shrunk_hours_name_who_falls_outside_and_move_them(office: Office) -> None:
    kept = await office.book("a", city(TUESDAY, 9))
    out = await office.book("b", city(TUESDAY, 16), HOUSEHOLD)
    counter = office.counters[0]
    before = [Hours(counter, weekday, *span) for weekday in range(5) for span in (MORNING, AFTERNOON)]
    after = [Hours(counter, weekday, *MORNING) for weekday in range(5)]
    async with office.database.engine.begin() as connection:
        found = await booked_outside(connection, counter, before, after, EARLY)
        assert [one.code for one in found] == [out.code]
        assert await booked_outside(connection, counter, before, before, EARLY) == []
        await note_displaced(connection, found, "move", "Đổi giờ làm việc", "truong.phong", EARLY)
    assert (await office.closing.settle(EARLY))["moved"] == 1
    assert (await office.now(kept.code)).version == kept.version


async def test_a_closing_names_only_those_it_concerns(office: Office) -> None:
    booked = await office.book("a", city(TUESDAY, 9))
    await office.book("b", city(WEDNESDAY, 9))
    async with office.database.engine.connect() as connection:
        found = await booked_within(connection, whole(TUESDAY, department=DEPARTMENT), EARLY)
        assert [one.code for one in found] == [booked.code]
        assert await booked_within(connection, whole(TUESDAY, department="health"), EARLY) == []
        assert await booked_within(connection, Closed(city(TUESDAY, 9, 30), city(TUESDAY, 12)), EARLY) == []


@pytest.mark.parametrize("language", list(Language))
async def test_the_notice_speaks_the_contacts_language(office: Office, language: Language) -> None:
    booked = await office.book("a", city(TUESDAY, 9))
    notices = ClosingNotices(Wording.read(DATA / "wording"))
    reply = notices.inform(booked, language, "Tập huấn", EARLY, sought=True)
    assert reply.language is language
    assert [button.value for button in reply.buttons] == [f"move:{booked.code}", f"cancel:{booked.code}"]
    assert booked.code in reply.text
