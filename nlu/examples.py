"""Examples: utterances with their intents, read from Rasa's training data without Rasa."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml


@dataclass(frozen=True)
class Example:
    text: str
    intent: str


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
