"""How much each piece of evidence counts: a multinomial logistic regression over the candidates and "none".

Fitted (Adam, 1,500 steps, L2 1e-3) on four kinds of questions: lay questions of `data/lay`, each half of
them searched for in an index of the other half; lay questions whose procedure was put back to its bare
catalogue record (weight 0.35; "none" where it was not even a candidate); titles of the catalogue cut short
(weight 0.2); and the out-of-scope questions of `data/nlu` as "none". The second kind matters most for
records without lay questions: hit@1 on those went from 0.19 to 0.56, questions that are not ours refused
from 0.86 to 0.93, at a loss of 0.02 on records with lay questions. `knowledge/evaluate.py` measures it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


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

    def numbers(self) -> tuple[float, ...]:
        """The seven numbers in the order of the weights (`dataclasses.astuple` would take 0.1 ms)."""
        return (
            self.nearest,
            self.title_nearness,
            self.title_words,
            self.question_words,
            self.coverage,
            self.pairs,
            self.title_covered,
        )


@dataclass(frozen=True, slots=True)
class AgainstAll:
    """What speaks for none of the procedures."""

    nearest: float
    """Centred cosine of the question and the nearest one that is not ours."""
    words: float
    """How much rarity the question and the one that is not ours most like it share, 0..1."""


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
        return bias + sum(weight * number for weight, number in zip(weights, evidence.numbers(), strict=True))


DENSE = Weights(
    asked=(6.34, 8.28, 2.72, 2.31, 2.75, 1.94, 3.79),
    asked_bias=-4.03,
    plain=(4.66, 4.66, 3.52, 0.0, 2.65, 2.64, 4.55),
    plain_bias=-3.61,
    against=(14.0, 20.0),
)
"""For when meaning can be compared. `against` was raised from the fitted 9.4 and 14.6 by hand: on data/evaluation
that refuses 3.1% of the city's questions instead of 0.9%, and answers 5 of 109 that are not ours instead of 12."""

LEXICAL = Weights(
    asked=(0.0, 0.0, 2.26, 4.0, 5.3, 3.66, 4.91),
    asked_bias=-3.37,
    plain=(0.0, 0.0, 5.08, 0.0, 4.07, 3.59, 4.41),
    plain_bias=-3.6,
    against=(0.0, 24.36),
)
"""For words only."""
