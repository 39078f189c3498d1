"""The waiting list: a freed place is offered to whoever has waited longest for it, for a while, then to the next.

Only the constraint on appointments decides who has a place: an offer is a hold like any other. Services are
looked after one sweep at a time, so that two cannot offer to the wrong one first.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Awaitable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

import structlog
from sqlalchemy import exists, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation.messages import Reply
from bot.conversation.ports import Openings
from bot.domain.booking.appointment import Appointment, State
from bot.domain.booking.errors import BookingError, OpeningFull, OpeningGone
from bot.domain.booking.offering import PARTS
from bot.domain.booking.offices import CITY_TIME, Service
from bot.domain.booking.openings import Opening, Wish
from bot.domain.booking.reminding import quiet_until
from bot.domain.booking.waiting import OFFER
from bot.domain.procedure import Language, Text
from bot.domain.when import Part

from .appointment_records import appointments_where, read_again, read_one
from .booking_rows import AppointmentRow, WaitingRow
from .contacted import Busy, Contacted, contacted, department_name
from .engine import at_once, is_database_away
from .places import lapse
from .rows import ContactRow, ConversationRow
from .unit_of_work import SqlUnitOfWork

log = structlog.get_logger(__name__)

AT_ONCE = 200
"""Entries looked at in one ring, the oldest first."""
_LOOKED_AT = 40
"""Openings tried for one entry."""
_ONE_SWEEP = text("SELECT pg_try_advisory_xact_lock(202604, hashtext(:service))")
_ACTIVE = (State.BOOKED.value, State.ARRIVED.value)


class Invite(Protocol):
    """Composes what the waiting list says."""

    def offer(
        self, hold: Appointment, department: Text, language: Language, now: datetime, moved: Appointment | None = None
    ) -> Reply: ...

    def lapsed(self, service: Service, starts_at: datetime, language: Language, now: datetime) -> Reply: ...


@dataclass(frozen=True, slots=True)
class _Entry:
    id: int
    conversation_id: uuid.UUID
    service_key: str
    procedure_code: str | None
    first_on: date
    last_on: date
    part: str | None


class SqlWaitingList:
    """Offers freed places. Any number of processes may do so at once."""

    def __init__(self, engine: AsyncEngine, openings: Openings, invite: Invite) -> None:
        self._engine = engine
        self._openings = openings
        self._invite = invite

    async def sweep(self, now: datetime, limit: int = AT_ONCE) -> dict[str, int]:
        """End what is over, then offer what is free at `now`; counts both. In the quiet hours everything waits."""
        done: Counter[str] = Counter()
        if quiet_until(now) is not None:
            return done
        await self._forget_past_wishes(now)
        for entry in await self._over(now, limit):
            done[await self._guarded(self._end(entry, now), entry)] += 1
        nothing: set[tuple[object, ...]] = set()
        elsewhere: set[str] = set()
        for entry in await self._waiting(now, limit):
            wish = (entry.service_key, entry.first_on, entry.last_on, entry.part)
            if wish in nothing or entry.service_key in elsewhere:
                continue
            free = await self._free(entry, now)
            if not free:
                nothing.add(wish)
                continue
            result = await self._guarded(self._offer(entry, free, now), entry)
            done[result] += 1
            if result == "elsewhere":
                elsewhere.add(entry.service_key)  # going on with a younger entry would overtake the other sweep
        return {what: count for what, count in done.items() if what in ("offered", "lapsed", "left")}

    async def _forget_past_wishes(self, now: datetime) -> None:
        """Nobody is told: the days have passed, and they know that nothing came free."""
        async with at_once(self._engine).connect() as connection:
            past = WaitingRow.last_on < now.astimezone(CITY_TIME).date()
            await connection.execute(
                update(WaitingRow).where(WaitingRow.state == "waiting", past).values(state="lapsed")
            )

    async def _over(self, now: datetime, limit: int) -> list[_Entry]:
        """Entries whose offer is over, or whose hold the contact gave back by another way."""
        held = exists().where(
            AppointmentRow.id == WaitingRow.appointment_id,
            AppointmentRow.state == State.HELD.value,
            AppointmentRow.hold_until > now,
        )
        return await self._entries(limit, WaitingRow.state == "offered", ~held)

    async def _waiting(self, now: datetime, limit: int) -> list[_Entry]:
        """Who waits and can be told; not who is just choosing a time, or their own hold would be lost."""
        choosing = exists().where(
            AppointmentRow.conversation_id == WaitingRow.conversation_id,
            AppointmentRow.state == State.HELD.value,
            AppointmentRow.hold_until > now,
        )
        unreachable = exists().where(
            ConversationRow.id == WaitingRow.conversation_id,
            ContactRow.id == ConversationRow.contact_id,
            ContactRow.unreachable_since.is_not(None),
        )
        return await self._entries(limit, WaitingRow.state == "waiting", ~choosing, ~unreachable)

    async def _entries(self, limit: int, *conditions: object) -> list[_Entry]:
        row = WaitingRow
        wanted = (
            select(
                row.id,
                row.conversation_id,
                row.service_key,
                row.procedure_code,
                row.first_on,
                row.last_on,
                row.part,
            )
            .where(*conditions)  # type: ignore[arg-type]
            .order_by(row.created_at, row.id)
            .limit(limit)
        )
        async with at_once(self._engine).connect() as connection:
            return [_Entry(*found) for found in await connection.execute(wanted)]

    async def _free(self, entry: _Entry, now: datetime) -> list[Opening]:
        """The openings that fit a wish, in order of time."""
        wish = Wish(entry.first_on, entry.last_on, part=None if entry.part is None else Part(entry.part))
        offer = await self._openings.near(entry.service_key, wish, now, limit=_LOOKED_AT)
        return list(_fitting(offer.openings, entry))

    async def _guarded(self, step: Awaitable[str], entry: _Entry) -> str:
        """One entry that cannot be served must not keep the others back."""
        try:
            return await step
        except Busy:
            return "busy"
        except Exception as error:
            if is_database_away(error):
                raise
            log.exception("offer_failed", waiting=entry.id)
            return "failed"

    async def _end(self, entry: _Entry, now: datetime) -> str:
        """The offer was not taken: the entry ends, and the contact is told unless they gave the place back."""
        async with SqlUnitOfWork(self._engine) as uow:
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
            if contact is not None and hold is not None and over:
                uow.conversations.remember(contact.address, contact.conversation)
                said = self._invite.lapsed(hold.service, hold.starts_at, contact.language, now)
                await uow.outbox.add(contact.address, (said,))
            state = "lapsed" if over else "left"
            await uow.connection.execute(
                update(WaitingRow).where(WaitingRow.id == entry.id).values(state=state, offer_until=None)
            )
            await uow.commit()
            return state

    async def _offer(self, entry: _Entry, free: list[Opening], now: datetime) -> str:
        async with SqlUnitOfWork(self._engine) as uow:
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
            booked = await self._booked(uow, entry)
            if booked is not None and (
                booked.state is not State.BOOKED or now > booked.starts_at - booked.service.cancel_until
            ):
                return "busy"  # it cannot be moved any more
            hold = await self._hold(uow, entry, contact, booked, free, now)
            if hold is None:
                return "full"
            await uow.connection.execute(
                update(WaitingRow)
                .where(WaitingRow.id == entry.id)
                .values(state="offered", appointment_id=hold.id, offer_until=hold.hold_until)
            )
            department = await department_name(uow.connection, hold.service.department)
            said = self._invite.offer(hold, department, contact.language, now, booked)
            await uow.outbox.add(contact.address, (said,))
            await uow.commit()
            return "offered"

    async def _booked(self, uow: SqlUnitOfWork, entry: _Entry) -> Appointment | None:
        """What the contact has booked for the same service: then they wait for something sooner."""
        mine = appointments_where(
            AppointmentRow.conversation_id == entry.conversation_id,
            AppointmentRow.service_key == entry.service_key,
            AppointmentRow.state.in_(_ACTIVE),
        ).order_by(func.lower(AppointmentRow.during))
        found = (await uow.connection.execute(mine.limit(1))).first()
        return None if found is None else await read_again(uow.connection, found.a_id)

    async def _declined(self, uow: SqlUnitOfWork, entry: _Entry) -> set[datetime]:
        """When the contact had a place before and did not keep it: they are not asked about it again."""
        row = AppointmentRow
        given_back = select(func.lower(row.during)).where(
            row.conversation_id == entry.conversation_id,
            row.service_key == entry.service_key,
            row.state == State.CANCELLED.value,
        )
        return set((await uow.connection.scalars(given_back)).all())

    async def _hold(
        self,
        uow: SqlUnitOfWork,
        entry: _Entry,
        contact: Contacted,
        booked: Appointment | None,
        free: list[Opening],
        now: datetime,
    ) -> Appointment | None:
        """The first of the openings that can still be had."""
        declined = await self._declined(uow, entry)
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


def _fitting(openings: tuple[Opening, ...], entry: _Entry) -> Iterator[Opening]:
    """Of what is near a wish, what is within it."""
    lowest, highest = PARTS[Part(entry.part)] if entry.part is not None else (0, 24 * 60)
    for opening in openings:
        local = opening.starts_at.astimezone(CITY_TIME)
        if entry.first_on <= local.date() <= entry.last_on and lowest <= local.hour * 60 + local.minute < highest:
            yield opening
