"""Everything in memory that a search needs, built once and never changed: words and meanings of all procedures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass

import numpy as np

from bot.domain.procedure import Language, Origin, Procedure

from .acts import Act, ActReader
from .e5.engine import SIZE, Vectors
from .lexical import LexicalField, Scores
from .passages import Kind, Passage, Tongue, tongue
from .space import ELSEWHERE, Places, Space, best_places
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
    acts: frozenset[Act]
    point: Vectors | None

    @classmethod
    def of(cls, subject: str, acts: frozenset[Act] = frozenset(), point: Vectors | None = None) -> Asked:
        """`subject` taken apart; `point` from `Shelf.point`."""
        words = tokens(subject)
        pairs = with_pairs(words)[len(words) :]
        return cls(tuple(words), tuple(pairs), tuple(accented_words(subject)), acts, point)


class Shelf:
    """`vectors` may lack some passages or all of them: those are then found by their words only."""

    def __init__(
        self,
        procedures: Mapping[str, Procedure],
        passages: Iterable[Passage],
        acts: ActReader,
        vectors: Mapping[str, Vectors] | None = None,
    ) -> None:
        self.procedures = dict(procedures)
        self.codes = tuple(self.procedures)
        self.place_of = {code: place for place, code in enumerate(self.codes)}
        self.passages = tuple(p for p in passages if p.code in self.place_of or p.kind is Kind.ELSEWHERE)
        self.owner = {passage.id: passage.code for passage in self.passages if passage.code}
        self._is_city = np.array([p.origin is Origin.CITY for p in self.procedures.values()], dtype=np.float32)
        self._acts = tuple(acts.of_title(procedure.title.vi) for procedure in self.procedures.values())
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

    def without_questions(self, acts: ActReader, vectors: Mapping[str, Vectors]) -> Shelf:
        """The same procedures without their lay questions."""
        kept = [passage for passage in self.passages if passage.kind is not Kind.QUESTION]
        return Shelf(self.procedures, kept, acts, vectors)

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

    def _evidence(self, asked: Asked, shared: tuple[Scores, Scores, Places], places: Places) -> Matrix:
        found = np.zeros((len(places), len(SIGNS)), dtype=np.float32)
        if not len(places):
            return found
        self._weigh_words(asked, shared, places, found)
        if asked.point is not None and self._space is not None:
            nearest, title, middle = self._space.nearness(asked.point, places)
            found[:, COLUMN[Sign.NEAREST]], found[:, COLUMN[Sign.TITLE_NEARNESS]] = nearest, title
            found[:, COLUMN[Sign.MIDDLE]] = middle
            found[int(np.argmax(nearest + middle)), COLUMN[Sign.FIRST_IN_MEANING]] = 1
        for row, place in enumerate(places.tolist()):
            self._weigh_acts(asked.acts, self._acts[place], found[row])
        bare = self._bare[places]
        found[:, COLUMN[Sign.BARE]] = bare
        found[:, COLUMN[Sign.BARE_TITLE]] = bare * found[:, COLUMN[Sign.TITLE_COVERED]]
        found[:, COLUMN[Sign.CITY]] = self._is_city[places]
        found[:, COLUMN[Sign.ALWAYS]] = 1
        return found

    def against(self, asked: Asked) -> tuple[float, float, float]:
        """What speaks for the question not being ours at all, in the order of `weights.Against`."""
        single = set(asked.words)
        alike = max((self._likeness(single, other) for other in self._elsewhere_words), default=0.0)
        nearest = 0.0
        if asked.point is not None and self._space is not None:
            nearest = self._space.nearness_elsewhere(asked.point)
        whole = self._rarity.weight(single)
        unknown = self._rarity.weight(word for word in single if word not in self._words)
        return nearest, alike, unknown / whole if whole else 0.0

    def _weigh_acts(self, asked: frozenset[Act], done: frozenset[Act], row: Matrix) -> None:
        row[COLUMN[Sign.ACT_SAID]] = bool(asked & done)
        row[COLUMN[Sign.ACT_UNSAID]] = bool(done) and not asked & done
        row[COLUMN[Sign.ACT_MISSED]] = bool(asked) and not done

    def _weigh_words(self, asked: Asked, shared: tuple[Scores, Scores, Places], places: Places, found: Matrix) -> None:
        rarity = self._rarity
        single = rarity.weights(asked.words)
        bound = sum(single.values()) or 1.0
        pairs = rarity.weights(asked.pairs) or single
        title, question, best = shared
        found[:, COLUMN[Sign.TITLE_WORDS]] = np.minimum(title[places] / bound, 2)
        found[:, COLUMN[Sign.QUESTION_WORDS]] = np.minimum(question[places] / bound, 2)
        found[:, COLUMN[Sign.COVERAGE]] = self._words.held(single)[places] / bound
        found[:, COLUMN[Sign.PAIRS]] = self._words.held(pairs)[places] / (sum(pairs.values()) or 1.0)
        found[:, COLUMN[Sign.TITLE_COVERED]] = self._title_words.held(single)[places] / self._title_weight[places]
        accented = self._accented_rarity.weights(asked.accented)
        if accented:
            held = self._accented.held(accented)[places]
            found[:, COLUMN[Sign.ACCENTED]] = held / sum(accented.values())
        words = single.keys()
        for row, number in enumerate(best[places].tolist()):
            if number >= 0:
                found[row, COLUMN[Sign.QUESTION_COVERED]] = self._question_words.covered(number, words)
        in_common = found[:, COLUMN[Sign.QUESTION_WORDS]] + found[:, COLUMN[Sign.COVERAGE]]
        found[int(np.argmax(in_common)), COLUMN[Sign.FIRST_IN_WORDS]] = 1

    def _shared(self, asked: Asked) -> tuple[Scores, Scores, Places]:
        """Lexical score of each procedure's title and of its best question, and which question that is."""
        words = [*asked.words, *asked.pairs]
        title = self._titles.scores(words)
        count = len(self.codes)
        question = np.zeros(count, dtype=np.float32)
        best = np.full(count, -1, dtype=np.int64)
        scores = self._questions.scores(words)
        (hit,) = np.nonzero(scores)
        if len(hit):
            order = hit[np.argsort(scores[hit], kind="stable")]  # the best comes last and stays
            owners = self._question_owner[order]
            question[owners] = scores[order]
            best[owners] = order
        return title, question, best

    def _likeness(self, one: set[str], other: frozenset[str]) -> float:
        """How much of each other's rarity two texts share, 0..1; common words alone make nothing alike."""
        both = one & other
        if not both:
            return 0.0
        shared = self._rarity.weight(both)
        return shared / (self._rarity.weight(one) or 1.0) * shared / (self._rarity.weight(other) or 1.0)

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
        self._elsewhere_words = tuple(frozenset(tokens(p.text)) for p in self.passages if p.kind is Kind.ELSEWHERE)
        texts = [" . ".join(each) for each in titles]
        self._titles = LexicalField(texts)
        self._questions = LexicalField([text for _, text in questions])
        self._question_owner = np.array([owner for owner, _ in questions], dtype=np.int64)
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
        self._question_words = QuestionWords(question_words, self._rarity)
        self._bare = np.ones(len(self.codes), dtype=np.float32)
        self._bare[self._question_owner] = 0

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
