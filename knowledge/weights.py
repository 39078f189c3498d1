"""How much each piece of evidence counts: a multinomial logistic regression over the candidates and "none".

Fitted (Adam, 1,500 steps, L2 1e-3) on the lay questions of `data/lay`, each half of them searched for in an
index of the other half, on titles of the catalogue cut short, and on the out-of-scope questions of
`data/nlu` as "none". `python -m knowledge.evaluate` says how well it does on questions it has not seen.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
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
    pairs: float
    """The same for the question's pairs of neighbouring words: single syllables meet by accident."""
    title_covered: float
    """Share of the title's words, by rarity, that the question holds."""
    asked: bool
    """Whether the record has lay questions, as those asked for most have."""


@dataclass(frozen=True, slots=True)
class AgainstAll:
    """What speaks for none of the procedures."""

    nearest: float
    """Centred cosine of the question and the nearest one that is not ours."""
    words: float
    """BM25 of the best one that is not ours, as a share of the question's summed rarity."""


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of `Evidence`'s seven numbers, for records with and without lay questions."""

    asked: tuple[float, ...]
    asked_bias: float
    plain: tuple[float, ...]
    plain_bias: float
    against: tuple[float, float]

    def probabilities(self, evidence: Sequence[Evidence], against: AgainstAll) -> list[float]:
        """How probably each candidate is meant; what is missing to 1 is for none of them."""
        values = [self._value(each) for each in evidence]
        none = self.against[0] * against.nearest + self.against[1] * against.words
        highest = max([none, *values])
        powers = [math.exp(value - highest) for value in values]
        whole = sum(powers) + math.exp(none - highest)
        return [power / whole for power in powers]

    def _value(self, evidence: Evidence) -> float:
        weights, bias = (self.asked, self.asked_bias) if evidence.asked else (self.plain, self.plain_bias)
        numbers: tuple[float, ...] = astuple(evidence)[:-1]
        return bias + sum(weight * number for weight, number in zip(weights, numbers, strict=True))


DENSE = Weights(
    asked=(8.27, 9.13, 3.27, 2.00, 3.27, 3.79, 3.57),
    asked_bias=-3.14,
    plain=(0.78, 0.78, 5.43, 0.0, 3.41, 4.83, 1.58),
    plain_bias=-4.18,
    against=(12.18, 17.84),
)
"""For when meaning can be compared."""

LEXICAL = Weights(
    asked=(0.0, 0.0, 3.18, 3.96, 6.45, 5.87, 5.19),
    asked_bias=-2.39,
    plain=(0.0, 0.0, 6.57, 0.0, 4.19, 5.50, 1.62),
    plain_bias=-5.36,
    against=(0.0, 30.96),
)
"""For words only."""
