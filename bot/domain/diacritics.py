"""Diacritics given back to Vietnamese typed without them: "thu tuc cap phep" -> "thủ tục cấp phép".

A bigram model over syllables, learnt from accented sentences, read by Viterbi. Standard library only and
Python 3.10, since the Rasa components use it too. No I/O: who has sentences or a stored model hands it in.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

from .vietnamese import fold, is_english

_PIECE = re.compile(r"(?P<word>[^\W\d_]+)|(?P<number>\d[\d.,]*)|(?P<stop>[^\w\s]+)")
_STOP, _NUMBER = ".", "0"
_DISCOUNT = 0.6
"""What every pair seen gives to pairs unseen; between 0.4 and 0.8 the figures are the same."""
_TRUST_IN_BARE = math.log(100)
"""Where a third of the words carries marks, how much likelier it is that a word without is meant so."""
_MARKED_SHARE = 1 / 3
_UNSEEN = math.log(1e-9)
_OLD_TONES = str.maketrans("àáảãạèéẻẽẹỳýỷỹỵ", "aaaaaeeeeeyyyyy")
_OLD_STYLE = re.compile(r"(?<!q)([ou])([àáảãạèéẻẽẹỳýỷỹỵ])$")
_TONE = "\u0300\u0301\u0309\u0303\u0323"


class Restorer:
    """`restore` of a text; `learn` makes one from sentences, `from_json` from a stored model."""

    def __init__(self, words: Mapping[str, int], pairs: Mapping[str, Mapping[str, int]]) -> None:
        self._words = dict(words)
        self._pairs = {first: dict(seconds) for first, seconds in pairs.items()}
        self._readings: dict[str, tuple[str, ...]] = _readings(self._words)
        self._alone = _alone(self._pairs, self._words)
        self._after: dict[str, dict[str, float]] = {}
        self._left: dict[str, float] = {}
        for first, seconds in self._pairs.items():
            total = sum(seconds.values())
            left = _DISCOUNT * len(seconds) / total
            self._left[first] = math.log(left)
            self._after[first] = {
                second: math.log((count - _DISCOUNT) / total + left * math.exp(self._alone[second]))
                for second, count in seconds.items()
            }

    @classmethod
    def learn(cls, sentences: Iterable[str]) -> Restorer:
        """From accented sentences; those without any mark teach nothing and are passed over."""
        words: Counter[str] = Counter()
        pairs: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for sentence in sentences:
            said = [word for word, _, _ in _pieces(unicodedata.normalize("NFC", sentence))]
            if all(word == fold(word) for word in said):
                continue
            words.update(said)
            for first, second in pairwise([_STOP, *said, _STOP]):
                pairs[first][second] += 1
        return cls(words, pairs)

    def restore(self, text: str) -> str:
        """`text` composed (NFC) with marks on the syllables that were typed without; its length stays the same.

        Words with marks, foreign words and English sentences stay as they are.
        """
        text = unicodedata.normalize("NFC", text)
        pieces = _pieces(text)
        if not pieces or is_english(text):
            return text
        letters = list(text)
        for (typed, start, end), meant in zip(pieces, self._likeliest([p[0] for p in pieces]), strict=True):
            if meant != typed and len(meant) == end - start:
                letters[start:end] = [
                    b.upper() if a.isupper() else b for a, b in zip(text[start:end], meant, strict=True)
                ]
        return "".join(letters)

    def to_json(self) -> dict[str, Any]:
        """Counts as compact JSON values, the same for the same sentences."""
        return {
            "words": dict(sorted(self._words.items())),
            "pairs": {first: dict(sorted(seconds.items())) for first, seconds in sorted(self._pairs.items())},
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Restorer:
        """Of what `to_json` gave. Raises `KeyError` for anything else."""
        return cls(stored["words"], stored["pairs"])

    def _likeliest(self, typed: list[str]) -> list[str]:
        """The likeliest readings of the words of one text (Viterbi)."""
        marked = sum(word != fold(word) for word in typed)
        trust = _TRUST_IN_BARE if marked > _MARKED_SHARE * len(typed) else 0.0
        best: dict[str, float] = {_STOP: 0.0}
        ways: list[dict[str, str]] = []
        for word in [*typed, _STOP]:
            readings = self._readings.get(word, (word,)) if word == fold(word) else (_composed(word),)
            reached: dict[str, float] = {}
            way: dict[str, str] = {}
            for reading in readings:
                alone = self._alone.get(reading, _UNSEEN)
                gain, came = -math.inf, _STOP
                for before, so_far in best.items():
                    after = self._after.get(before)
                    step = alone if after is None else after.get(reading, self._left[before] + alone)
                    if so_far + step > gain:
                        gain, came = so_far + step, before
                reached[reading] = gain + (trust if reading == word else 0.0)
                way[reading] = came
            best, ways = reached, [*ways, way]
        said: list[str] = []
        reading = _STOP
        for way in reversed(ways):
            said.append(reading)
            reading = way[reading]
        return said[:0:-1]


def _pieces(text: str) -> list[tuple[str, int, int]]:
    """Words in lower case, numbers and stops as one token each, with their places."""
    found = []
    for match in _PIECE.finditer(text):
        kind = match.lastgroup
        token = _composed(match[0].lower()) if kind == "word" else _NUMBER if kind == "number" else _STOP
        found.append((token, match.start(), match.end()))
    return found


def _composed(word: str) -> str:
    """`word` with its tone where today's spelling puts it: "hoà" -> "hòa"."""
    match = _OLD_STYLE.search(word)
    if match is None:
        return word
    tone = next(ch for ch in unicodedata.normalize("NFD", match[2]) if ch in _TONE)
    return word[: match.start()] + unicodedata.normalize("NFC", match[1] + tone) + match[2].translate(_OLD_TONES)


def _readings(words: Mapping[str, int]) -> dict[str, tuple[str, ...]]:
    """For each bare syllable its spellings, itself included where people write it so, commonest first."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for word in sorted(words, key=lambda word: (-words[word], word)):
        if word not in (_STOP, _NUMBER):
            found[fold(word)].append(word)
    return {bare: tuple(spellings) for bare, spellings in found.items()}


def _alone(pairs: Mapping[str, Mapping[str, int]], words: Mapping[str, int]) -> dict[str, float]:
    """Log probability of a word where its neighbour tells nothing: by how many words it follows (Kneser, Ney, 1995)."""
    follows: Counter[str] = Counter(second for seconds in pairs.values() for second in seconds)
    weight = {word: follows[word] + 0.02 * words.get(word, 1) for word in {*follows, *words}}
    total = sum(weight.values())
    return {word: math.log(value / total) for word, value in weight.items()}
