"""`data/evaluation/when.yml` and `when_chats.yml` as typed lines: what is said, and what it means."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import yaml

from bot.domain.procedure import Language
from bot.settings import ROOT

SETS = tuple(ROOT / "data" / "evaluation" / name for name in ("when.yml", "when_chats.yml"))
_MARKS = "\u0300\u0301\u0303\u0309\u0323\u0302\u0306\u031b"

Answer = tuple[str | None, str | None, str | None, str | None]
"""Date, time, part, end of the range, as `bot when` writes them."""


@dataclass(frozen=True, slots=True)
class Line:
    """A text, when it was written, and what it means."""

    text: str
    at: datetime
    language: Language
    want: Answer
    group: str
    seen: str
    """Which set: the first was written before the reader, each later one after it met those before."""

    @property
    def means_nothing(self) -> bool:
        return self.want == (None, None, None, None)


def lines() -> list[Line]:
    """The sets, in their order."""
    return [line for file in SETS for line in _lines(yaml.safe_load(file.read_text(encoding="utf-8")))]


def _lines(data: dict[str, Any]) -> Iterator[Line]:
    for group in data["groups"]:
        at = datetime.fromisoformat(data["moments"][group["at"]])
        language = Language(group.get("language", "vi"))
        for said in group["said"]:
            want = (_iso(said, "date"), said.get("time"), said.get("part"), _iso(said, "range_end"))
            yield Line(said["text"], at, language, want, group["name"], group.get("set", "first"))


def _iso(said: dict[str, date | None], key: str) -> str | None:
    day = said.get(key)
    return day.isoformat() if day else None


def without_marks(text: str) -> str:
    """`text` as typed without diacritics, capitals kept."""
    bare = "".join(letter for letter in unicodedata.normalize("NFD", text) if letter not in _MARKS)
    return unicodedata.normalize("NFC", bare).replace("đ", "d").replace("Đ", "D")
