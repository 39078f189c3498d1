"""The calendar file, read by the library that wrote it and by another one."""

from __future__ import annotations

import base64
import datetime as dt
import uuid
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import vobject
from icalendar import Calendar, Timezone

from bot.conversation.messages import Attachment
from bot.domain.booking.appointment import State
from bot.domain.procedure import Language, Text
from bot.papers.particulars import WEEKDAYS
from tests.papers.bookings import (
    COUNTER,
    NAME,
    NOW,
    SERVICE,
    TAX_CODE,
    TELEPHONE,
    THURSDAY_NINE,
    WORDING,
    an_appointment,
    papers,
)


def file_of(language: Language = Language.VI, **changes: Any) -> bytes:
    return papers().calendar(an_appointment(**changes), language)


def event_in(content: bytes) -> Any:
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    return event


def other_reader(content: bytes) -> Any:
    """The file as vobject understands it."""
    return vobject.readOne(content.decode())


def test_the_day_the_hour_and_the_title_come_out_right() -> None:
    event = event_in(file_of())
    assert event.decoded("dtstart") == THURSDAY_NINE
    assert event["dtstart"].params["TZID"] == "Asia/Ho_Chi_Minh"
    assert event.decoded("dtend") - event.decoded("dtstart") == dt.timedelta(minutes=30)
    assert (event.decoded("dtstart").hour, event.decoded("dtstart").strftime("%A")) == (9, "Thursday")
    assert str(event["summary"]) == "Lịch hẹn: Đăng ký thành lập doanh nghiệp"
    assert event.decoded("dtstamp") == NOW
    assert not event.errors


def test_another_reader_shows_the_same() -> None:
    calendar = other_reader(file_of())
    event = calendar.vevent
    starts = event.dtstart.value
    assert starts == THURSDAY_NINE
    assert starts.utcoffset() == dt.timedelta(hours=7), "the file's own time zone is not understood"
    assert (starts.hour, starts.minute, starts.strftime("%A")) == (9, 0, "Thursday")
    assert event.dtend.value - starts == dt.timedelta(minutes=30)
    assert event.summary.value == "Lịch hẹn: Đăng ký thành lập doanh nghiệp"
    assert event.status.value == "CONFIRMED"
    assert calendar.method.value == "PUBLISH"
    assert event.valarm.trigger.value == dt.timedelta(hours=-2)
    assert "Mã hẹn: ABC234" in event.description.value


def test_a_cancelled_appointment_takes_the_same_event_out_again() -> None:
    appointment = an_appointment()
    booked = papers().calendar(appointment, Language.VI)
    cancelled = papers().calendar(replace(appointment, state=State.CANCELLED, version=2), Language.VI)
    for read in (other_reader(booked), other_reader(cancelled)):
        assert read.vevent.uid.value == f"{appointment.id}@appointments.cung-thanh-cong"
    gone = other_reader(cancelled)
    assert gone.method.value == "CANCEL"
    assert gone.vevent.status.value == "CANCELLED"
    assert gone.vevent.summary.value.startswith("ĐÃ HỦY")
    assert not hasattr(gone.vevent, "valarm"), "nobody is to be woken for it"
    assert int(gone.vevent.sequence.value) == 2 > int(other_reader(booked).vevent.sequence.value)
    assert gone.vevent.dtstart.value == THURSDAY_NINE


def test_a_moved_appointment_replaces_its_event() -> None:
    appointment = an_appointment()
    later = THURSDAY_NINE + dt.timedelta(days=1, hours=5)
    moved = replace(appointment, starts_at=later, ends_at=later + dt.timedelta(minutes=30), version=2)
    before, after = (event_in(papers().calendar(each, Language.VI)) for each in (appointment, moved))
    assert before["uid"] == after["uid"]
    assert (before["sequence"], after["sequence"]) == (1, 2)
    assert after.decoded("dtstart") == later


def test_the_time_zone_in_the_file_is_the_citys() -> None:
    (zone,) = Calendar.from_ical(file_of()).walk("VTIMEZONE")
    assert zone["tzid"] == "Asia/Ho_Chi_Minh"
    assert isinstance(zone, Timezone)
    own, real = zone.to_tz(), ZoneInfo("Asia/Ho_Chi_Minh")
    for year in range(2026, 2040):
        for month in (1, 7):
            noon = dt.datetime(year, month, 1, 12)  # noqa: DTZ001 - local, the zone is what is tested
            assert noon.replace(tzinfo=own).utcoffset() == noon.replace(tzinfo=real).utcoffset()


