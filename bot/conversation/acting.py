"""What an act of a turn gives back."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.procedure import Facet
from knowledge.composing import Line

from .messages import Reply
from .outcomes import Candidate, Citation, Outcome, Route


@dataclass(frozen=True, slots=True)
class Act:
    """How the turn ends: its outcome, what is said, and what was considered and cited."""

    route: Route | None
    outcome: Outcome
    replies: tuple[Reply, ...]
    facet: Facet | None = None
    candidates: tuple[Candidate, ...] = ()
    citations: tuple[Citation, ...] = ()
    composed: tuple[Line, ...] = ()
    """The lines of the one reply, where it was composed from a record and its facts may be told in other words."""
