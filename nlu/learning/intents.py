"""Intents: a linear machine and a network vote, and their vote is a probability one can believe.

Each one's scores are multiplied by a sharpness of its own and added; a softmax makes them probabilities. The
two sharpnesses are those under which utterances kept out of a first training are likeliest (temperature
scaling, Guo and others, 2017, for two). An utterance and its variants stay on one side.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.model_selection import GroupShuffleSplit

from .linear import LinearMachine, Seen
from .network import Network

__all__ = ["Intents", "Seen", "softmax"]

_SEED = 20251001
_KEPT_OUT = 0.2
_COPY_WEIGHT = 0.4  # with 1 the copies of an utterance outvote it: 0.733 -> 0.740 of intents right
_USUAL = (3.0, 0.6)  # sharpness where there is too little to fit it on
_FEWEST = 200  # utterances kept out to fit it on
_FILE = "intents.json"


def softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))


class Intents:
    """`fit`, then `probabilities`: one row for each utterance, one column for each of `names`."""

    def __init__(self, c: float = 0.3, dense_weight: float = 2.0) -> None:
        self.names: list[str] = []
        self._c, self._dense_weight = c, dense_weight
        self._sharpness = _USUAL
        self._linear, self._network = LinearMachine(c, dense_weight), Network()

    def fit(self, seen: Seen, intents: Sequence[str], groups: Sequence[str], copies: Sequence[bool]) -> Intents:
        """`groups` names the utterance each row is or is a variant of, `copies` says which are variants."""
        truth, weight = np.asarray(intents), np.where(copies, _COPY_WEIGHT, 1.0)
        self._sharpness = self._fit_sharpness(seen, truth, weight, groups)
        self._learn(seen, truth, weight)
        return self

    def probabilities(self, seen: Seen) -> NDArray[np.float64]:
        linear, network = self._scores(seen)
        return softmax(self._sharpness[0] * linear + self._sharpness[1] * network)

    def save(self, folder: Path) -> None:
        about = {"names": self.names, "sharpness": self._sharpness}
        (folder / _FILE).write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")
        self._linear.save(folder)
        self._network.save(folder)

    @classmethod
    def load(cls, folder: Path) -> Intents:
        about = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        loaded = cls()
        loaded.names, loaded._sharpness = about["names"], tuple(about["sharpness"])
        loaded._linear, loaded._network = LinearMachine.load(folder), Network.load(folder)
        return loaded

    def _learn(self, seen: Seen, truth: NDArray[np.str_], weight: NDArray[np.float64]) -> None:
        self.names, columns = np.unique(truth, return_inverse=True)
        self.names = [str(name) for name in self.names]
        self._linear = LinearMachine(self._c, self._dense_weight).fit(seen, columns, weight)
        self._network = Network().fit(seen.dense, columns, weight)

    def _scores(self, seen: Seen) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        return self._linear.scores(seen).astype(np.float64), self._network.scores(seen.dense).astype(np.float64)

    def _fit_sharpness(
        self, seen: Seen, truth: NDArray[np.str_], weight: NDArray[np.float64], groups: Sequence[str]
    ) -> tuple[float, float]:
        known, held = next(GroupShuffleSplit(1, test_size=_KEPT_OUT, random_state=_SEED).split(truth, None, groups))
        held = held[np.isin(truth[held], truth[known])]
        if len(held) < _FEWEST:
            return _USUAL
        self._learn(seen.rows(known), truth[known], weight[known])
        linear, network = self._scores(seen.rows(held))
        columns = np.searchsorted(self.names, truth[held])

        def surprise(logs: NDArray[np.float64]) -> float:
            chances = softmax(np.exp(logs[0]) * linear + np.exp(logs[1]) * network)
            likely = chances[np.arange(len(columns)), columns]
            return -float((weight[held] * np.log(np.maximum(likely, 1e-12))).sum())

        best = minimize(surprise, np.log(_USUAL), method="Nelder-Mead", options={"maxiter": 120})
        return float(np.exp(best.x[0])), float(np.exp(best.x[1]))
