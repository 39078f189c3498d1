"""The page: a text made even for reading, each place in it traceable to the characters as typed.

Composed letters (NFC) in lower case, blanks made one, slips put right, glued words parted.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator

from bot.domain.vietnamese import fold, is_folded

from .patterns import Pattern
from .spelling import CLOCK_WORDS, SLIPS

_PIECE = re.compile(r"[^\W\d_]+|\d+|\s+|.", re.DOTALL)
_CLUSTER = re.compile(r"[\s\S][\u0300-\u036f]*")
_DRAWN_OUT = re.compile(r"(.)\1+$")
_PARTED_FROM_NUMBERS = frozenset("thứ thu ngày ngay tháng thang lúc luc mùng mung mồng hôm hom".split())
_SIGNS = {"–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-", "～": "-", "~": "-", "：": ":", "／": "/", "’": "'"}
_IGNORED = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad")


class Page:
    """`text` is what is read. `folded` tells that it carries no diacritics at all, so that marks prove nothing."""

    def __init__(self, original: str) -> None:
        self.original = original
        self._starts: list[int] = []
        self._places: list[tuple[int, int, int]] = []
        composed, places = _compose(original)
        self.folded = is_folded(composed)
        parts: list[str] = []
        size = 0
        for piece, start, end in _pieces(composed, self.folded):
            self._starts.append(size)
            self._places.append((places[start], places[end], len(piece)))
            parts.append(piece)
            size += len(piece)
        self.text = "".join(parts)

    def find(self, pattern: Pattern) -> Iterator[re.Match[str]]:
        """Where `pattern` occurs."""
        return pattern.choose(self.folded).finditer(self.text)

    def has(self, pattern: Pattern, start: int, end: int) -> bool:
        """Whether `pattern` occurs within [start, end) of the page."""
        return pattern.choose(self.folded).search(self.text, start, end) is not None

    def before(self, place: int, pattern: Pattern, reach: int = 40) -> bool:
        """Whether `pattern` (ending in `$`) stands right before `place`."""
        return pattern.choose(self.folded).search(self.text[max(0, place - reach) : place]) is not None

    def after(self, place: int, pattern: Pattern) -> re.Match[str] | None:
        """`pattern` where it stands right after `place`."""
        return pattern.choose(self.folded).match(self.text, place)

    def typed(self, start: int, end: int) -> str:
        """The characters as typed that stand at [start, end) of the page."""
        first, last = self.span(start, end)
        return self.original[first:last]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place in the text as typed of [start, end) of the page."""
        return self._typed_at(start, last=False), self._typed_at(end - 1, last=True)

    def _typed_at(self, place: int, *, last: bool) -> int:
        at = bisect_right(self._starts, place) - 1
        first, end, length = self._places[at]
        if end - first != length:
            return end if last else first
        return first + place - self._starts[at] + last


def _compose(original: str) -> tuple[str, list[int] | range]:
    """`original` in NFC, and for each of its places the one as typed."""
    if unicodedata.is_normalized("NFC", original):
        return original, range(len(original) + 1)
    composed: list[str] = []
    places: list[int] = []
    for cluster in _CLUSTER.finditer(original):
        made = unicodedata.normalize("NFC", cluster[0])
        composed.append(made)
        places += [cluster.start()] * len(made)
    return "".join(composed), [*places, len(original)]


def _pieces(text: str, folded: bool) -> Iterator[tuple[str, int, int]]:
    """What is to be read, piece by piece, with its place in `text`."""
    before = ""
    for match in _PIECE.finditer(text):
        typed, start, end = match[0], match.start(), match.end()
        if typed in _IGNORED:
            continue
        piece = _even(typed)
        if before[-1:].isdecimal() and piece[:1].isalpha():
            if piece in CLOCK_WORDS:
                yield " ", start, start
            elif piece[0] in "hg" and piece[1:] in CLOCK_WORDS:
                yield piece[0], start, start + 1
                yield " ", start + 1, start + 1
                start, piece = start + 1, piece[1:]
        elif piece[:1].isdecimal() and before in _PARTED_FROM_NUMBERS:
            yield " ", start, start
        if (meant := SLIPS.get(piece)) is not None:
            piece = fold(meant) if folded else meant
        yield piece, start, end
        before = piece


def _even(typed: str) -> str:
    if typed.isspace():
        return " "
    if typed.isdecimal():
        return typed if typed.isascii() else "".join(str(int(digit)) for digit in typed)
    if len(typed) == 1:
        typed = _SIGNS.get(typed, typed)
    lower = typed.lower()
    if len(lower) != len(typed):
        return typed
    if len(lower) > 3 and lower[-1] == lower[-2]:
        return _DRAWN_OUT.sub(r"\1", lower)
    return lower
