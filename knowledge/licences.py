"""Which procedures a line of business needs, in order (`data/licences.yml`), found by the words for the line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from bot.domain.procedure import Text
from bot.domain.vietnamese import fold
from knowledge.procedures import Code, TextData, Words, load

COMMON = 0.25
"""Share of the lines; registering a household business or a company is a step of most."""
_CJK = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3]")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class StepData(_Strict):
    """One procedure of the way; `verified` false means we suggest it without having checked it fully."""

    code: Code
    when: TextData | None = None
    basis: Words
    verified: bool


class LineData(_Strict):
    """One line of business; `conditional` None where it could not be checked against the list."""

    name: TextData
    words: Mapping[str, tuple[Words, ...]]
    conditional: bool | None
    conditional_source: Words | None = None
    steps: tuple[StepData, ...]


@dataclass(frozen=True, slots=True)
class LicenceStep:
    code: str
    when: Text | None
    basis: str
    verified: bool


@dataclass(frozen=True, slots=True)
class LineOfBusiness:
    key: str
    name: Text
    conditional: bool | None
    conditional_source: str | None
    steps: tuple[LicenceStep, ...]


class Licences:
    """The lines of business we know, and the finding of one in a question."""

    def __init__(self, lines: Mapping[str, LineData]) -> None:
        self._lines = {key: _to_line(key, data) for key, data in lines.items()}
        words = [
            (fold(word), key) for key, data in lines.items() for written in data.words.values() for word in written
        ]
        # The longest phrase decides: "rượu bia bán buôn" before "rượu".
        self._words = sorted(words, key=lambda pair: -len(pair[0]))

    @classmethod
    def read(cls, path: Path) -> Licences:
        """Raises `OSError`, `yaml.YAMLError` or `pydantic.ValidationError`."""
        data = load(path)
        return cls({str(key): LineData.model_validate(entry) for key, entry in data.items()})

    def find(self, text: str) -> LineOfBusiness | None:
        """The line of business named in `text`, with or without diacritics, in any language."""
        folded = fold(text)
        for words, key in self._words:
            if _CJK.search(words):
                if words in folded:
                    return self._lines[key]
            elif re.search(rf"(?<!\w){re.escape(words)}(?!\w)", folded):
                return self._lines[key]
        return None

    def is_common(self, code: str) -> bool:
        """Whether a procedure is a step of so many lines that it tells none of them apart."""
        lines = sum(any(step.code == code for step in line.steps) for line in self._lines.values())
        return lines > len(self._lines) * COMMON

    def __len__(self) -> int:
        return len(self._lines)

    def codes(self) -> frozenset[str]:
        """Every procedure code some line leads to."""
        return frozenset(step.code for line in self._lines.values() for step in line.steps)


def _to_line(key: str, data: LineData) -> LineOfBusiness:
    steps = tuple(LicenceStep(s.code, s.when.to_domain() if s.when else None, s.basis, s.verified) for s in data.steps)
    return LineOfBusiness(key, data.name.to_domain(), data.conditional, data.conditional_source, steps)
