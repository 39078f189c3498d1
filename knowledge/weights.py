"""How much each piece of evidence counts: a multinomial logistic regression over the candidates and "none".

The weights are data (`data/retrieval/weights.json`), fitted by `python -m knowledge.fitting`, one set for each way a
question can be typed: without diacritics shared words tell most, in a foreign language meaning does.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, model_validator

Matrix = npt.NDArray[np.float32]


class Sign(enum.StrEnum):
    """What may speak for a procedure; each is a number of about 0..1, and a column of the evidence."""

    NEAREST = "nearest"
    """Cosine of the question and the procedure's nearest passage."""
    TITLE_NEARNESS = "title_nearness"
    """Cosine of the question and the procedure's nearest title."""
    MIDDLE = "middle"
    """Cosine of the question and the middle of the procedure's passages."""
    TITLE_WORDS = "title_words"
    """BM25 of the title, as a share of the question's summed rarity."""
    QUESTION_WORDS = "question_words"
    """The same for its best lay question."""
    QUESTION_COVERED = "question_covered"
    """Share of that lay question's words, by rarity, that the question holds."""
    COVERAGE = "coverage"
    """Share of the question's words, by rarity, that the procedure's texts hold."""
    PAIRS = "pairs"
    """The same for pairs of neighbouring words: single syllables meet by accident."""
    ACCENTED = "accented"
    """The same for words with their diacritics: "thuế" is not "thuê"."""
    TITLE_COVERED = "title_covered"
    """Share of the title's words, by rarity, that the question holds."""
    FIRST_IN_MEANING = "first_in_meaning"
    """1 for the candidate nearest in meaning."""
    FIRST_IN_WORDS = "first_in_words"
    """1 for the candidate that shares most with the question."""
    OPERATION_SAID = "operation_said"
    """1 where the question names what the procedure does (reissue, renew, change, end, pause)."""
    OPERATION_UNSAID = "operation_unsaid"
    """1 where the procedure does such a thing and the question does not speak of it."""
    OPERATION_MISSED = "operation_missed"
    """1 where the question names such a thing and the procedure is a first issue."""
    BARE = "bare"
    """1 for a record without lay questions: less can speak for it."""
    BARE_TITLE = "bare_title"
    """The covered share of the title of such a record."""
    CITY = "city"
    """1 for a record of the city's own, as are those asked for most."""
    ALWAYS = "always"
    """1: how probable any candidate is beside "none"."""


SIGNS = tuple(Sign)
COLUMN = {sign: column for column, sign in enumerate(SIGNS)}


class Against(enum.StrEnum):
    """What speaks for none of the procedures."""

    NEAREST = "nearest"
    """Cosine of the question and the nearest one that is not ours."""
    WORDS = "words"
    """How much rarity the question and the one that is not ours most like it share, 0..1."""
    UNKNOWN = "unknown"
    """Share of the question's words, by rarity, that no procedure knows."""


AGAINST = tuple(Against)


class Typed(enum.StrEnum):
    """How a question was typed, as far as it changes what counts."""

    VI = "vi"
    FOLDED = "folded"
    EN = "en"
    CJK = "cjk"
    """Korean, Chinese or Japanese."""


class Scales(BaseModel):
    """One set of weights."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    signs: Mapping[Sign, float]
    against: Mapping[Against, float]

    @model_validator(mode="after")
    def _whole(self) -> Scales:
        if set(self.signs) != set(SIGNS) or set(self.against) != set(AGAINST):
            raise ValueError("every sign needs a weight: fit anew")
        return self

    def probabilities(self, evidence: Matrix, against: Sequence[float]) -> npt.NDArray[np.float64]:
        """How probably each candidate (a row) is meant; what is missing to 1 is for none of them."""
        values = evidence.astype(np.float64) @ np.array([self.signs[sign] for sign in SIGNS])
        none = float(np.dot([self.against[each] for each in AGAINST], against))
        highest = max(none, float(values.max(initial=none)))
        powers = np.exp(values - highest)
        shares: npt.NDArray[np.float64] = powers / (powers.sum() + np.exp(none - highest))
        return shares


class Weights(BaseModel):
    """All sets: with meaning compared, and for words alone."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    whole: Mapping[Typed, Scales]
    words_only: Mapping[Typed, Scales]

    @classmethod
    def load(cls, path: Path) -> Weights:
        """The weights at `path`. Raises `OSError`, `ValidationError`."""
        return cls.model_validate_json(path.read_bytes())
