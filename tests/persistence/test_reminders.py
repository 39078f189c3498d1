"""Reminders: each sent once, in the contact's language, or dropped because it would mislead."""

from __future__ import annotations

import datetime as dt
import uuid
from pathlib import Path

import pytest
from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import Range

from bot.conversation.booking.reminding import Reminding
from bot.conversation.choices import read_choice
from bot.conversation.messages import Address
from bot.conversation.tracker import Tracker
from bot.conversation.wording import Wording
from bot.domain.booking.appointment import Appointment, new_code
from bot.domain.booking.reminding import reminders_for
from bot.domain.procedure import Document, DocumentCase, Language, Origin, Procedure, Source, Text
from bot.persistence.booking_rows import AppointmentRow, ReminderRow
from bot.persistence.reminders import SqlReminders
from bot.persistence.unit_of_work import SqlUnitOfWork
from tests.builders import an_address
from tests.conftest import Database
from tests.offices import COMPANY, MONDAY, city, fill_office
from tests.persistence.test_intake import rows

WORDING = Wording.read(Path(__file__).parents[2] / "data" / "wording")
REMINDING = Reminding(WORDING)
TUESDAY = MONDAY + dt.timedelta(days=1)
WEDNESDAY = MONDAY + dt.timedelta(days=2)


async def an_appointment(
    database: Database,
    starts_at: dt.datetime,
    *,
    booked_at: dt.datetime | None = None,
    address: Address | None = None,
    language: Language = Language.VI,
    place: int = 1,
    counter: int = 1,
    procedure: str | None = None,
) -> str:
    """A booked appointment with its reminders; gives its code."""
    address = address or an_address()
    code = new_code()
    async with SqlUnitOfWork(database.engine) as uow:
        await uow.trackers.save(Tracker(address, language))
        conversation = await uow.conversations.of(address)
        identity = uuid.uuid4()
        await uow.connection.execute(
            insert(AppointmentRow).values(
                id=identity,
                code=code,
                conversation_id=conversation,
                service_key=COMPANY,
                counter_id=counter,
                place=place,
                during=Range(starts_at, starts_at + dt.timedelta(minutes=30)),
                state="booked",
                procedure_code=procedure,
                name="Nguyễn Văn An",
            )
        )
        due = reminders_for(starts_at, booked_at or starts_at - dt.timedelta(days=5))
        await uow.connection.execute(
            insert(ReminderRow),
            [{"appointment_id": identity, "version": 0, "kind": kind.value, "due_at": at} for kind, at in due],
        )
        await uow.commit()
    return code


async def said(database: Database) -> list[str]:
    return [row[0] for row in await rows(database, "SELECT reply->>'text' FROM outbox ORDER BY id")]


async def fates(database: Database) -> list[tuple[str, str, str | None]]:
    found = await rows(database, "SELECT kind, state, reason FROM reminder ORDER BY due_at, id")
    return [tuple(row) for row in found]


@pytest.fixture
async def reminders(database: Database) -> SqlReminders:
    await fill_office(database.engine)
    return SqlReminders(database.engine, REMINDING.remind)


async def test_a_reminder_says_all_that_is_needed_to_come_and_offers_what_can_be_done(
    database: Database, reminders: SqlReminders
) -> None:
    code = await an_appointment(database, city(WEDNESDAY, 9), procedure="2.001583")
    assert await reminders.send(city(TUESDAY, 8, 59)) == {}
    assert await reminders.send(city(TUESDAY, 9)) == {"sent": 1}
    (text,) = await said(database)
    assert text.splitlines() == [
        "Nhắc anh/chị: ngày mai anh/chị có lịch hẹn.",
        "• Việc: Nộp hồ sơ thành lập công ty",
        "• Thời gian: Thứ Tư 04/03/2026, 09:00",
        "• Nơi hẹn: Sở Tài chính, Quầy 1",
        f"• Mã hẹn: {code}",
        "• Giấy tờ cần mang: Căn cước",
        "Đây là lịch hẹn minh họa của bản chạy thử: không có cán bộ nào đợi anh/chị tại quầy.",
        "Anh/chị vẫn đến được chứ ạ?",
    ]
    buttons = [row[0] for row in await rows(database, "SELECT value FROM button ORDER BY value")]
    assert buttons == [f"attend:{code}", f"cancel:{code}", "facet:documents:2.001583", f"move:{code}"]
    assert None not in map(read_choice, buttons), "a tap on each is understood whenever it comes"
    assert await reminders.send(city(TUESDAY, 9, 1)) == {}


