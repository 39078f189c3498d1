"""Whether a translation says what the Vietnamese facts say: figures, bearings and every word through the glossary.

Words in no glossary must be the same in both (names); anything else is a doubt.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from bot.domain.procedure import Language
from bot.domain.vietnamese import fold

from .comparing import in_turn
from .glossary import links, terms
from .lexicon import Lexicon
from .reading import Item, Kind, read
from .sheet import Fact, Sheet

_UNTRANSLATED = frozenset({"get", "all", "from"})
"""Bearings that other languages have no word for ("được"), or that are a part of a term there."""


def reading(piece: str, sheet: Sheet) -> tuple[Item, ...]:
    """A piece of the retelling, with the glossary's terms where it is a translation."""
    return read(piece, sheet.wanted, _terms(sheet.wanted, sheet))


def source(text: str, sheet: Sheet) -> tuple[Item, ...]:
    """A fact, likewise."""
    return read(text, sheet.written, _terms(sheet.written, sheet))


def _terms(language: Language, sheet: Sheet) -> re.Pattern[str] | None:
    return terms(language) if sheet.written is not sheet.wanted else None


def fault(facts: Sequence[Fact], said: Sequence[Item], lexicon: Lexicon) -> str | None:
    """What `said` does to the facts, in a word; None where nothing is in doubt."""
    return in_turn(
        [read(fact.text, Language.VI, terms(Language.VI)) for fact in facts],
        said,
        lambda at, held, part: _fault_of_one(facts[at], held, part, lexicon),
    )


def _fault_of_one(fact: Fact, held: Sequence[Item], said: Sequence[Item], lexicon: Lexicon) -> str | None:
    for kind in (Kind.FIGURE, Kind.LABEL):
        if _values(said, kind) != _values(held, kind):
            return kind.value
    if Counter(_turning(said)) != Counter(_turning(held)):
        return Kind.BEARING.value
    told, known = Counter(_values(said, Kind.TERM)), Counter(_values(held, Kind.TERM))
    again = Counter(_values(read(fact.heading, Language.VI, terms(Language.VI)), Kind.TERM))
    if known - told or told - known - again:
        return Kind.TERM.value
    if _offices(said) != _offices(held):
        return "moved"
    framing = lexicon.of_section.get(fact.section, frozenset())
    names = Counter(fold(word) for word in _rest(held, Language.VI))
    left = Counter(fold(word) for word in _rest(said, lexicon.language) if word not in framing)
    return Kind.WORD.value if names != left else None


def _values(items: Sequence[Item], kind: Kind) -> list[str]:
    return [item.value for item in items if item.kind is kind]


def _turning(items: Sequence[Item]) -> list[str]:
    return [value for value in _values(items, Kind.BEARING) if value not in _UNTRANSLATED]


def _offices(items: Sequence[Item]) -> list[str]:
    return [value for value in _values(items, Kind.TERM) if value.startswith("office")]


def _rest(items: Sequence[Item], language: Language) -> list[str]:
    return [
        item.value for item in items if item.kind is Kind.WORD and not item.harmless and not links(item.value, language)
    ]
