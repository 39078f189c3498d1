"""N-grams: tf-idf of words (1, 2) and characters (1 to 5), over accented and folded text.

The folded copy carries an utterance typed without diacritics, the accented one keeps "phí" apart from
"phi"; abbreviations are spelt out in both. Saved as JSON and numbers, never as a pickle.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer

from .reading import folded, masked, spelt_out
from .tokens import tokens_of

_PARTS = ("words", "folded_words", "characters", "folded_characters")


def _words(text: str) -> list[str]:
    return [word for word, _, _ in tokens_of(text)]


def _vectorizer(part: str, fewest: int) -> TfidfVectorizer:
    if part.endswith("words"):
        return TfidfVectorizer(
            tokenizer=_words, token_pattern=None, lowercase=False, ngram_range=(1, 2), sublinear_tf=True,
            min_df=fewest, dtype=np.float32,
        )  # fmt: skip
    return TfidfVectorizer(
        analyzer="char_wb", lowercase=False, ngram_range=(1, 5), sublinear_tf=True, min_df=fewest,
        dtype=np.float32,
    )  # fmt: skip


class Ngrams:
    """Four blocks of n-grams side by side. `fewest`: utterances an n-gram must occur in to be counted."""

    def __init__(self, fewest: int = 2) -> None:
        self._blocks = {part: _vectorizer(part, fewest) for part in _PARTS}

    def fit(self, texts: Sequence[str]) -> Ngrams:
        for block, forms in self._read(texts):
            block.fit(forms)
        return self

    def transform(self, texts: Sequence[str]) -> csr_matrix:
        return hstack([block.transform(forms) for block, forms in self._read(texts)], format="csr")

    def _read(self, texts: Sequence[str]) -> list[tuple[TfidfVectorizer, list[str]]]:
        clean = [spelt_out(text) for text in texts]
        forms: dict[Callable[[str], str], list[str]] = {f: [f(t) for t in clean] for f in (masked, folded)}
        return [(self._blocks[part], forms[folded if "folded" in part else masked]) for part in _PARTS]

    def save(self, folder: Path) -> None:
        for part, block in self._blocks.items():
            terms = sorted(block.vocabulary_, key=block.vocabulary_.__getitem__)
            (folder / f"{part}.json").write_text(json.dumps(terms, ensure_ascii=False), encoding="utf-8")
            np.save(folder / f"{part}.npy", block.idf_)

    @classmethod
    def load(cls, folder: Path) -> Ngrams:
        ngrams = cls()
        for part, block in ngrams._blocks.items():
            terms = json.loads((folder / f"{part}.json").read_text(encoding="utf-8"))
            block.vocabulary_ = {term: column for column, term in enumerate(terms)}
            block.idf_ = np.load(folder / f"{part}.npy")
        return ngrams
