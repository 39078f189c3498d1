"""The booking form line by line, with the real turn, wording and rules of openings; only the outside is replaced."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.conversation.booking.form import Booking
from bot.conversation.forms import Forms
from bot.conversation.messages import Button, Kind
from bot.conversation.outcomes import Outcome, TurnResult
from bot.conversation.turn import Turn
from bot.conversation.wording import Wording
from bot.domain.booking.appointment import State
from bot.domain.booking.offices import CITY_TIME
from bot.when import read_when
from knowledge.directory import Directory
from knowledge.licences import Licences
from tests.builders import a_message, an_address

from .booking_fakes import (
    CULTURE,
    KARAOKE,
    LABOUR,
    BookingStorage,
    FakeAppointmentBook,
    FakeOffices,
    FakeOpenings,
    NoPapers,
)
from .fakes import FakeInterpreter, FakeProcedureStore, NotingAnswerer

DATA = Path(__file__).resolve().parents[2] / "data"
NOW = dt.datetime(2026, 3, 2, 7, tzinfo=CITY_TIME)
"""A Monday."""
WHOLE = "đặt lịch giấy phép karaoke 9h sáng thứ tư, tôi là Nguyễn Văn An 0912345678"
"""Everything in one sentence."""


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    """An hour of a day in that March."""
    return dt.datetime(2026, 3, day, hour, minute, tzinfo=CITY_TIME)


@dataclass(frozen=True, slots=True)
class Content:
    """What is read once for all tests."""

    answerer: NotingAnswerer
    wording: Wording
    licences: Licences
    directory: Directory


@pytest.fixture(scope="module")
async def content() -> Content:
    answerer = NotingAnswerer(FakeProcedureStore(), DATA, None, None)
    await answerer.refresh()
    directory = Directory.read(DATA / "directory" / "departments.yml")
    return Content(answerer, Wording.read(DATA / "wording"), Licences.read(DATA), directory)


class Desk:
    """Somebody who writes to the booking form, at a time that passes only when told to."""

    def __init__(self, content: Content) -> None:
        self.storage = BookingStorage()
        self.interpreter = FakeInterpreter([])
        self.address = an_address()
        self.now = NOW
        self.buttons: list[Button] = []
        self.booking = Booking(
            offices=FakeOffices(self.storage.book),
            openings=FakeOpenings(self.storage),
            book=FakeAppointmentBook(self.storage),
            papers=NoPapers(),
            answerer=content.answerer,
            directory=content.directory,
            read_time=read_when,
        )
        self.turn = Turn(
            interpreter=self.interpreter,
            answerer=content.answerer,
            licences=content.licences,
            directory=content.directory,
            wording=content.wording,
            recall=self.storage,
            unit_of_work=self.storage,
            retention_days=180,
            forms=Forms([self.booking]),
        )

    async def say(self, text: str, **intents: float) -> TurnResult:
        """The contact writes; `intents` is what the NLU makes of it."""
        self.interpreter.understand(text, **(intents or {"ask_overview": 0.3}))
        return await self._take(Kind.TEXT, text)

    async def tap(self, title: str) -> TurnResult:
        """A button of the last replies that had any, by the beginning of its title or value."""
        chosen = (each.value for each in self.buttons if each.title.startswith(title) or each.value.startswith(title))
        return await self._take(Kind.CHOICE, "", next(chosen))

    async def value(self, value: str) -> TurnResult:
        """A button of long ago."""
        return await self._take(Kind.CHOICE, "", value)

    async def command(self, name: str) -> TurnResult:
        return await self._take(Kind.COMMAND, name)

    async def _take(self, kind: Kind, text: str, choice: str | None = None) -> TurnResult:
        message = a_message(text, address=self.address, kind=kind, choice=choice)
        result = await self.turn.take(replace(message, sent_at=self.now))
        if buttons := [each for reply in result.replies for each in reply.buttons]:
            self.buttons = buttons
        return result

    def wait(self, minutes: int) -> None:
        self.now += dt.timedelta(minutes=minutes)

    @property
    def states(self) -> list[tuple[dt.datetime, State]]:
        """The places this contact has and had."""
        return self.storage.book.states(self.address)

    @property
    def slots(self) -> dict[str, str]:
        return self.storage.stored.trackers[self.address].slots


def keys(result: TurnResult) -> list[str]:
    return [reply.key for reply in result.replies]


def text(result: TurnResult) -> str:
    return "\n".join(reply.text for reply in result.replies)


@pytest.fixture
def desk(content: Content) -> Desk:
    return Desk(content)


async def to_the_summary(desk: Desk) -> TurnResult:
    return await desk.say(WHOLE, book_appointment=0.99)


# What is asked next


async def test_only_what_is_missing_is_asked_one_thing_after_the_other(desk: Desk) -> None:
    assert (await desk.say("đặt lịch hẹn", book_appointment=0.99)).asks == "service"
    assert (await desk.say("giấy phép karaoke")).asks == "time"
    asked = await desk.say("9h sáng thứ tư")
    assert (asked.asks, desk.states) == ("details", [(at(4, 9), State.HELD)])
    assert keys(await desk.say("Nguyễn Văn An")) == ["book_ask_telephone"]
    assert keys(await desk.say("0912345678")) == ["book_summary"]
    booked = await desk.say("ok")
    assert (keys(booked), booked.form, booked.asks) == (["book_confirmed"], None, None)
    assert desk.states == [(at(4, 9), State.BOOKED)]


async def test_everything_in_one_sentence_leaves_only_the_tap(desk: Desk) -> None:
    asked = await to_the_summary(desk)
    assert (asked.asks, desk.states) == ("confirm", [(at(4, 9), State.HELD)])
    assert all(fact in text(asked) for fact in ("Thứ Tư 04/03/2026, 09:00", "Nguyễn Văn An", "0912 345 678", "07:10"))
    assert (await desk.tap("book:confirm:")).outcome is Outcome.DONE


@pytest.mark.parametrize(
    "order",
    [
        ("tôi là Nguyễn Văn An", "0912345678", "9h sáng thứ tư", "giấy phép karaoke"),
        ("9h sáng thứ tư", "giấy phép karaoke", "0912345678", "tên tôi là Nguyễn Văn An"),
        ("0912345678", "giấy phép karaoke", "tên tôi là Nguyễn Văn An", "9h sáng thứ tư"),
    ],
)
async def test_facts_come_in_any_order(desk: Desk, order: tuple[str, ...]) -> None:
    await desk.say("đặt lịch hẹn", book_appointment=0.99)
    for said in order:
        result = await desk.say(said)
    assert (result.asks, desk.states) == ("confirm", [(at(4, 9), State.HELD)])
    assert (desk.slots["name"], desk.slots["telephone"]) == ("Nguyễn Văn An", "+84912345678")


async def test_what_was_said_before_its_question_is_said_to_be_noted(desk: Desk) -> None:
    await desk.say("đặt lịch giấy phép karaoke", book_appointment=0.99)
    noted = await desk.say("Nguyễn Văn An")
    assert "Tôi đã ghi: Nguyễn Văn An" in text(noted)
    assert noted.asks == "time"


async def test_a_button_books_for_what_was_spoken_of(desk: Desk) -> None:
    await desk.say("giấy phép karaoke", ask_fee=0.99)
    asked = await desk.value("route:book")
    assert (asked.asks, desk.slots["procedure"]) == ("time", KARAOKE)


# Who comes


async def test_a_wrong_telephone_is_told_and_the_name_beside_it_kept(desk: Desk) -> None:
    await desk.say("đặt lịch giấy phép karaoke 9h sáng thứ tư", book_appointment=0.99)
    told = await desk.say("Nguyễn Văn An 091234567")
    assert (keys(told), told.asks) == (["book_wrong_telephone"], "details")
    assert desk.slots["name"] == "Nguyễn Văn An"


async def test_a_wrong_tax_code_is_told_beside_the_summary(desk: Desk) -> None:
    await desk.say("đặt lịch giấy phép karaoke 9h sáng thứ tư", book_appointment=0.99)
    told = await desk.say("Nguyễn Văn An 0912345678 mst 0100109107")
    assert told.asks == "confirm"
    assert "0100109107" in text(told)
    assert "tax_code" not in desk.slots


@pytest.mark.parametrize("name", ["Dũng", "Huy", "Dung", "An", "Hoà", "Hồng"])
async def test_a_given_name_alone_answers_the_question_for_it(desk: Desk, name: str) -> None:
    await desk.say("đặt lịch giấy phép karaoke 9h sáng thứ tư", book_appointment=0.99)
    asked = await desk.say(name, affirm=0.9)
    assert (keys(asked), asked.language) == (["book_ask_telephone"], "vi")
    assert desk.slots["name"] == name
    assert desk.states == [(at(4, 9), State.HELD)]


@pytest.mark.parametrize("name", ["Dũng", "An", "Hoà", "Hồng"])
@pytest.mark.parametrize("intent", ["affirm", "deny", "greet"])
async def test_a_given_name_alone_takes_no_place_and_books_nothing(desk: Desk, name: str, intent: str) -> None:
    await desk.say("đặt lịch giấy phép karaoke", book_appointment=0.99)
    asked = await desk.say(name, **{intent: 0.55})
    assert (asked.asks, desk.states) == ("time", [])
    assert "Tôi chưa hiểu" in text(asked)
    await desk.say("9h sáng thứ tư, tôi là Nguyễn Văn An 0912345678")
    asked = await desk.say(name, **{intent: 0.55})
    assert (asked.asks, desk.states) == ("confirm", [(at(4, 9), State.HELD)])


async def test_a_word_beside_a_telephone_is_a_name_only_if_it_can_be_one(desk: Desk) -> None:
    await desk.say("đặt lịch giấy phép karaoke 9h sáng thứ tư", book_appointment=0.99)
    for said in ("số em 0912345678", "my number 0912345678", "ok 0912345678"):
        assert (await desk.say(said)).asks == "details"
        assert "name" not in desk.slots
    assert "Hoà" in text(await desk.say("hoà 0912345678"))


async def test_a_stop_is_no_name(desk: Desk) -> None:
    await desk.say("đặt lịch giấy phép karaoke 9h sáng thứ tư", book_appointment=0.99)
    assert keys(await desk.say("Hủy")) == ["book_stopped"]


# Corrections


async def test_every_fact_is_put_right_after_the_summary(desk: Desk) -> None:
    await to_the_summary(desk)
    assert "Thứ Năm 05/03/2026, 09:00" in text(await desk.say("à không, thứ năm cơ"))
    assert "Thứ Năm 05/03/2026, 10:00" in text(await desk.say("đổi sang 10h"))
    assert "0987 654 321" in text(await desk.say("số điện thoại là 0987654321 mới đúng"))
    assert "Trần Văn Bình" in text(await desk.say("tên tôi là Trần Văn Bình"))
    live = [each for each in desk.states if each[1] is State.HELD]
    assert live == [(at(5, 10), State.HELD)]


async def test_every_fact_is_put_right_before_its_next_question(desk: Desk) -> None:
    await desk.say("đặt lịch giấy phép karaoke 9h sáng thứ tư", book_appointment=0.99)
    held = await desk.say("à không, 10h thứ năm cơ")
    assert (held.asks, "Thứ Năm 05/03/2026, 10:00" in text(held)) == ("details", True)
    await desk.say("Nguyễn Văn An")
    await desk.say("tên tôi là Lê Thị Hoa")
    assert "Lê Thị Hoa" in text(await desk.say("0912345678"))


async def test_another_matter_keeps_the_hour_and_the_person(desk: Desk) -> None:
    await to_the_summary(desk)
    assert (await desk.say("cho thủ tục khác")).asks == "service"
    asked = await desk.say("đăng ký nội quy lao động")
    assert (asked.asks, desk.slots["service"]) == ("confirm", LABOUR)
    assert "Thứ Tư 04/03/2026, 09:00" in text(asked)
    assert [service.state for _, service in desk.storage.book.rows.values()] == [State.CANCELLED, State.HELD]


async def test_no_to_the_summary_asks_what_to_change_and_one_word_answers(desk: Desk) -> None:
    await to_the_summary(desk)
    assert keys(await desk.say("chưa đúng")) == ["book_change_what"]
    assert (await desk.say("giờ")).asks == "time"
    assert "10:00" in text(await desk.say("10h"))
    await desk.say("không")
    assert keys(await desk.say("tên")) == ["book_ask_name"]
    assert "Lê Thị Hoa" in text(await desk.say("Lê Thị Hoa"))
    assert keys(await desk.say("đổi số điện thoại")) == ["book_ask_telephone"]


async def test_another_day_is_not_the_one_refused(desk: Desk) -> None:
    await to_the_summary(desk)
    offered = await desk.say("hôm khác đi")
    assert offered.asks == "time"
    assert all("book:at:karaoke:2026-03-04" not in button.value for button in offered.replies[0].buttons)


async def test_agreeing_to_the_times_offered_takes_the_first_and_books_nothing(desk: Desk) -> None:
    await desk.say("đặt lịch giấy phép karaoke chiều thứ tư", book_appointment=0.99)
    asked = await desk.say("ok", affirm=0.99)
    assert (asked.asks, desk.states) == ("details", [(at(4, 13, 30), State.HELD)])


async def test_a_place_in_the_list_is_the_opening_shown_there(desk: Desk) -> None:
    await desk.say("đặt lịch giấy phép karaoke chiều thứ tư", book_appointment=0.99)
    shown = [button.value for button in desk.buttons if button.value.startswith("book:at:")]
    await desk.say("cái thứ hai")
    assert shown[1].endswith(desk.states[0][0].isoformat(timespec="minutes"))


async def test_the_first_of_the_day_is_taken_in_words(desk: Desk) -> None:
    await desk.say("đặt lịch giấy phép karaoke thứ tư", book_appointment=0.99)
    await desk.say("sáng")
    offered = await desk.say("đầu giờ")
    assert (offered.asks, offered.replies[0].buttons[0].value) == ("time", "book:at:karaoke:2026-03-04T08:00+07:00")
    assert (desk.slots["edge"], "Tôi chưa hiểu" in text(offered)) == ("start", False)


async def test_an_hour_alone_is_that_of_a_day_offered(desk: Desk) -> None:
    await desk.say("đặt lịch giấy phép karaoke tuần sau", book_appointment=0.99)
    assert (await desk.say("13h30")).asks == "details"
    assert desk.states == [(at(9, 13, 30), State.HELD)]


async def test_a_day_within_the_week_wished_for_is_that_day(desk: Desk) -> None:
    await desk.say("đặt lịch giấy phép karaoke tuần sau", book_appointment=0.99)
    assert (await desk.say("9h thứ ba ngày 10/3")).asks == "details"
    assert desk.states == [(at(10, 9), State.HELD)]


async def test_earlier_or_later_moves_what_is_held(desk: Desk) -> None:
    await to_the_summary(desk)
    assert "Thứ Tư 04/03/2026, 08:00" in text(await desk.say("sớm hơn 1 tiếng", reschedule_appointment=0.72))
    assert "Thứ Năm 05/03/2026, 08:00" in text(await desk.say("lùi lại 1 ngày", reschedule_appointment=0.72))


async def test_moving_without_an_appointment_means_the_booking_under_way(desk: Desk) -> None:
    await to_the_summary(desk)
    asked = await desk.say("cho tôi dời lại được không nhỉ", reschedule_appointment=0.95)
    assert (asked.form, asked.asks) == ("booking", "time")


async def test_cancelling_without_an_appointment_stops_the_booking_under_way(desk: Desk) -> None:
    await to_the_summary(desk)
    stopped = await desk.say("xóa cái hẹn này giùm", cancel_appointment=0.95)
    assert (keys(stopped), desk.states) == (["book_stopped"], [(at(4, 9), State.CANCELLED)])


async def test_as_soon_as_possible_takes_the_first_there_is(desk: Desk) -> None:
    asked = await desk.say("đặt lịch giấy phép karaoke sớm nhất có thể", book_appointment=0.99)
    assert (asked.asks, desk.states) == ("details", [(at(2, 8), State.HELD)])


# Side questions


async def test_a_side_question_is_answered_and_the_form_asks_again(desk: Desk) -> None:
    await desk.say("đặt lịch giấy phép karaoke", book_appointment=0.99)
    answered = await desk.say("phí giấy phép karaoke bao nhiêu?", ask_fee=0.99)
    assert (keys(answered), answered.asks) == (["answer_fee", "book_ask_time"], "time")
    assert (await desk.say("9h sáng thứ tư")).asks == "details"


async def test_what_belongs_elsewhere_is_no_matter_to_book_for(desk: Desk) -> None:
    await desk.say("đặt lịch hẹn", book_appointment=0.99)
    answered = await desk.say("cho tôi gặp cán bộ", request_official=0.95)
    assert keys(answered) == ["refer_escalate", "book_ask_service"]
    answered = await desk.say("máy chậm quá", give_feedback=0.56)
    assert keys(answered) == ["feedback_thanks", "book_ask_service"]


async def test_another_matter_is_heard_among_the_details(desk: Desk) -> None:
    await desk.say("đặt lịch giấy phép karaoke 9h sáng thứ tư", book_appointment=0.99)
    asked = await desk.say("à mà thôi cho tôi đăng ký nội quy lao động", ask_overview=0.98)
    assert (asked.asks, desk.slots["service"]) == ("details", LABOUR)


async def test_which_times_are_free_is_no_question_to_look_up(desk: Desk) -> None:
    await desk.say("đặt lịch giấy phép karaoke", book_appointment=0.99)
    assert keys(await desk.say("hôm nào còn chỗ vậy?", ask_time=0.9)) == ["book_ask_time"]
    await desk.say("9h sáng thứ tư")
    assert "Thứ Tư 04/03/2026, 09:00" in text(await desk.say("ủa mấy giờ vậy", ask_place=0.4))


async def test_a_matter_that_sounds_like_a_question_is_one_where_it_was_asked_for(desk: Desk) -> None:
    await desk.say("đặt lịch hẹn", book_appointment=0.99)
    assert (await desk.say("hồ sơ giấy phép karaoke", ask_documents=0.9)).asks == "time"
    await desk.say("thủ tục khác")
    asked = await desk.say("giấy phép karaoke cần hồ sơ gì", ask_documents=0.9)
    assert keys(asked) == ["answer_documents", "book_ask_service"]


async def test_words_that_fit_nothing_are_not_answered_with_whatever_is_nearest(desk: Desk) -> None:
    await desk.say("đặt lịch giấy phép karaoke", book_appointment=0.99)
    asked = await desk.say("trường hợp khác", deny=0.4)
    assert (keys(asked), "Tôi chưa hiểu" in text(asked)) == (["book_ask_time"], True)


# Ways out


async def test_stopping_gives_the_place_back_at_once(desk: Desk) -> None:
    await to_the_summary(desk)
    stopped = await desk.say("thôi không đặt nữa")
    assert (keys(stopped), stopped.form) == (["book_stopped"], None)
    assert desk.states == [(at(4, 9), State.CANCELLED)]
    assert "hold" not in desk.slots
    assert "service" not in desk.slots


@pytest.mark.parametrize("said", ["thôi để mai tính", "để tôi xem lại đã", "để hôm khác tính sau nhé"])
async def test_who_puts_it_off_is_not_booked_for_the_day_they_name(desk: Desk, said: str) -> None:
    await to_the_summary(desk)
    assert keys(await desk.say(said, deny=0.6)) == ["book_stopped"]


async def test_after_stopping_an_old_button_books_nothing(desk: Desk) -> None:
    await to_the_summary(desk)
    confirm = desk.buttons[0].value
    await desk.say("thôi")
    assert (await desk.value(confirm)).outcome is not Outcome.DONE
    assert State.BOOKED not in [state for _, state in desk.states]


# Confirming


async def test_two_taps_are_one_appointment(desk: Desk) -> None:
    await to_the_summary(desk)
    confirm = desk.buttons[0].value
    first, second = await desk.value(confirm), await desk.value(confirm)
    assert (first.outcome, first.appointments) == (second.outcome, second.appointments)
    assert desk.states == [(at(4, 9), State.BOOKED)]


async def test_a_hold_that_lapsed_is_taken_again_where_it_is_free(desk: Desk) -> None:
    await to_the_summary(desk)
    desk.wait(25)
    booked = await desk.tap("book:confirm:")
    assert (booked.outcome, desk.states[-1]) == (Outcome.DONE, (at(4, 9), State.BOOKED))


async def test_a_hold_that_lapsed_and_was_taken_by_another_loses_no_word(desk: Desk) -> None:
    await to_the_summary(desk)
    desk.wait(25)
    desk.storage.book.take_away(CULTURE, at(4, 9), desk.now)
    told = await desk.tap("book:confirm:")
    assert (told.outcome, told.asks) == (Outcome.NOT_DONE, "time")
    assert "hết" in text(told)
    assert "Nguyễn Văn An" in text(await desk.tap("book:at:"))
    assert (await desk.tap("book:confirm:")).outcome is Outcome.DONE


async def test_a_lost_place_is_not_thought_held_when_more_is_said(desk: Desk) -> None:
    await to_the_summary(desk)
    desk.wait(25)
    desk.storage.book.take_away(CULTURE, at(4, 9), desk.now)
    await desk.tap("book:confirm:")
    asked = await desk.say("tên tôi là Lê Thị Hoa")
    assert (asked.asks, asked.appointments) == ("time", ())


async def test_a_hold_that_lapsed_is_not_said_to_be_kept(desk: Desk) -> None:
    await to_the_summary(desk)
    desk.wait(25)
    asked = await desk.say("chờ tí", chitchat=0.6)
    assert asked.asks == "confirm"
    assert "07:10" not in text(asked)


async def test_an_old_button_does_not_book_what_came_after_it(desk: Desk) -> None:
    await to_the_summary(desk)
    confirm = desk.buttons[0].value
    await desk.command("start")
    await desk.say("đặt lịch đăng ký nội quy lao động 10h sáng thứ năm", book_appointment=0.99)
    desk.wait(25)
    assert (await desk.value(confirm)).outcome is not Outcome.DONE
    assert State.BOOKED not in [state for _, state in desk.states]


async def test_nothing_is_booked_for_nobody(desk: Desk) -> None:
    await to_the_summary(desk)
    confirm = desk.buttons[0].value
    await desk.tap("book:change:details")
    assert keys(await desk.value(confirm)) == ["book_ask_details"]
    assert desk.states == [(at(4, 9), State.HELD)]


async def test_a_time_taken_between_the_list_and_the_tap_is_told_with_others(desk: Desk) -> None:
    await desk.say("đặt lịch giấy phép karaoke sáng thứ tư", book_appointment=0.99)
    offered = [button.value for button in desk.buttons if button.value.startswith("book:at:")]
    desk.storage.book.take_away(CULTURE, dt.datetime.fromisoformat(offered[0].split(":", 3)[3]), desk.now)
    told = await desk.value(offered[0])
    assert (told.outcome, told.asks, desk.states) == (Outcome.NOT_DONE, "time", [])
    assert offered[0] not in [button.value for button in told.replies[0].buttons]


async def test_a_place_kept_too_long_is_kept_anew_when_the_details_come(desk: Desk) -> None:
    await desk.say("đặt lịch giấy phép karaoke 9h sáng thứ tư", book_appointment=0.99)
    desk.wait(25)
    asked = await desk.say("Nguyễn Văn An 0912345678")
    assert "07:35" in text(asked)
    assert desk.states[-1] == (at(4, 9), State.HELD)


async def test_another_contacts_hold_cannot_be_confirmed(desk: Desk) -> None:
    await to_the_summary(desk)
    confirm = desk.buttons[0].value
    desk.address = an_address()
    await to_the_summary(desk)
    told = await desk.value(confirm)
    assert told.outcome is not Outcome.DONE
    assert State.BOOKED not in [state for _, state in desk.states]


async def test_the_same_matter_twice_offers_to_move_the_first(desk: Desk) -> None:
    await to_the_summary(desk)
    await desk.tap("book:confirm:")
    told = await desk.say("đặt lịch giấy phép karaoke 10h sáng thứ năm", book_appointment=0.99)
    assert (keys(told), told.form) == (["book_already"], None)


async def test_who_comes_is_remembered_for_the_next_booking_but_its_matter_is_not(desk: Desk) -> None:
    await to_the_summary(desk)
    await desk.tap("book:confirm:")
    asked = await desk.say("đặt lịch đăng ký nội quy lao động 10h sáng thứ tư", book_appointment=0.99)
    assert (asked.asks, desk.slots["service"]) == ("confirm", LABOUR)


@pytest.mark.parametrize(
    ("matter", "is_demonstration"), [("giấy phép karaoke", True), ("đăng ký nội quy lao động", False)]
)
async def test_demonstration_data_is_called_so_before_and_after_booking(
    desk: Desk, matter: str, is_demonstration: bool
) -> None:
    asked = await desk.say(f"đặt lịch {matter} 9h sáng thứ tư, tôi là Nguyễn Văn An 0912345678", book_appointment=0.99)
    assert ("minh họa" in text(asked)) is is_demonstration
    assert ("minh họa" in text(await desk.tap("book:confirm:"))) is is_demonstration


# Personal data


async def test_no_name_stays_among_the_kept_utterances(desk: Desk) -> None:
    await desk.say("đặt lịch giấy phép karaoke 9h sáng thứ tư", book_appointment=0.99)
    await desk.say("Nguyễn Văn An 0912345678")
    kept = desk.storage.stored.utterances[-1]
    assert "[name]" in kept
    assert "An" not in kept
    assert "0912345678" not in kept


# The NLU away


async def test_without_the_nlu_a_whole_booking_goes_through(desk: Desk) -> None:
    desk.interpreter.down = True
    assert (await desk.say("đặt lịch hẹn")).asks == "service"
    assert (await desk.say("giấy phép karaoke")).asks == "time"
    assert (await desk.say("9h sáng thứ tư")).asks == "details"
    assert (await desk.say("Nguyễn Văn An, 0912345678")).asks == "confirm"
    assert (await desk.say("đúng rồi")).outcome is Outcome.DONE
    assert desk.states == [(at(4, 9), State.BOOKED)]


async def test_the_nlu_may_go_away_and_come_back_in_the_middle_and_nothing_is_lost(desk: Desk) -> None:
    await desk.say("đặt lịch giấy phép karaoke 9h sáng thứ tư", book_appointment=0.99)
    desk.interpreter.down = True
    answered = await desk.say("phí giấy phép karaoke bao nhiêu?")
    assert keys(answered) == ["answer_fee", "book_ask_details"]
    assert (await desk.say("Nguyễn Văn An 0912345678")).asks == "confirm"
    assert "10:00" in text(await desk.say("à không, 10h cơ"))
    desk.interpreter.down = False
    assert (await desk.say("ok")).outcome is Outcome.DONE


# Set aside


async def test_start_greets_and_offers_to_go_on_by_one_button(desk: Desk) -> None:
    await desk.say("đặt lịch giấy phép karaoke 9h sáng thứ tư", book_appointment=0.99)
    greeted = await desk.command("start")
    assert (keys(greeted), greeted.form, greeted.asks) == (["greet", "book_set_aside"], None, None)
    assert "Thứ Tư 04/03/2026, 09:00" in text(greeted)
    assert "07:10" in text(greeted)
    assert (await desk.tap("book:resume")).asks == "details"
    assert (await desk.say("Nguyễn Văn An 0912345678")).asks == "confirm"


async def test_what_was_set_aside_is_out_of_the_way(desk: Desk) -> None:
    await desk.say("đặt lịch giấy phép karaoke", book_appointment=0.99)
    await desk.command("start")
    assert keys(await desk.say("phí giấy phép karaoke bao nhiêu?", ask_fee=0.99)) == ["answer_fee"]
    assert keys(await desk.say("ok", affirm=0.99)) == ["affirm_nothing"]
    assert (await desk.say("đặt tiếp")).asks == "time"


@pytest.mark.parametrize(
    ("said", "asks"),
    [("ok", "details"), ("đặt tiếp", "details"), ("Hoà 0912345678", "confirm"), ("tiếp tục", "details")],
)
async def test_words_go_on_with_what_was_set_aside(desk: Desk, said: str, asks: str) -> None:
    await desk.say("đặt lịch giấy phép karaoke 9h sáng thứ tư", book_appointment=0.99)
    await desk.command("start")
    assert (await desk.say(said, affirm=0.9)).asks == asks
    assert desk.states == [(at(4, 9), State.HELD)]


@pytest.mark.parametrize("said", ["không", "thôi", "hủy"])
async def test_a_no_after_start_gives_the_place_back(desk: Desk, said: str) -> None:
    await desk.say("đặt lịch giấy phép karaoke 9h sáng thứ tư", book_appointment=0.99)
    await desk.command("start")
    assert keys(await desk.say(said, deny=0.9)) == ["book_stopped"]
    assert desk.states == [(at(4, 9), State.CANCELLED)]


async def test_a_telephone_long_after_start_opens_nothing(desk: Desk) -> None:
    await desk.say("đặt lịch giấy phép karaoke 9h sáng thứ tư", book_appointment=0.99)
    await desk.command("start")
    desk.wait(25)
    assert (await desk.say("Hoà 0912345678", ask_status=0.3)).form is None


async def test_start_with_nothing_noted_only_greets(desk: Desk) -> None:
    await desk.say("đặt lịch hẹn", book_appointment=0.99)
    greeted = await desk.command("start")
    assert (keys(greeted), greeted.form) == (["greet"], None)
    assert keys(await desk.say("ok", affirm=0.9)) == ["affirm_nothing"]


async def test_a_new_booking_after_start_begins_anew(desk: Desk) -> None:
    await desk.say("đặt lịch giấy phép karaoke 9h sáng thứ tư", book_appointment=0.99)
    await desk.command("start")
    asked = await desk.say("đặt lịch đăng ký nội quy lao động", book_appointment=0.99)
    assert (asked.asks, desk.slots["service"]) == ("time", LABOUR)
    assert "day" not in desk.slots
    assert (await desk.command("start")).form is None


async def test_help_is_a_side_question(desk: Desk) -> None:
    await desk.say("đặt lịch giấy phép karaoke 9h sáng thứ tư", book_appointment=0.99)
    helped = await desk.command("help")
    assert (keys(helped), helped.form) == (["help", "book_ask_details"], "booking")


async def test_going_on_with_a_booking_that_is_gone_asks_what_for(desk: Desk) -> None:
    await to_the_summary(desk)
    await desk.command("start")
    await desk.tap("book:stop")
    assert (await desk.value("book:resume")).asks == "service"
