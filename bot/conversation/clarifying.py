"""Which of the offered procedures a typed answer means. Pure.

An answer is short: a number, a place in the list, or the words of one option and little else. Anything
longer is a new question, and the search that follows reads it better than a guess here.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.domain.procedure import Language, Procedure
from bot.domain.vietnamese import expand, fold, same_word

_NUMERALS = {
    word: number
    for number, words in enumerate(
        (
            "1 mot nhat dau một single one first 1st 하나 첫 一 最初",
            "2 hai nhi two second 2nd 둘 두 二",
            "3 ba three third 3rd 셋 세 三",
            "4 bon tu four fourth 4th 넷 네 四",
            "5 nam five fifth 5th 다섯 五",
            "6 sau six sixth 6th 여섯 六",
        ),
        1,
    )
    for word in words.split()
}
_ROUND_A_NUMERAL = re.compile(r"^(?:thu |第)|(?<=dau) tien$|(?: ?번째?| ?째|个|個|番目?|つ目|号)$")
_LAST = re.compile("cuoi|cuoi cung|last|마지막|最后|最后一个|最後")
_FILLERS = frozenset(
    """
    a ak ah ad anh ban cai can cau cho chon chi chinh co con cua da dang di do duoc em giup hinh ho la lam lay loai
    minh mo muc muon nay nha nhe nhi nho oi option phuong so tai theo thi thoi thuc toi truong tui u uh ung vang ve
    voi hop xem xin y an neu sao the vay
    about am go i it is like me mean meant my no number of ok okay one please that the think this to want with would
    yes id for what if how about then so and but
    """.split()
)
"""Folded words that only carry an answer."""
_FILLING = re.compile(
    r"(?:이에요|예요|입니다|은요|는요|이요|할게요|해주세요|주세요|부탁드립니다|원합니다|원해요|으로|로|요)(?!\w)"
    r"|그럼|그러면|我要办?|我想办?|^那|呢|じゃあ|では|我选|选择|选|办理|请|吧|的是|です|でお願いします|お願いします|にします|の方|希望します?|の|を|が|は"
)
_YES_OR_NO = re.compile(
    r"co|khong|ko|k|khong phai|khong co|dung|dung roi|yes|no|none|none of them|neither|네|예|아니요|아니오"
    r"|是|不是|都不是|对|はい|いいえ|どれでもない"
)
_WORD = re.compile(r"[^\W_]+")
_CJK = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3]")
ENOUGH = 0.6
"""Share of an answer's words that must be the option's own."""


def choose(text: str, options: Sequence[Procedure]) -> Procedure | None:
    """The option `text` names by number, by place or by its words; None where none stands out."""
    written = unicodedata.normalize("NFKC", text).lower()
    plain = " ".join(_WORD.findall(fold(written)))
    if not options or not plain or _YES_OR_NO.fullmatch(plain):
        return None
    core = " ".join(word for word in _WORD.findall(_FILLING.sub(" ", fold(written))) if word not in _FILLERS)
    if (place := _place(plain, core, len(options))) is not None:
        return options[place - 1] if place <= len(options) else None
    for option in options:
        if plain in (names := _names(option)) or core in names:
            return option
    return _by_words(_FILLING.sub(" ", expand(written)), options)


def place_named(text: str, count: int) -> int | None:
    """The place (from 1) in a list of `count` that `text` names and nothing else: "cái thứ hai", "2", "the last"."""
    written = unicodedata.normalize("NFKC", text).lower()
    plain = " ".join(_WORD.findall(fold(written)))
    core = " ".join(word for word in _WORD.findall(_FILLING.sub(" ", fold(written))) if word not in _FILLERS)
    place = _place(plain, core, count) if plain and count else None
    return place if place is not None and place <= count else None


def _place(plain: str, core: str, count: int) -> int | None:
    for said in (plain, core):
        if said.isdecimal():
            return int(said) or count + 1
        if _LAST.fullmatch(said):
            return count
        if (number := _NUMERALS.get(_ROUND_A_NUMERAL.sub("", said))) is not None:
            return number
    return None


def _by_words(written: str, options: Sequence[Procedure]) -> Procedure | None:
    described = [_Described.of(option) for option in options]
    words = list(dict.fromkeys(_words(written)))
    held = [frozenset(word for word in words if each.has(word)) for each in described]
    spread = Counter(word for mine in held for word in mine)
    pairs = [" ".join(map(fold, pair)) for pair in pairwise(_words(written))]
    points = []
    for each, mine in zip(described, held, strict=True):
        telling = sum(1 / spread[word] for word in mine if spread[word] < len(options) and fold(word) not in _FILLERS)
        points.append(telling + sum(pair in each.pairs for pair in pairs))
    best, *others = sorted(range(len(options)), key=lambda at: -points[at])
    if points[best] < 0.5 or any(points[other] * 1.25 >= points[best] for other in others[:1]):
        return None
    strange = [word for word in words if word not in held[best] and fold(word) not in _FILLERS]
    return options[best] if len(held[best]) >= ENOUGH * (len(held[best]) + len(strange)) else None


@dataclass(frozen=True, slots=True)
class _Described:
    """The words an option is told by, abbreviated or not, under their folded form; its folded pairs of neighbours."""

    words: dict[str, list[str]]
    pairs: frozenset[str]

    @classmethod
    def of(cls, option: Procedure) -> _Described:
        words: dict[str, list[str]] = {}
        pairs: set[str] = set()
        for name in (*_texts(option), expand(next(_texts(option)))):
            said = list(_words(name.lower()))
            pairs.update(" ".join(map(fold, pair)) for pair in pairwise(said))
            for word in said:
                words.setdefault(fold(word), []).append(word)
        return cls(words, frozenset(pairs))

    def has(self, word: str) -> bool:
        # "có" is no "cổ phần", though "co" may be.
        return any(same_word(word, mine) for mine in self.words.get(fold(word), ()))


def _texts(option: Procedure) -> Iterator[str]:
    named = option.variant or option.title
    return (unicodedata.normalize("NFKC", text) for language in Language if (text := named.within(language)))


def _names(option: Procedure) -> set[str]:
    return {" ".join(_WORD.findall(fold(text))) for text in _texts(option)}


def split_words(text: str) -> set[str]:
    """The folded words of `text`, numerals as digits; pairs of letters where a script writes no spaces."""
    return {fold(word) for word in _words(unicodedata.normalize("NFKC", text).lower())}


def _words(written: str) -> Iterator[str]:
    """Words, numerals as digits; pairs of letters where a script writes no spaces."""
    for word in _WORD.findall(unicodedata.normalize("NFC", written)):
        if _CJK.search(word) and len(word) > 1:
            yield from (word[at : at + 2] for at in range(len(word) - 1))
        else:
            yield str(_NUMERALS.get(word, word))
