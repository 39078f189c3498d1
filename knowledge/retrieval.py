"""Finding the procedures a question may be about, each with the evidence for it.

Three rankings bring candidates in (the nearest passages in Chroma, the nearest procedures, the most shared words),
then every candidate is weighed on all the evidence at once with learnt weights (`weights.py`): fusing rankings as
equals would throw half of the better one away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.domain.procedure import Language
from bot.domain.vietnamese import is_folded

from .e5.engine import Vectors
from .passages import Tongue, tongue
from .shelf import Asked, Shelf
from .understanding import QuestionReader, Understood
from .weights import SIGNS, Matrix, Sign, Typed, Weights

_NEAREST = 60
"""Passages Chroma is asked for."""
_CJK = frozenset({Tongue.KO, Tongue.ZH, Tongue.JA})


class Neighbours(Protocol):
    """Where the vectors are kept and searched."""

    def nearest(self, vector: Vectors, count: int) -> list[tuple[str, float]]:
        """Ids of the nearest passages, best first. Raises `IndexUnusable`."""
        ...

    def vectors(self) -> Mapping[str, Vectors]:
        """The vector of every passage, by id. Raises `IndexUnusable`."""
        ...


class QueryEmbedding(Protocol):
    """Turns a question into a vector."""

    def query(self, text: str) -> Vectors:
        """The vector of a text that searches."""
        ...


@dataclass(frozen=True, slots=True)
class Candidate:
    """A procedure that may be meant; `score` is the probability (0..1) that it is the one.

    The scores of all candidates add up to less than 1: what is missing is for none of them.
    """

    code: str
    score: float
    evidence: dict[Sign, float]


@dataclass(frozen=True, slots=True)
class Ranking:
    """What a search found, best first; `none` is the probability that no procedure is meant."""

    candidates: tuple[Candidate, ...]
    none: float


@dataclass(frozen=True, slots=True)
class Weighed:
    """The candidates for one question with all evidence, before any weights."""

    codes: tuple[str, ...]
    evidence: Matrix
    against: tuple[float, ...]
    kind: Typed
    by_meaning: bool

    def probabilities(self, weights: Weights) -> list[float]:
        """How probably each candidate is meant."""
        scales = (weights.whole if self.by_meaning else weights.words_only)[self.kind]
        return [float(chance) for chance in scales.probabilities(self.evidence, self.against)]


class Retriever:
    """Searches one shelf. Its methods block for some milliseconds: call them from a thread."""

    def __init__(
        self,
        shelf: Shelf,
        reader: QuestionReader,
        weights: Weights,
        embed: QueryEmbedding | None,
        neighbours: Neighbours | None,
    ) -> None:
        """Without `embed` or `neighbours` it ranks by words only."""
        self.shelf = shelf
        self._reader = reader
        self.weights = weights
        self._embed = embed
        self._neighbours = neighbours

    def read(self, text: str, *, as_typed: bool = False) -> Understood:
        """`text` taken apart, see `QuestionReader`."""
        return self._reader.read(text, as_typed=as_typed)

    def by_words_only(self) -> Retriever:
        """The same search without meaning."""
        return Retriever(self.shelf, self._reader, self.weights, None, None)

    def without_questions(self) -> Retriever:
        """The same search over titles alone, for measuring what lay questions are worth."""
        vectors = self._neighbours.vectors() if self._neighbours is not None else {}
        shelf = self.shelf.without_questions(self._reader.operations, vectors)
        return Retriever(shelf, self._reader, self.weights, self._embed, self._neighbours)

    def search(
        self,
        understood: Understood,
        language: Language = Language.VI,
        *,
        also: Iterable[str] = (),
        count: int = 10,
    ) -> Ranking:
        """The `count` procedures most probably meant by the subject of `understood` (see `read`), best first.

        `also` are codes to be weighed in any case. Raises `IndexUnusable` when Chroma fails.
        """
        weighed = self.weighed(understood, language, also)
        chances = weighed.probabilities(self.weights)
        order = sorted(range(len(weighed.codes)), key=lambda row: (-chances[row], weighed.codes[row]))[:count]
        ranked = tuple(
            Candidate(weighed.codes[row], chances[row], dict(zip(SIGNS, weighed.evidence[row].tolist(), strict=True)))
            for row in order
        )
        return Ranking(ranked, max(0.0, 1.0 - sum(chances)))

    def weighed(self, understood: Understood, language: Language, also: Iterable[str] = ()) -> Weighed:
        """The candidates for `understood` and all evidence. Raises `IndexUnusable` when Chroma fails."""
        subject, shelf, near = understood.subject, self.shelf, list(also)
        point: Vectors | None = None
        if subject and self._embed is not None and self._neighbours is not None and shelf.has_vectors:
            raw = self._embed.query(subject)
            near += [shelf.owner.get(id_, "") for id_, _ in self._neighbours.nearest(raw, _NEAREST)]
            point = shelf.point(raw, tongue(subject, language))
        asked = Asked.of(subject, understood.operations, point)
        codes, evidence = shelf.weighed(asked, near)
        return Weighed(codes, evidence, shelf.against(asked), typed(understood, language), point is not None)


def typed(understood: Understood, language: Language) -> Typed:
    """How a question was typed; what was restored counts as typed without diacritics."""
    its = tongue(understood.typed, language)
    if its in _CJK or its is Tongue.EN:
        return Typed.CJK if its in _CJK else Typed.EN
    return Typed.FOLDED if is_folded(understood.typed) else Typed.VI
