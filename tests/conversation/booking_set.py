"""`data/evaluation/booking.yml` as typed lines: what a contact says to book, and every fact in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import yaml

from bot.conversation.booking.hearing import hear
from bot.domain.procedure import Language
from bot.settings import ROOT
from bot.when import read_when, to_data

SET = ROOT / "data" / "evaluation" / "booking.yml"
MATTER = ("service", "department")
"""Facts that only the whole assistant tells, with its understanding and its index."""

Facts = dict[str, str]


@dataclass(frozen=True, slots=True)
class Said:
    """One line; `asks` is what the form has asked before it, None where nothing was said yet."""

    text: str
    at: datetime
    language: Language
    folded: bool
    asks: str | None
    facts: Facts

    @property
    def way(self) -> str:
        return "vi, typed in haste" if self.folded else self.language.value

    @property
    def details(self) -> Facts:
        return {fact: value for fact, value in self.facts.items() if fact not in MATTER}

    @property
    def matter(self) -> Facts:
        return {fact: value for fact, value in self.facts.items() if fact in MATTER}


@dataclass(slots=True)
class Score:
    """Facts understood, among those said and those only imagined."""

    right: int = 0
    all: int = 0
    mistakes: list[str] = field(default_factory=list)

    def add(self, said: Said, wanted: Facts, understood: Facts) -> None:
        for fact in {**wanted, **understood}:
            self.all += 1
            if wanted.get(fact, "").casefold() == understood.get(fact, "").casefold():
                self.right += 1
            else:
                told = f"{fact} {wanted.get(fact)!r}, understood {understood.get(fact)!r}"
                self.mistakes.append(f"{said.way}: {said.text!r} ({said.asks}): {told}")

    @property
    def share(self) -> float:
        return self.right / self.all if self.all else 1.0


def lines() -> list[Said]:
    """The set, in its order."""
    return list(_lines(yaml.safe_load(SET.read_text(encoding="utf-8"))))


def _lines(data: dict[str, Any]) -> Iterator[Said]:
    at = datetime.fromisoformat(data["at"])
    for group in data["groups"]:
        for said in group["said"]:
            facts = {fact: str(value) for fact, value in said.items() if fact != "text"}
            yield Said(said["text"], at, Language(group["language"]), group.get("folded", False), group["asks"], facts)


def understood(said: Said) -> Facts:
    """What the form hears of the person, the day and the decision; no understanding and no index is needed."""
    asked = said.asks == "details"
    heard = hear(said.text, said.at, said.language, read_when, asked_details=asked, asked_name=asked)
    reading = to_data(heard.reading)
    facts = {
        **{fact: reading[fact] for fact in ("date", "range_end", "time", "part")},
        "name": heard.name,
        "telephone": heard.numbers.telephone,
        "tax_code": heard.numbers.tax_code,
        "decision": heard.decision,
    }
    return {fact: str(value) for fact, value in facts.items() if value is not None}


def table(scores: dict[str, Score]) -> str:
    """The shares a row each, and every mistake."""
    rows: Sequence[str] = [f"{way:20} {score.all:4} facts  {score.share:.3f}" for way, score in scores.items()]
    mistakes = [f"  {mistake}" for score in scores.values() for mistake in score.mistakes]
    return "\n".join([*mistakes, *rows])
