"""Judging what a search found: answer, ask which one was meant, or say that nothing fits.

Pure. The thresholds were chosen on data, see `Judgement`.
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.procedure import Facet, Language, Origin, Procedure

from .retrieval import Candidate, Ranking
from .shelf import Shelf
from .understanding import tokens
from .weights import Sign

OPTIONS = 5
"""The most candidates that are given, and offered."""


class Verdict(enum.StrEnum):
    """What may be done with a question."""

    ANSWER = "answer"
    ASK_WHICH = "ask_which"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked. `subject` is the code of the procedure last spoken of, if any."""

    text: str
    language: Language = Language.VI
    facet: Facet | None = None
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A procedure with the probability (0..1) that it is meant, and why."""

    procedure: Procedure
    score: float
    evidence: Mapping[Sign, float]


@dataclass(frozen=True, slots=True)
class Finding:
    """The judgement on a question.

    ANSWER: the first candidate is meant. ASK_WHICH: ask with `options` (codes, best first), by the question
    of `group` where all of them belong to one, else by their titles. NOTHING: `candidates` are the nearest
    there are, up to two, and none of them may be answered from. `lexical_only` says that meaning could not
    be compared just now.
    """

    verdict: Verdict
    candidates: tuple[Match, ...] = ()
    group: str | None = None
    options: tuple[str, ...] = ()
    lexical_only: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """The thresholds.

    Measured on `data/evaluation` (229 questions on the city's records, 99 that need the catalogue, 109 not
    ours) with the full catalogue, before the intent has its say:

        ours   refused wrongly: city, catalogue   refused rightly   answered wrongly: city, catalogue
        0.3    0.013, 0.121                       0.826             0.035, 0.152
        0.4    0.026, 0.263                       0.899             0.035, 0.111
        0.5    0.048, 0.343                       0.927             0.035, 0.091
    """

    ours: float = 0.55
    """The five best candidates together must be this probable, of them and "none"."""
    close: float = 0.4
    """Another candidate with at least this share of the best one's probability may be meant as well.

    At 0.25 three questions in a hundred more are asked back, one in a hundred fewer answered wrongly.
    """
    close_kin: float = 0.2
    """The same for one of the best one's group, where no word of the question tells them apart."""
    one_group: float = 0.6
    """The question of a group is asked where its procedures make up this share of the close ones."""
    keeps_subject: float = 0.2
    """The procedure last spoken of is kept with at least this share of the best one's probability."""


@dataclass(frozen=True, slots=True)
class Kin:
    """The procedures of a group, and the words of the group's title in every language."""

    codes: tuple[str, ...]
    words: frozenset[str]


def judge(
    subject: str,
    ranking: Ranking,
    shelf: Shelf,
    kin: Mapping[str, Kin],
    question: Question,
    judgement: Judgement,
) -> Finding:
    """The judgement on a ranking. Pure."""
    lexical_only = not shelf.has_vectors
    ranked = _without_twins(ranking.candidates, shelf)
    matches = tuple(Match(shelf.procedures[c.code], c.score, c.evidence) for c in ranked[:OPTIONS])
    ours = sum(match.score for match in matches)
    if not matches or ours < judgement.ours * (ours + ranking.none):
        return Finding(Verdict.NOTHING, matches[:2], lexical_only=lexical_only)
    best = matches[0]
    current = next((m for m in matches if m.procedure.code == question.subject), None)
    if current is not None and current.score >= judgement.keeps_subject * best.score:
        kept = (current, *(other for other in matches if other is not current))
        return Finding(Verdict.ANSWER, kept, lexical_only=lexical_only)
    close = [match for match in matches if match.score >= judgement.close * best.score]
    kinsfolk = [m for m in matches if best.procedure.group in kin and m.procedure.group == best.procedure.group]
    if not _tells_apart(subject, best, kinsfolk[1:]):
        close += [m for m in kinsfolk if m not in close and m.score >= judgement.close_kin * best.score]
    spoken_of = shelf.procedures.get(question.subject or "")
    relatives = [m for m in close if spoken_of is not None and spoken_of.group and m.procedure.group == spoken_of.group]
    if relatives and len(relatives) < len(close):
        # "and the extension?" after a work permit means its extension, not that of the exemption
        best, close = relatives[0], relatives
        matches = (best, *(other for other in matches if other is not best))
    key = best.procedure.group or ""
    names_the_group = key in kin and _names_all(subject, kin[key], shelf)
    if not names_the_group and (len(close) == 1 or _tells_apart(subject, best, close[1:])):
        return Finding(Verdict.ANSWER, matches, lexical_only=lexical_only)
    of_the_group = sum(match.score for match in close if match.procedure.group == key)
    if key in kin and (names_the_group or of_the_group > judgement.one_group * sum(m.score for m in close)):
        order = [c.code for c in ranked if shelf.procedures[c.code].group == key]
        options = tuple(dict.fromkeys([*order, *kin[key].codes]))
        return Finding(Verdict.ASK_WHICH, matches, key, options, lexical_only)
    options = tuple(match.procedure.code for match in close)
    return Finding(Verdict.ASK_WHICH, matches, None, options, lexical_only)


def _without_twins(ranked: Sequence[Candidate], shelf: Shelf) -> list[Candidate]:
    """`ranked` with one procedure a title: the portal has some twice; the city's or the newer one is kept."""
    kept: dict[str, Candidate] = {}
    for candidate in ranked:
        title = " ".join(tokens(shelf.procedures[candidate.code].title.vi))
        twin = kept.get(title)
        if twin is None:
            kept[title] = candidate
        elif _rank(shelf.procedures[candidate.code]) > _rank(shelf.procedures[twin.code]):
            kept[title] = Candidate(candidate.code, max(twin.score, candidate.score), candidate.evidence)
    return list(kept.values())


def _rank(procedure: Procedure) -> tuple[bool, str]:
    return procedure.origin is Origin.CITY, str(procedure.source.updated_on or "")


def _tells_apart(subject: str, best: Match, others: Sequence[Match]) -> bool:
    """Whether `subject` has a word that only `best`, among those close to it, is told by.

    The words of a variant ("gia hạn", "cấp lại") decide; they are compared without diacritics.
    """
    asked = frozenset(tokens(subject))
    mine = _telling_words(best.procedure) & asked
    theirs = frozenset(word for other in others for word in _telling_words(other.procedure))
    return bool(mine - theirs)


def _names_all(subject: str, kin: Kin, shelf: Shelf) -> bool:
    """Whether `subject` says no more than the group's title does, and no word that only one variant has."""
    asked = frozenset(tokens(subject))
    variants = Counter(word for code in kin.codes for word in _telling_words(shelf.procedures[code]))
    return asked <= kin.words and not any(variants[word] == 1 for word in asked)


def _telling_words(procedure: Procedure) -> frozenset[str]:
    variant = procedure.variant or procedure.title
    return frozenset(word for language in Language if (text := variant.within(language)) for word in tokens(text))
