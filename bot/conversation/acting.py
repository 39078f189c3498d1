"""What an act of a turn gives back."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.procedure import Facet

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
