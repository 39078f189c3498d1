"""Which procedures a line of business needs, in order, found by the words for the line.

`data/licences.yml` gives the whole way of lines that owners often open; `data/conditional_lines.yml` says of every line
in the national list that it is conditional, and which licences the catalogue holds for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from bot.domain.procedure import Text
from bot.domain.vietnamese import fold

from .conditional_lines import ConditionalLineData, ConditionalLinesData, ListSourceData, read_conditional_lines
from .procedures import Code, TextData, Words, load

COMMON = 0.25
"""Share of the lines; registering a household business or a company is a step of most."""
_WORD = re.compile(r"\w+")
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
    department: str | None = None
    """A key of the directory, where it is known without the procedure."""


@dataclass(frozen=True, slots=True)
class LineOfBusiness:
    """`whole_way` says that `steps` begin with registering the business; else they are the line's licences alone."""

    key: str
    name: Text
    conditional: bool | None
    conditional_source: str | None
    steps: tuple[LicenceStep, ...]
    whole_way: bool = True


class Licences:
    """The lines of business we know, and the finding of one in a question."""

    def __init__(self, lines: Mapping[str, LineData], listed: ConditionalLinesData | None = None) -> None:
        self._lines = {key: _to_line(key, data) for key, data in lines.items()}
        self._ways = len(self._lines)
        self.list_source = listed.source if listed else None
        self._phrases: dict[str, str] = {}
        for key, data in lines.items():
            for written in data.words.values():
                self._learn(written, key)
        for entry in listed.lines if listed else ():
            key = entry.line_of_business or f"conditional-{entry.number}"
            if listed is not None and entry.line_of_business is None:
                self._lines[key] = _listed(key, entry, listed.source)
            self._learn(entry.all_words, key)
        self._longest = max((phrase.count(" ") + 1 for phrase in self._phrases), default=0)
        # The longest phrase decides: "rượu bia bán buôn" before "rượu".
        self._unspaced = sorted((p for p in self._phrases if _CJK.search(p)), key=lambda phrase: -len(phrase))

    @classmethod
    def read(cls, data: Path) -> Licences:
        """From the folder of content. Raises `OSError`, `yaml.YAMLError` or `pydantic.ValidationError`."""
        ways = {str(key): LineData.model_validate(entry) for key, entry in load(data / "licences.yml").items()}
        return cls(ways, read_conditional_lines(data / "conditional_lines.yml"))

    def find(self, text: str) -> LineOfBusiness | None:
        """The line of business named in `text`, with or without diacritics, in any language."""
        folded = fold(text)
        for phrase in self._unspaced:
            if phrase in folded:
                return self._lines[self._phrases[phrase]]
        words = _WORD.findall(folded)
        for length in range(min(self._longest, len(words)), 0, -1):
            for start in range(len(words) - length + 1):
                key = self._phrases.get(" ".join(words[start : start + length]))
                if key is not None:
                    return self._lines[key]
        return None

    def _learn(self, phrases: Iterable[str], key: str) -> None:
        for phrase in phrases:
            folded = fold(phrase)
            self._phrases.setdefault(folded if _CJK.search(folded) else " ".join(_WORD.findall(folded)), key)

    def is_common(self, code: str) -> bool:
        """Whether a procedure is a step of so many lines that it tells none of them apart."""
        lines = sum(any(step.code == code for step in line.steps) for line in self._lines.values())
        return lines > self._ways * COMMON

    def __len__(self) -> int:
        return len(self._lines)

    def codes(self) -> frozenset[str]:
        """Every procedure code some line leads to."""
        return frozenset(step.code for line in self._lines.values() for step in line.steps)


def _to_line(key: str, data: LineData) -> LineOfBusiness:
    steps = tuple(LicenceStep(s.code, s.when.to_domain() if s.when else None, s.basis, s.verified) for s in data.steps)
    return LineOfBusiness(key, data.name.to_domain(), data.conditional, data.conditional_source, steps)


def _listed(key: str, entry: ConditionalLineData, source: ListSourceData) -> LineOfBusiness:
    named = f"{source.code}, số {entry.number} {entry.name.vi}"
    steps = tuple(
        LicenceStep(licence.procedure, None, named, entry.verified, licence.department) for licence in entry.licences
    )
    return LineOfBusiness(key, entry.name.to_domain(), True, named, steps, whole_way=False)
