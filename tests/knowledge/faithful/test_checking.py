"""No lie of the table goes out, most honest retellings do, and one that does no longer does when it is spoilt."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

import pytest

from bot.domain.procedure import Language
from knowledge.faithful.checking import doubt
from knowledge.faithful.sheet import Fact, Sheet

from .tables import Told, honest, lies, sheets

LIES, HONEST = lies(), honest()
TURNING = {
    Language.VI: "không chưa phải chỉ trừ trước sau tối_đa ít_nhất có_thể khoảng công_chứng cấm".split(),
    Language.EN: "not never must only except before after may about certified".split(),
    Language.KO: ["안 ", "반드시 ", "최대 ", "약 "],
    Language.ZH: ["不", "必须", "仅", "最多"],
    Language.JA: ["未", "のみ", "最大"],
}


def accepted() -> list[Told]:
    return [told for told in HONEST if doubt(sheets()[told.sheet], told.text) is None]


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.name)
def test_a_lie_does_not_go_out(lie: Told) -> None:
    assert doubt(sheets()[lie.sheet], lie.text) is not None


def test_the_lies_are_many_and_distinct() -> None:
    assert len({lie.name for lie in LIES}) == len(LIES) >= 70
    assert len({(lie.sheet, lie.text) for lie in LIES}) >= len(LIES) - 2  # two obey different orders in one way


def test_six_honest_retellings_in_seven_go_out() -> None:
    refused = [told.name for told in HONEST if told not in accepted()]
    assert len(HONEST) >= 60
    assert len(refused) <= len(HONEST) / 7, refused


@pytest.mark.parametrize("language", Language)
def test_some_of_every_language_go_out(language: Language) -> None:
    assert any(sheets()[told.sheet].wanted is language for told in accepted())


@pytest.mark.parametrize("told", accepted(), ids=lambda told: told.name)
def test_a_retelling_with_one_digit_changed_does_not_go_out(told: Told) -> None:
    sheet = sheets()[told.sheet]
    for spoilt in _other_digits(told.text):
        assert doubt(sheet, spoilt) is not None, spoilt


@pytest.mark.parametrize("told", accepted(), ids=lambda told: told.name)
def test_a_retelling_with_a_turning_word_put_in_does_not_go_out(told: Told) -> None:
    sheet = sheets()[told.sheet]
    words = itertools.cycle(TURNING[sheet.wanted])
    for at in _gaps(told.text, sheet.wanted):
        blank = "" if sheet.wanted in (Language.ZH, Language.JA) else " "
        spoilt = f"{told.text[:at]}{next(words).replace('_', ' ')}{blank}{told.text[at:]}"
        assert doubt(sheet, spoilt) is not None, spoilt


@pytest.mark.parametrize("told", accepted(), ids=lambda told: told.name)
def test_a_retelling_without_one_of_its_lines_or_sentences_does_not_go_out(told: Told) -> None:
    sheet = sheets()[told.sheet]
    parts = [part for part in re.split(r"(?<=[^\d][.;。；])\s*(?!\d|$)|\n", told.text) if part.strip()]
    for at, part in enumerate(parts):
        if any(ch.isdigit() for ch in part) and not part.strip().endswith((":", "：")):
            assert doubt(sheet, "\n".join(parts[:at] + parts[at + 1 :])) is not None, part


def _other_digits(text: str) -> Iterator[str]:
    for found in re.finditer(r"\d", text):
        line = text[text.rfind("\n", 0, found.start()) + 1 :]
        counts = re.match(r"(?:Bước )?\d+[.:)]", line)
        if counts is None or len(line) - (len(text) - found.start()) >= counts.end():
            yield f"{text[: found.start()]}{(int(found[0]) + 3) % 10}{text[found.end() :]}"


def _gaps(text: str, language: Language) -> Iterator[int]:
    if language in (Language.ZH, Language.JA):
        yield from (at for at, letter in enumerate(text) if letter.isalpha())
    else:
        yield from (found.start() for found in re.finditer(r"[^\W_]\S*", text))


@pytest.mark.parametrize(
    "sign", ["\u200b", "\u202e", "\u0336", "📞", "❌", "≥", "~", "^", "²", "<b>", "`", "**", "\x07", "&nbsp;"]
)
def test_signs_that_hide_or_say_something_do_not_go_out(sign: str) -> None:
    text = "Mất 15 ngày làm việc, tính từ khi nhận đủ hồ sơ hợp lệ."
    assert doubt(sheets()["one_time"], text) is None
    assert doubt(sheets()["one_time"], text.replace("15", f"{sign}15")) is not None


def test_a_very_long_retelling_does_not_go_out() -> None:
    assert doubt(sheets()["one_time"], "Dạ. " * 500) is not None


def test_a_fact_that_promises_may_be_told() -> None:
    sheet = Sheet((Fact("Bản cam kết bảo vệ môi trường", "section_documents", "Hồ sơ gồm:"),), Language.VI, Language.VI)
    assert doubt(sheet, "Anh/chị cần nộp bản cam kết bảo vệ môi trường.") is None


def test_the_reason_is_named_without_the_persons_words() -> None:
    found = doubt(sheets()["fees"], "Nộp trực tuyến: 5 đồng.")
    assert found is not None
    assert found.kind == "figure"
