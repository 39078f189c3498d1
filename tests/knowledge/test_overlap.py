"""Questions for measuring were written apart: none is a lay question, a lay word or a question that is not ours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.domain.vietnamese import fold, normalise
from knowledge.passages import read_elsewhere
from knowledge.procedures import BrokenFile, read_lay

from .conftest import ROOT

DATA = ROOT / "data"
SETS = sorted((DATA / "evaluation").rglob("re*.yml"))


def bare(text: str) -> str:
    return " ".join("".join(ch if ch.isalnum() else " " for ch in fold(normalise(text))).split())


@pytest.fixture(scope="module")
def indexed() -> set[str]:
    """Everything that is searched among, without dress."""
    found = set(map(bare, read_elsewhere(DATA / "retrieval" / "elsewhere.yml")))
    for lay in read_lay(DATA / "lay"):
        if not isinstance(lay, BrokenFile):
            entry = lay[1]
            for texts in (entry.vi, entry.folded, entry.en, entry.ko, entry.zh, entry.ja):
                found.update(map(bare, texts))
    return found


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def test_the_sets_are_there() -> None:
    assert [path.relative_to(DATA / "evaluation").as_posix() for path in SETS] == [
        "held_out/refusals.yml",
        "held_out/retrieval.yml",
        "refusals.yml",
        "retrieval.yml",
    ]


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.relative_to(DATA).as_posix())
def test_no_question_for_measuring_is_indexed(path: Path, indexed: set[str]) -> None:
    assert [entry["text"] for entry in read(path) if bare(entry["text"]) in indexed] == []


def test_no_question_for_measuring_is_in_both_halves() -> None:
    texts = [bare(entry["text"]) for path in SETS for entry in read(path)]
    assert len(texts) == len(set(texts))


def test_lay_questions_are_written_for_nearly_the_whole_catalogue() -> None:
    codes = [lay[0] for lay in read_lay(DATA / "lay") if not isinstance(lay, BrokenFile)]
    assert len(codes) == len(set(codes))
    assert len(codes) >= 3_200
