"""The reader of days and hours: its conventions one by one, the whole evaluation set, and any text at all."""

from __future__ import annotations

import time
import unicodedata
from datetime import UTC, date, datetime
from datetime import time as clock

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.procedure import Language
from bot.domain.when import Edge, Part, Reading, read
from bot.when import to_data
from tests.bench.when_set import Line, lines, without_marks

MONDAY = datetime.fromisoformat("2026-11-23T10:00:00+07:00")
THURSDAY = datetime.fromisoformat("2026-11-26T15:30:00+07:00")
VIETNAMESE = [line for line in lines() if line.language is Language.VI]
WORDS = st.sampled_from(
    """
    hôm nay mai mốt ngày kia thứ 2 3 tư năm sáu t5 cn chủ nhật tuần tháng này sau tới đầu giữa cuối 25 25/12 31.2
    10-12/12 mùng rằm giêng chạp tết âm 9h 9h30 14:00 99:99 rưỡi kém sáng trưa chiều tối đêm nữa trước từ đến hoặc trừ
    à không mà đổi sang nửa tiếng 999 29/2 30 tháng 2 / - , . ngay thang tuan chieu
    """.split()
)


def right(line: Line, text: str) -> bool:
    data = to_data(read(text, line.at))
    return (data["date"], data["time"], data["part"], data["range_end"]) == line.want


def test_of_all_that_is_written_in_the_set_95_in_100_are_read_right() -> None:
    wrong = [line.text for line in VIETNAMESE if not right(line, line.text)]
    assert len(wrong) <= 0.02 * len(VIETNAMESE), wrong


def test_without_diacritics_92_in_100_are_read_right() -> None:
    bare = [(line, without_marks(line.text)) for line in VIETNAMESE]
    wrong = [text for line, text in bare if not right(line, text)]
    assert len(wrong) <= 0.03 * len(bare), wrong


def test_no_date_is_seen_where_there_is_none() -> None:
    nothing = [line for line in VIETNAMESE if line.means_nothing]
    texts = [text for line in nothing for text in (line.text, without_marks(line.text))]
    assert len(nothing) >= 60
    assert [text for text in texts if not read(text, MONDAY).empty] == []


def test_a_text_is_read_in_a_millisecond() -> None:
    spent = []
    for line in VIETNAMESE:
        began = time.process_time()
        read(line.text, line.at)
        spent.append(time.process_time() - began)
    assert sorted(spent)[int(len(spent) * 0.95)] < 0.002  # half of that on a machine that does nothing else


@pytest.mark.parametrize("line", VIETNAMESE[::7], ids=lambda line: line.text)
def test_composed_and_decomposed_letters_are_read_alike(line: Line) -> None:
    composed = read(unicodedata.normalize("NFC", line.text), line.at)
    taken_apart = unicodedata.normalize("NFD", line.text)
    decomposed = read(taken_apart, line.at)
    assert to_data(decomposed) | {"span": None} == to_data(composed) | {"span": None}
    if composed.span and decomposed.span:
        words = unicodedata.normalize("NFC", line.text)[slice(*composed.span)]
        assert unicodedata.normalize("NFC", taken_apart[slice(*decomposed.span)]) == words


@given(st.one_of(st.text(), st.lists(WORDS, max_size=12).map(" ".join), st.lists(WORDS, max_size=8).map("".join)))
@example("\u0301\u0301 25/12")
@example("İ mai")
@example("ngày ３１ tháng １２")
@example("999 năm nữa 9999 tháng nữa")
def test_nothing_that_is_written_breaks_it(text: str) -> None:
    for at in (MONDAY, THURSDAY, datetime(9999, 12, 31, tzinfo=UTC), datetime(1, 1, 2, tzinfo=UTC)):
        reading = read(text, at)
        if reading.span is not None:
            start, end = reading.span
            assert 0 <= start < end <= len(text)
        if reading.range_end is not None:
            assert reading.date is not None
            assert reading.date < reading.range_end


@pytest.mark.parametrize("text", ["thứ 3, " * 300, "9-" * 1000, "a.a." * 500, "đến mai và " * 180, "1/1 " * 500])
def test_a_text_made_to_take_long_takes_a_moment(text: str) -> None:
    began = time.process_time()
    read(text, MONDAY)
    assert time.process_time() - began < 1


def test_a_weekday_alone_is_the_next_one_and_never_today() -> None:
    assert read("thứ 5", THURSDAY).date == date(2026, 12, 3)
    assert read("thứ 5 này", THURSDAY).date == date(2026, 11, 26)
    assert read("thứ 6", THURSDAY).date == date(2026, 11, 27)


