"""Questions that lean on the one before: "thế còn phí?", "nếu gia hạn thì sao?", "what if it is lost?". Pure."""

from __future__ import annotations

import re

from bot.domain.procedure import Facet
from bot.domain.vietnamese import fold

_OPENING = re.compile(
    r"^(va |a |uh |um |ok |vang |da |roi |thi )*(the|vay|con|neu|nhung neu|truong hop|and|so|then|but)\b"
    r"|^(what|how) (if|about)\b|\bthi (sao|the nao)\b"
    r"|^(?:the |vay |ma )?co (?:can|phai|duoc|mat|nop|the)\b.*\bkhong\b"
    r"|^(그럼|그러면|만약|만일)|^(那|如果|要是)|^(では|じゃあ|もし|それでは)"
    r"|(呢|은요|는요|는요|は)[?？]?$"
)
_CORRECTION = re.compile(
    r"^\s*(?:(?:à|a|ờ|ủa|ah|oh|ơ)?[\s,]*"
    r"(?:(?:không|khong)(?: phải| phai)?\s*[,.!]+\s*|(?:nhầm|nham|lộn|lon)(?: rồi| roi)?[\s,.!]+)"
    r"(?:(?:ý|y) (?:em|tôi|toi|mình|minh|anh|chị|chi) (?:là|la|muốn hỏi|muon hoi)|(?:là|la))?"
    r"|(?:ý|y) (?:em|tôi|toi|mình|minh|anh|chị|chi) (?:là|la)\b"
    r"|(?:no|sorry|oops|wait)[\s,.!]+(?:sorry[\s,]+)?(?:i mean|i meant)\b|i (?:mean|meant)\b"
    r"|(?:不是|不对|说错了)[，,\s]*(?:我是说|是)?|我是说|아니[요,\s]+|いや[、,\s]*|違います[、,。\s]*)[\s,:：]*",
    re.IGNORECASE,
)
_THE_SAME = re.compile(
    r"^(?:the |vay |va )?con\b|\bthi (?:sao|the nao)\b"
    r"|^(?:and|and for|what about|how about)\b|(?:呢|은요|는요|は)[?？]?$"
)
_WORD = re.compile(r"[^\W_]+")
SHORT = 12
"""Words; a longer question stands by itself, however it begins."""


def leans_on_the_last(text: str) -> bool:
    """Whether `text` is worded as a continuation."""
    goes_on = _OPENING.search(fold(text).strip()) is not None or without_correction(text) != text
    return is_short(text) and goes_on


def asks_the_same(text: str) -> bool:
    """Whether `text` is worded as the last question once more, about something else ("còn phù hiệu thì sao?")."""
    return _THE_SAME.search(fold(text).strip()) is not None


def is_short(text: str) -> bool:
    """Whether `text` may need what was said before to be understood."""
    return len(_WORD.findall(text)) <= SHORT


def without_correction(text: str) -> str:
    """`text` without words that only take the last one back ("à không, ý em là"); all of it where nothing is left."""
    return _CORRECTION.sub("", text, count=1).strip() or text


def facet_of_continuation(named: Facet, before: Facet | None) -> Facet:
    """The facet of a continuation that changes the procedure: the one it names, else the one spoken of before."""
    return named if named is not Facet.OVERVIEW or before is None else before
