"""Lines of business: every step leads to a procedure we hold, and the words find the right line."""

from __future__ import annotations

import gzip
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from bot.domain.procedure import Procedure
from knowledge.conditional_lines import read_conditional_lines
from knowledge.licences import Licences, LineData
from knowledge.procedures import read_procedures

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data"
CATALOGUE = ROOT.parent / "shared" / "data" / "catalogue" / "procedures.jsonl.gz"


@cache
def licences() -> Licences:
    return Licences.read(DATA)


@cache
def lines() -> dict[str, dict[str, Any]]:
    """The file as it is written."""
    found: dict[str, dict[str, Any]] = yaml.safe_load((DATA / "licences.yml").read_text("utf-8"))
    return found


def key_of(text: str) -> str | None:
    line = licences().find(text)
    return line.key if line is not None else None


def test_the_ways_owners_ask_for_begin_with_procedures_we_hold() -> None:
    held = {found.code for found in read_procedures(DATA / "procedures") if isinstance(found, Procedure)}
    first = {key: data["steps"][0]["code"] for key, data in lines().items()}
    steps = [step["code"] for data in lines().values() for step in data["steps"]]
    assert {key for key, code in first.items() if code not in held} == set()
    # the others are named by their code until the catalogue is imported
    assert sum(code in held for code in steps) > 0.8 * len(steps)


@pytest.mark.skipif(not CATALOGUE.exists(), reason="the full catalogue is not here")
def test_every_step_and_every_licence_is_a_procedure_there_is() -> None:
    held = {found.code for found in read_procedures(DATA / "procedures") if isinstance(found, Procedure)}
    with gzip.open(CATALOGUE, "rt", encoding="utf-8") as file:
        known = {code for line in file for code in re.findall(r'"code": ?"(\d\.\d{6})', line)}
    assert licences().codes() - held - known == set()


def test_all_142_conditional_lines_are_listed_once_in_their_order() -> None:
    listed = read_conditional_lines(DATA / "conditional_lines.yml")
    assert [line.number for line in listed.lines] == list(range(1, 143))
    assert all(line.licences or line.to_be_verified for line in listed.lines)
    assert all(line.verified is not line.to_be_verified for line in listed.lines)
    ways = set(lines())
    assert {line.line_of_business for line in listed.lines} - {None} <= ways


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("kinh doanh pháo hoa có phải ngành có điều kiện không", 3),
        ("toi muon mo xuong khac dau", 1),
        ("刻章", 1),
    ],
)
def test_a_conditional_line_without_a_way_of_its_own_is_found_by_its_words(text: str, number: int) -> None:
    line = licences().find(text)
    assert line is not None
    assert (line.key, line.conditional, line.whole_way) == (f"conditional-{number}", True, False)
    assert f"số {number} " in (line.conditional_source or "")


def test_no_line_is_without_a_step_or_repeats_one() -> None:
    for key in lines():
        line = licences().find(lines()[key]["words"]["vi"][0])
        assert line is not None, key
        codes = [step.code for step in line.steps]
        assert codes, key
        assert len(codes) == len(set(codes)), key


def test_a_conditional_line_names_the_list_it_is_in() -> None:
    for key, data in lines().items():
        if data["conditional"]:
            assert data["conditional_source"], key
        assert all(step["basis"] for step in data["steps"]), key


def test_no_two_lines_claim_the_same_words() -> None:
    claimed: dict[str, str] = {}
    for key, data in lines().items():
        for written in data["words"].values():
            for words in written:
                assert claimed.setdefault(words, key) == key, words


def test_the_words_of_a_line_find_it_in_every_language() -> None:
    wrong = [
        (key, words, key_of(words))
        for key, data in lines().items()
        for written in data["words"].values()
        for words in written
        if key_of(words) != key
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("tôi muốn mở quán cà phê ở Lê Chân", "restaurant_cafe"),
        ("MO QUAN CA PHE can gi", "restaurant_cafe"),
        ("我想开咖啡馆", "restaurant_cafe"),
        ("thời tiết hôm nay", None),
        ("", None),
    ],
)
def test_a_line_is_found_inside_a_question(text: str, key: str | None) -> None:
    assert key_of(text) == key


def test_words_are_found_whole_only() -> None:
    assert key_of("quan phong") is None  # not "quan pho"


def test_the_longest_words_decide() -> None:
    data: dict[str, dict[str, object]] = {
        name: {
            "name": dict.fromkeys(("vi", "en", "ko", "zh", "ja"), name),
            "words": {"vi": [words]},
            "conditional": None,
            "steps": [],
        }
        for name, words in (("wine", "rượu"), ("wholesale", "bán buôn rượu"))
    }
    found = Licences({key: LineData.model_validate(line) for key, line in data.items()}).find("xin phép ban buon ruou")
    assert found is not None
    assert found.key == "wholesale"


def test_a_step_without_a_basis_is_refused() -> None:
    data = {
        "x": {
            "name": dict.fromkeys(("vi", "en", "ko", "zh", "ja"), "x"),
            "words": {},
            "conditional": None,
            "steps": [{"code": "1.000000", "verified": True}],
        }
    }
    with pytest.raises(ValidationError, match="basis"):
        LineData.model_validate(data["x"])
