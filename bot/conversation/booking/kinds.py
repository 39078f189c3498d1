"""Whether a particular kind of a procedure was named, or only what its near-duplicates have in common."""

from __future__ import annotations

from collections import Counter

from bot.conversation.clarifying import split_words
from bot.domain.booking.offices import Service
from bot.domain.procedure import Language, Procedure
from bot.domain.vietnamese import expand
from knowledge.answerer import Answerer

from .matter_words import CJK, FILLERS

_OPENING = frozenset("mo lap tao open set up start found register new".split())
"""Words for beginning a business of whatever kind."""


def names_the_kind(answerer: Answerer, said: str, best: Procedure, service: Service) -> bool:
    """Whether `said` holds a word that tells `best` from most of its near-duplicates, which one service receives.

    "thành lập công ty" is no particular kind of company, however the search ranks them.
    """
    group = answerer.group(best.group or "")
    kin = answerer.options(answerer.members(best.group or ""))
    siblings = [each for each in kin if each.code != best.code and each.code in service.procedures]
    if not siblings or group is None:
        return True
    ordinary = Counter(word for sibling in siblings for word in _telling_words(sibling))
    shared = {word for word, count in ordinary.items() if count * 2 >= len(siblings)} | _OPENING | FILLERS
    shared |= {word for language in Language for word in split_words(expand(group.title.within(language) or ""))}
    words = split_words(expand(said))
    telling = _telling_words(best) - shared
    # "Karaoke" is told from a dance hall by a word of their group's name, once all of its own name is said.
    others = {word for sibling in siblings for word in _telling_words(sibling)}
    wholly = any(own and own <= words for own in (each - others for each in _names(best)))
    if wholly or not telling.isdisjoint(words):
        return True
    # Words of no kind ("giám đốc") may still mean one: there the search knows better.
    return CJK.search(said) is None and not words <= shared


def _names(procedure: Procedure) -> list[set[str]]:
    """The words of the name that tells it apart, in each language."""
    named = procedure.variant or procedure.title
    return [split_words(expand(name)) for language in Language if (name := named.within(language)) is not None]


def _telling_words(procedure: Procedure) -> set[str]:
    return {word for name in _names(procedure) for word in name}
