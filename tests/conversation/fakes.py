"""Small working stand-ins for what a turn needs from the outside: an NLU that says what it was told to, a
store that forgets what was not committed, procedures kept in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Self

from bot.conversation.interpretation import Interpretation
from bot.conversation.messages import Address, InboundMessage, Reply
from bot.conversation.outcomes import TurnResult
from bot.conversation.ports import (
    Appointments,
    Contacts,
    Inbox,
    InterpreterDown,
    Outbox,
    Trackers,
    UnitOfWork,
    Utterances,
)
from bot.conversation.tracker import Tracker
from bot.domain.errors import DuplicateMessage, StaleTracker
from bot.domain.procedure import Origin, Procedure
from knowledge.answerer import Answerer, Finding, Question
from knowledge.records import digest


class FakeInterpreter:
    """Understands each text as it was told, anything else as a question about papers."""

    def __init__(self, events: list[str]) -> None:
        self._events = events
        self.script: dict[str, Mapping[str, float]] = {}
        self.down = False

    def understand(self, text: str, **probabilities: float) -> None:
        self.script[text] = probabilities

    async def interpret(self, text: str) -> Interpretation:
        self._events.append("interpret")
        if self.down:
            raise InterpreterDown
        said = self.script.get(text, {"ask_documents": 0.9, "ask_overview": 0.1})
        ranking = tuple(sorted(said.items(), key=lambda pair: -pair[1]))
        return Interpretation(text, ranking[0][0], ranking[0][1], ranking)


class FakeProcedureStore:
    """Procedures in memory."""

    def __init__(self) -> None:
        self._held: dict[tuple[Origin, str], Procedure] = {}

    async def save(self, procedures: Sequence[Procedure]) -> None:
        self._held |= {(p.origin, p.code): p for p in procedures}

    async def remove(self, origin: Origin, codes: Sequence[str]) -> None:
        for code in codes:
            self._held.pop((origin, code), None)

    async def digests(self, origin: Origin) -> dict[str, str]:
        return {p.code: digest(p) for p in self._held.values() if p.origin is origin}

    async def all(self) -> list[Procedure]:
        return sorted(self._held.values(), key=lambda p: (p.code, p.origin))

    async def get(self, code: str) -> list[Procedure]:
        return [p for p in self._held.values() if p.code == code]

    async def version(self) -> str:
        return str(len(self._held))


class NotingAnswerer(Answerer):
    """The real answerer, ranking by words alone; notes when it is asked."""

    events: list[str] | None = None

    async def find(self, question: Question) -> Finding:
        if self.events is not None:
            self.events.append("find")
        return await super().find(question)


@dataclass
class Stored:
    """What a database would hold."""

    trackers: dict[Address, Tracker] = field(default_factory=dict)
    finished: dict[tuple[str, str], TurnResult] = field(default_factory=dict)
    outbox: list[Reply] = field(default_factory=list)
    utterances: list[str] = field(default_factory=list)
    erased: list[Address] = field(default_factory=list)


class FakeStorage:
    """Committed state, the recall of it, and units of work on it; `events` tells what happened in which order."""

    def __init__(self) -> None:
        self.events: list[str] = []
        self.stored = Stored()
        self.tokens: dict[str, tuple[Address, str]] = {}
        self.fails_on_commit = False

    async def tracker(self, address: Address) -> Tracker:
        self.events.append("recall")
        return deepcopy(self.stored.trackers.get(address)) or Tracker(address)

    async def choice(self, address: Address, token: str) -> str | None:
        owner, value = self.tokens.get(token, (None, None))
        return value if owner == address else None

    async def utterances_held(self, address: Address) -> int:
        return len(self.stored.utterances)

    def __call__(self) -> UnitOfWork:
        return FakeUnitOfWork(self)


class FakeUnitOfWork:
    """Works on a copy that replaces the original when, and only when, it is committed."""

    inbox: Inbox
    trackers: Trackers
    outbox: Outbox
    utterances: Utterances
    contacts: Contacts
    appointments: Appointments
    """Not played: what is booked is tested on the real database, since its constraint decides."""

    def __init__(self, storage: FakeStorage) -> None:
        self._storage = storage
        self.inbox = self.trackers = self.outbox = self.utterances = self.contacts = self

    async def __aenter__(self) -> Self:
        self._storage.events.append("begin")
        self._draft = deepcopy(self._storage.stored)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._storage.events.append("end")

    async def commit(self) -> None:
        if self._storage.fails_on_commit:
            raise ConnectionError("the database went away")
        self._storage.events.append("commit")
        self._storage.stored = self._draft

    async def claim(self, message: InboundMessage) -> None:
        key = (message.address.channel, message.event_id)
        if key in self._draft.finished:
            raise DuplicateMessage(*key)

    async def finish(self, message: InboundMessage, result: TurnResult) -> None:
        key = (message.address.channel, message.event_id)
        if key in self._draft.finished:
            raise DuplicateMessage(*key)
        self._draft.finished[key] = result

    async def save(self, tracker: Tracker) -> None:
        held = self._draft.trackers.get(tracker.address)
        if (held.version if held else 0) != tracker.version:
            raise StaleTracker(str(tracker.address), tracker.version)
        tracker.version += 1
        self._draft.trackers[tracker.address] = deepcopy(tracker)

    async def add(self, address: Address, replies: tuple[Reply, ...]) -> None:
        self._draft.outbox += replies

    async def record(self, message: InboundMessage, text: str, result: TurnResult, elapsed_ms: float) -> None:
        self._draft.utterances.append(text)

    async def erase(self, address: Address, now: datetime) -> None:
        self._draft.erased.append(address)
        self._draft.utterances.clear()
        self._draft.outbox.clear()
