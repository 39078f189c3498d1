"""The page of an appointment over HTTP: who sees what, for how long, and what a foreign page cannot do."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterator

import httpx
import pytest
import vobject
from icalendar import Calendar
from sqlalchemy import ColumnElement, func, select, update

from bot.channels.web.appointment_view import LINK_LASTS, masked
from bot.conversation.booking.showing_times import show_moment
from bot.conversation.messages import Address, Reply
from bot.domain.booking.appointment import Appointment, State
from bot.domain.procedure import Language
from bot.papers import picture
from bot.papers.links import Links
from bot.persistence.appointment_book import SqlAppointmentBook
from bot.persistence.booking_rows import AppointmentChangeRow, AppointmentRow
from bot.persistence.records import reply_from_data
from bot.persistence.rows import ConversationRow, OutboxRow
from bot.persistence.unit_of_work import SqlUnitOfWork
from tests.channels.web.booking import CLOCK, book, path_of
from tests.channels.web.parrot import Assistant
from tests.offices import COMPANY, EARLY
from tests.papers.bookings import NAME, TAX_CODE, WORDING

SAME = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    CLOCK.now = EARLY
    yield
    CLOCK.now = EARLY


@pytest.fixture
async def booked(assistant: Assistant) -> Appointment:
    return await book(assistant.engine)


async def state_of(assistant: Assistant, appointment: Appointment) -> Appointment:
    found = await SqlAppointmentBook(assistant.engine).found(appointment.code)
    assert found is not None
    return found


def owns(appointment: Appointment) -> ColumnElement[bool]:
    """The conversation in which it was booked."""
    booked_in = select(AppointmentRow.conversation_id).where(AppointmentRow.id == appointment.id)
    return ConversationRow.id == booked_in.scalar_subquery()


async def said_of(assistant: Assistant, appointment: Appointment) -> list[Reply]:
    """What the chat was told, in order."""
    async with assistant.engine.connect() as connection:
        rows = await connection.scalars(
            select(OutboxRow.reply)
            .join(ConversationRow, ConversationRow.id == OutboxRow.conversation_id)
            .where(owns(appointment))
            .order_by(OutboxRow.sequence)
        )
        return [reply_from_data(row)[0] for row in rows]


async def test_the_page_shows_what_the_holder_needs(client: httpx.AsyncClient, booked: Appointment) -> None:
    page = await client.get(path_of(booked))
    assert page.status_code == 200
    for shown in (booked.code, "Nộp hồ sơ thành lập công ty", "Sở Tài chính", "Quầy 1", "số 18 đường Hoàng Diệu"):
        assert shown in page.text
    assert f"{booked.starts_at:%H:%M} – {booked.ends_at:%H:%M}" in page.text
    assert f"{booked.starts_at:%d/%m/%Y}" in page.text
    assert "Điều lệ công ty" in page.text, "what to bring comes from the procedure"


async def test_nothing_on_the_public_page_tells_strangers_who_comes(
    client: httpx.AsyncClient, booked: Appointment
) -> None:
    page = (await client.get(path_of(booked))).text
    assert booked.details is not None
    for private in (NAME, "Nguyễn", booked.details.telephone, booked.details.telephone[3:], TAX_CODE):
        assert private not in page
    assert "N. V. A." in page


async def test_the_page_is_kept_from_search_engines_caches_and_other_sites(
    client: httpx.AsyncClient, booked: Appointment
) -> None:
    for path in ("", "/calendar.ics", "/qr.png", "/qr.svg"):
        headers = (await client.get(path_of(booked) + path)).headers
        assert headers["cache-control"] == "no-store"
        assert "noindex" in headers["x-robots-tag"]
        assert headers["referrer-policy"] == "no-referrer"
        assert "script-src 'self'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]


async def test_it_speaks_the_contacts_language_or_the_one_asked_for(
    client: httpx.AsyncClient, assistant: Assistant
) -> None:
    path = path_of(await book(assistant.engine, language="ko"))
    assert '<html lang="ko">' in (await client.get(path, headers={"Accept-Language": "en"})).text
    for language in Language:
        page = (await client.get(path, params={"lang": language})).text
        assert f'<html lang="{language}">' in page
        assert WORDING.say("papers_show_code", language) in page


async def test_a_wrong_link_leads_to_a_clear_page(client: httpx.AsyncClient, booked: Appointment) -> None:
    right = path_of(booked)
    unknown = Links("a-secret-of-somebody-else-entirely", None).path(booked.id)
    for path in (right[:-1], right[:-1] + ("A" if right[-1] != "A" else "E"), unknown, "/a/ABC234", f"/a/{booked.id}"):
        for rest in ("", "/calendar.ics", "/qr.png", "/qr.svg"):
            answer = await client.get(path + rest, headers={"Accept-Language": "vi"})
            assert answer.status_code == 404
            assert "Không tìm thấy lịch hẹn" in answer.text
            assert booked.code not in answer.text


async def test_a_mere_hold_has_no_page(client: httpx.AsyncClient, assistant: Assistant, booked: Appointment) -> None:
    async with SqlUnitOfWork(assistant.engine) as uow:
        start = booked.starts_at + dt.timedelta(minutes=30)
        hold = await uow.appointments.hold(Address("web", "somebody"), COMPANY, start, EARLY)
        await uow.commit()
    assert (await client.get(path_of(hold))).status_code == 404


async def test_a_link_lives_until_a_month_after_the_appointment(client: httpx.AsyncClient, booked: Appointment) -> None:
    CLOCK.now = booked.ends_at + LINK_LASTS
    assert (await client.get(path_of(booked))).status_code == 200
    CLOCK.now += dt.timedelta(seconds=1)
    for path in ("", "/calendar.ics", "/qr.png"):
        gone = await client.get(path_of(booked) + path)
        assert gone.status_code == 410
        assert "hơn một tháng" in gone.text
    assert (await client.post(path_of(booked) + "/cancel", headers=SAME)).status_code == 410


async def test_the_calendar_file_comes_as_one(client: httpx.AsyncClient, booked: Appointment) -> None:
    answer = await client.get(path_of(booked) + "/calendar.ics?lang=en")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    assert booked.code in answer.headers["content-disposition"]
    event = vobject.readOne(answer.text).vevent
    assert event.dtstart.value == booked.starts_at
    assert event.summary.value == "Appointment: Company registration"


async def test_the_pictures_are_those_of_the_code(client: httpx.AsyncClient, booked: Appointment) -> None:
    assert (await client.get(path_of(booked) + "/qr.png")).content == picture.png(booked.code)
    drawn = await client.get(path_of(booked) + "/qr.svg")
    assert drawn.headers["content-type"] == "image/svg+xml"
    assert drawn.content == picture.svg(booked.code)


async def test_cancelling_takes_a_post_and_frees_the_place(
    client: httpx.AsyncClient, assistant: Assistant, booked: Appointment
) -> None:
    assert (await client.get(path_of(booked) + "/cancel")).status_code == 405
    assert (await client.get(path_of(booked) + "/attend")).status_code == 405
    assert (await state_of(assistant, booked)).state is State.BOOKED
    done = await client.post(path_of(booked) + "/cancel", headers=SAME)
    assert (done.status_code, done.headers["location"]) == (303, path_of(booked))
    assert (await state_of(assistant, booked)).state is State.CANCELLED
    page = (await client.get(path_of(booked))).text
    assert "Lịch hẹn này đã hủy" in page
    assert "qr.svg" not in page
    (event,) = Calendar.from_ical((await client.get(path_of(booked) + "/calendar.ics")).text).walk("VEVENT")
    assert str(event["status"]) == "CANCELLED"


async def test_cancelling_twice_is_harmless(
    client: httpx.AsyncClient, assistant: Assistant, booked: Appointment
) -> None:
    for _ in range(2):
        assert (await client.post(path_of(booked) + "/cancel", headers=SAME)).status_code == 303
    async with assistant.engine.connect() as connection:
        row = AppointmentChangeRow
        wanted = select(func.count()).where(row.appointment_id == booked.id, row.change == "cancelled")
        assert await connection.scalar(wanted) == 1


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://elsewhere.example"}],
)
async def test_another_sites_page_cannot_cancel(
    client: httpx.AsyncClient, assistant: Assistant, booked: Appointment, headers: dict[str, str]
) -> None:
    for deed in ("cancel", "attend"):
        assert (await client.post(f"{path_of(booked)}/{deed}", headers=headers)).status_code == 403
    found = await state_of(assistant, booked)
    assert (found.state, found.attending) == (State.BOOKED, False)


async def test_nobody_cancels_with_an_altered_link(
    client: httpx.AsyncClient, assistant: Assistant, booked: Appointment
) -> None:
    assert (await client.post(path_of(booked)[:-1] + "_/cancel", headers=SAME)).status_code == 404
    assert (await state_of(assistant, booked)).state is State.BOOKED


async def test_after_the_deadline_the_page_says_why_it_cannot_be_cancelled(
    client: httpx.AsyncClient, assistant: Assistant, booked: Appointment
) -> None:
    CLOCK.now = booked.starts_at - dt.timedelta(minutes=119)
    page = (await client.get(path_of(booked))).text
    assert "Đã quá hạn tự hủy" in page
    assert "/cancel" not in page
    late = await client.post(path_of(booked) + "/cancel", headers=SAME)
    assert late.status_code == 409
    assert "Đã quá hạn tự hủy" in late.text
    assert (await state_of(assistant, booked)).state is State.BOOKED


async def test_the_holder_says_that_they_come(
    client: httpx.AsyncClient, assistant: Assistant, booked: Appointment
) -> None:
    done = await client.post(path_of(booked) + "/attend?lang=en", headers=SAME)
    assert done.headers["location"] == path_of(booked) + "?lang=en"
    assert (await state_of(assistant, booked)).attending
    page = (await client.get(path_of(booked) + "?lang=en")).text
    assert "Thank you for confirming" in page
    assert "/attend" not in page


async def test_the_chat_hears_once_what_was_done_on_the_page(
    client: httpx.AsyncClient, assistant: Assistant, booked: Appointment
) -> None:
    for deed in ("attend", "attend", "cancel", "cancel"):
        await client.post(f"{path_of(booked)}/{deed}", headers=SAME)
    said = await said_of(assistant, booked)
    assert [reply.key for reply in said] == ["appointment_attending", "appointment_cancelled"]
    assert booked.code in said[1].text
    assert f"{booked.starts_at:%d/%m/%Y}" in said[1].text
    assert [button.title for button in said[1].buttons] == [WORDING.say("button_book_again", Language.VI)]


async def test_the_chat_hears_it_in_its_own_language(
    client: httpx.AsyncClient, assistant: Assistant, booked: Appointment
) -> None:
    async with assistant.engine.begin() as connection:
        await connection.execute(update(ConversationRow).where(owns(booked)).values(language="en"))
    await client.post(path_of(booked) + "/cancel?lang=ja", headers=SAME)
    (said,) = await said_of(assistant, booked)
    assert said.language is Language.EN
    assert said.text == WORDING.say(
        "appointment_cancelled", Language.EN, code=booked.code, when=show_moment(booked.starts_at, Language.EN)
    )


async def test_while_a_turn_is_written_the_page_waits_and_nothing_is_half_done(
    client: httpx.AsyncClient, assistant: Assistant, booked: Appointment
) -> None:
    async with assistant.engine.begin() as turn:
        await turn.execute(select(ConversationRow.id).where(owns(booked)).with_for_update(key_share=True))
        cancelling = asyncio.create_task(client.post(path_of(booked) + "/cancel", headers=SAME))
        await asyncio.sleep(0.5)
        assert (await state_of(assistant, booked)).state is State.BOOKED
        assert await said_of(assistant, booked) == []
    assert (await cancelling).status_code == 303
    assert len(await said_of(assistant, booked)) == 1


async def test_an_appointment_that_is_over_can_only_be_read(client: httpx.AsyncClient, booked: Appointment) -> None:
    CLOCK.now = booked.ends_at + dt.timedelta(minutes=1)
    page = (await client.get(path_of(booked))).text
    assert "Lịch hẹn này đã qua" in page
    assert "<form" not in page
    assert "qr.svg" not in page


async def test_a_demonstration_says_so_and_a_real_service_does_not(
    client: httpx.AsyncClient, assistant: Assistant
) -> None:
    shown = await book(assistant.engine)
    assert "minh họa" in (await client.get(path_of(shown))).text
    real = await book(assistant.engine, demonstration=False)
    assert "minh họa" not in (await client.get(path_of(real))).text


@pytest.mark.parametrize(
    ("name", "shown"),
    [("Nguyễn Văn An", "N. V. A."), ("đỗ  thị", "Đ. T."), ("김민수", "김."), ("John O'Neill", "J. O."), ("", "")],
)
def test_names_are_masked(name: str, shown: str) -> None:
    assert masked(name) == shown
