"""Closing a time: everybody booked then is moved to the next opening or told to choose another.

One transaction for each appointment holds its change, its history and the words to the contact. It may stop
anywhere and be run again, by the page or by the sweep, also by several at once: each claims other appointments.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection
from typing import Any, Protocol

import structlog
from sqlalchemy import Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.conversation.messages import Reply
from bot.domain.booking.appointment import Appointment, Change, State
from bot.domain.procedure import Language, Text

from .appointment_records import appointment_of, appointments_where, change, drop_reminders
from .booking_rows import AppointmentChangeRow, AppointmentRow
from .contacted import Busy, Contacted, contacted, department_name
from .displacing import note_closures
from .engine import is_database_away
from .moving_on import move_on
from .unit_of_work import SqlUnitOfWork

log = structlog.get_logger(__name__)

AT_ONCE = 500
"""Appointments of one run; the next goes on."""


class Notices(Protocol):
    """Composes what contacts are told."""

    def moved(
        self, old: Appointment, new: Appointment, department: Text, language: Language, reason: str, now: dt.datetime
    ) -> Reply: ...

    def inform(
        self, appointment: Appointment, language: Language, reason: str, now: dt.datetime, *, sought: bool
    ) -> Reply: ...


class SqlClosing:
    """Settles who is displaced."""

    def __init__(self, engine: AsyncEngine, notices: Notices) -> None:
        self._engine = engine
        self._notices = notices

    async def settle(self, now: dt.datetime, limit: int = AT_ONCE) -> Counter[str]:
        """Move or tell everybody displaced; counts `moved`, `informed`, and `untold` among both: nobody to write to."""
        async with self._engine.begin() as connection:
            await note_closures(connection, now)
        done: Counter[str] = Counter()
        left: set[int] = set()
        while sum((done["moved"], done["informed"], len(left))) < limit:
            async with SqlUnitOfWork(self._engine) as uow:
                noted = (await uow.connection.execute(_next(now, left))).first()
                if noted is None:
                    break
                try:
                    done.update(await self._settle(uow, noted, now))
                except Busy:
                    left.add(noted.id)
                except Exception as error:
                    if is_database_away(error):
                        raise
                    # One that fails must not keep the others back; the next run tries it again.
                    log.exception("displaced_not_settled", change=noted.id)
                    left.add(noted.id)
        if left:
            done["waiting"] = len(left)
        return done

    async def _settle(self, uow: SqlUnitOfWork, noted: Any, now: dt.datetime) -> list[str]:
        connection, reason = uow.connection, str(noted.facts.get("reason", ""))
        contact = await contacted(connection, noted.conversation_id)
        # waiting here while holding the conversation could make a turn wait for us for ever
        locked = appointments_where(AppointmentRow.id == noted.appointment_id).with_for_update(
            of=AppointmentRow, skip_locked=True
        )
        row = (await connection.execute(locked)).one_or_none()
        if row is None:
            raise Busy
        old = appointment_of(row)
        if old.version != noted.version or old.state is not State.BOOKED:
            return []
        facts = {name: noted.facts[name] for name in ("closure",) if name in noted.facts}
        sought = noted.facts.get("handling") == "move"
        new = await move_on(connection, old, noted.conversation_id, noted.actor, now) if sought else None
        if new is None:
            await drop_reminders(connection, old, "closed", now)
            told = facts | {"told": contact is not None}
            await change(connection, old, Change.INFORMED, noted.actor, now, facts=told)
        if contact is not None:
            reply = await self._reply(connection, contact, old, new, reason, now, sought=sought)
            uow.conversations.remember(contact.address, contact.conversation)
            await uow.outbox.add(contact.address, (reply,))
        await uow.commit()
        return ["informed" if new is None else "moved", *(["untold"] if contact is None else [])]

    async def _reply(
        self,
        connection: AsyncConnection,
        contact: Contacted,
        old: Appointment,
        new: Appointment | None,
        reason: str,
        now: dt.datetime,
        *,
        sought: bool,
    ) -> Reply:
        if new is None:
            return self._notices.inform(old, contact.language, reason, now, sought=sought)
        department = await department_name(connection, new.counter.department)
        return self._notices.moved(old, new, department, contact.language, reason, now)


def _next(now: dt.datetime, left: Collection[int]) -> Select[Any]:
    """The note that has waited longest, of an appointment nobody changed since and nobody else has in hand."""
    return (
        select(
            AppointmentChangeRow.id,
            AppointmentChangeRow.appointment_id,
            AppointmentChangeRow.version,
            AppointmentChangeRow.actor,
            AppointmentChangeRow.facts,
            AppointmentRow.conversation_id,
        )
        .join(
            AppointmentRow,
            and_(
                AppointmentRow.id == AppointmentChangeRow.appointment_id,
                AppointmentRow.version == AppointmentChangeRow.version,
            ),
        )
        .where(
            AppointmentChangeRow.change == Change.DISPLACED.value,
            AppointmentRow.state == State.BOOKED.value,
            func.lower(AppointmentRow.during) > now,
            AppointmentChangeRow.id.not_in(left),
        )
        .order_by(func.lower(AppointmentRow.during), AppointmentChangeRow.id)
        .limit(1)
        .with_for_update(of=AppointmentChangeRow, skip_locked=True)
    )
