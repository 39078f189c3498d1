"""Everything in memory that a search needs, built once and never changed: words and meanings of all procedures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass

import numpy as np

from bot.domain.procedure import Language, Origin, Procedure

from .e5.engine import SIZE, Vectors
from .lexical import LexicalField, Scores
from .operations import Operation, OperationReader
from .passages import Kind, Passage, Tongue, tongue
from .runs import Places, rows_of
from .space import ELSEWHERE, Space, best_places
from .telling import Telling
from .understanding import accented_words, tokens, with_pairs
from .vocabulary import QuestionWords, Rarity, Vocabulary
from .weights import COLUMN, SIGNS, Matrix, Sign

_SHARING = 40
"""Procedures each lexical field brings in."""
_NEAR = 40
"""Procedures the nearness of their middle brings in."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the shelf sees it: its folded words and pairs, its accented words, its place in the space."""

    words: tuple[str, ...]
    pairs: tuple[str, ...]
    accented: tuple[str, ...]
    operations: frozenset[Operation]
    point: Vectors | None

    @classmethod
    def of(cls, subject: str, operations: frozenset[Operation] = frozenset(), point: Vectors | None = None) -> Asked:
        """`subject` taken apart; `point` from `Shelf.point`."""
        words = tokens(subject)
        pairs = with_pairs(words)[len(words) :]
        return cls(tuple(words), tuple(pairs), tuple(accented_words(subject)), operations, point)


