"""What each kind of evidence is worth: the same questions with one of them taken away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.domain.procedure import Language

from .retrieval import Retriever
from .weights import SIGNS, Scales, Sign, Typed, Weights

Known = tuple[str, str, tuple[str, ...]]
"""A question, its language, and the codes that answer it."""

ACTS = frozenset({Sign.ACT_SAID, Sign.ACT_UNSAID, Sign.ACT_MISSED})
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


def ablate(retriever: Retriever, questions: Sequence[Known]) -> dict[str, dict[str, float]]:
    """By what was taken away: right first and among three, 0..1. Takes a minute or two.

    Without meaning the weights fitted for words alone are used; elsewhere a weight is set to nought and nothing is
    fitted anew, so that each figure says what the whole loses at once, not what it could learn to do without.
    """
    return {
        name: _measured(variant, questions, as_typed=name == "diacritics as typed")
        for name, variant in _variants(retriever)
    }


def _variants(retriever: Retriever) -> Iterator[tuple[str, Retriever]]:
    yield "nothing", retriever
    yield "all of meaning", retriever.by_words_only()
    yield "all of words", retriever.with_weights(_without(retriever.weights, WORDS))
    yield "all of acts", retriever.with_weights(_without(retriever.weights, ACTS))
    yield "diacritics as typed", retriever
    yield "lay questions", retriever.without_questions()
    for sign in SIGNS:
        if sign not in (Sign.ALWAYS, Sign.BARE, Sign.BARE_TITLE, Sign.ACT_SAID, Sign.ACT_UNSAID, Sign.ACT_MISSED):
            yield sign.value, retriever.with_weights(_without(retriever.weights, frozenset({sign})))


def _without(weights: Weights, signs: frozenset[Sign]) -> Weights:
    def bare(scales: Scales) -> Scales:
        kept = {sign: 0.0 if sign in signs else value for sign, value in scales.signs.items()}
        return Scales(signs=kept, against=scales.against)

    return Weights(
        whole={kind: bare(weights.whole[kind]) for kind in Typed},
        words_only={kind: bare(weights.words_only[kind]) for kind in Typed},
    )


def _measured(retriever: Retriever, questions: Sequence[Known], *, as_typed: bool) -> dict[str, float]:
    first = third = 0
    for text, language, codes in questions:
        understood = retriever.read(text, as_typed=as_typed)
        found = retriever.search(understood, Language(language.split("-")[0]), count=3).candidates
        ranks = [place for place, candidate in enumerate(found) if candidate.code in codes]
        first += 0 in ranks
        third += bool(ranks)
    count = len(questions) or 1
    return {"questions": len(questions), "hit_at_1": first / count, "hit_at_3": third / count}
