"""Ranking by shared words, on text without diacritics: what finds Vietnamese however it was typed."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

import bm25s
import numpy as np
import numpy.typing as npt

from .understanding import tokens, with_pairs

Scores = npt.NDArray[np.float32]


class LexicalField:
    """BM25 over one text for each document; a document's number is its place in `texts`.

    Single words and pairs of neighbours are ranked together.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._count = len(texts)
        corpus = [with_pairs(tokens(text)) or [""] for text in texts] or [[""]]
        self._ranking = bm25s.BM25(method="lucene", k1=1.2, b=0.6)
        self._ranking.index(corpus, show_progress=False)
        self._known: frozenset[str] = frozenset(self._ranking.vocab_dict)

    def scores(self, words: list[str]) -> Scores:
        """The score of each document for `words` (from `with_pairs`); zeros where none is known."""
        known = [word for word in words if word in self._known]
        if not known:
            return np.zeros(self._count, dtype=np.float32)
        found: Scores = np.asarray(self._ranking.get_scores(known), dtype=np.float32)
        return found[: self._count]


class Rarity:
    """How telling a word is: its inverse document frequency over all documents."""

    def __init__(self, vocabularies: Sequence[frozenset[str]]) -> None:
        counts = Counter(word for vocabulary in vocabularies for word in vocabulary)
        total = len(vocabularies)
        self._idf = {word: math.log(1 + (total - n + 0.5) / (n + 0.5)) for word, n in counts.items()}
        self._unknown = math.log(1 + (total + 0.5) / 0.5)

    def __contains__(self, word: object) -> bool:
        return word in self._idf

    def of(self, word: str) -> float:
        """The idf of `word`; that of a word seen nowhere is the highest."""
        return self._idf.get(word, self._unknown)

    def weight(self, words: Iterable[str]) -> float:
        """The summed idf of `words`."""
        return sum(map(self.of, words))
