"""The glossary (`glossary.yml`): terms of administrative procedures in five languages, and what may join them.

They are the only words a translation is trusted with.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

from bot.domain.procedure import Language

_LINKING = {
    Language.VI: frozenset("của cho do tại ở theo về đối với để".split()),
    Language.EN: frozenset("of for by with as which who has been".split()),
    Language.KO: frozenset("에따라대한위한후부통"),
    Language.ZH: frozenset("之日起由于对份"),
    Language.JA: frozenset("日部通"),
}
"""Small words between terms that a translation needs and that the terms' own language says otherwise."""


@cache
def terms(language: Language) -> re.Pattern[str]:
    """Finds every term of `language`, the longest first; groups are named `<term>_<number>`."""
    held = yaml.safe_load((Path(__file__).parent / "glossary.yml").read_text(encoding="utf-8"))
    named = [
        (f"office_{name}" if term.get("office") else name, pattern)
        for name, term in held.items()
        for pattern in _alternatives(term[language])
    ]
    named.sort(key=lambda pair: -len(pair[1]))
    edge = r"(?<![^\W\d_])", r"(?![^\W\d_])"
    before, after = edge if language in (Language.VI, Language.EN) else ("", "")
    return re.compile(
        "|".join(f"(?P<{name}_{at}>{before}(?:{words}){after})" for at, (name, words) in enumerate(named))
    )


def links(word: str, language: Language) -> bool:
    """Whether `word` only joins terms."""
    return word in _LINKING[language]


def _alternatives(cell: str) -> list[str]:
    """The ways of saying a term, split where "|" stands outside brackets."""
    found, depth = [""], 0
    for letter in cell:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "|" and depth == 0:
            found.append("")
        else:
            found[-1] += letter
    return found
