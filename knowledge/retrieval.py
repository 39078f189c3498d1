"""Finding the procedures a question may be about, each with the evidence for it.

Two rankings bring candidates in (the nearest passages in Chroma, the most shared words), then every
candidate is weighed on all the evidence at once with learnt weights (`weights.py`): fusing the two
rankings as equals would throw half of the better one away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, cast

import numpy as np
import numpy.typing as npt

from bot.domain.procedure import Language, Procedure

from .e5.engine import Vectors
from .lexical import LexicalField, Rarity, Scores
from .passages import Kind, Passage, Tongue, tongue
from .understanding import QuestionReader, Understood, tokens, with_pairs
from .weights import DENSE, LEXICAL, AgainstAll, Evidence

_NOWHERE = -1
"""The place of what belongs to no procedure."""
_NEAREST = 60
"""Passages Chroma is asked for."""
_ENOUGH = 20
"""Passages from which the common part of a tongue is reckoned."""
_SHARING = 25
"""Procedures each lexical field brings in."""


class Neighbours(Protocol):
    """Where the vectors are kept and searched."""

    def nearest(self, vector: Vectors, count: int) -> list[tuple[str, float]]:
        """Ids of the nearest passages, best first. Raises `IndexUnusable`."""
        ...


@dataclass(frozen=True, slots=True)
class Candidate:
    """A procedure that may be meant; `score` is the probability (0..1) that it is the one.

    The scores of all candidates add up to less than 1: what is missing is for none of them.
    """

    code: str
    score: float
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Ranking:
    """What a search found, best first; `none` is the probability that no procedure is meant."""

    candidates: tuple[Candidate, ...]
    none: float


class Shelf:
    """Everything in memory that a search needs, built once and never changed.

    `vectors` may lack some passages or all of them: those are then found by their words only.
    """

    def __init__(
        self,
        procedures: Mapping[str, Procedure],
        passages: Iterable[Passage],
        vectors: Mapping[str, Vectors] | None = None,
    ) -> None:
        self.procedures = dict(procedures)
        self.codes = tuple(self.procedures)
        self._place = {code: i for i, code in enumerate(self.codes)}
        self.passages = tuple(p for p in passages if p.code in self._place or p.kind is Kind.ELSEWHERE)
        self.owner = {passage.id: passage.code for passage in self.passages if passage.code}
        self._elsewhere_words = tuple(frozenset(tokens(p.text)) for p in self.passages if p.kind is Kind.ELSEWHERE)
        titles, questions = self._texts()
        self._titles = LexicalField(titles)
        self._questions = LexicalField([text for _, text in questions])
        self._question_owner = np.array([owner for owner, _ in questions], dtype=np.int64)
        self._title_words = tuple(frozenset(tokens(text)) for text in titles)
        vocabularies = [set(with_pairs(tokens(text))) for text in titles]
        for owner, text in questions:
            vocabularies[owner].update(with_pairs(tokens(text)))
        self._words = tuple(frozenset(words) for words in vocabularies)
        self._rarity = Rarity(self._words)
        self._title_weight = [self._rarity.weight(words) for words in self._title_words]
        self._asked = frozenset(owner for owner, _ in questions)
        self._place_vectors(vectors or {})

    @property
    def has_vectors(self) -> bool:
        """Whether meaning can be compared, not only words."""
        return len(self._vectors) > 0

    def words_of(self, code: str) -> frozenset[str]:
        """Every folded word, and pair of neighbours, by which the procedure can be found."""
        return self._words[self._place[code]]

    def sharing(self, words: list[str]) -> tuple[Scores, Scores]:
        """Lexical score of each procedure's title, and of its best question; arrays in the order of `codes`."""
        title = self._titles.scores(words)
        question = np.zeros(len(self.codes), dtype=np.float32)
        if len(self._question_owner):
            np.maximum.at(question, self._question_owner, self._questions.scores(words))
        return title, question

    def evidence(
        self, words: list[str], shared: tuple[Scores, Scores], vector: Vectors | None, codes: Iterable[str]
    ) -> dict[str, Evidence]:
        """All there is to say for each of `codes`."""
        single = frozenset(word for word in words if "_" not in word)
        pairs = frozenset(words) - single or single
        weight = self._rarity.weight
        bound = weight(single) or 1.0
        pairs_bound = weight(pairs) or 1.0
        places = [self._place[code] for code in codes if code in self._place]
        nearness = self._nearness(vector, places)
        title, question = shared
        found: dict[str, Evidence] = {}
        for place in places:
            nearest, nearest_title = nearness.get(place, (0.0, 0.0))
            found[self.codes[place]] = Evidence(
                nearest=nearest,
                title_nearness=nearest_title,
                title_words=min(float(title[place]) / bound, 2.0),
                question_words=min(float(question[place]) / bound, 2.0),
                coverage=weight(single & self._words[place]) / bound,
                pairs=weight(pairs & self._words[place]) / pairs_bound,
                title_covered=weight(self._title_words[place] & single) / (self._title_weight[place] or 1.0),
                asked=place in self._asked,
            )
        return found

    def against_all(self, words: list[str], vector: Vectors | None) -> AgainstAll:
        """What speaks for the question not being ours at all."""
        single = {word for word in words if "_" not in word}
        alike = max((self._likeness(single, other) for other in self._elsewhere_words), default=0.0)
        nearest, _ = self._nearness(vector, [_NOWHERE]).get(_NOWHERE, (0.0, 0.0))
        return AgainstAll(nearest, alike)

    def _likeness(self, one: set[str], other: frozenset[str]) -> float:
        """How much of each other's rarity two texts share, 0..1; common words alone make nothing alike."""
        shared = self._rarity.weight(one & other)
        return shared / (self._rarity.weight(one) or 1.0) * shared / (self._rarity.weight(other) or 1.0)

    def _texts(self) -> tuple[list[str], list[tuple[int, str]]]:
        titles = [[procedure.title.vi, *procedure.keywords] for procedure in self.procedures.values()]
        questions: list[tuple[int, str]] = []
        for passage in self.passages:
            if passage.kind is Kind.ELSEWHERE:
                continue
            place = self._place[passage.code]
            foreign_title = passage.kind is Kind.TITLE and passage.language is not Language.VI
            if passage.kind is Kind.QUESTION or foreign_title:
                questions.append((place, passage.text))
        return [" . ".join(texts) for texts in titles], questions

    def _place_vectors(self, vectors: Mapping[str, Vectors]) -> None:
        known = [p for p in self.passages if p.id in vectors]
        rows = np.array([vectors[p.id] for p in known], dtype=np.float32)
        rows = rows.reshape(len(known), rows.shape[1] if known else 0)
        tongues = [tongue(p.text, p.language) for p in known]
        # all vectors of this model point the same way, and those of one language even more so: without
        # the common part they tell more, and languages become comparable
        whole = rows.mean(axis=0) if known else np.zeros(0, dtype=np.float32)
        self._middles: dict[Tongue, Vectors] = {}
        for each in Tongue:
            own = [row for row, its_tongue in enumerate(tongues) if its_tongue is each]
            self._middles[each] = rows[own].mean(axis=0) if len(own) >= _ENOUGH else whole
        middles = np.array([self._middles[each] for each in tongues], dtype=np.float32)
        self._vectors: Vectors = _unit(rows - middles.reshape(rows.shape))
        self._rows: dict[int, list[int]] = {}
        for row, passage in enumerate(known):
            self._rows.setdefault(self._place.get(passage.code, _NOWHERE), []).append(row)
        self._is_title: npt.NDArray[np.bool_] = np.array([p.kind is Kind.TITLE for p in known], dtype=bool)

    def centred(self, vector: Vectors, its_tongue: Tongue) -> Vectors:
        """The vector of a question without what it has in common with all texts of its tongue, length 1."""
        return cast(Vectors, _unit((vector - self._middles[its_tongue])[None, :])[0])

    def _nearness(self, query: Vectors | None, places: Sequence[int]) -> dict[int, tuple[float, float]]:
        """For each procedure the cosine of its nearest passage and of its nearest title."""
        if query is None or not self.has_vectors:
            return {}
        found: dict[int, tuple[float, float]] = {}
        for place in places:
            rows = self._rows.get(place)
            if rows is None:
                continue
            cosines = self._vectors[rows] @ query
            titles = cosines[self._is_title[rows]]
            found[place] = (float(cosines.max()), float(titles.max()) if len(titles) else 0.0)
        return found


