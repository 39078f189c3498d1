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
from bot.domain.vietnamese import fold, same_word

_PLACES = (
    "1|mot|one|1st|first|dau|dau tien|thu nhat|thu 1|하나|첫째|첫 ?번째|1 ?번째?|一|第一|第一个|第1个|最初|一番目|1番目?|一つ目|1つ目|1号",
    "2|hai|two|2nd|second|thu hai|thu nhi|thu 2|둘|둘째|두 ?번째|2 ?번째?|二|第二|第二个|第2个|二番目|2番目?|二つ目|2つ目|2号",
    "3|ba|three|3rd|third|thu ba|thu 3|셋|셋째|세 ?번째|3 ?번째?|三|第三|第三个|第3个|三番目|3番目?|三つ目|3つ目|3号",
    "4|bon|four|4th|fourth|thu tu|thu 4|넷|넷째|네 ?번째|4 ?번째?|四|第四|第四个|第4个|四番目|4番目?|四つ目|4つ目|4号",
    "5|nam|five|5th|fifth|thu nam|thu 5|다섯|다섯 ?번째|5 ?번째?|五|第五|第五个|第5个|五番目|5番目?|五つ目|5つ目|5号",
    "6|sau|six|6th|sixth|thu sau|thu 6|여섯|여섯 ?번째|6 ?번째?|六|第六|第六个|第6个|六番目|6番目?|六つ目|6つ目|6号",
)
_BY_PLACE = tuple(re.compile(words) for words in _PLACES)
_LAST = re.compile("cuoi|cuoi cung|last|마지막|最后|最后一个|最後")
_FILLERS = frozenset(
    """
    a ak ah ad anh ban cai can cau cho chon chi chinh co con cua da dang di do duoc em giup hinh ho la lam lay loai
    minh mo muc muon nay nha nhe nhi nho oi option phuong so tai theo thi thoi thuc toi truong tui u uh ung vang ve
    voi hop xem xin y an
    about am go i it is like me mean meant my no number of ok okay one please that the think this to want with would
    yes id i'd for
    """.split()
)
"""Folded words that only carry an answer."""
_FILLING = re.compile(
    r"(?:이에요|예요|입니다|이요|할게요|해주세요|주세요|부탁드립니다|원합니다|원해요|으로|로|요)(?!\w)"
    r"|我要办?|我想办?|我选|选择|选|办理|请|吧|的是|です|でお願いします|お願いします|にします|の方|希望します?|を|が|は"
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
    return _by_words(_FILLING.sub(" ", written), options)


def _place(plain: str, core: str, count: int) -> int | None:
    for said in (plain, core):
        if said.isdecimal():
            return int(said) or count + 1
        for place, words in enumerate(_BY_PLACE, 1):
            if words.fullmatch(said):
                return place
        if _LAST.fullmatch(said):
            return count
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
    """The words an option is told by, under their folded form, and its folded pairs of neighbours."""

    words: dict[str, list[str]]
    pairs: frozenset[str]

    @classmethod
    def of(cls, option: Procedure) -> _Described:
        words: dict[str, list[str]] = {}
        pairs: set[str] = set()
        for name in _texts(option):
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


def _words(written: str) -> Iterator[str]:
    """Words; pairs of letters where a script writes no spaces."""
    for word in _WORD.findall(unicodedata.normalize("NFC", written)):
        if _CJK.search(word) and len(word) > 1:
            yield from (word[at : at + 2] for at in range(len(word) - 1))
        else:
            yield word