async def test_a_reminder_names_the_papers_of_the_procedure_it_was_booked_for(database: Database) -> None:
    papers = tuple(Document(Text(f"Giấy {number}")) for number in range(1, 9))
    source = Source("Bản ghi thủ tục", "https://dichvucong.gov.vn", None)
    title = Text("Đăng ký thành lập doanh nghiệp")
    dossier = Procedure("2.001583", title, "enterprise", Origin.CITY, source, documents=(DocumentCase(None, papers),))
    await fill_office(database.engine)
    await an_appointment(database, city(WEDNESDAY, 9), procedure=dossier.code)
    reminding = Reminding(WORDING, procedure={dossier.code: dossier}.get)
    assert await SqlReminders(database.engine, reminding.remind).send(city(TUESDAY, 9)) == {"sent": 1}
    (text,) = await said(database)
    assert "Giấy 1; Giấy 2; Giấy 3; Giấy 4; Giấy 5; Giấy 6\n• và 2 giấy tờ khác" in text
    assert "Căn cước" not in text, "that is what the service asks for in general"


async def test_two_hours_before_it_is_today_and_too_late_to_move(database: Database, reminders: SqlReminders) -> None:
    code = await an_appointment(database, city(WEDNESDAY, 9), booked_at=city(TUESDAY, 12))
    assert await reminders.send(city(WEDNESDAY, 7, 1)) == {"sent": 1}
    (text,) = await said(database)
    assert text.startswith("Nhắc anh/chị: hôm nay")
    assert [tuple(row) for row in await rows(database, "SELECT value FROM button")] == [(f"attend:{code}",)]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (Language.VI, ("ngày mai", "Thứ Tư", "04/03/2026")),
        (Language.EN, ("tomorrow", "Wednesday", "4 March 2026", "Department of Finance", "Counter 1")),
        (Language.KO, ("내일", "2026년 3월 4일(수")),
        (Language.ZH, ("明天", "2026年3月4日周三")),
        (Language.JA, ("明日", "2026年3月4日(水")),
    ],
)
async def test_a_reminder_speaks_the_contacts_language(
    database: Database, reminders: SqlReminders, language: Language, words: tuple[str, ...]
) -> None:
    await an_appointment(database, city(WEDNESDAY, 9), language=language)
    await reminders.send(city(TUESDAY, 9))
    (text,) = await said(database)
    assert [word for word in words if word not in text] == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("UPDATE appointment SET state = 'cancelled', version = 1 RETURNING 1", "cancelled"),
        ("UPDATE appointment SET state = 'missed', version = 1 RETURNING 1", "cancelled"),
        ("UPDATE appointment SET version = 1 RETURNING 1", "moved"),
        ("UPDATE appointment SET conversation_id = NULL RETURNING 1", "no_contact"),
        ("UPDATE contact SET unreachable_since = now() RETURNING 1", "no_contact"),
        ("DELETE FROM contact RETURNING 1", "no_contact"),
    ],
)
async def test_what_changed_between_due_and_sending_is_not_announced(
    database: Database, reminders: SqlReminders, change: str, reason: str
) -> None:
    await an_appointment(database, city(WEDNESDAY, 9), booked_at=city(TUESDAY, 8))
    await rows(database, change)
    assert await reminders.send(city(TUESDAY, 9)) == {reason: 1}
    assert await said(database) == []
    assert (await fates(database))[0] == ("day_before", "dropped", reason)


async def test_nobody_is_woken_even_by_a_clock_that_was_stopped(database: Database, reminders: SqlReminders) -> None:
    await an_appointment(database, city(WEDNESDAY, 9))  # due on Tuesday at nine
    assert await reminders.send(city(TUESDAY, 21)) == {}
    assert await reminders.send(city(WEDNESDAY, 6, 29)) == {}
    assert await fates(database) == [("day_before", "due", None), ("hours_before", "due", None)]
    assert await reminders.send(city(WEDNESDAY, 6, 30)) == {"late": 1}, "less than three hours are left"
    assert await reminders.send(city(WEDNESDAY, 7)) == {"sent": 1}


