"""The conditional business lines in force (`data/conditional_lines.yml`), each with the licences we know for it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from .procedures import Code, TextData, Words, load


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ListSourceData(_Strict):
    """The resolution that names the lines, and how long it is in force."""

    title: Words
    code: Words
    url: Words
    in_force_from: date
    in_force_to: date | None = None


class LicenceData(_Strict):
    """A licence of the line; `department` is a key of the directory where the record names one."""

    procedure: Code
    department: Words | None
    source: Words


class ConditionalLineData(_Strict):
    """One line; `line_of_business` is the entry of `licences.yml` that gives its whole way."""

    number: int = Field(ge=1)
    name: TextData
    words: tuple[Words, ...]
    words_foreign: dict[Literal["en", "ko", "zh", "ja"], tuple[Words, ...]]
    licences: tuple[LicenceData, ...] = ()
    verified: bool = False
    to_be_verified: bool = False
    line_of_business: Words | None = None

    @property
    def all_words(self) -> tuple[str, ...]:
        """What it is called, in every language."""
        return (self.name.vi, *self.words, *(word for words in self.words_foreign.values() for word in words))


class ConditionalLinesData(_Strict):
    """The whole list."""

    source: ListSourceData
    lines: tuple[ConditionalLineData, ...]


def read_conditional_lines(path: Path) -> ConditionalLinesData:
    """The list at `path`. Raises `OSError`, `yaml.YAMLError` or `pydantic.ValidationError`."""
    return ConditionalLinesData.model_validate(load(path))
