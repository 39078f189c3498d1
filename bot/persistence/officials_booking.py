"""What an official does with appointments at the desk: books for who telephones, moves, cancels.

Officials may give the reserved places away and need keep no notice; the hours and the constraint hold for them too.
"""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation.messages import Address
from bot.domain.booking.appointment import HOLD, Appointment, Change, Details, State
from bot.domain.booking.errors import AppointmentOver, OpeningGone, UnknownAppointment
from bot.domain.booking.judging import why_not
from bot.domain.booking.offices import CITY_TIME
from bot.domain.booking.openings import Why
from bot.domain.booking.schedule import Schedule
from bot.domain.procedure import Language

from .appointment_records import change, plan_reminders, read_again, read_one
from .appointments import SqlAppointments
from .booking_rows import AppointmentChangeRow, AppointmentRow
from .ending import read_locked
from .moving import move_to
from .offices import read_schedule
from .places import take_place
from .repositories import Conversations
from .rows import ContactRow, ConversationRow


class SqlOfficialsBooking:
    """Changes appointments for an official, on the connection of a transaction; `actor` is their login."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def book(
        self,
        service: str,
        starts_at: dt.datetime,
        details: Details,
        now: dt.datetime,
        actor: str,
        *,
        language: Language = Language.VI,
        procedure: str | None = None,
        note: str | None = None,
    ) -> Appointment:
        """Book for somebody who telephoned or stands at the desk; the second of two clicks gives the same
        appointment. Raises `OpeningFull`, `OpeningGone`."""
        # two clicks come one after the other
        key = f"book {service} {details.telephone}"
        await self._connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))
        already = await read_one(
            self._connection,
            AppointmentRow.service_key == service,
            AppointmentRow.telephone == details.telephone,
            AppointmentRow.name == details.name,
            AppointmentRow.state == State.BOOKED.value,
            func.lower(AppointmentRow.during) == starts_at,
        )
        if already is not None:
            return already
        hold = await self._take(service, starts_at, now, actor)
        booked = await change(
            self._connection,
            hold,
            Change.BOOKED,
            actor,
            now,
            state=State.BOOKED.value,
            hold_until=None,
            name=details.name,
            telephone=details.telephone,
            tax_code=details.tax_code,
            language=language.value,
            procedure_code=procedure,
            note=note,
        )
        await plan_reminders(self._connection, booked, now)
        return booked

    async def move(self, code: str, starts_at: dt.datetime, now: dt.datetime, actor: str) -> Appointment:
        """Move an appointment to another opening of its service; moving it where it is changes nothing.

        Raises `UnknownAppointment`, `AppointmentOver`, `OpeningFull`, `OpeningGone`.
        """
        found = await read_locked(self._connection, code)
        if found is None or found.state is State.HELD:
            raise UnknownAppointment(code)
        if found.state is not State.BOOKED:
            raise AppointmentOver(code, found.state.value)
        if found.starts_at == starts_at:
            return found
        hold = await self._take(found.service.key, starts_at, now, actor)
        return await move_to(self._connection, found, hold, actor, now)

    async def cancel(self, code: str, reason: str, now: dt.datetime, actor: str) -> Appointment:
        """Cancel with a reason, which stands in the history. Raises `UnknownAppointment`, `AppointmentOver`."""
        appointments = SqlAppointments(self._connection, Conversations(self._connection))
        cancelled = await appointments.cancel(code, now, actor=actor)
        await self._connection.execute(
            update(AppointmentChangeRow)
            .where(
                AppointmentChangeRow.appointment_id == cancelled.id,
                AppointmentChangeRow.version == cancelled.version,
                AppointmentChangeRow.change == Change.CANCELLED.value,
                AppointmentChangeRow.actor == actor,
            )
            .values(facts={"reason": reason})
        )
        return cancelled

    async def contact_of(self, appointment: uuid.UUID) -> tuple[Address, Language] | None:
        """Where the contact is reached, and their language; None where it was booked by telephone."""
        row = (
            await self._connection.execute(
                select(ContactRow.channel, ContactRow.external_id, ConversationRow.language)
                .join(ConversationRow, ConversationRow.contact_id == ContactRow.id)
                .join(AppointmentRow, AppointmentRow.conversation_id == ConversationRow.id)
                .where(AppointmentRow.id == appointment)
            )
        ).first()
        return None if row is None else (Address(row.channel, row.external_id), Language(row.language))

    async def _take(self, service: str, starts_at: dt.datetime, now: dt.datetime, actor: str) -> Appointment:
        schedule = await self._schedule(service, starts_at, now)
        hold = await take_place(self._connection, schedule, starts_at, now, now + HOLD, actor=actor, officials=True)
        return await read_again(self._connection, hold)

    async def _schedule(self, service: str, starts_at: dt.datetime, now: dt.datetime) -> Schedule:
        day = starts_at.astimezone(CITY_TIME).date()
        schedule = await read_schedule(self._connection, service, day, day)
        if schedule is None:
            raise OpeningGone(service, starts_at, Why.NOT_OFFERED)
        if (why := why_not(schedule, starts_at, now, promised=True)) is not None:
            raise OpeningGone(service, starts_at, why)
        return schedule
