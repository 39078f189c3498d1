"""Patterns written in plain Vietnamese, that also find it typed without diacritics.

Where a text carries diacritics, a word may still lack its own, unless it is then another word ("sau" is not "sáu").
Where a text carries none at all, a pattern is searched without any.
"""

from __future__ import annotations

import re

from bot.domain.vietnamese import fold

_PIECE = re.compile(r"\\.|\(\?P[<=]\w+[>)]|\[(?:\\.|[^\]\\])*\]|[^\W\d_]+")
"""Escapes, names of groups and bracketed letters stay as they are; words are spelt several ways."""
_OTHERWISE_ANOTHER = frozenset(
    "sáng tối năm sáu bảy bẩy một mốt tư tám kìa âm đêm mồng tới lộn hết quá cấp cơ tổ".split()
)


class Pattern:
    """A regular expression, compiled for accented and for folded text."""

    def __init__(self, template: str) -> None:
        self._accented = re.compile(_PIECE.sub(lambda match: _either(match[0]), template))
        self._folded = re.compile(_PIECE.sub(lambda match: _bare(match[0]), template))

    def choose(self, folded: bool) -> re.Pattern[str]:
        return self._folded if folded else self._accented


def _either(piece: str) -> str:
    if not piece.isalpha() or piece in _OTHERWISE_ANOTHER:
        return piece
    return "".join(letter if fold(letter) == letter else f"[{letter}{fold(letter)}]" for letter in piece)


def _bare(piece: str) -> str:
    return fold(piece) if piece.isalpha() else piece
