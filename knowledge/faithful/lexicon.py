"""What the words of one language do in a fact: which turn it round, which name a way of filing, which add nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.procedure import Language


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Patterns are tried in order on lower case text in which a figure is the letter `FIGURE`.

    `bearings` turn a statement (not, must, only, before, if any); `labels` name what figures belong to (a way of
    filing, original or copy). `same` rewrites ways of saying one thing into one. `harmless` words may come and go;
    `of_section` may come and go in the section of that wording key. `letters` says that single letters are compared,
    because words are not written apart; `binds_back` that a bearing follows what it turns.
    """

    language: Language
    bearings: tuple[tuple[str, str], ...]
    labels: tuple[tuple[str, str], ...]
    same: tuple[tuple[str, str], ...]
    harmless: frozenset[str]
    of_section: Mapping[str, frozenset[str]]
    letters: bool = False
    binds_back: bool = False
    marks: re.Pattern[str] = field(init=False)
    rewrites: tuple[tuple[re.Pattern[str], str], ...] = field(init=False)

    def __post_init__(self) -> None:
        # A way of filing takes the "if" before it along ("nếu nộp trực tuyến"): labels come first.
        named = [*(("label", *pair) for pair in self.labels), *(("bearing", *pair) for pair in self.bearings)]
        # One pattern for all, so that the earliest mark wins and, at one place, the one listed first.
        every = "|".join(f"(?P<{kind}_{name}_{at}>{words})" for at, (kind, name, words) in enumerate(named))
        object.__setattr__(self, "marks", re.compile(every))
        object.__setattr__(self, "rewrites", tuple((re.compile(words), said) for words, said in self.same))


FIGURE = "\x01"
"""Stands for each letter of a figure once it was read."""


def words_of(listed: str) -> frozenset[str]:
    """The words of a list written as prose."""
    return frozenset(listed.split())


def stem(word: str) -> str:
    """An English word without the endings of number and tense."""
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("ing", ""), ("ed", ""), ("es", "e"), ("s", "")):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not (ending == "s" and word.endswith("ss")):
            word = word[: len(word) - len(ending)] + instead
            break
    return word.rstrip("e") if len(word) > 3 else word


def by_section(**listed: str) -> Mapping[str, frozenset[str]]:
    """The words of each section, under its wording key."""
    return {f"section_{name}": words_of(words) for name, words in listed.items()}
