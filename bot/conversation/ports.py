"""What a turn needs from the outside, as plain nouns."""

from __future__ import annotations

from types import TracebackType
from typing import Protocol, Self

from bot.domain.errors import AssistantError
from knowledge.faithful.sheet import Sheet

from .interpretation import Interpretation
from .messages import Address, InboundMessage, Reply
from .outcomes import TurnResult
from .tracker import Tracker


class InterpreterDown(AssistantError):
    """The NLU did not answer in time, or answered nonsense; go on without it."""


class Interpreter(Protocol):
    """Turns text into an interpretation."""

    async def interpret(self, text: str) -> Interpretation:
        """Raises `InterpreterDown`."""
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


class Inbox(Protocol):
    """The stored updates."""

    async def finish(self, message: InboundMessage, result: TurnResult) -> None:
        """Mark the update done. Raises `DuplicateMessage` where it was done already."""
        ...


class Trackers(Protocol):
    async def save(self, tracker: Tracker) -> None:
        """Write the tracker and raise its version by one. Raises `StaleTracker`."""
        ...


class Outbox(Protocol):
    async def add(self, message: InboundMessage, replies: tuple[Reply, ...]) -> None:
        """Store the replies to `message`, in order, to be delivered; mints a token for each button."""
        ...


class Utterances(Protocol):
    async def record(self, message: InboundMessage, text: str, result: TurnResult, elapsed_ms: float) -> None:
        """Keep the (already redacted) text with what was made of it, for the administrators."""
        ...


class Contacts(Protocol):
    async def erase(self, address: Address) -> None:
        """Delete what we hold of this contact's words and replies; the address stays, to confirm the deletion."""
        ...


class UnitOfWork(Protocol):
    """One transaction. What was not committed never happened."""

    inbox: Inbox
    trackers: Trackers
    outbox: Outbox
    utterances: Utterances
    contacts: Contacts

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    async def commit(self) -> None: ...


class UnitOfWorkFactory(Protocol):
    def __call__(self) -> UnitOfWork: ...
