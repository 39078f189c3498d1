"""How much each piece of evidence counts: the weights of two logistic regressions.

Provisional, set by hand.
"""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for one procedure. All numbers are about 0..1."""

    nearest: float
    """Centred cosine of the question and the procedure's nearest passage."""
    title_nearness: float
    """Centred cosine of the question and its nearest title."""
    title_words: float
    """BM25 of the title, as a share of the question's summed rarity."""
    question_words: float
    """The same for its best lay question."""
    coverage: float
    """Share of the question's words, by rarity, that the procedure's texts hold."""
    title_covered: float
    """Share of the title's words, by rarity, that the question holds."""
    city: bool
    """Whether the record is the city's own, one of those asked for most."""


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic regression over the fields of `Evidence`."""

    bias: float
    weights: tuple[float, ...]

    def __call__(self, evidence: Evidence) -> float:
        """The probability (0..1) that this procedure is the one meant."""
        value = self.bias + sum(w * float(x) for w, x in zip(self.weights, astuple(evidence), strict=True))
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, value))))


@dataclass(frozen=True, slots=True)
class Weights:
    """One regression for when meaning could be compared, one for words only."""

    dense: Logistic = Logistic(-9.0, (7.0, 1.0, 2.0, 3.0, 3.0, 1.5, 0.3))
    lexical: Logistic = Logistic(-8.0, (0.0, 0.0, 3.0, 4.0, 5.0, 2.0, 0.3))
