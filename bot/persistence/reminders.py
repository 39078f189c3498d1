"""Reminders that are due: sent once each, or dropped for a reason.

What is said is derived at sending time from the appointment as it is then; the reply joins the outbox in the
transaction that marks the reminder, and is delivered like any other.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection
from datetime import datetime
from typing import Protocol

import structlog
from sqlalchemy import Select, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation.messages import Reply
from bot.domain.booking.appointment import Appointment, State
from bot.domain.booking.reminding import Kind, quiet_until, still_worth
from bot.domain.procedure import Language, Text

from .appointment_records import read_again
from .booking_rows import AppointmentRow, ReminderRow
from .contacted import Busy, contacted, department_name
from .engine import is_database_away
from .unit_of_work import SqlUnitOfWork

log = structlog.get_logger(__name__)

AT_ONCE = 500
"""Reminders of one ring; the next ring goes on."""


class Remind(Protocol):
    """Composes a reminder."""

    def __call__(self, appointment: Appointment, department: Text, language: Language, now: datetime) -> Reply: ...


class SqlReminders:
    """Sends what is due. Any number of processes may do so at once: each claims other rows."""

    def __init__(self, engine: AsyncEngine, remind: Remind) -> None:
        self._engine = engine
        self._remind = remind

    async def send(self, now: datetime, limit: int = AT_ONCE) -> dict[str, int]:
        """Send what is due at `now`, and count what became of each; in the quiet hours everything waits."""
        done: Counter[str] = Counter()
        if quiet_until(now) is not None:
            return done
        left: set[int] = set()
        while sum(done.values()) + len(left) < limit:
            async with SqlUnitOfWork(self._engine) as uow:
                row = (await uow.connection.execute(self._next(now, left))).first()
                if row is None:
                    break
                try:
                    done[await self._settle(uow, row.id, row.appointment_id, row.version, Kind(row.kind), now)] += 1
                except Busy:
                    left.add(row.id)
                except Exception as error:
                    if is_database_away(error):
                        raise
                    # One that cannot be composed must not keep the others back; the next ring tries it again.
                    log.exception("reminder_failed", reminder=row.id)
                    left.add(row.id)
        return done

    def _next(self, now: datetime, left: Collection[int]) -> Select[int, uuid.UUID, int, str]:
        """The reminder that has waited longest and that nobody else has in hand; the row lock gives it to one."""
        return (
            select(ReminderRow.id, ReminderRow.appointment_id, ReminderRow.version, ReminderRow.kind)
            .where(ReminderRow.state == "due", ReminderRow.due_at <= now, ReminderRow.id.not_in(left))
            .order_by(ReminderRow.due_at, ReminderRow.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )

    async def _settle(
        self, uow: SqlUnitOfWork, reminder: int, appointment: uuid.UUID, version: int, kind: Kind, now: datetime
    ) -> str:
        """Send one or drop it; says which, or why."""
        conversation = (
            await uow.connection.execute(select(AppointmentRow.conversation_id).where(AppointmentRow.id == appointment))
        ).scalar_one()
        contact = await contacted(uow.connection, conversation)
        booked = await read_again(uow.connection, appointment)  # after the lock: nobody changes it unheard
        reason = _against(booked, version, kind, now) or ("no_contact" if contact is None else None)
        if reason is None and kind is Kind.DAY_BEFORE and await self._next_is_due(uow, appointment, version, now):
            reason = "late"  # after an outage: the other one says the same
        if reason is None and contact is not None:
            department = await department_name(uow.connection, booked.service.department)
            uow.conversations.remember(contact.address, contact.conversation)
            await uow.outbox.add(contact.address, (self._remind(booked, department, contact.language, now),))
        await uow.connection.execute(
            update(ReminderRow)
            .where(ReminderRow.id == reminder)
            .values(state="dropped" if reason else "sent", reason=reason, done_at=now)
        )
        await uow.commit()
        return reason or "sent"

    async def _next_is_due(self, uow: SqlUnitOfWork, appointment: uuid.UUID, version: int, now: datetime) -> bool:
        """Whether the second reminder of the appointment is due as well."""
        other = select(ReminderRow.id).where(
            ReminderRow.appointment_id == appointment,
            ReminderRow.version == version,
            ReminderRow.kind == Kind.HOURS_BEFORE.value,
            ReminderRow.due_at <= now,
        )
        return (await uow.connection.execute(other)).first() is not None


def _against(booked: Appointment, version: int, kind: Kind, now: datetime) -> str | None:
    """Why the reminder must not be sent."""
    if booked.state is not State.BOOKED:
        return "cancelled"
    if booked.version != version:
        return "moved"
    return None if still_worth(kind, booked.starts_at, now) else "late"
