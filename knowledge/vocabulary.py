"""The words by which procedures are known, and how much of a question they cover: by rarity, for all at once."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from .runs import Places, rows_of

Shares = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int32]


class Vocabulary:
    """Which of `count` procedures hold a word. `texts` gives each procedure's lists of words, by its place."""

    def __init__(self, texts: Sequence[Iterable[str]]) -> None:
        self.count = len(texts)
        holders: dict[str, list[int]] = defaultdict(list)
        for place, words in enumerate(texts):
            for word in dict.fromkeys(words):
                holders[word].append(place)
        self._holders: dict[str, Numbers] = {word: np.array(p, dtype=np.int32) for word, p in holders.items()}

    def __contains__(self, word: object) -> bool:
        return word in self._holders

    def rarity(self) -> Rarity:
        """How telling each word is."""
        return Rarity({word: len(places) for word, places in self._holders.items()}, self.count)

    def held(self, weights: Mapping[str, float]) -> Shares:
        """For each procedure the summed weight of those words it holds."""
        found = np.zeros(self.count, dtype=np.float32)
        for word, weight in weights.items():
            places = self._holders.get(word)
            if places is not None:
                found[places] += weight
        return found


class Rarity:
    """How telling a word is: its inverse document frequency. That of a word seen nowhere is the highest."""

    def __init__(self, frequency: Mapping[str, int], total: int) -> None:
        self._idf = {word: math.log(1 + (total - n + 0.5) / (n + 0.5)) for word, n in frequency.items()}
        self._unknown = math.log(1 + (total + 0.5) / 0.5)

    def of(self, word: str) -> float:
        """The idf of `word`."""
        return self._idf.get(word, self._unknown)

    def weights(self, words: Iterable[str]) -> dict[str, float]:
        """Each distinct word with its idf."""
        return {word: self.of(word) for word in words}

    def weight(self, words: Iterable[str]) -> float:
        """The summed idf of `words`."""
        return sum(map(self.of, words))


class QuestionWords:
    """The words of every indexed question, as numbers, for asking how much of many a text covers."""

    def __init__(self, questions: Sequence[Sequence[str]], rarity: Rarity) -> None:
        self._number: dict[str, int] = {}
        flat: list[int] = []
        ends = [0]
        for words in questions:
            flat += [self._number.setdefault(word, len(self._number)) for word in dict.fromkeys(words)]
            ends.append(len(flat))
        self._words = np.array(flat, dtype=np.int32)
        self._ends = np.array(ends, dtype=np.int64)
        self._weight = np.array([rarity.of(word) for word in self._number], dtype=np.float32)

    def covered(self, questions: Places, words: Iterable[str]) -> Shares:
        """For each of `questions`, by its number, the share by rarity of its words that are among `words`."""
        found = np.zeros(len(questions), dtype=np.float32)
        rows, begins, held = rows_of(self._ends, questions)
        if not len(begins):
            return found
        asked = np.zeros(len(self._weight), dtype=np.float32)
        known = [self._number[word] for word in words if word in self._number]
        asked[known] = self._weight[known]
        numbers = self._words[rows]
        found[held] = np.add.reduceat(asked[numbers], begins) / np.add.reduceat(self._weight[numbers], begins)
        return found