class Retriever:
    """Searches one shelf. Its methods block for some milliseconds: call them from a thread."""

    def __init__(
        self,
        shelf: Shelf,
        reader: QuestionReader,
        embed: QueryEmbedding | None,
        neighbours: Neighbours | None,
    ) -> None:
        """Without `embed` or `neighbours` it ranks by words only."""
        self.shelf = shelf
        self._reader = reader
        self._embed = embed
        self._neighbours = neighbours

    def read(self, text: str) -> Understood:
        """`text` taken apart, see `QuestionReader`."""
        return self._reader.read(text)

    def search(
        self, subject: str, language: Language = Language.VI, *, also: Iterable[str] = (), count: int = 10
    ) -> Ranking:
        """The `count` procedures most probably meant by `subject` (see `read`), best first.

        `also` are codes to be weighed in any case. Raises `IndexUnusable` when Chroma fails.
        """
        words = with_pairs(tokens(subject))
        shared = self.shelf.sharing(words)
        codes = dict.fromkeys(also)
        for scores in shared:
            codes |= dict.fromkeys(self.shelf.codes[place] for place in _best(scores, _SHARING))
        vector: Vectors | None = None
        if subject and self._embed is not None and self._neighbours is not None and self.shelf.has_vectors:
            raw = self._embed.query(subject)
            for id_, _ in self._neighbours.nearest(raw, _NEAREST):
                if id_ in self.shelf.owner:
                    codes[self.shelf.owner[id_]] = None
            vector = self.shelf.centred(raw, tongue(subject, language))
        found = self.shelf.evidence(words, shared, vector, codes)
        weights = LEXICAL if vector is None else DENSE
        chances = weights.probabilities(list(found.values()), self.shelf.against_all(words, vector))
        ranked = [Candidate(*each) for each in zip(found, chances, found.values(), strict=True)]
        ranked.sort(key=lambda candidate: (-candidate.score, candidate.code))
        return Ranking(tuple(ranked[:count]), max(0.0, 1.0 - sum(chances)))


class QueryEmbedding(Protocol):
    """Turns a question into a vector."""

    def query(self, text: str) -> Vectors:
        """The vector of a text that searches."""
        ...


def _unit(rows: Vectors) -> Vectors:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Vectors = (rows / np.maximum(lengths, 1e-9)).astype(np.float32)
    return unit


def _best(scores: Scores, count: int) -> list[int]:
    many = len(scores) > count
    places = np.argpartition(-scores, count)[:count] if many else np.arange(len(scores))
    return [int(place) for place in places if scores[place] > 0]
