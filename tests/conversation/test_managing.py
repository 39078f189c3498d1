"""Appointments that exist, spoken of: codes and short answers in what people type, and freed places offered."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from sqlalchemy import insert, select, update

from bot.conversation.booking.agreeing import agrees, agrees_to_cancel, declines
from bot.conversation.booking.codes import codes_in
from bot.conversation.booking.coming_words import comes_late
from bot.conversation.booking.managing_choices import (
    AttendAppointment,
    CancelAppointment,
    ConfirmCancel,
    ConfirmMove,
    JoinWaiting,
    KeepAppointment,
    LeaveWaiting,
    ManagingChoice,
    MoveAppointment,
    RefuseOffer,
    ShowAppointment,
    TakeOffer,
)
from bot.conversation.booking.move_shifts import shift_in
from bot.conversation.booking.waiting_words import asks_about_the_list, wants_to_join, wants_to_leave
from bot.conversation.choices import read_choice
from bot.conversation.interpretation import unheard
from bot.conversation.messages import Address
from bot.conversation.outcomes import Outcome, TurnResult
from bot.domain.booking.appointment import Change
from bot.domain.booking.offices import CITY_TIME
from bot.domain.booking.waiting import OFFER
from bot.domain.when import Part
from bot.headless import Headless
from bot.persistence.appointment_book import SqlAppointmentBook
from bot.persistence.booking_rows import AppointmentChangeRow, AppointmentRow, WaitingRow
from bot.persistence.unit_of_work import unit_of_work_factory

DAY = dt.date(2026, 3, 12)
NOW = dt.datetime(2026, 3, 2, 7, tzinfo=CITY_TIME)
SERVICE = "finance_company"
ALL: list[ManagingChoice] = [
    *(kind("K7M2QX") for kind in (ShowAppointment, MoveAppointment, CancelAppointment, ConfirmCancel)),
    *(kind("K7M2QX") for kind in (KeepAppointment, AttendAppointment, TakeOffer, RefuseOffer)),
    ConfirmMove("K7M2QX", "ABCDEF"),
    LeaveWaiting(SERVICE),
    *(JoinWaiting(SERVICE, DAY, DAY, part) for part in (None, *Part)),
]


@pytest.mark.parametrize("choice", ALL, ids=str)
def test_a_choice_is_read_as_it_was_written(choice: ManagingChoice) -> None:
    assert read_choice(str(choice)) == choice


@pytest.mark.parametrize(
    "value", ["cancel:", "cancel:k7m2qx", "move:confirm:K7M2QX", "wait:x:2026-03-12:2026-03-11:-", "offer:K7M2QX"]
)
def test_what_was_tampered_with_means_nothing(value: str) -> None:
    assert read_choice(value) is None


@pytest.mark.parametrize(
    "text",
    ["xem lịch hẹn K7M2QX", "huy lich hen k7m2qx", "mã K 7 M 2 Q X nhé", "đổi lịch mã hẹn là k7m-2qx sang thứ 6"],
)
def test_a_code_is_read_in_any_case_and_with_blanks(text: str) -> None:
    assert "K7M2QX" in codes_in(text).all


@pytest.mark.parametrize("text", ["tôi có lịch hẹn nào không", "lịch 9h30 ngày 25", "please change it", "mã 1.001029"])
def test_ordinary_words_and_numbers_are_no_code(text: str) -> None:
    assert codes_in(text).named is None


@pytest.mark.parametrize(
    "text", ["thôi", "không hủy nữa", "giữ nguyên", "thoi khong doi nua", "keep it", "never mind", "不取消"]
)
def test_leaving_it_as_it_is_never_cancels(text: str) -> None:
    assert declines(text, unheard(text))
    assert not agrees_to_cancel(text, unheard(text))


@pytest.mark.parametrize("text", ["đúng", "ok em", "hủy đi", "huy luon", "cancel it", "yes", "네", "是的", "はい"])
def test_yes_to_cancelling_needs_no_nlu(text: str) -> None:
    assert agrees_to_cancel(text, unheard(text))


def test_the_wish_to_cancel_is_no_yes_to_moving() -> None:
    assert not agrees("hủy đi", unheard("hủy đi"))


@pytest.mark.parametrize(
    "text", ["cho tôi vào danh sách chờ", "cho toi vao danh sach cho", "put me on the waiting list"]
)
def test_joining_the_waiting_list_is_heard(text: str) -> None:
    assert wants_to_join(text)
    assert not wants_to_leave(text)


@pytest.mark.parametrize(
    "text", ["rời danh sách chờ", "roi danh sach cho giup toi", "leave the waiting list", "退出候补"]
)
def test_leaving_the_waiting_list_is_heard(text: str) -> None:
    assert wants_to_leave(text)
    assert not wants_to_join(text)


@pytest.mark.parametrize(
    "text",
    [
        "có danh sách chờ không",
        "co ds cho k",
        "danh sách chờ hoạt động thế nào",
        "is there a waiting list?",
        "do you have a waitlist?",
        "대기자 명단이 있나요?",
        "有候补名单吗？",
        "キャンセル待ちはありますか？",
    ],
)
def test_a_question_about_the_waiting_list_joins_nothing(text: str) -> None:
    assert asks_about_the_list(text)
    assert not wants_to_join(text)


@pytest.mark.parametrize("text", ["không đổi nữa", "khong doi nua", "thôi không đợi nữa đâu"])
def test_not_moving_is_not_leaving_the_waiting_list(text: str) -> None:
    assert not wants_to_leave(text)


@pytest.mark.parametrize("text", ["đúng hủy luôn", "dung huy luon", "thôi hủy đi", "đúng rồi hủy đi"])
def test_a_yes_with_the_wish_to_cancel_cancels(text: str) -> None:
    assert agrees_to_cancel(text, unheard(text))


@pytest.mark.parametrize("text", ["đừng hủy", "à đừng hủy nhé", "thoi dung huy nua", "dung huy"])
def test_do_not_cancel_is_told_from_yes_cancel(text: str) -> None:
    assert not agrees_to_cancel(text, unheard(text))


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("lùi lại 1 tiếng", 1),
        ("doi lich lui 1 tuan", 168),
        ("sớm hơn 1 tiếng", -1),
        ("push it back by an hour", 1),
        ("one day later", 24),
        ("1시간 늦게 변경", 1),
        ("提前一天", -24),
        ("1時間遅くしてください", 1),
    ],
)
def test_how_much_later_is_heard(text: str, hours: float) -> None:
    assert shift_in(text) == dt.timedelta(hours=hours)


@pytest.mark.parametrize("text", ["tôi muốn 2 giờ", "toi muon 2 gio chieu", "lùi lịch đến 10 giờ", "3 ngày nữa"])
def test_a_time_is_no_shift(text: str) -> None:
    assert shift_in(text) is None


@pytest.mark.parametrize("text", ["tôi đến muộn 15 phút thì sao", "toi den tre 15p", "I am running late", "我会迟到"])
def test_lateness_is_heard(text: str) -> None:
    assert comes_late(text)


@pytest.mark.parametrize("text", ["toi muon dat lich", "nộp tờ khai trễ hạn", "I am late filing my tax return"])
def test_wanting_and_filing_late_are_no_lateness(text: str) -> None:
    assert not comes_late(text)


class Waiter:
    """A contact on the waiting list to whom a place is offered."""

    def __init__(self, assistant: Headless) -> None:
        self._assistant = assistant
        self.conversation = f"waiter-{uuid.uuid4().hex[:8]}"
        self.address = Address("test", self.conversation)
        self.engine = assistant.parts.engine
        self.book = SqlAppointmentBook(self.engine)

    async def tap(self, value: str, minutes: int = 0) -> TurnResult:
        return await self._assistant.tap(self.conversation, value, NOW + dt.timedelta(minutes=minutes))

    async def say(self, text: str) -> TurnResult:
        return await self._assistant.say(self.conversation, text, NOW)

    async def is_offered(self, hour: int, *, moving: str | None = None) -> str:
        await self.tap(str(JoinWaiting(SERVICE, DAY, DAY)))
        at = dt.datetime.combine(DAY, dt.time(hour), CITY_TIME)
        async with unit_of_work_factory(self._assistant.parts.engine)() as uow:
            hold = await uow.appointments.hold(self.address, SERVICE, at, NOW, moving=moving, keep=OFFER)
            mine = update(WaitingRow).where(WaitingRow.conversation_id == (await uow.conversations.of(self.address)))
            await uow.connection.execute(mine.values(state="offered", appointment_id=hold.id, offer_until=NOW + OFFER))
            await uow.commit()
        return hold.code


@pytest.fixture
async def waiter(assistant: Headless) -> Waiter:
    async with assistant.parts.engine.begin() as connection:
        await connection.execute(AppointmentRow.__table__.delete())  # type: ignore[attr-defined]
    return Waiter(assistant)


async def test_an_offered_place_is_taken_and_booked(waiter: Waiter) -> None:
    code = await waiter.is_offered(9)
    asked = await waiter.tap(f"offer:take:{code}")
    assert asked.form == "booking"
    await waiter.say("Nguyễn Văn An 0912345678")
    done = await waiter.tap(f"book:confirm:{code}")
    assert [reply.key for reply in done.replies] == ["book_confirmed"]
    assert await waiter.book.waiting(waiter.address) == ()
    again = await waiter.tap(f"offer:take:{code}")
    assert again.replies[0].key == "appointment_one"


async def test_a_refused_place_is_given_back_and_the_contact_may_wait_on(waiter: Waiter) -> None:
    code = await waiter.is_offered(10)
    refused = await waiter.tap(f"offer:refuse:{code}")
    assert refused.replies[0].key == "waiting_offer_refused"
    assert "không còn trong danh sách chờ" in refused.replies[0].text
    assert await waiter.book.held(waiter.address, code, NOW) is None
    assert await waiter.book.waiting(waiter.address) == (), "what is said is so"
    await waiter.tap(refused.replies[0].buttons[0].value)
    assert [each.offered for each in await waiter.book.waiting(waiter.address)] == [None]


async def test_an_offer_taken_too_late_says_so(waiter: Waiter) -> None:
    code = await waiter.is_offered(9)
    late = await waiter.tap(f"offer:take:{code}", minutes=31)
    assert late.outcome is Outcome.NOT_DONE
    assert late.replies[0].key.startswith("waiting_offer_lapsed")


async def test_an_offer_to_who_is_booked_already_moves_the_appointment(waiter: Waiter) -> None:
    await waiter.tap(f"book:at:{SERVICE}:2026-03-13T09:00+07:00")
    await waiter.say("Nguyễn Văn An 0912345678")
    booked = await waiter.say("xác nhận")
    code = await waiter.is_offered(9, moving=booked.appointments[0].code)
    compared = await waiter.tap(f"offer:take:{code}")
    assert compared.replies[0].key == "appointment_move_confirm"
    moved = await waiter.tap(compared.replies[0].buttons[0].value)
    assert moved.replies[0].key == "appointment_moved"
    assert (await waiter.tap(compared.replies[0].buttons[0].value)).replies[0].key == "appointment_moved"


async def test_who_refused_may_say_that_they_wait_on(waiter: Waiter) -> None:
    code = await waiter.is_offered(10)
    await waiter.tap(f"offer:refuse:{code}")
    joined = await waiter.say("vâng em chờ tiếp")
    assert joined.replies[0].key == "waiting_joined"
    assert [each.first for each in await waiter.book.waiting(waiter.address)] == [DAY]


async def test_what_the_office_moved_may_be_changed_after_the_deadline(waiter: Waiter) -> None:
    await waiter.tap(f"book:at:{SERVICE}:2026-03-02T10:00+07:00")
    await waiter.say("Nguyễn Văn An 0912345678")
    code = (await waiter.say("xác nhận")).appointments[0].code
    assert (await waiter.tap(f"cancel:{code}", minutes=100)).replies[0].key == "appointment_too_late"
    async with waiter.engine.begin() as connection:
        mine = select(AppointmentRow.id, AppointmentRow.version).where(AppointmentRow.code == code)
        id_, version = (await connection.execute(mine)).one()
        moved = {
            "appointment_id": id_,
            "version": version,
            "change": Change.MOVED.value,
            "actor": "a.clerk",
            "at": NOW,
        }
        await connection.execute(insert(AppointmentChangeRow).values(moved))
    shown = await waiter.tap(f"appointment:{code}", minutes=100)
    assert {button.value for button in shown.replies[0].buttons} == {f"move:{code}", f"cancel:{code}"}
    assert (await waiter.tap(f"move:{code}", minutes=100)).replies[0].key == "appointment_move_ask"
    assert (await waiter.tap(f"cancel:{code}", minutes=100)).replies[0].key == "appointment_cancel_ask"
    assert (await waiter.tap(f"cancel:confirm:{code}", minutes=100)).replies[0].key == "appointment_cancelled"


async def test_an_appointment_for_a_procedure_lists_that_procedures_papers(waiter: Waiter) -> None:
    await waiter.tap("book:procedure:1.014199")
    await waiter.tap("book:at:home_affairs_work_permit:2026-03-12T09:00+07:00")
    await waiter.say("Nguyễn Văn An 0912345678")
    booked = await waiter.say("xác nhận")
    assert booked.replies[0].key == "book_confirmed"
    source = next(line for line in booked.replies[0].text.splitlines() if line.startswith("Nguồn:"))
    papers = [line for line in booked.replies[0].text.splitlines() if line.startswith("• ")]
    for said in ("lịch hẹn của tôi", "đổi sang thứ 6 cùng giờ", "ok"):
        shown = await waiter.say(said)
        if shown.replies[0].key != "appointment_move_confirm":
            assert source in shown.replies[0].text, said
            assert {line for line in papers if "13/03" not in line and ":" not in line} <= set(
                shown.replies[0].text.splitlines()
            )
    assert shown.replies[0].key == "appointment_moved"