def test_a_weekday_of_next_week_is_of_the_week_after_this_one() -> None:
    assert read("thứ 5 tuần sau", MONDAY).date == date(2026, 12, 3)
    assert read("tuần sau, sáng thứ 5", MONDAY).date == date(2026, 12, 3)
    sunday = datetime.fromisoformat("2026-11-29T23:30:00+07:00")
    assert read("thứ 2 tuần sau", sunday).date == date(2026, 11, 30)


def test_the_day_of_writing_is_vietnams_wherever_the_clock_stands() -> None:
    late = datetime.fromisoformat("2026-11-23T17:30:00+00:00")  # half past midnight in Hải Phòng
    assert read("hôm nay", late).date == date(2026, 11, 24)
    assert read("hôm nay", late.replace(tzinfo=None)).date == date(2026, 11, 23)


def test_a_date_that_has_passed_comes_round_next_year() -> None:
    assert read("20/11", MONDAY).date == date(2027, 11, 20)
    assert read("23/11", MONDAY).date == date(2026, 11, 23)
    assert read("29/2", MONDAY).date == date(2028, 2, 29)
    assert read("25/12/2025", MONDAY).date == date(2025, 12, 25)


def test_a_day_that_does_not_exist_is_no_day() -> None:
    assert read("30/2", MONDAY).empty
    assert read("ngày 31 tháng 4", MONDAY).empty
    assert read("32/12", MONDAY).empty


def test_hours_at_which_offices_are_closed_are_afternoon() -> None:
    assert read("2h", MONDAY).time == clock(14)
    assert read("2h sáng", MONDAY).time == clock(2)
    assert read("05:30", MONDAY).time == clock(5, 30)
    assert read("7h", MONDAY).time == clock(7)
    assert read("1h đêm", MONDAY).time == clock(1)
    assert read("12h đêm", MONDAY).time == clock(0)


def test_beginning_and_end_of_office_hours_are_told_beside_the_part() -> None:
    early = read("đầu giờ chiều mai", MONDAY)
    assert (early.part, early.edge, early.time) == (Part.AFTERNOON, Edge.START, None)
    assert read("cuối giờ sáng", MONDAY).edge is Edge.END


def test_a_span_of_hours_has_an_end() -> None:
    reading = read("sáng mai từ 8h đến 10h30", MONDAY)
    assert (reading.time, reading.until) == (clock(8), clock(10, 30))
    assert read("2-4h chiều", MONDAY).until == clock(16)


def test_a_correction_keeps_what_it_does_not_touch() -> None:
    reading = read("9h mai, ý em là 10h", MONDAY)
    assert (reading.date, reading.time) == (date(2026, 11, 24), clock(10))
    reading = read("9h thứ 3, à không, thứ năm cơ", MONDAY)
    assert (reading.date, reading.time) == (date(2026, 11, 26), clock(9))


def test_days_that_do_not_suit_are_named() -> None:
    reading = read("tuần sau trừ thứ 2 và thứ 4", MONDAY)
    assert (reading.date, reading.range_end) == (date(2026, 12, 1), date(2026, 12, 6))
    assert reading.excluding == (date(2026, 11, 30), date(2026, 12, 2))
    alone = read("mai em bận", MONDAY)
    assert (alone.date, alone.excluding) == (None, (date(2026, 11, 24),))


def test_a_weekday_that_is_not_that_dates_is_noticed() -> None:
    assert read("thứ 6 ngày 26/11", MONDAY).conflicting
    assert read("thứ 6 ngày 26/11", MONDAY).date == date(2026, 11, 26)
    assert not read("thứ 5 ngày 26/11", MONDAY).conflicting


def test_a_range_does_not_begin_before_today() -> None:
    assert read("tuần này", THURSDAY).date == date(2026, 11, 26)
    assert read("tuần trước", THURSDAY).date == date(2026, 11, 16)


def test_the_span_is_what_was_read_and_nothing_more() -> None:
    text = "cho tôi đặt lịch 9h sáng thứ 5 tuần sau nhé"
    reading = read(text, MONDAY)
    assert reading.span is not None
    assert text[slice(*reading.span)] == "9h sáng thứ 5 tuần sau"


def test_a_person_called_mai_is_not_tomorrow() -> None:
    assert read("gặp chị Mai phòng thuế", MONDAY) == Reading()
    assert read("mai gặp chị Mai", MONDAY).date == date(2026, 11, 24)
    assert read("MAI TÔI ĐẾN", MONDAY).date == date(2026, 11, 24)
