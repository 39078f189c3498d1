"""What identifies a person is hidden; what a question is about stays."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.conversation.redaction import redact

HIDDEN = {
    "0912345678": "[telephone]",
    "0912 345 678": "[telephone]",
    "0912.345.678": "[telephone]",
    "0912-345-678": "[telephone]",
    "0912 - 345 - 678": "[telephone]",
    "0912_345_678": "[telephone]",
    "0912–345–678": "[telephone]",
    "0912,345,678": "[telephone]",
    "09 1234 5678": "[telephone]",
    "0 9 1 2 3 4 5 6 7 8": "[telephone]",
    "+84912345678": "[telephone]",
    "+84 912 345 678": "[telephone]",
    "+84.912.345.678": "[telephone]",
    "(+84) 912 345 678": "[telephone]",
    "+84 (0) 912 345 678": "[telephone]",
    "84912345678": "[telephone]",
    "84.912.345.678": "[telephone]",
    "(0225) 3 842 123": "[telephone]",
    "0225.3842.123": "[telephone]",
    "02253842123": "[telephone]",
    "0201234567-001": "[tax code]",
    "1201234567": "[tax code]",
    "031090001234": "[identity number]",
    "031 090 001 234": "[identity number]",
    "031.090.001.234": "[identity number]",
    "010 9876 5432 11 22 33": "[number]",
    "C1234567": "[passport number]",
    "M12345678": "[passport number]",
    "TK1234567": "[passport number]",
    "an.nguyen+kd@cong-ty.com.vn": "[email]",
    "AN@X.VN": "[email]",
    "nguyễn.an@dn.vn": "[email]",
}
KEPT = (
    "20.000.000 đồng",
    "1,000,000,000 VND",
    "500 000 000 đồng",
    "1500000000 đ",
    "1.500.000.000",
    "vốn 10.000.000.000 đồng",
    "3 000 000 000원",
    "23/11/2026",
    "23-11-2026 08:30",
    "23.11.2026 08:30",
    "2026-11-23 10:00",
    "2026-11-23T10:00:00+07:00",
    "000.00.01.H24-250101-0001",
    "000.00.15.H24-251231-12345",
    "2.001583",
    "mã 2.001583, 2.001199 và 1.013855.",
    "1.013855.000.00.00.H24",
    "23/2026/NQ-HĐND",
    "155/2018/NĐ-CP; 168/2025/NĐ-CP",
    "mẫu 01, phụ lục 2",
    "từ 8h00 đến 17h30",
    "3 ngày làm việc, 10 tầng, 1000 m2",
    "550e8400-e29b-41d4-a716-446655440000",
    "9f86d081884c7d659a2feaa0c55ad015",
)


@pytest.mark.parametrize(("written", "kind"), HIDDEN.items())
@pytest.mark.parametrize("sentence", ["{}", "gọi {} nhé", "sđt: {}.", "({})", "sđt.{}", "tôi là An,{};Hải Phòng"])
def test_what_names_a_person_is_replaced_by_its_kind(sentence: str, written: str, kind: str) -> None:
    redacted = redact(sentence.format(written))
    assert kind in redacted
    assert written not in redacted
    assert not re.search(r"\d{3}", redacted)


@pytest.mark.parametrize("sentence", ["sđt0912345678", "0912345678nhé", "zalo0912345678ạ", "sđt-0912345678"])
def test_letters_touching_a_number_do_not_save_it(sentence: str) -> None:
    assert "[telephone]" in redact(sentence)
    assert not re.search(r"\d", redact(sentence))


def test_two_numbers_in_a_row_are_both_hidden() -> None:
    for text in ("0912345678 0987654321", "0912345678, 0987654321", "031090001234031090001235"):
        assert not re.search(r"\d", redact(text))


@pytest.mark.parametrize(
    "number", ["841.111 11111", "0.912345 678", "01.1.1911 1111", "912.345 678", "2026-11-23 45678"]
)
def test_the_head_of_a_number_is_not_taken_for_a_sum_a_day_or_a_code(number: str) -> None:
    assert not re.search(r"\d", redact(number))


def test_a_date_before_a_number_does_not_save_the_number() -> None:
    assert redact("23/11/2026 0912345678") == "23/11/2026 [telephone]"


@pytest.mark.parametrize("text", KEPT)
@pytest.mark.parametrize("sentence", ["{}", "hỏi về {} ạ", "({})"])
def test_what_a_question_is_about_stays(sentence: str, text: str) -> None:
    assert redact(sentence.format(text)) == sentence.format(text)


_SEPARATORS = st.sampled_from(["", " ", ".", "-", "–", " - ", ". "])
_WORDS = st.sampled_from(["gọi", "cho tôi", "số", "phí bao nhiêu", "ạ", "Zalo:", "(", ")", "mst", "hồ sơ"])


@given(
    start=st.sampled_from(["0", "+84 ", "84", "+84", "(0"]),
    digits=st.lists(st.sampled_from("123456789"), min_size=9, max_size=9),
    separators=st.lists(_SEPARATORS, min_size=8, max_size=8),
    before=_WORDS,
    after=_WORDS,
)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_telephone_is_hidden_however_it_is_grouped(
    start: str, digits: list[str], separators: list[str], before: str, after: str
) -> None:
    number = start + digits[0] + "".join(s + d for s, d in zip(separators, digits[1:], strict=True))
    redacted = redact(f"{before} {number} {after}")
    assert sum(ch.isdigit() for ch in redacted) <= 2, redacted


@given(st.text(alphabet="0123456789 .-+()@abcđ", max_size=60))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_redacting_twice_changes_nothing_more(text: str) -> None:
    once = redact(text)
    assert redact(once) == once


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_text_without_digits_or_addresses_is_left_alone(text: str) -> None:
    words = re.sub(r"[\d@]", "", text)
    assert redact(words) == words


def test_ten_thousand_characters_are_read_at_once() -> None:
    for text in ("0" * 10_000, "1 " * 5_000, "a.b" * 3_000 + "@", "1.234." * 1_500):
        assert len(redact(text)) <= len(text)