async def test_six_hours_out_of_order_end_in_no_burst_of_stale_reminders(
    database: Database, reminders: SqlReminders
) -> None:
    """From seven to one nothing ran: who was received meanwhile, or is now, hears nothing."""
    for hour in (9, 10, 11, 14, 15, 16):
        await an_appointment(database, city(TUESDAY, hour), booked_at=city(MONDAY, 12))
    await an_appointment(database, city(WEDNESDAY, 8), place=2)
    await an_appointment(database, city(WEDNESDAY, 8), counter=2)
    assert await reminders.send(city(MONDAY, 18)) == {"sent": 3}
    assert await reminders.send(city(TUESDAY, 13)) == {"late": 3, "sent": 4}
    texts = (await said(database))[3:]
    assert [hour for hour in range(8, 17) if any(f"2026, {hour:02}:00" in text for text in texts)] == [8, 14, 15]
    assert await reminders.send(city(TUESDAY, 13, 30)) == {}
    assert await reminders.send(city(TUESDAY, 14)) == {"sent": 1}


async def test_after_a_day_out_of_order_an_appointment_is_announced_once(
    database: Database, reminders: SqlReminders
) -> None:
    """At seven in the morning: both reminders, of seven and of half past eight on the evening before, are due."""
    await an_appointment(database, city(WEDNESDAY, 7))
    assert await reminders.send(city(TUESDAY, 20, 45)) == {"late": 1, "sent": 1}
    assert await fates(database) == [("day_before", "dropped", "late"), ("hours_before", "sent", None)]


async def test_a_contact_who_said_they_come_is_not_asked_again(database: Database, reminders: SqlReminders) -> None:
    await an_appointment(database, city(WEDNESDAY, 14))
    await rows(database, "UPDATE appointment SET attending_at = now() RETURNING 1")
    await reminders.send(city(WEDNESDAY, 12))
    (text,) = await said(database)
    assert "Anh/chị đã báo là sẽ đến" in text
    assert await rows(database, "SELECT 1 FROM button WHERE value LIKE 'attend:%'") == []


async def test_one_that_cannot_be_said_keeps_no_other_back(database: Database) -> None:
    await fill_office(database.engine)
    broken = await an_appointment(database, city(WEDNESDAY, 9))
    await an_appointment(database, city(WEDNESDAY, 9, 30))

    def remind(appointment: Appointment, department: Text, language: Language, now: dt.datetime):  # type: ignore[no-untyped-def]
        if appointment.code == broken:
            raise RuntimeError(broken)
        return REMINDING.remind(appointment, department, language, now)

    assert await SqlReminders(database.engine, remind).send(city(TUESDAY, 10)) == {"sent": 1}
    assert len(await said(database)) == 1


async def test_a_turn_being_written_is_not_waited_for(database: Database, reminders: SqlReminders) -> None:
    address = an_address()
    await an_appointment(database, city(WEDNESDAY, 9), address=address)
    async with SqlUnitOfWork(database.engine) as turn:
        await rows_within(turn, "SELECT 1 FROM conversation FOR UPDATE")
        assert await reminders.send(city(TUESDAY, 9)) == {}
    assert await reminders.send(city(TUESDAY, 9, 1)) == {"sent": 1}


async def rows_within(uow: SqlUnitOfWork, statement: str) -> None:
    await uow.connection.exec_driver_sql(statement)


async def test_a_reminder_disturbs_neither_the_talk_nor_the_record_of_who_wrote_last(
    database: Database, reminders: SqlReminders
) -> None:
    await an_appointment(database, city(WEDNESDAY, 9))
    before = await rows(database, "SELECT tracker::text, version, last_seen_at FROM conversation, contact")
    await reminders.send(city(TUESDAY, 9))
    assert await rows(database, "SELECT tracker::text, version, last_seen_at FROM conversation, contact") == before
