"""Questions that lean on the one before: "thế còn phí?", "nếu gia hạn thì sao?", "what if it is lost?". Pure."""

from __future__ import annotations

import re

from bot.domain.procedure import Facet
from bot.domain.vietnamese import fold

_OPENING = re.compile(
    r"^(va |a |uh |um |ok |vang |da |roi |thi )*(the|vay|con|neu|nhung neu|truong hop|and|so|then|but)\b"
    r"|^(what|how) (if|about)\b|\bthi (sao|the nao)\b"
    r"|^(그럼|그러면|만약|만일)|^(那|如果|要是)|^(では|じゃあ|もし|それでは)"
)
_WORD = re.compile(r"[^\W_]+")
SHORT = 12
"""Words; a longer question stands by itself, however it begins."""


def leans_on_the_last(text: str) -> bool:
    """Whether `text` is worded as a continuation."""
    folded = fold(text).strip()
    return len(_WORD.findall(folded)) <= SHORT and _OPENING.search(folded) is not None


def facet_of_continuation(named: Facet, before: Facet | None) -> Facet:
    """The facet of a continuation that changes the procedure: the one it names, else the one spoken of before."""
    return named if named is not Facet.OVERVIEW or before is None else before
