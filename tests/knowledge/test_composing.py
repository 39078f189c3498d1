"""An answer says what the record says, with its source, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from bot.conversation.wording import Wording
from bot.domain.procedure import (
    Caution,
    Document,
    DocumentCase,
    Facet,
    Fee,
    Language,
    Method,
    Origin,
    Procedure,
    ProcessingTime,
    Source,
    Text,
    TimeUnit,
)
from knowledge.composing import MANY_DOCUMENTS, compose, held_facets
from knowledge.procedures import read_procedures

DATA = Path(__file__).resolve().parents[2] / "data"
TODAY = date(2026, 11, 23)
FACETS = tuple(facet for facet in Facet if facet is not Facet.STATUS)


@cache
def records() -> tuple[Procedure, ...]:
    return tuple(found for found in read_procedures(DATA / "procedures") if isinstance(found, Procedure))


@cache
def wording() -> Wording:
    return Wording.read(DATA / "wording")


def said(
    procedure: Procedure, facet: Facet, language: Language = Language.VI, today: date = TODAY, case: int | None = None
) -> str:
    """The answer as the contact reads it."""
    return wording().lines(compose(procedure, facet, language=language, today=today, case=case).lines, language)


def a_record(**changes: object) -> Procedure:
    """A record of the catalogue that holds a title and a source only."""
    bare = Procedure(
        code="1.000000",
        title=Text("Thủ tục thử", en="A trial procedure"),
        sector="x",
        origin=Origin.CATALOGUE,
        source=Source("Trang nguồn", "https://example.vn/x", date(2026, 1, 31)),
    )
    return replace(bare, **changes)  # type: ignore[arg-type]


def numbers(text: str) -> set[str]:
    """Every number in `text`, without what groups its digits or fills it with zeros."""
    return {re.sub(r"[.,]", "", found).lstrip("0") or "0" for found in re.findall(r"\d+(?:[.,]\d{3})*(?!\d)|\d+", text)}


def everything_in(value: object) -> Iterator[str]:
    """Every text and number a record holds."""
    if isinstance(value, str | int):
        yield str(value)
    elif isinstance(value, date):
        yield f"{value.day} {value.month} {value.year} {value:%d} {value:%m}"
    elif isinstance(value, tuple):
        for part in value:
            yield from everything_in(part)
    elif value is not None:
        for name in getattr(value, "__dataclass_fields__", ()):
            yield from everything_in(getattr(value, name))


@pytest.mark.parametrize("language", list(Language))
def test_every_number_said_is_in_the_record(language: Language) -> None:
    for record in records():
        held = numbers(" ".join(everything_in(record)))
        for facet in FACETS:
            listed = {str(n) for n in range(1, 40)} if facet in (Facet.STEPS, Facet.DOCUMENTS) else set()
            strange = numbers(said(record, facet, language)) - held - listed - {"0"}
            assert not strange, (record.code, facet, strange)


def test_steps_are_numbered_from_one_without_a_gap() -> None:
    for record in records():
        found = re.findall(r"^(\d+)\. ", said(record, Facet.STEPS), re.M)
        assert [int(n) for n in found][: len(record.steps)] == list(range(1, len(record.steps) + 1))


@pytest.mark.parametrize("language", list(Language))
def test_every_answer_names_every_source(language: Language) -> None:
    for record in records():
        for facet in FACETS:
            text = said(record, facet, language)
            found = compose(record, facet, language=language, today=TODAY)
            assert found.sources == (record.source, *record.sources)
            assert all(source.url in text and source.title in text for source in found.sources)
            assert record.code in text


@pytest.mark.parametrize("language", list(Language))
def test_a_whole_answer_is_read_on_a_phone(language: Language) -> None:
    for record in records():
        for facet in FACETS:
            cases = compose(record, facet, language=language, today=TODAY).cases
            for case in (None, *range(len(cases))):
                text = said(record, facet, language, case=case)
                assert len(text) <= 6_000, (record.code, facet, case)
                assert "{" not in text
                assert "None" not in text


def test_each_facet_says_its_own_field_and_not_another() -> None:
    for record in records():
        assert all(step.vi in said(record, Facet.STEPS) for step in record.steps)
        assert record.place is not None
        assert record.place.vi in said(record, Facet.PLACE)
        assert all(condition.vi in said(record, Facet.CONDITIONS) for condition in record.conditions)
        assert all(f"{b.code}: {b.name}" in said(record, Facet.LEGAL_BASIS) for b in record.legal_basis)
        assert record.overview is not None
        assert record.overview.vi in said(record, Facet.OVERVIEW)
        fees = said(record, Facet.FEE)
        for fee in record.fees:
            if fee.amount:
                assert f"{fee.amount:,}".replace(",", ".") + " đồng" in fees
            assert fee.note is None or fee.note.vi in fees
        assert not any(step.vi in fees for step in record.steps if len(step.vi) > 60)


def test_every_document_is_said_once_a_case_is_known() -> None:
    for record in records():
        found = compose(record, Facet.DOCUMENTS, language=Language.VI, today=TODAY)
        shown = [said(record, Facet.DOCUMENTS, case=case) for case in range(len(found.cases))] or [
            said(record, Facet.DOCUMENTS)
        ]
        for entry in record.documents:
            for document in entry.documents:
                assert any(document.name.vi in text for text in shown), (record.code, document.name.vi)


def test_many_papers_over_several_cases_ask_for_the_case_first() -> None:
    papers = tuple(Document(Text(f"giấy {letter}"), 1, 2) for letter in "abcdef")
    both = (DocumentCase(Text("Mới"), papers), DocumentCase(Text("Đổi"), papers), DocumentCase(None, papers[:1]))
    record = a_record(documents=both)
    assert sum(len(case.documents) for case in both) > MANY_DOCUMENTS
    asked = compose(record, Facet.DOCUMENTS, language=Language.VI, today=TODAY)
    assert [case.vi for case in asked.cases] == ["Mới", "Đổi"]
    assert "giấy a" not in said(record, Facet.DOCUMENTS)
    answered = said(record, Facet.DOCUMENTS, case=1)
    assert "Hồ sơ – Đổi:" in answered
    assert "Mới" not in answered
    assert answered.count("giấy a") == 2  # its own and what every case needs
    assert compose(record, Facet.DOCUMENTS, language=Language.VI, today=TODAY, case=1).cases == ()


@pytest.mark.parametrize("case", [-1, 2, 99])
def test_a_case_that_is_not_there_shows_all(case: int) -> None:
    both = tuple(DocumentCase(Text(name), (Document(Text(f"giấy {name}")),)) for name in ("A", "B"))
    text = said(a_record(documents=both), Facet.DOCUMENTS, case=case)
    assert "giấy A" in text
    assert "giấy B" in text


def test_few_papers_are_shown_at_once_in_all_cases() -> None:
    both = tuple(DocumentCase(Text(name), (Document(Text(f"giấy {name}")),)) for name in ("A", "B"))
    text = said(a_record(documents=both), Facet.DOCUMENTS)
    assert "giấy A" in text
    assert "giấy B" in text


def test_copies_and_originals_are_counted_as_the_source_counts_them() -> None:
    papers = (
        Document(Text("một"), 1, 0),
        Document(Text("hai"), 0, 2),
        Document(Text("ba"), 1, 3),
        Document(Text("bốn")),
        Document(Text("năm"), 1, 1, required=False),
    )
    text = said(a_record(documents=(DocumentCase(None, papers),)), Facet.DOCUMENTS)
    assert "• một (1 bản chính)" in text
    assert "• hai (2 bản sao)" in text
    assert "• ba (1 bản chính, 3 bản sao)" in text
    assert "• bốn\n" in text
    assert "• năm (nếu có)" in text


@pytest.mark.parametrize("facet", [Facet.DOCUMENTS, Facet.STEPS, Facet.TIME, Facet.PLACE, Facet.LEGAL_BASIS])
def test_what_the_record_does_not_hold_is_not_answered(facet: Facet) -> None:
    found = compose(a_record(), facet, language=Language.VI, today=TODAY)
    assert not found.holds
    assert "no_fact" in [line.key for line in found.lines]
    assert "https://example.vn/x" in said(a_record(), facet)


@pytest.mark.parametrize(
    ("facet", "key"), [(Facet.FEE, "no_fees"), (Facet.CONDITIONS, "no_conditions"), (Facet.FORMS, "no_forms")]
)
def test_that_the_source_names_none_is_said_of_the_source(facet: Facet, key: str) -> None:
    found = compose(a_record(), facet, language=Language.VI, today=TODAY)
    assert key in [line.key for line in found.lines]
    assert "miễn phí" not in said(a_record(), facet)


def test_an_amount_the_source_does_not_give_is_never_made_up() -> None:
    note = Text("theo quy định của HĐND")
    text = said(a_record(fees=(Fee(Method.ANY, None, note, local=True),)), Facet.FEE)
    assert not re.search(r"\d[\d.]* đồng", text)
    assert "nguồn không ghi mức cố định" in text
    assert note.vi in text
    assert "mức của thành phố" not in text  # there is no level to call the city's


def test_zero_is_said_to_be_free_and_the_citys_own_fee_is_marked() -> None:
    fees = (Fee(Method.ONLINE, 0, local=True), Fee(Method.DIRECT, 50_000), Fee(Method.POST, 50_000))
    text = said(a_record(fees=fees), Facet.FEE)
    assert "Nộp trực tuyến: 0 đồng (miễn phí) (mức của thành phố Hải Phòng)" in text
    assert "Nộp trực tiếp, Qua bưu chính: 50.000 đồng" in text


def test_several_amounts_are_never_shown_without_what_tells_them_apart() -> None:
    fees = (Fee(Method.ANY, 350_000, Text("dưới 200 suất")), Fee(Method.ANY, 500_000, Text("từ 200 suất")))
    text = said(a_record(fees=fees), Facet.OVERVIEW)
    assert "dưới 200 suất" in text
    assert "từ 200 suất" in text
    alone = said(a_record(fees=fees[:1]), Facet.OVERVIEW)
    assert "350.000 đồng" in alone
    assert "dưới 200 suất" not in alone


def test_times_are_said_in_their_own_unit() -> None:
    times = (
        ProcessingTime(Method.ONLINE, 3, TimeUnit.WORKING_DAY),
        ProcessingTime(Method.DIRECT, 2, TimeUnit.MONTH, Text("nếu phải kiểm tra")),
        ProcessingTime(Method.POST, None, TimeUnit.DAY, Text("tùy trường hợp"), local=True),
    )
    text = said(a_record(times=times), Facet.TIME)
    assert "Nộp trực tuyến: 3 ngày làm việc" in text
    assert "Nộp trực tiếp: 2 tháng\n  nếu phải kiểm tra" in text
    assert "Qua bưu chính: nguồn không ghi thời hạn cố định\n  tùy trường hợp" in text


def test_an_old_record_is_shown_with_a_caution() -> None:
    record = a_record(place=Text("Sở"))
    assert "cập nhật đã lâu" not in said(record, Facet.PLACE, today=date(2028, 1, 31))
    assert "cập nhật đã lâu" in said(record, Facet.PLACE, today=date(2028, 2, 1))


def test_a_source_without_a_date_is_shown_without_one() -> None:
    record = a_record(place=Text("Sở"), source=Source("Trang nguồn", "https://example.vn/x", None))
    assert "Nguồn: Trang nguồn: https://example.vn/x" in said(record, Facet.PLACE)


@pytest.mark.parametrize("facet", [Facet.FEE, Facet.OVERVIEW])
def test_doubts_about_a_fee_are_told_wherever_the_fee_is(facet: Facet) -> None:
    record = a_record(fees=(Fee(Method.ANY, 0),), cautions=(Caution.FEES_ARE_BARE_ZEROS,))
    assert "có thể là miễn phí, cũng có thể chưa được điền" in said(record, facet)
    assert "có thể là miễn phí" not in said(record, Facet.STEPS)


def test_who_reads_another_language_is_told_that_the_source_is_vietnamese() -> None:
    only = a_record(place=Text("Sở Tài chính"))
    translated = a_record(place=Text("Sở Tài chính", en="Department of Finance"))
    note = wording().say("language_note_vi", Language.EN)
    assert note in said(only, Facet.PLACE, Language.EN)
    assert note not in said(translated, Facet.PLACE, Language.EN)
    assert "Văn bản nguồn" not in said(only, Facet.PLACE, Language.VI)


def test_buttons_are_offered_only_for_what_the_record_holds() -> None:
    assert held_facets(a_record()) == ()
    assert held_facets(a_record(place=Text("Sở"))) == (Facet.PLACE,)
    for record in records():
        for facet in held_facets(record):
            assert compose(record, facet, language=Language.VI, today=TODAY).holds


def test_a_form_is_named_once() -> None:
    papers = (Document(Text("đơn"), forms=("Mẫu 1", "Mẫu 2")), Document(Text("bản kê"), forms=("Mẫu 1",)))
    text = said(a_record(documents=(DocumentCase(None, papers),)), Facet.FORMS)
    assert text.count("Mẫu 1") == 1
    assert "Mẫu 2" in text
