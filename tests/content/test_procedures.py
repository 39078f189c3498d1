"""The procedures of `data/procedures`: whole, unique, in five languages, and short enough to be read."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest
import yaml

from bot.conversation.language import detect
from bot.domain.procedure import Language, Procedure, Text
from knowledge.checking import check
from knowledge.procedures import BrokenFile, read_groups, read_lay, read_procedures

DATA = Path(__file__).resolve().parents[2] / "data"
LATEST = date(2026, 12, 31)


@cache
def records() -> tuple[Procedure, ...]:
    return tuple(found for found in read_procedures(DATA / "procedures") if isinstance(found, Procedure))


def texts(value: object) -> Iterator[Text]:
    """Every text in five languages that a record holds."""
    if isinstance(value, Text):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from texts(part)
    else:
        for name in getattr(value, "__dataclass_fields__", ()):
            yield from texts(getattr(value, name))


def test_no_file_is_broken() -> None:
    assert check(DATA) == []


def test_there_are_at_least_sixty() -> None:
    assert len(records()) >= 60


def test_no_code_is_described_twice() -> None:
    assert [code for code, times in Counter(p.code for p in records()).items() if times > 1] == []


def test_a_group_has_at_least_two_members_and_a_question() -> None:
    members = Counter(p.group for p in records() if p.group is not None)
    assert min(members.values()) >= 2
    assert set(members) == set(read_groups(DATA / "procedures"))


@pytest.mark.parametrize("language", list(Language))
def test_the_buttons_of_a_group_differ(language: Language) -> None:
    groups = defaultdict(list)
    for record in records():
        if record.group is not None:
            assert record.variant is not None
            groups[record.group].append(record.variant.best(language)[0].casefold())
    assert [key for key, variants in groups.items() if len(variants) != len(set(variants))] == []


def test_everything_is_written_in_all_five_languages() -> None:
    for record in records():
        for text in texts(record):
            for language in Language:
                written = text.within(language)
                assert written is not None, (record.code, text.vi)
                assert written.strip(), (record.code, text.vi)


@pytest.mark.parametrize("language", list(Language))
def test_titles_are_in_the_language_they_claim(language: Language) -> None:
    # Letters that Chinese and Japanese share tell nothing, and Vietnamese names stand in brackets.
    other = {Language.EN: Language.KO, Language.JA: Language.JA}.get(language, Language.EN)
    titles = [(r.code, re.sub(r"[（(].*?[）)]", "", r.title.best(language)[0])) for r in records()]
    assert [(code, title) for code, title in titles if detect(title, other) is not language] == []


def test_vietnamese_is_composed() -> None:
    for path in sorted(DATA.rglob("*.yml")):
        text = path.read_text(encoding="utf-8")
        assert unicodedata.is_normalized("NFC", text), path
        assert "\u200b" not in text, path
        assert "\ufffd" not in text, path


def test_sources_are_dated_https_pages() -> None:
    for record in records():
        for source in (record.source, *record.sources):
            assert source.url.startswith("https://"), record.code
            assert source.updated_on is not None
            assert date(2015, 1, 1) < source.updated_on <= LATEST, record.code


def test_amounts_are_possible() -> None:
    for record in records():
        assert all(fee.amount is None or fee.amount % 500 == 0 for fee in record.fees), record.code
        assert all(time.amount is None or 0 < time.amount <= 365 for time in record.times), record.code


def test_a_fee_or_time_without_an_amount_says_why() -> None:
    for record in records():
        assert all(fee.note is not None for fee in record.fees if fee.amount is None), record.code
        assert all(time.note is not None for time in record.times if time.amount is None), record.code


def test_what_the_city_decided_is_backed_by_a_further_source() -> None:
    own = {r.code for r in records() if any(fee.local for fee in r.fees) or any(time.local for time in r.times)}
    silent = own - {r.code for r in records() if r.sources}
    assert silent == set()


def test_cases_have_names_where_there_are_several() -> None:
    for record in records():
        named = [case.case for case in record.documents if case.case is not None]
        assert len(record.documents) == 1 or named, record.code
        assert len({case.vi for case in named}) == len(named), record.code


def test_every_procedure_has_lay_questions() -> None:
    asked = {found[0]: found[1] for found in read_lay(DATA / "lay") if not isinstance(found, BrokenFile)}
    assert {r.code for r in records()} - set(asked) == set()
    for code, questions in asked.items():
        assert questions.vi, code
        assert questions.folded, code
        assert questions.en, code


def a_procedure() -> dict[str, object]:
    """One of our files, as data."""
    path = DATA / "procedures" / "enterprise" / "household-business.yml"
    data: dict[str, object] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return data


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.yml", b"", "title"),
        ("list.yml", b"- a\n- b\n", "names and values"),
        ("text.yml", b"just words", "names and values"),
        ("syntax.yml", b"title: [", "flow"),
        ("bytes.yml", b"title: \xff\xfe", "decode"),
        ("day.yml", b"source: {updated_on: 2026-02-30}", "day"),
        ("control.yml", b"title: \x00", "special characters|control"),
    ],
)
def test_a_broken_file_is_named_and_the_others_still_load(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    (tmp_path / name).write_bytes(content)
    (tmp_path / "whole.yml").write_text(yaml.safe_dump(a_procedure(), allow_unicode=True), encoding="utf-8")
    broken, whole = sorted(read_procedures(tmp_path), key=lambda found: isinstance(found, Procedure))
    assert isinstance(broken, BrokenFile)
    assert isinstance(whole, Procedure)
    assert broken.path.name == name
    assert any(part in broken.reason for part in reason.split("|")), broken.reason


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("code", "12345"),
        ("title", {"vi": "chỉ một thứ tiếng"}),
        ("variant", {"vi": "x" * 45, "en": "x", "ko": "x", "zh": "x", "ja": "x"}),
        ("fees", [{"method": "pigeon", "amount": 1}]),
        ("fees", [{"method": "any", "amount": -1}]),
        ("times", []),
        ("source", {"title": "x", "url": "not a page", "updated_on": "2026-01-01"}),
        ("unknown_field", 1),
    ],
)
def test_a_field_that_breaks_the_schema_is_named(tmp_path: Path, field: str, value: object) -> None:
    content = yaml.safe_dump({**a_procedure(), field: value}, allow_unicode=True)
    (tmp_path / "one.yml").write_text(content, encoding="utf-8")
    (broken,) = read_procedures(tmp_path)
    assert isinstance(broken, BrokenFile)
    assert field in broken.reason


def test_a_broken_group_or_lay_file_is_a_line_of_the_check(tmp_path: Path) -> None:
    (tmp_path / "procedures").mkdir()
    (tmp_path / "lay").mkdir()
    (tmp_path / "procedures" / "groups.yml").write_text("- a list\n")
    (tmp_path / "lay" / "x.yml").write_text("- a list\n")
    wrong = check(tmp_path)
    assert len(wrong) == 2
    assert all("names and values" in line for line in wrong)
