"""Judging what a search found: answer, ask which one was meant, or say that nothing fits.

Pure. The thresholds were chosen on data, see `Judgement`.
"""

from __future__ import annotations

import enum
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.procedure import Facet, Language, Origin, Procedure, Text

from .retrieval import Candidate, Ranking
from .shelf import Shelf
from .telling import telling_words
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
    """What was asked. `subject` is the code of the procedure last spoken of, if any; `foreign` the probability
    (0..1) that it is none of our business, by how it sounds, where somebody said."""

    text: str
    language: Language = Language.VI
    facet: Facet | None = None
    subject: str | None = None
    foreign: float | None = None


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
    """The five best candidates together must be this probable, of them and "none", where nobody said how the
    question sounds."""
    belongs: float = 0.55
    """The probability that a question is ours, by what was found and how it sounds, from which on it is answered."""
    least_found: float = 0.05
    """However much a question sounds like ours: below this there is nothing to answer it from."""
    found_counts: float = 0.86
    foreign_counts: float = -0.88
    belongs_base: float = 0.21
    """Of the log odds of what was found, and of sounding foreign: a logistic regression on the 676 texts of
    `data/evaluation` whose route looks something up. Ten-fold, 0.02 of what is ours is refused and 0.03 of
    the rest answered; by what was found alone 0.15 and 0.08, by the sound alone 0.08 and 0.08."""
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

    def is_ours(self, found: float, foreign: float | None) -> bool:
        """Whether a question may be answered: `found` is the probability that one of the best candidates is meant."""
        if foreign is None:
            return found >= self.ours
        if found < self.least_found:
            return False
        weighed = self.found_counts * _log_odds(found) + self.foreign_counts * _log_odds(foreign) + self.belongs_base
        return weighed >= _log_odds(self.belongs)


@dataclass(frozen=True, slots=True)
class Kin:
    """A group: what tells each of its procedures apart, by code, and the words of its title in every language.

    A procedure may be kin in several groups; `Procedure.group` is its own.
    """

    variants: Mapping[str, Text]
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
    if not matches or not judgement.is_ours(ours / (ours + ranking.none), question.foreign):
        return Finding(Verdict.NOTHING, matches[:2], lexical_only=lexical_only)
    best = matches[0]
    current = next((m for m in matches if m.procedure.code == question.subject), None)
    if current is not None and current.score >= judgement.keeps_subject * best.score:
        kept = (current, *(other for other in matches if other is not current))
        return Finding(Verdict.ANSWER, kept, lexical_only=lexical_only)
    close = [match for match in matches if match.score >= judgement.close * best.score]
    kinsfolk = [m for m in matches if best.procedure.group in kin and m.procedure.group == best.procedure.group]
    if not _tells_apart(subject, best, kinsfolk[1:], shelf):
        close += [m for m in kinsfolk if m not in close and m.score >= judgement.close_kin * best.score]
    spoken_of = shelf.procedures.get(question.subject or "")
    relatives = [m for m in close if spoken_of is not None and spoken_of.group and m.procedure.group == spoken_of.group]
    if spoken_of is not None and relatives and (len(relatives) < len(close) or len(close) > 1):
        # "and the extension?" after a work permit means its extension, not that of the exemption
        close = _of_the_same_case(subject, spoken_of, relatives, shelf)
        best = close[0]
        matches = (best, *(other for other in matches if other is not best))
    key = best.procedure.group or ""
    names_the_group = key in kin and _names_all(subject, kin[key])
    if not names_the_group and (len(close) == 1 or _tells_apart(subject, best, close[1:], shelf)):
        return Finding(Verdict.ANSWER, matches, lexical_only=lexical_only)
    group = key if names_the_group else _group_of(close, kin, judgement)
    if group is not None:
        order = [c.code for c in ranked if c.code in kin[group].variants]
        options = tuple(dict.fromkeys([*order, *kin[group].variants]))
        return Finding(Verdict.ASK_WHICH, matches, group, options, lexical_only)
    options = tuple(match.procedure.code for match in close)
    return Finding(Verdict.ASK_WHICH, matches, None, options, lexical_only)


def _without_twins(ranked: Sequence[Candidate], shelf: Shelf) -> list[Candidate]:
    """`ranked` with one procedure a title: the portal has some twice; the city's or the newer one is kept."""
    kept: dict[str, Candidate] = {}
    for candidate in ranked:
        title = shelf.telling.title(candidate.code)
        twin = kept.get(title)
        if twin is None:
            kept[title] = candidate
        elif _rank(shelf.procedures[candidate.code]) > _rank(shelf.procedures[twin.code]):
            kept[title] = Candidate(candidate.code, max(twin.score, candidate.score), candidate.evidence)
    return list(kept.values())


def _rank(procedure: Procedure) -> tuple[bool, str]:
    return procedure.origin is Origin.CITY, str(procedure.source.updated_on or "")


def _tells_apart(subject: str, best: Match, others: Sequence[Match], shelf: Shelf) -> bool:
    """Whether `subject` has a word that only `best`, among those close to it, is told by.

    The words of a variant ("gia hạn", "cấp lại") decide; they are compared without diacritics.
    """
    asked = frozenset(tokens(subject))
    mine = shelf.telling.words(best.procedure.code) & asked
    theirs = frozenset(word for other in others for word in shelf.telling.words(other.procedure.code))
    return bool(mine - theirs)


def _of_the_same_case(subject: str, spoken_of: Procedure, relatives: list[Match], shelf: Shelf) -> list[Match]:
    """Those of `relatives` whose variant shares most with that of the procedure spoken of: after a house "and a
    renovation?" means that of a house. All of them where `subject` itself tells them apart."""
    if _tells_apart(subject, relatives[0], relatives[1:], shelf):
        return relatives
    case = shelf.telling.words(spoken_of.code)
    shared = [len(case & shelf.telling.words(each.procedure.code)) for each in relatives]
    return [each for each, count in zip(relatives, shared, strict=True) if count == max(shared)]


def _group_of(close: Sequence[Match], kin: Mapping[str, Kin], judgement: Judgement) -> str | None:
    """The group whose question parts the `close` ones, best first: that of the best one with the largest share of
    them, its own where shares are equal; None where too many are of no such group."""
    best = close[0].procedure
    shares = {
        key: sum(match.score for match in close if match.procedure.code in each.variants)
        for key, each in kin.items()
        if best.code in each.variants
    }
    group = max(shares, key=lambda key: (shares[key], key == best.group), default=None)
    enough = judgement.one_group * sum(match.score for match in close)
    return group if group is not None and shares[group] > enough else None


def _names_all(subject: str, kin: Kin) -> bool:
    """Whether `subject` says no more than the group's title does, and no word that only one variant has."""
    asked = frozenset(tokens(subject))
    if not asked <= kin.words:
        return False
    told = Counter(word for variant in kin.variants.values() for word in telling_words(variant))
    return not any(told[word] == 1 for word in asked)


def _log_odds(probability: float) -> float:
    bounded = min(max(probability, 1e-4), 1 - 1e-4)
    return math.log(bounded / (1 - bounded))
