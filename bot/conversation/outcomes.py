"""Where routing sends a turn, and how a turn ends."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.procedure import Facet, Language

from .interpretation import Interpretation
from .messages import Reply


class Route(enum.StrEnum):
    """Where routing sends a turn (a contract: `bot ask` prints these)."""

    ANSWER = "answer"
    BOOK = "book"
    RESCHEDULE = "reschedule"
    CANCEL = "cancel"
    MY_APPOINTMENTS = "my_appointments"
    HOTLINE = "hotline"
    ESCALATE = "escalate"
    LICENCE = "licence"
    SMALLTALK = "smalltalk"
    HELP = "help"
    FEEDBACK = "feedback"
    OUT_OF_SCOPE = "out_of_scope"
    ABUSE = "abuse"


class Outcome(enum.StrEnum):
    """How a turn ended, named in families."""

    ANSWERED = "answered"
    CLARIFIED = "clarified"
    REFERRED = "referred"
    """A service we do not run yet was asked for; the contact was told where it is to be had."""
    ASKED = "asked"
    """The form asked for the next thing it needs."""
    DONE = "done"
    """What was asked for was done: an appointment booked, moved, cancelled."""
    NOT_DONE = "not_done"
    """It could not be done (full, closed, too late); the contact was told why and offered what can be had."""
    CONVERSED = "conversed"
    UNANSWERABLE_NOTHING_FOUND = "unanswerable_nothing_found"
    UNANSWERABLE_UNREADABLE = "unanswerable_unreadable"
    UNANSWERABLE_NO_FACT = "unanswerable_no_fact"
    """The procedure was found, but its record does not hold what was asked."""
    REFUSED_OUT_OF_SCOPE = "refused_out_of_scope"
    REFUSED_ABUSE = "refused_abuse"
    REFUSED_MANIPULATION = "refused_manipulation"
    REFUSED_TOO_MANY = "refused_too_many"
    SILENT = "silent"
    ERROR_INTERNAL = "error_internal"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A procedure the turn considered."""

    code: str
    title: str
    score: float


@dataclass(frozen=True, slots=True)
class Citation:
    """A source shown to the contact."""

    title: str
    url: str
    updated_at: str | None


@dataclass(frozen=True, slots=True)
class AppointmentShown:
    """An appointment the turn spoke of or changed."""

    code: str
    department: str
    starts_at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class TurnResult:
    """Everything a turn decided and said; `bot ask` prints it, the administrators' log keeps it."""

    language: Language
    interpretation: Interpretation | None
    route: Route | None
    outcome: Outcome
    replies: tuple[Reply, ...]
    facet: Facet | None = None
    candidates: tuple[Candidate, ...] = ()
    citations: tuple[Citation, ...] = ()
    slots: dict[str, str] = field(default_factory=dict)
    form: str | None = None
    asks: str | None = None
    appointments: tuple[AppointmentShown, ...] = ()
