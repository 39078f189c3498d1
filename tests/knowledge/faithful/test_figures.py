"""One figure is one value however it is written, and two are two."""

from __future__ import annotations

import pytest

from bot.domain.procedure import Language
from knowledge.faithful.figures import figures
from knowledge.faithful.numerals import in_digits
from knowledge.faithful.splitting import pieces

VI, EN, KO, ZH, JA = Language


def values(text: str, language: Language = VI) -> list[str]:
    return [figure.value for figure in figures(in_digits(text.lower(), language))]


@pytest.mark.parametrize(
    ("value", "ways"),
    [
        (
            "money:150000 VND",
            {
                VI: "150.000 đồng|150.000đ|150 nghìn đồng|150k đ|một trăm năm mươi nghìn đồng|0,15 triệu đồng",
                EN: "VND 150,000|150,000 VND|150 thousand dong|one hundred and fifty thousand dong",
                KO: "150,000동|15만동|15만 동",
                ZH: "150,000 越南盾|15万越南盾|十五万越南盾",
                JA: "150,000ドン|15万ドン",
            },
        ),
        ("free", {VI: "0 đồng|0đ|không đồng", EN: "VND 0|0 VND", KO: "0동", ZH: "0 越南盾", JA: "0ドン"}),
        (
            "span:15 working_day",
            {
                VI: "15 ngày làm việc|mười lăm ngày làm việc",
                EN: "15 working days|15 working day(s)|fifteen business days|15-working day",
                KO: "15근무일|15 영업일|십오근무일",
                ZH: "15个工作日|15 个工作日|十五个工作日",
                JA: "15営業日|十五営業日",
            },
        ),
        ("span:20 year", {VI: "20 năm|hai mươi năm", EN: "20 years|twenty years", KO: "20년", ZH: "20年", JA: "20年"}),
        ("span:5 year", {VI: "năm năm|5 năm|05 năm"}),
        (
            "day:2026-7-1",
            {
                VI: "01/07/2026|1-7-2026|1.7.2026|1 tháng 7 năm 2026|2026-07-01",
                EN: "1 July 2026|July 1, 2026|1st of July 2026",
                KO: "2026년 7월 1일",
                ZH: "2026年7月1日",
                JA: "2026年7月1日",
            },
        ),
        ("phone:02253842123", {VI: "0225.3842.123|0225 3842 123|02253842123|(0225) 3842123|+84 225 3842 123"}),
        ("code:15/2026/nd-cp", {VI: "15/2026/NĐ-CP|15/2026/ND-CP", EN: "15/2026/NĐ-CP"}),
        ("link:dichvucong.gov.vn", {VI: "https://dichvucong.gov.vn/|www.dichvucong.gov.vn|dichvucong.gov.vn"}),
        ("clock:7:30", {VI: "7h30|7:30|07:30|7 giờ 30"}),
        ("share:50", {VI: "50%|50 %|50 phần trăm", EN: "50 per cent|50 percent"}),
    ],
)
def test_a_figure_is_the_same_however_it_is_written(value: str, ways: dict[Language, str]) -> None:
    for language, written in ways.items():
        for way in written.split("|"):
            assert values(way, language) == [value], way


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("3 ngày", "3 ngày làm việc"),
        ("150.000 đồng", "150.000 USD"),
        ("18", "18A"),
        ("01/07/2026", "07/01/2026"),
        ("dichvucong.gov.vn", "dichvucong.gov.vn/x"),
        ("47/2019/TT-BTC", "47/2019/TT-BCT"),
        ("1.002345", "1.002346"),
        ("hai mươi năm", "hai mươi lăm"),
        ("150.000 đồng", "150.000"),
    ],
)
def test_other_figures_are_other_values(one: str, other: str) -> None:
    assert values(one) != values(other)


@pytest.mark.parametrize("text", ["một trong các giấy tờ", "đầu tư", "thông tư", "người thứ ba", "tháng tư"])
def test_words_that_only_look_like_numbers_are_none(text: str) -> None:
    assert values(text) == []


@pytest.mark.parametrize(
    "text", ["application of one of the", "decree on fees", "may be filed", "marble", "no one may", "august body"]
)
def test_english_words_are_no_dates(text: str) -> None:
    assert values(text, EN) == []


def test_numbers_that_only_count_lines_are_taken_away_and_others_stay() -> None:
    assert pieces("1. a\n2) b\nBước 3: c") == ["a", "b", "c"]
    assert pieces("1. a\n5. b") == ["a", "5.", "b"]
    assert pieces("• a. b\n- c; d") == ["a.", "b", "c;", "d"]
