"""What an act of a turn gives back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.procedure import Facet
from knowledge.composing import Line

from .messages import Reply
from .outcomes import AppointmentShown, Candidate, Citation, Outcome, Route

if TYPE_CHECKING:
    from .ports import UnitOfWork


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
    appointments: tuple[AppointmentShown, ...] = ()
    redacted: str | None = None
    """What may be kept of the utterance, where `redaction` alone would leave personal data in it (a name)."""


@dataclass(frozen=True, slots=True)
class Deed:
    """An act that must change something first: `do` runs inside the turn's transaction and gives the act.

    It meets the family of `BookingError` itself and turns it into an act; what it raises undoes the turn.
    """

    do: Callable[[UnitOfWork], Awaitable[Act]]
