"""Learn the diacritics: `data/diacritics.json` from every Vietnamese sentence the project has written.

From the repository's root, after much has been written in `data/`:

    nlu/.venv/bin/python -m nlu.learn_diacritics

Not part of a training: the model is stored, so that adding a lay question does not train the NLU anew. What
people type counts double, beside it procedures are long and official.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from bot.domain.diacritics import Restorer

from .examples import training_examples
from .fingerprint import ROOT

TARGET = ROOT / "data" / "diacritics.json"
_TYPED, _OFFICIAL = ("lay",), ("procedures", "directory", "wording")


def sentences(data: Path) -> Iterator[str]:
    """Every sentence under `data`, in any language: the model takes those with Vietnamese marks."""
    spoken = [example.text for example in training_examples(data / "nlu")]
    spoken += [text for folder in _TYPED for text in _texts(data / folder)]
    yield from spoken
    yield from spoken
    yield from (text for folder in _OFFICIAL for text in _texts(data / folder))


def _texts(folder: Path) -> Iterator[str]:
    for file in sorted(folder.rglob("*.yml")):
        yield from _strings(yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def main() -> None:
    model = Restorer.learn(sentences(ROOT / "data")).to_json()
    # A line for each first syllable: an edit changes a few lines, not the file.
    pairs = ",\n".join(f"{_json(first)}:{_json(seconds)}" for first, seconds in model["pairs"].items())
    TARGET.write_text(f'{{"words":{_json(model["words"])},\n"pairs":{{\n{pairs}\n}}}}\n', encoding="utf-8")
    print(f"{len(model['words'])} words, {TARGET.stat().st_size // 1000} kB in {TARGET.relative_to(ROOT)}")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


if __name__ == "__main__":
    sys.exit(main())