def test_lines_end_and_fold_as_the_standard_says() -> None:
    long = replace(SERVICE, title=Text("Đề nghị cấp giấy phép kinh doanh dịch vụ đưa người lao động đi làm việc " * 4))
    content = file_of(service=long)
    assert content.endswith(b"\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    for line in lines:
        line.decode()  # no letter is parted
    assert str(event_in(content)["summary"]) == "Lịch hẹn: " + long.title.vi
    assert other_reader(content).vevent.summary.value == "Lịch hẹn: " + long.title.vi


def test_signs_with_a_meaning_in_the_format_stay_signs() -> None:
    nasty = replace(SERVICE, title=Text("A; B, C\\n\nBEGIN:VEVENT"))
    (event,) = Calendar.from_ical(file_of(service=nasty)).walk("VEVENT")
    assert str(event["summary"]) == "Lịch hẹn: A; B, C\\n\nBEGIN:VEVENT"


def test_the_place_is_named_only_where_a_source_names_it() -> None:
    assert str(event_in(file_of())["location"]) == "Quầy 1, Sở Tài chính, số 18 đường Hoàng Diệu; tầng 2"
    assert "location" not in event_in(file_of(counter=replace(COUNTER, address=None)))


def test_the_description_holds_what_to_bring_and_the_link() -> None:
    appointment = an_appointment()
    told = str(event_in(papers().calendar(appointment, Language.VI))["description"])
    assert "• Giấy đề nghị đăng ký doanh nghiệp (1 bản chính)" in told
    assert "(1 bản chính, 2 bản sao)" in told
    assert "Xin anh/chị đến trước giờ hẹn 10 phút." in told
    assert told.endswith(papers().link(appointment))
    assert "• Giấy tờ tùy thân" in str(event_in(file_of(procedure=None))["description"])


def test_nothing_in_the_file_says_who_comes() -> None:
    content = file_of().replace(b"\r\n ", b"").decode()
    for private in (NAME, "Văn An", TELEPHONE, TELEPHONE[3:], TAX_CODE):
        assert private not in content
    assert "ATTENDEE" not in content


def test_a_demonstration_says_so() -> None:
    assert "minh họa" in str(event_in(file_of(service=replace(SERVICE, demonstration=True)))["description"])
    assert "minh họa" not in str(event_in(file_of())["description"])


@pytest.mark.parametrize("language", list(Language))
def test_five_languages(language: Language) -> None:
    event = other_reader(file_of(language)).vevent
    title = "Đăng ký thành lập doanh nghiệp" if language is Language.VI else "Register a new company"
    assert event.summary.value == WORDING.say("papers_event", language, service=title)


def test_the_files_of_a_booking_are_the_picture_and_the_calendar() -> None:
    appointment = an_appointment()
    code, calendar = papers().of(appointment, Language.VI)
    assert (calendar.media_type, calendar.filename) == ("text/calendar", "lich-hen-ABC234.ics")
    assert calendar.path == papers().links.path(appointment.id) + "/calendar.ics"
    assert code.page == papers().links.path(appointment.id)
    assert base64.b64decode(calendar.content) == papers().calendar(appointment, Language.VI)


def test_a_cancelled_appointment_has_a_calendar_file_and_no_code_and_a_hold_has_nothing() -> None:
    assert [file.title for file in of(State.CANCELLED)] == ["Gỡ khỏi lịch"]
    assert of(State.HELD) == ()


def of(state: State) -> tuple[Attachment, ...]:
    return papers().of(an_appointment(state=state, id=uuid.uuid4()), Language.VI)


def test_each_weekday_has_its_name() -> None:
    for days, key in enumerate(WEEKDAYS):
        moved = an_appointment(
            starts_at=NOW + dt.timedelta(days=days), ends_at=NOW + dt.timedelta(days=days, minutes=30)
        )
        assert WORDING.say(key, Language.EN) == f"{moved.starts_at:%A}"
        assert papers().describe(moved, Language.EN).day.startswith(f"{moved.starts_at:%A}, ")


def test_each_language_writes_the_day_its_own_way() -> None:
    assert [papers().describe(an_appointment(), language).day for language in Language] == [
        "Thứ Năm, 05/03/2026",
        "Thursday, 5 March 2026",
        "2026년 3월 5일 목요일",
        "2026年3月5日（星期四）",
        "2026年3月5日（木曜日）",
    ]
