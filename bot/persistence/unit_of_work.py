"""The unit of work: everything a turn decided becomes true in one transaction, or nothing does."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.conversation.ports import Appointments, Contacts, Inbox, Outbox, Trackers, Utterances

from .appointments import SqlAppointments
from .contact_data import SqlContacts
from .repositories import Conversations, SqlInbox, SqlOutbox, SqlTrackers, SqlUtterances


class SqlUnitOfWork:
    """`UnitOfWork` in PostgreSQL; for one `async with` only.

    `connection` is there for repositories that other parts of the house bring along.
    """

    connection: AsyncConnection
    conversations: Conversations
    inbox: Inbox
    trackers: Trackers
    outbox: Outbox
    utterances: Utterances
    contacts: Contacts
    appointments: Appointments

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._held = AsyncExitStack()

    async def __aenter__(self) -> Self:
        self.connection = await self._held.enter_async_context(self._engine.connect())
        self.conversations = Conversations(self.connection)
        inbox = SqlInbox(self.connection, self.conversations)
        self.inbox = inbox
        self.trackers = SqlTrackers(self.connection, self.conversations)
        self.outbox = SqlOutbox(self.connection, self.conversations, inbox)
        self.utterances = SqlUtterances(self.connection, self.conversations, inbox)
        self.contacts = SqlContacts(self.connection, self.conversations)
        self.appointments = SqlAppointments(self.connection, self.conversations)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Closing rolls back whatever was not committed.
        await self._held.aclose()

    async def commit(self) -> None:
        """Make it true."""
        await self.connection.commit()


def unit_of_work_factory(engine: AsyncEngine) -> Callable[[], SqlUnitOfWork]:
    """A `UnitOfWorkFactory` on `engine`."""
    return lambda: SqlUnitOfWork(engine)
