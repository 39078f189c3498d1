"""The test set was written apart from the training data: no text is in both, whatever its dress."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.domain.vietnamese import fold, normalise
from bot.settings import ROOT

EVALUATION = ROOT / "data" / "evaluation"
SETS = sorted(path for name in ("routing", "refusals") for path in EVALUATION.rglob(f"{name}.yml"))


def _bare(text: str) -> str:
    return " ".join("".join(ch if ch.isalnum() else " " for ch in fold(normalise(text))).split())


def _training() -> list[tuple[str, str]]:
    """Every utterance with its intent."""
    return [
        (line.strip().removeprefix("-").strip(), block["intent"])
        for file in sorted((ROOT / "data" / "nlu").rglob("*.yml"))
        for block in _read(file)["nlu"]
        for line in block["examples"].splitlines()
    ]


def _read(file: Path) -> Any:
    return yaml.safe_load(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.relative_to(EVALUATION).as_posix())
def test_no_text_of_a_test_set_occurs_in_training(path: Path) -> None:
    training = {_bare(text) for text, _ in _training()}
    assert [entry["text"] for entry in _read(path) if _bare(str(entry["text"])) in training] == []


def test_no_utterance_is_training_for_two_intents() -> None:
    intents: dict[str, set[str]] = {}
    for text, intent in _training():
        intents.setdefault(normalise(text).casefold(), set()).add(intent)
    assert {text: named for text, named in intents.items() if len(named) > 1} == {}


def test_there_are_at_least_5000_distinct_utterances() -> None:
    assert len({_bare(text) for text, _ in _training()}) >= 5_000
