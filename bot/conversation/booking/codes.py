"""The codes of appointments in what people type: in any case, with blanks or hyphens, told from other words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.domain.booking.appointment import ALPHABET, CODE_LENGTH
from bot.domain.vietnamese import fold

_WORD = re.compile(r"[^\W_]+")
_SPELT = frozenset(ALPHABET)
_HOUR = re.compile(r"\d{1,2}[HG]\d{2}")
_NAMED = re.compile(
    r"(?:\bma(?: so| hen| lich| lich hen| dat lich| dat hen| dat cho)*(?: la)?|\bcode(?: is)?|\b(?:booking|reference)"
    r"(?: number| code| no)?(?: is)?|코드|번호|예약번호|预约码|预约号|编号|コード|番号)[\s:#]*$"
)
"""What stands before a code; the text is folded."""
_BEFORE = frozenset("la so is no number hen lich dat cho code".split())
_TYPED = re.compile(r"[0-9a-z](?:[ -]?[0-9a-z]){3,11}(?![.\w])")


@dataclass(frozen=True, slots=True)
class CodesSaid:
    """`named`: what is surely meant as a code, right or wrong. `possible`: what may be one or an ordinary word, so
    that only the book tells."""

    named: str | None = None
    possible: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """Every code to look for, the surest first."""
        return tuple(dict.fromkeys((*((self.named,) if self.named else ()), *self.possible)))


def codes_in(text: str) -> CodesSaid:
    """The codes that `text` may name, in capitals."""
    words = [(found.group().upper(), found.start(), found.end()) for found in _WORD.finditer(text)]
    named: str | None = None
    possible: list[str] = []
    for at in range(len(words)):
        joined, previous = "", 0
        for word, start, end in words[at:]:
            # Between the pieces of a code stand blanks and hyphens, no sentence and no number of a procedure.
            if joined and re.fullmatch(r"[ -]{1,3}", text[previous:start]) is None:
                break
            joined, previous = joined + word, end
            if len(joined) >= CODE_LENGTH:
                break
        if len(joined) != CODE_LENGTH or not _SPELT.issuperset(joined):
            continue
        possible.append(joined)
        alone = len(text.strip()) == words[-1][2] - words[0][1] and at == 0 and previous == words[-1][2]
        if named is None and (alone or joined == words[at][0]) and _looks_made_up(joined):
            named = joined
    return CodesSaid(named or _after_its_name(text), tuple(possible))


def _looks_made_up(code: str) -> bool:
    return any(ch.isdigit() for ch in code) and any(ch.isalpha() for ch in code) and _HOUR.match(code) is None


def _after_its_name(text: str) -> str | None:
    """What stands behind "mã" or "code", be it a code of ours or not, as long as it holds a digit."""
    folded = fold(text).lower()
    for found in re.finditer(r"[0-9a-z][0-9a-z-]*", folded):
        if found.group() in _BEFORE or _NAMED.search(folded[: found.start()]) is None:
            continue
        typed = _TYPED.match(folded, found.start())
        if typed is None:
            continue
        whole = re.sub(r"[ -]", "", typed.group()).upper()
        first = found.group().replace("-", "").upper()
        code = whole[:CODE_LENGTH] if len(whole) >= CODE_LENGTH > len(first) else first
        if any(ch.isdigit() for ch in code) and len(code) >= 4:
            return code
    return None
