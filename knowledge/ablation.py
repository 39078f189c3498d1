"""What each kind of evidence is worth: the same questions with one of them taken away."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.procedure import Language

from .retrieval import Retriever, Weighed
from .weights import SIGNS, Scales, Sign, Typed, Weights

Known = tuple[str, str, tuple[str, ...]]
"""A question, its language, and the codes that answer it."""

OPERATIONS = frozenset({Sign.OPERATION_SAID, Sign.OPERATION_UNSAID, Sign.OPERATION_MISSED})
WORDS = frozenset(
    {
        Sign.TITLE_WORDS,
        Sign.QUESTION_WORDS,
        Sign.QUESTION_COVERED,
        Sign.COVERAGE,
        Sign.PAIRS,
        Sign.ACCENTED,
        Sign.TITLE_COVERED,
        Sign.FIRST_IN_WORDS,
    }
)


SINGLE = tuple(sign for sign in SIGNS if sign not in OPERATIONS | {Sign.ALWAYS, Sign.BARE, Sign.BARE_TITLE})


def ablate(retriever: Retriever, questions: Sequence[Known]) -> dict[str, dict[str, float]]:
    """By what was taken away: right first and among three, 0..1. Takes half a minute.

    Without meaning the weights fitted for words alone are used; elsewhere a weight is set to nought and nothing is
    fitted anew, so that each figure says what the whole loses at once, not what it could learn to do without.
    """
    found = {
        "nothing": _measured(retriever, questions),
        "all of meaning": _measured(retriever.by_words_only(), questions),
        "lay questions": _measured(retriever.without_questions(), questions),
        "diacritics as typed": _measured(retriever, questions, as_typed=True),
    }
    weighed = [(_weighed(retriever, question, as_typed=False), question[2]) for question in questions]
    for name, signs in (
        ("all of words", WORDS),
        ("all of operations", OPERATIONS),
        *((s.value, frozenset({s})) for s in SINGLE),
    ):
        weights = _without(retriever.weights, signs)
        found[name] = _shares([_rank(each, weights, codes) for each, codes in weighed])
    return found


def _measured(retriever: Retriever, questions: Sequence[Known], *, as_typed: bool = False) -> dict[str, float]:
    ranks = [
        _rank(_weighed(retriever, question, as_typed=as_typed), retriever.weights, question[2])
        for question in questions
    ]
    return _shares(ranks)


def _weighed(retriever: Retriever, question: Known, *, as_typed: bool) -> Weighed:
    text, language, _ = question
    return retriever.weighed(retriever.read(text, as_typed=as_typed), Language(language.split("-")[0]))


def _rank(weighed: Weighed, weights: Weights, codes: Sequence[str]) -> int:
    """The place of the first right candidate, from 0; beyond all where there is none."""
    chances = weighed.probabilities(weights)
    order = sorted(range(len(chances)), key=lambda row: (-chances[row], weighed.codes[row]))
    return next((place for place, row in enumerate(order) if weighed.codes[row] in codes), len(order))


def _shares(ranks: Sequence[int]) -> dict[str, float]:
    count = len(ranks) or 1
    return {
        "questions": len(ranks),
        "hit_at_1": sum(rank == 0 for rank in ranks) / count,
        "hit_at_3": sum(rank < 3 for rank in ranks) / count,
    }


def _without(weights: Weights, signs: frozenset[Sign]) -> Weights:
    def bare(scales: Scales) -> Scales:
        kept = {sign: 0.0 if sign in signs else value for sign, value in scales.signs.items()}
        return Scales(signs=kept, against=scales.against)

    return Weights(
        whole={kind: bare(weights.whole[kind]) for kind in Typed},
        words_only={kind: bare(weights.words_only[kind]) for kind in Typed},
    )
