"""The check itself: may this retelling go out in place of the composed answer?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain

from bot.domain.procedure import Language
from bot.domain.vietnamese import fold, is_folded

from . import comparing, translating
from .lexicons import LEXICONS
from .reading import Item, Kind, plain, read
from .residue import residue
from .sheet import Fact, Sheet
from .splitting import pieces

LONGEST = 2.0
"""A retelling may be so many times as long as the facts, and `MORE` characters more."""
MORE = 160
MANY = 8
"""Facts one sentence may hold together, and sentences one fact may be told in."""
_LEADS_IN = re.compile(
    r"(?:[:：]|như sau|sau đây|dưới đây|as follows|following|다음과 같습니다|아래와 같습니다|如下|のとおりです)"
    r"[.:。：]?$"
)
_SCRIPTS = {
    "hangul": re.compile("[\uac00-\ud7a3]"),
    "kana": re.compile("[\u3040-\u30ff]"),
    "han": re.compile("[\u4e00-\u9fff]"),
    "other": re.compile("[\u0370-\u05ff\u0600-\u06ff\u0900-\u0dff\u0e00-\u0e7f]"),
}
_OWN = {
    Language.VI: (),
    Language.EN: (),
    Language.KO: ("hangul",),
    Language.ZH: ("han",),
    Language.JA: ("kana", "han"),
}


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a retelling was refused: a kind for the figures ("figure", "word", "promise"…) and the piece, if one."""

    kind: str
    piece: str = ""


def doubt(sheet: Sheet, text: str) -> Doubt | None:
    """The first doubt about `text` as a retelling of `sheet`; None where it may go out.

    Every sentence must tell one or more facts in a row and every fact must be told, in the order of the sheet: figures,
    ways of filing and whatever turns a statement round one by one, words up to a measured share. Another
    language is checked word by word against a glossary, and what is in no glossary is a doubt.
    """
    if (kind := _as_a_whole(sheet, text)) is not None:
        return Doubt(kind)
    told = pieces(_without_names(text, sheet.names))
    check = translating.fault if sheet.written is not sheet.wanted else comparing.fault
    if _aligned(sheet, told, check):
        return None
    return _named(sheet, told)


def may_be_sent(sheet: Sheet) -> bool:
    """Whether the facts may be shown to a model at all: no orders to a model stand in them."""
    return residue("\n".join(chain((fact.text for fact in sheet.facts), sheet.names))) not in ("orders", "self")


def _as_a_whole(sheet: Sheet, text: str) -> str | None:
    facts = "\n".join(chain.from_iterable((fact.heading, fact.text) for fact in sheet.facts))
    if not any(letter.isalnum() for letter in text):
        return "empty"
    if len(text) > LONGEST * (sheet.size + sum(len(name) for name in sheet.names)) + MORE:
        return "overlong"
    if _signs(text) - _signs(facts):
        return "markup"
    kind = residue(text)
    if kind is not None and (kind != "promise" or residue(facts) != "promise"):
        return kind
    for name, script in _SCRIPTS.items():
        if name not in _OWN[sheet.wanted] and set(script.findall(text)) - set(script.findall(facts)):
            return "language"
    own = _OWN[sheet.wanted]
    if own and not any(_SCRIPTS[name].search(text) for name in own):
        return "language"
    if sheet.wanted is Language.VI and is_folded(text) and not is_folded(facts):
        return "language"
    return "question" if re.search("[?？]", text) and not re.search("[?？]", facts) else None


def _signs(text: str) -> set[str]:
    """Signs that no sentence needs and that can say something: emoji, arrows, "≥", a line through a number."""
    composed = unicodedata.normalize("NFC", text)
    kinds = ("Cc", "Cf", "Cn", "Co", "Cs", "Me", "Mn", "No", "Sk", "Sm", "So")
    return {letter for letter in composed if letter not in "\n\r\t" and unicodedata.category(letter) in kinds}


def _without_names(text: str, names: Sequence[str]) -> str:
    for name in names:
        text = re.sub(re.escape(name), " ", text, flags=re.IGNORECASE)
    return text


def _aligned(sheet: Sheet, told: Sequence[str], check: Callable[..., str | None]) -> bool:
    """Whether pieces and facts can be laid side by side, in order, so that each block holds."""
    lexicon = LEXICONS[sheet.wanted]
    facts = sheet.facts
    same = sheet.written is sheet.wanted

    def _clauses_kept(held: Sequence[Fact], said: Sequence[str]) -> bool:
        together = "\n".join(said) if len(held) == 1 else ""
        return all(comparing.keeps_clauses(fact, together, lexicon) for fact in held)

    @cache
    def fits(piece: int, fact: int) -> bool:
        if piece == len(told):
            return fact == len(facts)
        if _frames(told[piece], facts[fact] if fact < len(facts) else None, sheet.wanted) and fits(piece + 1, fact):
            return True
        blocks = [(1, count) for count in range(1, MANY + 1)] + [(count, 1) for count in range(2, MANY + 1)]
        for many, few in blocks:
            if piece + many > len(told) or fact + few > len(facts):
                continue
            said = translating.reading("\n".join(told[piece : piece + many]), sheet)
            if check(facts[fact : fact + few], said, lexicon) is not None:
                continue
            if same and not _clauses_kept(facts[fact : fact + few], told[piece : piece + many]):
                continue
            if fits(piece + many, fact + few):
                return True
        return False

    return fits(0, 0)


def _frames(piece: str, following: Fact | None, language: Language) -> bool:
    """Whether a piece says nothing of its own: courtesy, or a heading of what follows it."""
    lexicon = LEXICONS[language]
    if following is not None and plain(piece) == plain(following.heading):
        return True
    items = read(piece, language)
    if any(item.kind is not Kind.WORD for item in items):
        return False
    telling = [item.value for item in items if not item.harmless]
    if not telling:
        return True
    if following is None or not _LEADS_IN.search(plain(piece)):
        return False
    return set(telling) <= comparing.frame_words(following, lexicon)


def _named(sheet: Sheet, told: Sequence[str]) -> Doubt:
    """The doubt in words: what the retelling as a whole has too much or too little of, else its order."""
    said: list[Item] = list(chain.from_iterable(translating.reading(each, sheet) for each in told))
    facts = list(chain.from_iterable(translating.source(fact.text, sheet) for fact in sheet.facts))
    for kind in (Kind.FIGURE, Kind.LABEL, Kind.BEARING):
        if sorted(comparing.hard(said, kind)) != sorted(comparing.hard(facts, kind)):
            return Doubt(kind.value)
    known = {item.value for item in facts} | set(
        chain.from_iterable(comparing.frame_words(fact, LEXICONS[sheet.wanted]) for fact in sheet.facts)
    )
    for piece in told:
        for item in translating.reading(piece, sheet):
            if item.kind is Kind.WORD and not item.harmless and item.value not in known:
                return Doubt("word", fold(item.value))
    return Doubt("order")
