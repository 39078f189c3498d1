"""Linear machine: intents from n-grams and the embedding by one support vector machine against the rest each."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.svm import LinearSVC

_SEED = 20251001
_AXES = 128  # of the embedding's 1,152: as good as all of them beside the network, in a quarter of the time
_FILE = "linear.npz"


class Seen(NamedTuple):
    """What the featurizers saw: one row for each utterance in both."""

    sparse: csr_matrix
    dense: NDArray[np.float32]

    def rows(self, which: NDArray[np.intp]) -> Seen:
        return Seen(self.sparse[which], self.dense[which])


class LinearMachine:
    """`fit`, then `scores`: margins, one column for each intent."""

    def __init__(self, c: float, dense_weight: float) -> None:
        self._c, self._dense_weight = c, dense_weight
        self._sparse = self._dense = np.zeros((0, 0), dtype=np.float32)
        self._bias = np.zeros(0, dtype=np.float32)

    def fit(self, seen: Seen, intents: NDArray[np.intp], weight: NDArray[np.float64]) -> LinearMachine:
        """At least three intents, as columns; `weight` says how much each utterance counts."""
        axes = _main_axes(seen.dense) * np.float32(self._dense_weight)
        joined = hstack([seen.sparse, csr_matrix(seen.dense @ axes)], format="csr")
        machine = LinearSVC(C=self._c, random_state=_SEED, max_iter=4000, tol=1e-3)
        learnt = machine.fit(joined, intents, sample_weight=weight).coef_.T.astype(np.float32)
        width = seen.sparse.shape[1]
        self._sparse, self._dense = learnt[:width], axes @ learnt[width:]
        self._bias = machine.intercept_.astype(np.float32)
        return self

    def scores(self, seen: Seen) -> NDArray[np.float32]:
        return np.asarray(seen.sparse @ self._sparse) + seen.dense @ self._dense + self._bias

    def save(self, folder: Path) -> None:
        numbers = {"sparse": self._sparse, "dense": self._dense, "bias": self._bias}
        np.savez(folder / _FILE, **numbers)

    @classmethod
    def load(cls, folder: Path) -> LinearMachine:
        loaded = cls(0, 0)
        with np.load(folder / _FILE) as stored:
            loaded._sparse, loaded._dense, loaded._bias = stored["sparse"], stored["dense"], stored["bias"]
        return loaded


def _main_axes(dense: NDArray[np.float32]) -> NDArray[np.float32]:
    """(features, axes): the directions in which utterances differ most (principal components)."""
    apart = dense - dense.mean(axis=0)
    _, directions = np.linalg.eigh(apart.T @ apart)
    return np.ascontiguousarray(directions[:, ::-1][:, :_AXES])
