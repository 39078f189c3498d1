"""What the holder of a link changes on the page: the change and the words to the chat in one transaction."""

from __future__ import annotations

import asyncio
import datetime as dt
import uuid
from collections.abc import Awaitable, Callable
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation.messages import Reply
from bot.conversation.ports import Appointments
from bot.domain.booking.appointment import Appointment
from bot.domain.booking.errors import UnknownAppointment
from bot.domain.procedure import Language, Text

from .appointment_records import read_one
from .booking_rows import AppointmentRow
from .contacted import Busy, contacted, department_name
from .ending import read_locked
from .unit_of_work import SqlUnitOfWork

Deed = Callable[[Appointments, str], Awaitable[Appointment]]
Notice = Callable[[Appointment, Text, Language, dt.datetime], Reply]
TRIES = 40
PAUSE = 0.05
"""Seconds. A turn that is being written holds its conversation for some milliseconds."""


class Notices(Protocol):
    """Composes what the chat says."""

    def cancelled(self, appointment: Appointment, department: Text, language: Language, now: dt.datetime) -> Reply: ...

    def attending(self, appointment: Appointment, department: Text, language: Language, now: dt.datetime) -> Reply: ...


class SqlLinkedChanges:
    """Changes an appointment for whoever has its link. A second time changes nothing and says nothing."""

    def __init__(self, engine: AsyncEngine, notices: Notices) -> None:
        self._engine = engine
        self._notices = notices

    async def cancel(self, appointment: uuid.UUID, now: dt.datetime) -> None:
        """Raises `TooLateToChange`, `AppointmentOver`, `UnknownAppointment`; `Busy` where the chat never pauses."""
        await self._patiently(appointment, now, lambda book, code: book.cancel(code, now), self._notices.cancelled)

    async def attend(self, appointment: uuid.UUID, now: dt.datetime) -> None:
        """Raises `AppointmentOver`, `UnknownAppointment`; `Busy` where the chat never pauses."""
        await self._patiently(appointment, now, lambda book, code: book.attend(code, now), self._notices.attending)

    async def _patiently(self, appointment: uuid.UUID, now: dt.datetime, deed: Deed, notice: Notice) -> None:
        for _ in range(TRIES):
            try:
                return await self._change(appointment, now, deed, notice)
            except Busy:
                # Rolled back first: who waits while holding rows may wait for ever.
                await asyncio.sleep(PAUSE)
        raise Busy

    async def _change(self, appointment: uuid.UUID, now: dt.datetime, deed: Deed, notice: Notice) -> None:
        async with SqlUnitOfWork(self._engine) as uow:
            named = await read_one(uow.connection, AppointmentRow.id == appointment)
            before = await read_locked(uow.connection, named.code) if named is not None else None
            if before is None:
                raise UnknownAppointment(str(appointment))
            after = await deed(uow.appointments, before.code)
            if (after.state, after.attending) != (before.state, before.attending):
                booked_in = select(AppointmentRow.conversation_id).where(AppointmentRow.id == appointment)
                contact = await contacted(uow.connection, await uow.connection.scalar(booked_in))
                if contact is not None:
                    department = await department_name(uow.connection, after.service.department)
                    uow.conversations.remember(contact.address, contact.conversation)
                    await uow.outbox.add(contact.address, (notice(after, department, contact.language, now),))
            await uow.commit()
