"""The tables beside this module: sheets of facts, lies about them, honest retellings of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.conversation.wording import Wording
from bot.domain.procedure import Language
from knowledge.faithful.sheet import Fact, Sheet

HERE = Path(__file__).parent
DATA = HERE.parents[2] / "data"


@dataclass(frozen=True, slots=True)
class Told:
    """A retelling: what it shows, the sheet it is of, and its text."""

    name: str
    sheet: str
    text: str


@cache
def sheets() -> dict[str, Sheet]:
    """Every sheet by its name."""
    wording = Wording.read(DATA / "wording")
    return {name: _sheet(entry, wording) for name, entry in _load("sheets.yml").items()}


def _sheet(entry: dict[str, Any], wording: Wording) -> Sheet:
    written = Language(entry["written"])
    facts = []
    for section, text in entry["facts"]:
        key = f"section_{section}" if section else ""
        plain = section in ("", "documents_case")
        facts.append(Fact(text, key, "" if plain else wording.say(key, written)))
    return Sheet(tuple(facts), written, Language(entry.get("wanted", written)), tuple(entry.get("names", ())))


def lies() -> list[Told]:
    return [Told(*row) for row in _load("lies.yml")]


def honest() -> list[Told]:
    return [Told(*row) for row in _load("honest.yml")]


def _load(name: str) -> Any:
    return yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
