"""Recipe: the pipeline's learning steps in one object, so that evaluation trains dozens of times without Rasa.

`config.yml` remains the truth for the numbers; a test holds this recipe and the served model to the same answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from .embedding import CentredEmbedding
from .intents import Intents
from .linear import Seen
from .ngrams import Ngrams
from .variants import variants


@dataclass(frozen=True)
class Numbers:
    """What `config.yml` sets."""

    fewest: int
    c: float
    dense_weight: float

    @classmethod
    def read(cls, config: Path) -> Numbers:
        steps: dict[str, dict[str, Any]] = {
            step["name"].rsplit(".", 1)[1]: step for step in yaml.safe_load(config.read_text("utf-8"))["pipeline"]
        }
        classifier = steps["VotingIntentClassifier"]
        return cls(int(steps["NgramCounts"]["fewest"]), float(classifier["c"]), float(classifier["dense_weight"]))


class Recipe:
    def __init__(self, numbers: Numbers) -> None:
        self._embedding, self._ngrams = CentredEmbedding(), Ngrams(numbers.fewest)
        self._voting = Intents(numbers.c, numbers.dense_weight)

    @property
    def intents(self) -> list[str]:
        return self._voting.names

    def fit(self, texts: Sequence[str], intents: Sequence[str]) -> Recipe:
        rows = [(text, intent, text, False) for text, intent in zip(texts, intents, strict=True)]
        rows += [(copy, i, text, True) for text, i in zip(texts, intents, strict=True) for copy in variants(text)]
        said, named, groups, copies = (list(column) for column in zip(*rows, strict=True))
        self._embedding.fit(said)
        self._ngrams.fit(said)
        self._voting.fit(self._seen(said), named, groups, copies)
        return self

    def probabilities(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """One row for each text, one column for each of `intents`."""
        return self._voting.probabilities(self._seen(texts))

    def _seen(self, texts: Sequence[str]) -> Seen:
        return Seen(self._ngrams.transform(texts), self._embedding.transform(texts))
