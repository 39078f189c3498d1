"""Tokens: words of Vietnamese and its neighbours, each with its place in the text as it was typed.

Text may come composed (NFC) or decomposed (NFD, as macOS and iOS send it); a token's text is always
composed, its start and end always index the original. Telephones, numbers, addresses and dossier
codes stay whole; Han and kana are cut into characters, hangul into words.
"""

from __future__ import annotations

import re
import unicodedata

_HAN_KANA = "\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_MARKS = "\u0300-\u036f"
_TOKEN = re.compile(
    rf"""
      https?://\S+
    | [\w.+-]+@[\w-]+(?:\.[\w-]+)+                        # e-mail
    | (?:\d{{3}}(?:\.\d{{2}}){{2}}\.)?[A-Z]\d{{2}}(?:\.\d{{1,3}})*-\d{{6}}-\d{{3,6}}   # dossier: H24.12-251124-0001
    | (?<![\d.,])(?:\+84|84|0)(?:[ .-]?\d){{8,10}}(?![\d-])   # telephone, blanks and dots within
    | \d+(?:[.,]\d+)*(?![\w{_MARKS}])                     # number: 1.000.000,5
    | [{_HAN_KANA}]
    | [\uac00-\ud7a3]+
    | (?:(?![{_HAN_KANA}\uac00-\ud7a3])[^\W_])(?:(?![{_HAN_KANA}\uac00-\ud7a3])[\w{_MARKS}])*
    """,
    re.VERBOSE,
)


def tokens_of(text: str) -> list[tuple[str, int, int]]:
    """Each token's composed text with its start and end in `text`. A text of marks only is one token."""
    found = [(unicodedata.normalize("NFC", m[0]), m.start(), m.end()) for m in _TOKEN.finditer(text)]
    return found or ([(text, 0, len(text))] if text else [])