class Shelf:
    """`vectors` may lack some passages or all of them: those are then found by their words only."""

    def __init__(
        self,
        procedures: Mapping[str, Procedure],
        passages: Iterable[Passage],
        operations: OperationReader,
        vectors: Mapping[str, Vectors] | None = None,
    ) -> None:
        self.procedures = dict(procedures)
        self.codes = tuple(self.procedures)
        self.place_of = {code: place for place, code in enumerate(self.codes)}
        self.passages = tuple(p for p in passages if p.code in self.place_of or p.kind is Kind.ELSEWHERE)
        self.owner = {passage.id: passage.code for passage in self.passages if passage.code}
        self._is_city = np.array([p.origin is Origin.CITY for p in self.procedures.values()], dtype=np.float32)
        done = [operations.of_title(procedure.title.vi) for procedure in self.procedures.values()]
        self._operations = np.array(
            [[operation in each for operation in Operation] for each in done], dtype=bool
        ).reshape(-1, len(Operation))
        self.telling = Telling(self.procedures)
        self._read_words()
        self._space = self._made_space(vectors or {})

    @property
    def has_vectors(self) -> bool:
        """Whether meaning can be compared, not only words."""
        return self._space is not None and len(self._space) > 0

    def with_vectors(self, vectors: Mapping[str, Vectors]) -> Shelf:
        """The same shelf with meanings; the words, the longer part of building it, are shared."""
        whole = copy(self)
        whole._space = whole._made_space(vectors)
        return whole

    def without_vectors(self) -> Shelf:
        """The same shelf, found by words only."""
        return self.with_vectors({})

    def without_questions(self, operations: OperationReader, vectors: Mapping[str, Vectors]) -> Shelf:
        """The same procedures without their lay questions."""
        kept = [passage for passage in self.passages if passage.kind is not Kind.QUESTION]
        return Shelf(self.procedures, kept, operations, vectors)

    def point(self, vector: Vectors, its_tongue: Tongue) -> Vectors | None:
        """Where the vector of a question lies among the passages."""
        return self._space.place(vector, its_tongue) if self._space is not None else None

    def weighed(self, asked: Asked, also: Iterable[str] = ()) -> tuple[tuple[str, ...], Matrix]:
        """The codes worth weighing and all there is to say for each: a row each, a column a sign.

        Those that share most words, those nearest in meaning, and `also`.
        """
        shared = self._shared(asked)
        rankings = [best_places(scores, _SHARING) for scores in shared[:2]]
        if asked.point is not None and self._space is not None:
            rankings.append(self._space.nearest(asked.point, _NEAR))
        known = [self.place_of[code] for code in also if code in self.place_of]
        places: Places = np.unique(np.concatenate([*rankings, np.array(known, dtype=np.int64)]))
        return tuple(self.codes[place] for place in places.tolist()), self._evidence(asked, shared, places)

    def _evidence(self, asked: Asked, shared: tuple[Scores, Scores, Scores], places: Places) -> Matrix:
        found = np.zeros((len(places), len(SIGNS)), dtype=np.float32)
        if not len(places):
            return found
        self._weigh_words(asked, shared, places, found)
        if asked.point is not None and self._space is not None:
            nearest, title, middle = self._space.nearness(asked.point, places)
            found[:, COLUMN[Sign.NEAREST]], found[:, COLUMN[Sign.TITLE_NEARNESS]] = nearest, title
            found[:, COLUMN[Sign.MIDDLE]] = middle
            found[int(np.argmax(nearest + middle)), COLUMN[Sign.FIRST_IN_MEANING]] = 1
        self._weigh_operations(asked.operations, places, found)
        bare = self._bare[places]
        found[:, COLUMN[Sign.BARE]] = bare
        found[:, COLUMN[Sign.BARE_TITLE]] = bare * found[:, COLUMN[Sign.TITLE_COVERED]]
        found[:, COLUMN[Sign.CITY]] = self._is_city[places]
        found[:, COLUMN[Sign.ALWAYS]] = 1
        return found

    def against(self, asked: Asked) -> tuple[float, float, float]:
        """What speaks for the question not being ours at all, in the order of `weights.Against`."""
        single = set(asked.words)
        whole = self._rarity.weight(single)
        alike = 0.0
        if whole and len(self._elsewhere_weight):
            # how much of each other's rarity two texts share; common words alone make nothing alike
            shared = self._elsewhere.held(self._rarity.weights(single))
            alike = float((shared / whole * shared / self._elsewhere_weight).max())
        nearest = 0.0
        if asked.point is not None and self._space is not None:
            nearest = self._space.nearness_elsewhere(asked.point)
        unknown = self._rarity.weight(word for word in single if word not in self._words)
        return nearest, alike, unknown / whole if whole else 0.0

    def _weigh_operations(self, asked: frozenset[Operation], places: Places, found: Matrix) -> None:
        done = self._operations[places]
        does_some = done.any(axis=1)
        said = done[:, [operation in asked for operation in Operation]].any(axis=1)
        found[:, COLUMN[Sign.OPERATION_SAID]] = said
        found[:, COLUMN[Sign.OPERATION_UNSAID]] = does_some & ~said
        found[:, COLUMN[Sign.OPERATION_MISSED]] = bool(asked) & ~does_some

    def _weigh_words(self, asked: Asked, shared: tuple[Scores, Scores, Scores], places: Places, found: Matrix) -> None:
        rarity = self._rarity
        single = rarity.weights(asked.words)
        bound = sum(single.values()) or 1.0
        pairs = rarity.weights(asked.pairs) or single
        title, question, scores = shared
        found[:, COLUMN[Sign.TITLE_WORDS]] = np.minimum(title[places] / bound, 2)
        found[:, COLUMN[Sign.QUESTION_WORDS]] = np.minimum(question[places] / bound, 2)
        found[:, COLUMN[Sign.COVERAGE]] = self._words.held(single)[places] / bound
        found[:, COLUMN[Sign.PAIRS]] = self._words.held(pairs)[places] / (sum(pairs.values()) or 1.0)
        found[:, COLUMN[Sign.TITLE_COVERED]] = self._title_words.held(single)[places] / self._title_weight[places]
        accented = self._accented_rarity.weights(asked.accented)
        if accented:
            held = self._accented.held(accented)[places]
            found[:, COLUMN[Sign.ACCENTED]] = held / sum(accented.values())
        best = self._best_questions(scores, places)
        asks = best >= 0
        found[asks, COLUMN[Sign.QUESTION_COVERED]] = self._question_words.covered(best[asks], single)
        in_common = found[:, COLUMN[Sign.QUESTION_WORDS]] + found[:, COLUMN[Sign.COVERAGE]]
        found[int(np.argmax(in_common)), COLUMN[Sign.FIRST_IN_WORDS]] = 1

    def _shared(self, asked: Asked) -> tuple[Scores, Scores, Scores]:
        """Lexical score of each procedure's title, of its best question, and of every question."""
        words = [*asked.words, *asked.pairs]
        scores = self._questions.scores(words)
        question = np.zeros(len(self.codes), dtype=np.float32)
        if len(scores):
            question[self._asking] = np.maximum.reduceat(scores, self._question_ends[self._asking])
        return self._titles.scores(words), question, scores

    def _best_questions(self, scores: Scores, places: Places) -> Places:
        """The number of the question with the highest of `scores` for each place; -1 where none has any."""
        best = np.full(len(places), -1, dtype=np.int64)
        rows, begins, held = rows_of(self._question_ends, places)
        if len(begins):
            own = scores[rows]
            highest = np.maximum.reduceat(own, begins)
            of = np.repeat(np.arange(len(begins)), np.diff([*begins, len(rows)]))
            chosen = (own == highest[of]) & (own > 0)
            found = np.full(len(begins), -1, dtype=np.int64)
            found[of[chosen]] = rows[chosen]  # of equals the last one stays
            best[held] = found
        return best

    def _read_words(self) -> None:
        titles = [[procedure.title.vi, *procedure.keywords] for procedure in self.procedures.values()]
        questions: list[tuple[int, str]] = []
        accented: list[list[str]] = [accented_words(" . ".join(texts)) for texts in titles]
        for passage in self.passages:
            if passage.kind is Kind.ELSEWHERE:
                continue
            place = self.place_of[passage.code]
            foreign_title = passage.kind is Kind.TITLE and passage.language is not Language.VI
            if passage.kind is Kind.QUESTION or foreign_title:
                questions.append((place, passage.text))
            if passage.language is Language.VI:
                accented[place] += accented_words(passage.text)
        questions.sort(key=lambda question: question[0])
        elsewhere = [tokens(p.text) for p in self.passages if p.kind is Kind.ELSEWHERE]
        texts = [" . ".join(each) for each in titles]
        self._titles = LexicalField(texts)
        self._questions = LexicalField([text for _, text in questions])
        owners = np.array([owner for owner, _ in questions], dtype=np.int64)
        self._question_ends = np.searchsorted(owners, np.arange(len(self.codes) + 1))
        self._asking = np.unique(owners)
        title_words = [tokens(text) for text in texts]
        vocabularies = [with_pairs(words) for words in title_words]
        question_words = [tokens(text) for _, text in questions]
        for (owner, _), words in zip(questions, question_words, strict=True):
            vocabularies[owner] += with_pairs(words)
        self._words = Vocabulary(vocabularies)
        self._title_words = Vocabulary(title_words)
        self._accented = Vocabulary(accented)
        self._rarity: Rarity = self._words.rarity()
        self._accented_rarity = self._accented.rarity()
        self._title_weight = np.array([self._rarity.weight(set(words)) or 1.0 for words in title_words])
        self._elsewhere = Vocabulary(elsewhere)
        self._elsewhere_weight = np.array([self._rarity.weight(set(words)) or 1.0 for words in elsewhere])
        self._question_words = QuestionWords(question_words, self._rarity)
        self._bare = np.ones(len(self.codes), dtype=np.float32)
        self._bare[self._asking] = 0

    def _made_space(self, vectors: Mapping[str, Vectors]) -> Space | None:
        known = [p for p in self.passages if p.id in vectors]
        if not known:
            return None
        rows = np.array([vectors[p.id] for p in known], dtype=np.float32).reshape(len(known), SIZE)
        return Space(
            rows,
            [self.place_of.get(p.code, ELSEWHERE) for p in known],
            [tongue(p.text, p.language) for p in known],
            [p.kind is Kind.TITLE for p in known],
            len(self.codes),
        )
