"""Ranking by shared words, on text without diacritics: what finds Vietnamese however it was typed."""

from __future__ import annotations

from collections.abc import Sequence

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
