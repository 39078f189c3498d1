"""What a turn needs from the outside, as plain nouns."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from types import TracebackType
from typing import Protocol, Self

from bot.domain.booking.appointment import HOLD, Appointment, Details
from bot.domain.booking.offices import Service
from bot.domain.booking.openings import Offer, Wish
from bot.domain.booking.waiting import Waiting
from bot.domain.errors import AssistantError
from bot.domain.procedure import Language
from bot.domain.when import Part, Reading
from knowledge.faithful.sheet import Sheet

from .interpretation import Interpretation
from .messages import Address, Attachment, InboundMessage, Reply
from .outcomes import TurnResult
from .tracker import Tracker


class InterpreterDown(AssistantError):
    """The NLU did not answer in time, or answered nonsense; go on without it."""


class Interpreter(Protocol):
    """Turns text into an interpretation."""

    async def interpret(self, text: str) -> Interpretation:
        """Raises `InterpreterDown`."""
        ...


class TimeReader(Protocol):
    """Reads days and hours out of what people write."""

    def __call__(self, text: str, at: datetime, language: Language | None = None) -> Reading:
        """Never raises."""
        ...


class Rephraser(Protocol):
    """Tells facts in other words. What it gives is a proposal: it is checked before anyone reads it."""

    async def rephrase(self, sheet: Sheet, question: str) -> str | None:
        """The facts of `sheet` in its wanted language, for who asked the (redacted) `question`; None where there is
        none in time. Never raises."""
        ...


class Recall(Protocol):
    """Reads, outside any transaction, what a turn must know before it thinks."""

    async def tracker(self, address: Address) -> Tracker:
        """The conversation's tracker; a fresh one (version 0) for a new contact."""
        ...

    async def choice(self, address: Address, token: str) -> str | None:
        """The value behind a button's token; None where it is unknown or belongs to someone else."""
        ...

    async def utterances_held(self, address: Address) -> int:
        """How many utterances of this contact are kept."""
        ...


class Offices(Protocol):
    """Services and counters, as the administrators keep them now."""

    async def services(self) -> tuple[Service, ...]:
        """Every service that may be booked."""
        ...


class Openings(Protocol):
    """Reads, outside any transaction, what can be booked."""

    async def near(self, service: str, wish: Wish, now: datetime, *, limit: int = 6) -> Offer:
        """What can be had near a wish; places that this reads as free may be gone when they are taken."""
        ...


class AppointmentBook(Protocol):
    """Reads, outside any transaction, who is expected."""

    async def of(self, address: Address, now: datetime) -> tuple[Appointment, ...]:
        """What the contact has booked and is still to come, in order of time; no holds."""
        ...

    async def found(self, code: str) -> Appointment | None:
        """The appointment with that code, whoever booked it."""
        ...

    async def held(self, address: Address, code: str, now: datetime) -> Appointment | None:
        """The contact's own hold of that code, while the place is kept."""
        ...

    async def waiting(self, address: Address) -> tuple[Waiting, ...]:
        """What the contact waits for."""
        ...


class Appointments(Protocol):
    """Changes appointments, within the turn's transaction. Each call stands or falls by itself: a `BookingError`
    leaves the transaction usable. `actor` is `contact`, `clock` or an official's login."""

    async def hold(
        self,
        address: Address,
        service: str,
        starts_at: datetime,
        now: datetime,
        *,
        procedure: str | None = None,
        instead_of: str | None = None,
        moving: str | None = None,
        telephone: str | None = None,
        keep: timedelta = HOLD,
    ) -> Appointment:
        """Keep a place until `now + keep`. `instead_of`: code of the contact's hold to give back in the same step;
        `moving`: code of the booked appointment the place is to replace, with its `telephone` where somebody else
        booked it.

        Raises `OpeningFull`, `OpeningGone`, `AlreadyBooked`, `TooManyAppointments`.
        """
        ...

    async def release(self, address: Address, code: str, now: datetime) -> None:
        """Give a hold back; nothing happens where there is none (any more)."""
        ...

    async def confirm(self, address: Address, code: str, details: Details, now: datetime) -> Appointment:
        """Turn a hold into an appointment, or move the one it replaces there (which keeps its code).

        Idempotent: confirming again gives the same appointment. Raises `HoldLapsed`, `AlreadyBooked`,
        `TooManyAppointments`, `TooLateToChange`, `AppointmentOver`, `UnknownAppointment`.
        """
        ...

    async def cancel(self, code: str, now: datetime, *, actor: str = "contact") -> Appointment:
        """Cancel; idempotent. Raises `TooLateToChange` (for contacts), `AppointmentOver`, `UnknownAppointment`."""
        ...

    async def attend(self, code: str, now: datetime) -> Appointment:
        """The contact will come. Raises `AppointmentOver`, `UnknownAppointment`."""
        ...

    async def wait(
        self,
        address: Address,
        service: str,
        first: date,
        last: date,
        part: Part | None,
        now: datetime,
        *,
        procedure: str | None = None,
    ) -> Waiting:
        """Join the waiting list; joining again replaces the wish."""
        ...

    async def leave(self, address: Address, service: str, now: datetime) -> bool:
        """Leave the waiting list (giving back what is offered); False where the contact was not on it."""
        ...


class Papers(Protocol):
    """What a contact takes along from a booking."""

    def of(self, appointment: Appointment, language: Language) -> tuple[Attachment, ...]:
        """The calendar file and the picture of the code."""
        ...

    def link(self, appointment: Appointment) -> str:
        """The address of the appointment's own page; nobody can guess it. Empty where there is none."""
        ...


class Inbox(Protocol):
    """The stored updates."""

    async def claim(self, message: InboundMessage) -> None:
        """Lock the update for this transaction before anything is changed. Raises `DuplicateMessage` where it
        was done already."""
        ...

    async def finish(self, message: InboundMessage, result: TurnResult) -> None:
        """Mark the update done. Raises `DuplicateMessage` where it was done already."""
        ...


class Trackers(Protocol):
    async def save(self, tracker: Tracker) -> None:
        """Write the tracker and raise its version by one. Raises `StaleTracker`."""
        ...


class Outbox(Protocol):
    async def add(self, address: Address, replies: tuple[Reply, ...]) -> None:
        """Store replies to a contact, in order, to be delivered; mints a token for each button."""
        ...


class Utterances(Protocol):
    async def record(self, message: InboundMessage, text: str, result: TurnResult, elapsed_ms: float) -> None:
        """Keep the (already redacted) text with what was made of it, for the administrators."""
        ...


class Contacts(Protocol):
    async def erase(self, address: Address, now: datetime) -> None:
        """Delete what we hold of this contact's words and replies, and cancel what is to come; the address stays, to
        confirm the deletion."""
        ...


class UnitOfWork(Protocol):
    """One transaction. What was not committed never happened."""

    inbox: Inbox
    trackers: Trackers
    outbox: Outbox
    utterances: Utterances
    contacts: Contacts
    appointments: Appointments

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    async def commit(self) -> None: ...


class UnitOfWorkFactory(Protocol):
    def __call__(self) -> UnitOfWork: ...
