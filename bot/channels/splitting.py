"""Splitting: a long text is cut where a reader would pause, never inside a word or an address.

Pure. Japanese and Chinese write no spaces, so there a cut may fall between two letters; a run of other
characters is cut only where it alone is longer than a whole part.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_PARAGRAPH = re.compile(r"\n[^\S\n]*\n\s*")
_LINE = re.compile(r"\n")
_SENTENCE = re.compile(r"(?<=[^\d\s][.!?;…])[^\S\n]+(?=\S)|(?<=[。！？；])(?=\S)")
"""Not after a number: "5. Nộp hồ sơ" is an item of a list."""
_WORD = re.compile(r"\s+")
_BOUNDARIES = (_PARAGRAPH, _LINE, _SENTENCE)
_FULL_ENOUGH = 0.5
"""A boundary is used where it leaves a part at least this full; else the next finer kind is looked for."""
_ADDRESS = re.compile(r"(?:https?://|www\.)[\x21-\x7e]+|[\w.+-]+@[\w-]+\.[\w.-]+", re.ASCII)
_IDEOGRAPH = re.compile(
    r"[\u2e80-\u303f\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef]"
)
_NOT_FIRST = "。、，．！？；：）」』】》〉”’…ー々っゃゅょッャュョ"
"""Letters and marks that Japanese and Chinese do not begin a line with."""


def split(text: str, limit: int) -> list[str]:
    """`text` in parts of at most `limit` characters; only blanks at the cuts are dropped."""
    if limit < 1:
        raise ValueError(f"no text fits into {limit} characters")
    return list(_parts(text.strip("\n"), limit))


def _parts(text: str, limit: int) -> Iterator[str]:
    while len(text) > limit:
        end, start = _cut(text, limit)
        if part := text[:end].rstrip():
            yield part
        # A line keeps its indentation, whatever else stood at the cut was only a pause.
        text = text[start:].lstrip("\n") if text[start - 1] == "\n" else text[start:].lstrip()
    if text.strip():
        yield text.rstrip()


def _cut(text: str, limit: int) -> tuple[int, int]:
    """Where this part ends, and where the next one starts."""
    # A blank may lie just behind the limit, and a run of blanks around it.
    window = text[: limit + 1]
    for boundary in _BOUNDARIES:
        found = _last(boundary, window, limit)
        if found is not None and found[0] >= limit * _FULL_ENOUGH:
            return found
    return _last_word(text, window, limit) or _inside(text, limit)


def _last(boundary: re.Pattern[str], window: str, limit: int) -> tuple[int, int] | None:
    cuts = [match.span() for match in boundary.finditer(window) if 0 < match.start() <= limit]
    return cuts[-1] if cuts else None


def _last_word(text: str, window: str, limit: int) -> tuple[int, int] | None:
    """The last blank, or in text without blanks the last place between two ideographs."""
    word = _last(_WORD, window, limit)
    free = _last_between_ideographs(text, limit, after=word[1] if word else 0)
    return free or word


def _last_between_ideographs(text: str, limit: int, *, after: int) -> tuple[int, int] | None:
    addresses = [match.span() for match in _ADDRESS.finditer(text, 0, limit + 200)]
    for at in range(limit, max(after, 1), -1):
        joins_words = not _IDEOGRAPH.match(text[at - 1]) and not _IDEOGRAPH.match(text[at])
        if joins_words or text[at] in _NOT_FIRST or unicodedata.combining(text[at]):
            continue
        if not any(start < at < end for start, end in addresses):
            return at, at
    return None


def _inside(text: str, limit: int) -> tuple[int, int]:
    """A word longer than a part: cut it, but keep a letter with its marks where that is possible."""
    at = limit
    while at > 1 and (unicodedata.combining(text[at]) or text[at] in "\u200d\ufe0f" or text[at - 1] == "\u200d"):
        at -= 1
    return (at, at) if at > 1 else (limit, limit)
