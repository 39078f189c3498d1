"""The facts a retelling is checked against: lines of a composed answer, each under its section."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.procedure import Language


@dataclass(frozen=True, slots=True)
class Fact:
    """One line. `section` is the wording key of its heading (empty where it has none), `heading` the heading's text.

    What a heading says itself (the case in "Hồ sơ – cấp lại:") is a fact of its own.
    """

    text: str
    section: str = ""
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Facts in `written`, to be retold in `wanted`; `names` may be said as they are, the procedure's title is one."""

    facts: tuple[Fact, ...]
    written: Language
    wanted: Language
    names: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """Characters of all facts."""
        return sum(len(fact.text) for fact in self.facts)
