"""Which of the offered procedures a typed answer means. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from bot.domain.procedure import Procedure, Text
from bot.domain.vietnamese import fold

_NUMBER = re.compile(r"^\W*(?:so|cau|muc|option|number|cai|no\.?)?\s*(\d{1,2})\W*(?:번|号|番)?\W*$")
_ORDINALS = (
    ("dau tien|thu nhat|first|첫|第一|最初", 1),
    ("thu hai|second|두 ?번째|第二|二番", 2),
    ("thu ba|third|세 ?번째|第三|三番", 3),
    ("thu tu|fourth|네 ?번째|第四|四番", 4),
)
_LAST = re.compile(r"cuoi cung|\blast\b|마지막|最后|最後")
_WORD = re.compile(r"[^\W_]+")
_CJK = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3]")
LONGEST_CHOICE = 14
"""Words; a longer text is a new question rather than a choice."""


def choose(text: str, options: Sequence[Procedure]) -> Procedure | None:
    """The option `text` names by number, by place or by its words; None where none stands out."""
    folded = fold(text)
    if (number := _number(folded, len(options))) is not None:
        return options[number - 1]
    words = set(_pieces(folded))
    if not words or len(_WORD.findall(folded)) > LONGEST_CHOICE:
        return None
    described = [set(_pieces(fold(_description(option)))) for option in options]
    spread = Counter(word for words_of in described for word in words_of)
    points = [
        sum(1 / spread[word] for word in words & words_of if spread[word] < len(options)) for words_of in described
    ]
    ranked = sorted(range(len(options)), key=lambda at: -points[at])
    best = ranked[0]
    second = points[ranked[1]] if len(ranked) > 1 else 0.0
    # One own word of an option is enough, unless another option is named nearly as well.
    return options[best] if points[best] >= 0.5 and points[best] > second * 1.25 else None


def _number(folded: str, count: int) -> int | None:
    if (match := _NUMBER.match(folded)) is not None:
        number = int(match.group(1))
        return number if 1 <= number <= count else None
    for words, number in _ORDINALS:
        if number <= count and re.search(words, folded):
            return number
    return count if _LAST.search(folded) else None


def _description(option: Procedure) -> str:
    return " ".join(_all(option.variant) + ([] if option.variant else _all(option.title)))


def _all(text: Text | None) -> list[str]:
    return [t for t in (text.vi, text.en, text.ko, text.zh, text.ja) if t] if text is not None else []


def _pieces(folded: str) -> list[str]:
    """Words and neighbouring pairs of words; pairs of letters where a script writes no spaces."""
    words = _WORD.findall(folded)
    pieces = words + [f"{a} {b}" for a, b in pairwise(words)]
    for word in words:
        if _CJK.search(word):
            pieces += [word[at : at + 2] for at in range(len(word) - 1)]
    return pieces
