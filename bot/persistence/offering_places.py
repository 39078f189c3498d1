"""Offering a freed place to one who waits: a hold like any other, noted with the entry and said in one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

import structlog
from sqlalchemy import func, select, text, update

from bot.conversation.messages import Reply
from bot.conversation.ports import Openings
from bot.domain.booking.appointment import Appointment, State
from bot.domain.booking.errors import BookingError, OpeningFull, OpeningGone
from bot.domain.booking.offering import PARTS
from bot.domain.booking.offices import CITY_TIME
from bot.domain.booking.openings import Opening, Wish
from bot.domain.booking.waiting import OFFER
from bot.domain.procedure import Language, Text
from bot.domain.when import Part

from .appointment_records import appointments_where, read_again
from .booking_rows import AppointmentRow, WaitingRow
from .contacted import Contacted, contacted, department_name
from .unit_of_work import SqlUnitOfWork
from .waiting_queue import Entry

log = structlog.get_logger(__name__)

LOOKED_AT = 40
"""Openings tried for one entry."""
_ONE_SWEEP = text("SELECT pg_try_advisory_xact_lock(202604, hashtext(:service))")
_ACTIVE = (State.BOOKED.value, State.ARRIVED.value)


class Offering(Protocol):
    """Composes the offer; `moved` is the appointment that the place would replace."""

    def offer(
        self, hold: Appointment, department: Text, language: Language, now: datetime, moved: Appointment | None = None
    ) -> Reply: ...


async def free_for(openings: Openings, entry: Entry, now: datetime) -> list[Opening]:
    """The openings that fit a wish, in order of time."""
    wish = Wish(entry.first_on, entry.last_on, part=None if entry.part is None else Part(entry.part))
    offer = await openings.near(entry.service_key, wish, now, limit=LOOKED_AT)
    return list(_fitting(offer.openings, entry))


async def offer(uow: SqlUnitOfWork, entry: Entry, free: list[Opening], invite: Offering, now: datetime) -> str:
    """Offer the first of `free` that can still be had, and commit; says `offered`, or why not."""
    if not (await uow.connection.execute(_ONE_SWEEP, {"service": entry.service_key})).scalar_one():
        return "elsewhere"
    still = (
        select(WaitingRow.id)
        .where(WaitingRow.id == entry.id, WaitingRow.state == "waiting")
        .with_for_update(skip_locked=True)
    )
    if (await uow.connection.execute(still)).first() is None:
        return "busy"
    contact = await contacted(uow.connection, entry.conversation_id)
    if contact is None:
        return "busy"
    uow.conversations.remember(contact.address, contact.conversation)
    booked = await _booked(uow, entry)
    if booked is not None and (booked.state is not State.BOOKED or booked.is_too_late_to_change(now)):
        return "busy"  # it cannot be moved any more
    hold = await _hold(uow, entry, contact, booked, free, now)
    if hold is None:
        return "full"
    await uow.connection.execute(
        update(WaitingRow)
        .where(WaitingRow.id == entry.id)
        .values(state="offered", appointment_id=hold.id, offer_until=hold.hold_until)
    )
    department = await department_name(uow.connection, hold.service.department)
    said = invite.offer(hold, department, contact.language, now, booked)
    await uow.outbox.add(contact.address, (said,))
    await uow.commit()
    return "offered"


async def _booked(uow: SqlUnitOfWork, entry: Entry) -> Appointment | None:
    """What the contact has booked for the same service: then they wait for something sooner."""
    mine = appointments_where(
        AppointmentRow.conversation_id == entry.conversation_id,
        AppointmentRow.service_key == entry.service_key,
        AppointmentRow.state.in_(_ACTIVE),
    ).order_by(func.lower(AppointmentRow.during))
    found = (await uow.connection.execute(mine.limit(1))).first()
    return None if found is None else await read_again(uow.connection, found.a_id)


async def _declined(uow: SqlUnitOfWork, entry: Entry) -> set[datetime]:
    """When the contact had a place before and did not keep it: they are not asked about it again."""
    row = AppointmentRow
    given_back = select(func.lower(row.during)).where(
        row.conversation_id == entry.conversation_id,
        row.service_key == entry.service_key,
        row.state == State.CANCELLED.value,
    )
    return set((await uow.connection.scalars(given_back)).all())


async def _hold(
    uow: SqlUnitOfWork,
    entry: Entry,
    contact: Contacted,
    booked: Appointment | None,
    free: list[Opening],
    now: datetime,
) -> Appointment | None:
    """The first of the openings that can still be had."""
    declined = await _declined(uow, entry)
    for opening in free:
        if opening.starts_at in declined or (booked is not None and opening.starts_at >= booked.starts_at):
            continue
        try:
            return await uow.appointments.hold(
                contact.address,
                entry.service_key,
                opening.starts_at,
                now,
                procedure=entry.procedure_code,
                moving=None if booked is None else booked.code,
                keep=OFFER,
            )
        except (OpeningFull, OpeningGone):
            continue
        except BookingError as error:
            log.info("offer_refused", waiting=entry.id, reason=type(error).__name__)
            return None
    return None


def _fitting(openings: tuple[Opening, ...], entry: Entry) -> Iterator[Opening]:
    """Of what is near a wish, what is within it."""
    lowest, highest = PARTS[Part(entry.part)] if entry.part is not None else (0, 24 * 60)
    for opening in openings:
        local = opening.starts_at.astimezone(CITY_TIME)
        if entry.first_on <= local.date() <= entry.last_on and lowest <= local.hour * 60 + local.minute < highest:
            yield opening
