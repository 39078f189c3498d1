"""An offer that is over: not taken in time, or given back. The entry leaves the list, and its contact is told how."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from sqlalchemy import select, update

from bot.conversation.booking.managing_choices import JoinWaiting
from bot.conversation.messages import Reply
from bot.domain.booking.appointment import State
from bot.domain.booking.offices import Service
from bot.domain.procedure import Language
from bot.domain.when import Part

from .appointment_records import read_one
from .booking_rows import AppointmentRow, WaitingRow
from .contacted import contacted
from .places import lapse
from .unit_of_work import SqlUnitOfWork
from .waiting_queue import Entry


class Parting(Protocol):
    """Composes what is said then; `again` would put them on the list anew."""

    def lapsed(
        self, service: Service, starts_at: datetime, again: JoinWaiting, language: Language, now: datetime
    ) -> Reply: ...

    def given_back(
        self, service: Service, starts_at: datetime, again: JoinWaiting, language: Language, now: datetime
    ) -> Reply: ...


async def end(uow: SqlUnitOfWork, entry: Entry, parting: Parting, now: datetime) -> str:
    """End it and commit; says whether it `lapsed` or was `left`, or that others are at it."""
    locked = (
        await uow.connection.execute(
            select(WaitingRow.appointment_id, WaitingRow.offer_until)
            .where(WaitingRow.id == entry.id, WaitingRow.state == "offered")
            .with_for_update(skip_locked=True)
        )
    ).first()
    if locked is None:
        return "busy"
    contact = await contacted(uow.connection, entry.conversation_id)
    hold = None
    if locked.appointment_id is not None:
        await lapse(uow.connection, now, AppointmentRow.id == locked.appointment_id)
        hold = await read_one(uow.connection, AppointmentRow.id == locked.appointment_id)
    if hold is not None and hold.state is State.HELD:
        return "busy"  # somebody is just changing it
    over = locked.offer_until is not None and locked.offer_until <= now
    if contact is not None and hold is not None:
        uow.conversations.remember(contact.address, contact.conversation)
        say = parting.lapsed if over else parting.given_back
        part = None if entry.part is None else Part(entry.part)
        again = JoinWaiting(entry.service_key, entry.first_on, entry.last_on, part)
        await uow.outbox.add(contact.address, (say(hold.service, hold.starts_at, again, contact.language, now),))
    state = "lapsed" if over else "left"
    await uow.connection.execute(
        update(WaitingRow).where(WaitingRow.id == entry.id).values(state=state, offer_until=None)
    )
    await uow.commit()
    return state
