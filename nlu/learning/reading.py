"""Reading: the forms of an utterance that the featurizers look at.

Pure text work; offsets are lost here, so entity extraction does not use it.
"""

from __future__ import annotations

import json
import re
from functools import cache, lru_cache

from bot.domain.diacritics import Restorer
from bot.domain.vietnamese import expand, fold, is_english, is_folded, normalise

from nlu.fingerprint import ROOT

# A long story greets first and asks last. Embedding takes 1 ms for each 15 characters.
_HEAD, _TAIL = 200, 600
_DIGIT = re.compile(r"\d")
_LONG_NUMBER = re.compile(r"0{4,}")

_HANGUL, _KANA, _HAN = re.compile("[\uac00-\ud7a3]"), re.compile("[\u3040-\u30ff]"), re.compile("[\u4e00-\u9fff]")
_RECENT = 64  # texts: dense and sparse features read the same one


def writing(text: str) -> str:
    """How `text` is written: vi, bare (Vietnamese without diacritics), en, ko, ja or zh."""
    for name, letters in (("ko", _HANGUL), ("ja", _KANA), ("zh", _HAN)):
        if letters.search(text):
            return name
    if not is_folded(text):
        return "vi"
    return "en" if is_english(text) else "bare"


@lru_cache(_RECENT)
def spelt_out(text: str) -> str:
    """`text` composed, abbreviations spelt out, in lower case, at most 801 characters."""
    clean = normalise(text)
    if len(clean) > _HEAD + _TAIL:
        clean = f"{clean[:_HEAD]} {clean[-_TAIL:]}"
    return expand(clean).lower()


@lru_cache(_RECENT)
def restored(text: str) -> str:
    """`spelt_out` text with its diacritics given back where it is Vietnamese: what is embedded."""
    spelt = spelt_out(text)
    return _restorer().restore(spelt) if writing(text) in ("vi", "bare") else spelt


def masked(text: str) -> str:
    """`text` with each digit as 0 and long numbers alike: an intent does not hang on a telephone's digits."""
    return _LONG_NUMBER.sub("0000", _DIGIT.sub("0", text))


def folded(text: str) -> str:
    """`spelt_out` text without diacritics and with digits masked."""
    return fold(masked(text))


@cache
def _restorer() -> Restorer:
    return Restorer.from_json(json.loads((ROOT / "data" / "diacritics.json").read_text(encoding="utf-8")))
