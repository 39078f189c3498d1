"""Vietnamese as people type it: composed letters, folding away diacritics, abbreviations spelt out.

Standard library only and Python 3.10, since the Rasa components use it too.
"""

from __future__ import annotations

import re
import unicodedata

_MARKS = {ord(mark): None for mark in "\u0300\u0301\u0303\u0309\u0323\u0302\u0306\u031b"}
_BLANKS = re.compile(r"\s+")


def normalise(text: str) -> str:
    """`text` in composed form (NFC), control and zero-width characters removed, blanks made one."""
    composed = unicodedata.normalize("NFC", text)
    kept = "".join(
        " " if ch in "\t\n\r\u00a0" else ch
        for ch in composed
        if ch in "\t\n\r" or unicodedata.category(ch) not in ("Cc", "Cf", "Cs", "Co")
    )
    return _BLANKS.sub(" ", kept).strip()


def fold(text: str) -> str:
    """`text` in lower case without Vietnamese diacritics: "Hải Phòng, đường" -> "hai phong, duong"."""
    bare = unicodedata.normalize("NFD", text.lower()).translate(_MARKS)
    return unicodedata.normalize("NFC", bare.replace("đ", "d"))


def is_folded(text: str) -> bool:
    """Whether `text` carries no Vietnamese diacritic at all (so it may be unaccented Vietnamese)."""
    return fold(text) == unicodedata.normalize("NFC", text.lower())
