"""N-grams: tf-idf of words (1, 2) and characters (1 to 5), over accented and folded text.

The folded copy carries an utterance typed without diacritics, the accented one (diacritics given back) keeps
"phí" apart from "phi"; abbreviations are spelt out in both. Counted here in plain Python, because
scikit-learn's vectorizers spend 2 ms on each call that brings one utterance. Saved as JSON and numbers,
never as a pickle.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix

from .reading import folded, masked, restored, spelt_out
from .tokens import tokens_of

_LONGEST = 5
Cut = Callable[[str], Iterator[str]]


def words(text: str) -> Iterator[str]:
    """Words and pairs of neighbours."""
    said = [word for word, _, _ in tokens_of(text)]
    yield from said
    yield from (f"{first} {second}" for first, second in pairwise(said))


def characters(text: str) -> Iterator[str]:
    """Runs of 1 to 5 characters within a word, whose ends count as characters too; Han and kana have no words."""
    for word in text.split():
        padded = f" {word} "
        for length in range(1, min(_LONGEST, len(padded)) + 1):
            for start in range(len(padded) - length + 1):
                yield padded[start : start + length]


class Ngrams:
    """Four blocks of n-grams side by side. `fewest`: utterances an n-gram must occur in to be counted."""

    def __init__(self, fewest: int = 2) -> None:
        self._blocks = [_Block(cut, fewest) for cut in (words, words, characters, characters)]

    def fit(self, texts: Sequence[str]) -> Ngrams:
        for block, forms in zip(self._blocks, _forms(texts), strict=True):
            block.fit(forms)
        return self

    def transform(self, texts: Sequence[str]) -> csr_matrix:
        """One row for each text, each block's part of length one."""
        values: list[float] = []
        columns: list[int] = []
        ends = [0]
        for forms in zip(*_forms(texts), strict=True):
            offset = 0
            for block, form in zip(self._blocks, forms, strict=True):
                places, weights = block.weigh(form)
                columns += [place + offset for place in places]
                values += weights
                offset += len(block)
            ends.append(len(columns))
        width = sum(map(len, self._blocks))
        numbers = (np.asarray(values, dtype=np.float32), np.asarray(columns, dtype=np.int32), np.asarray(ends))
        return csr_matrix(numbers, shape=(len(texts), width))

    def save(self, folder: Path) -> None:
        terms = [block.terms for block in self._blocks]
        (folder / "ngrams.json").write_text(json.dumps(terms, ensure_ascii=False), encoding="utf-8")
        np.savez(folder / "ngrams.npz", *[np.asarray(block.rarity, dtype=np.float32) for block in self._blocks])

    @classmethod
    def load(cls, folder: Path) -> Ngrams:
        ngrams = cls()
        terms = json.loads((folder / "ngrams.json").read_text(encoding="utf-8"))
        with np.load(folder / "ngrams.npz") as rarities:
            for block, own, name in zip(ngrams._blocks, terms, rarities.files, strict=True):
                block.take(own, rarities[name].tolist())
        return ngrams


class _Block:
    """Tf-idf of one way to cut a text, as scikit-learn's with sublinear counts: rows of length one."""

    def __init__(self, cut: Cut, fewest: int) -> None:
        self._cut, self._fewest = cut, fewest
        self.terms: list[str] = []
        self.rarity: list[float] = []
        self._place: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self.terms)

    def fit(self, forms: Sequence[str]) -> None:
        seen = Counter(term for form in forms for term in set(self._cut(form)))
        terms = sorted(term for term, count in seen.items() if count >= self._fewest)
        self.take(terms, [math.log((1 + len(forms)) / (1 + seen[term])) + 1 for term in terms])

    def take(self, terms: list[str], rarity: list[float]) -> None:
        self.terms, self.rarity = terms, rarity
        self._place = {term: place for place, term in enumerate(terms)}

    def weigh(self, form: str) -> tuple[list[int], list[float]]:
        """Columns, ascending, and their values."""
        place = self._place
        counts = Counter(place[term] for term in self._cut(form) if term in place)
        columns = sorted(counts)
        weights = [(1 + math.log(counts[column])) * self.rarity[column] for column in columns]
        length = math.sqrt(sum(weight * weight for weight in weights))
        return columns, [weight / length for weight in weights]


def _forms(texts: Sequence[str]) -> list[list[str]]:
    """For each block every text in the form it counts."""
    accented = [masked(restored(text)) for text in texts]
    bare = [folded(spelt_out(text)) for text in texts]
    return [accented, bare, accented, bare]
