"""Appointments in PostgreSQL: what a contact takes, confirms, moves and gives back, within the turn's transaction.

Each deed is all or nothing on a savepoint, so that one that is refused leaves the transaction usable. Each first
locks the contact's conversation: one contact does one thing at a time, however often they tap.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation.messages import Address
from bot.domain.booking.appointment import HOLD, Appointment, Details, State
from bot.domain.booking.waiting import Waiting
from bot.domain.when import Part

from . import confirming, ending, holding, waiting_entries
from .appointment_records import CONTACT, read_one
from .booking_rows import AppointmentRow
from .repositories import Conversations
from .rows import ConversationRow


class SqlAppointments:
    """`Appointments` in PostgreSQL."""

    def __init__(self, connection: AsyncConnection, conversations: Conversations) -> None:
        self._connection = connection
        self._conversations = conversations

    async def hold(
        self,
        address: Address,
        service: str,
        starts_at: dt.datetime,
        now: dt.datetime,
        *,
        procedure: str | None = None,
        instead_of: str | None = None,
        moving: str | None = None,
        telephone: str | None = None,
        keep: dt.timedelta = HOLD,
    ) -> Appointment:
        """As the port says. A contact keeps one place at a time; what the waiting list offers (`keep` longer than
        `HOLD`) comes on top.

        With `moving` also raises `UnknownAppointment`, `AppointmentOver` and `TooLateToChange`.
        """
        async with self._alone(address) as conversation:
            return await holding.hold(
                self._connection,
                conversation,
                service,
                starts_at,
                now,
                procedure=procedure,
                instead_of=instead_of,
                moving=moving,
                telephone=telephone,
                keep=keep,
            )

    async def release(self, address: Address, code: str, now: dt.datetime) -> None:
        """As the port says."""
        async with self._alone(address) as conversation:
            mine = (AppointmentRow.code == code, AppointmentRow.conversation_id == conversation)
            kept = await read_one(self._connection, *mine, lock=True)
            if kept is not None and kept.state is State.HELD:
                await holding.give_back(self._connection, kept, CONTACT, now)

    async def confirm(self, address: Address, code: str, details: Details, now: dt.datetime) -> Appointment:
        """As the port says. Also raises `OpeningGone` where the office was closed meanwhile; notice and window were
        kept when the place was, and a hold is kept for what it promised."""
        async with self._alone(address) as conversation:
            return await confirming.confirm(self._connection, conversation, code, details, now)

    async def cancel(self, code: str, now: dt.datetime, *, actor: str = CONTACT) -> Appointment:
        """As the port says. Gives a hold back where `code` is that of one."""
        async with self._connection.begin_nested():
            return await ending.cancel(self._connection, code, now, actor)

    async def attend(self, code: str, now: dt.datetime) -> Appointment:
        """As the port says."""
        async with self._connection.begin_nested():
            return await ending.attend(self._connection, code, now)

    async def wait(
        self,
        address: Address,
        service: str,
        first: dt.date,
        last: dt.date,
        part: Part | None,
        now: dt.datetime,
        *,
        procedure: str | None = None,
    ) -> Waiting:
        """As the port says; a new wish goes to the end of the list. Raises `OpeningGone` for a service that is not
        offered."""
        async with self._alone(address) as conversation:
            return await waiting_entries.wait(
                self._connection, conversation, service, first, last, part, now, procedure=procedure
            )

    async def leave(self, address: Address, service: str, now: dt.datetime) -> bool:
        """As the port says."""
        async with self._alone(address) as conversation:
            return await waiting_entries.leave(self._connection, conversation, service, now)

    @asynccontextmanager
    async def _alone(self, address: Address) -> AsyncIterator[uuid.UUID]:
        """A savepoint with the conversation locked; gives its id."""
        conversation = await self._conversations.of(address)
        async with self._connection.begin_nested():
            await self._connection.execute(
                select(ConversationRow.id).where(ConversationRow.id == conversation).with_for_update(key_share=True)
            )
            yield conversation
