"""Examples: utterances with their intents, from the training data and the test set, read without Rasa."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml
from bot.domain.vietnamese import fold, normalise


@dataclass(frozen=True)
class Example:
    text: str
    intent: str
    language: str | None = None


def training_examples(folder: Path) -> list[Example]:
    """Every utterance of every YAML file in `folder`, in the files' order, doubles dropped."""
    found: dict[Example, None] = {}
    for file in sorted(folder.rglob("*.yml")):
        for block in yaml.safe_load(file.read_text(encoding="utf-8")).get("nlu") or []:
            for line in (block.get("examples") or "").splitlines():
                text = line.strip().removeprefix("-").strip()
                if "intent" in block and text:
                    found[Example(text, block["intent"])] = None
    return list(found)


def routing_examples(file: Path) -> list[Example]:
    """The test set: a list of {text, intent, language}."""
    entries = yaml.safe_load(file.read_text(encoding="utf-8")) or []
    if isinstance(entries, dict):  # the list may stand under one key
        entries = next(iter(entries.values()))
    return [Example(str(e["text"]), e["intent"], e.get("language")) for e in entries]


def overlapping(test: Iterable[Example], training: Iterable[Example]) -> list[str]:
    """Test texts that occur in training too, whatever their diacritics, case and punctuation."""
    known = {bare(example.text) for example in training}
    return [example.text for example in test if bare(example.text) in known]


def bare(text: str) -> str:
    """`text` without diacritics, case and punctuation: two texts alike in it are one utterance."""
    return " ".join("".join(ch if ch.isalnum() else " " for ch in fold(normalise(text))).split())
