"""Appointments in PostgreSQL: what a contact takes, confirms, moves and gives back, within the turn's transaction."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation.messages import Address
from bot.domain.booking.appointment import HOLD, Appointment, Change, Details, State
from bot.domain.booking.deriving import Schedule
from bot.domain.booking.errors import (
    AlreadyBooked,
    AppointmentOver,
    HoldLapsed,
    OpeningGone,
    TooLateToChange,
    TooManyAppointments,
    UnknownAppointment,
)
from bot.domain.booking.judging import why_not
from bot.domain.booking.offices import CITY_TIME
from bot.domain.booking.openings import Why
from bot.domain.booking.waiting import Waiting
from bot.domain.when import Part

from .appointment_records import (
    appointments_where,
    change,
    drop_reminders,
    during,
    plan_reminders,
    read_again,
    read_one,
)
from .booking_rows import AppointmentChangeRow, AppointmentRow, WaitingRow
from .offices import read_schedule, read_services
from .places import CLOCK, take_place
from .repositories import Conversations
from .rows import ConversationRow

LIMIT = 3
"""Upcoming appointments of one contact, and of one telephone number: bots resell public openings."""
CONTACT = "contact"
_ACTIVE = (State.BOOKED.value, State.ARRIVED.value)


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
        conversation = await self._conversations.of(address)
        async with self._connection.begin_nested():
            schedule = await self._schedule(service, starts_at, now)
            await self._settle(conversation, service, now)
            if moving is not None:
                await self._movable(conversation, moving, now, telephone)
            else:
                await self._within_limits(conversation, service, None, now)
            await self._release_others(conversation, instead_of, now, every=keep <= HOLD)
            hold = await take_place(
                self._connection,
                schedule,
                starts_at,
                now,
                now + keep,
                actor=CONTACT,
                conversation_id=conversation,
                procedure_code=procedure,
                replaces=moving,
            )
            return await read_again(self._connection, hold)

    async def release(self, address: Address, code: str, now: dt.datetime) -> None:
        """As the port says."""
        conversation = await self._conversations.of(address)
        async with self._connection.begin_nested():
            hold = await self._own(conversation, code)
            if hold is not None and hold.state is State.HELD:
                await self._give_back(hold, CONTACT, now)

    async def confirm(self, address: Address, code: str, details: Details, now: dt.datetime) -> Appointment:
        """As the port says. Also raises `OpeningGone` where the office was closed meanwhile; notice and window were
        kept when the place was, and a hold is kept for what it promised."""
        conversation = await self._conversations.of(address)
        async with self._connection.begin_nested():
            # one contact confirms one thing at a time, or two taps could pass the limits side by side
            await self._connection.execute(
                select(ConversationRow.id).where(ConversationRow.id == conversation).with_for_update(key_share=True)
            )
            hold = await self._own(conversation, code)
            if hold is None:
                return await self._moved_by(code)
            if hold.state.value in _ACTIVE:
                return hold
            if hold.state is not State.HELD and await self._was_booked(hold):
                raise AppointmentOver(code, hold.state.value)
            if hold.hold_until is None or hold.hold_until <= now:
                raise HoldLapsed(code)
            await self._schedule(hold.service.key, hold.starts_at, now, promised=True)
            await self._settle(conversation, hold.service.key, now)
            if hold.replaces is not None:
                return await self._move(conversation, hold, details, now)
            return await self._book(conversation, hold, details, now)

    async def cancel(self, code: str, now: dt.datetime, *, actor: str = CONTACT) -> Appointment:
        """As the port says. Gives a hold back where `code` is that of one."""
        async with self._connection.begin_nested():
            found = await read_one(self._connection, AppointmentRow.code == code, lock=True)
            if found is None:
                raise UnknownAppointment(code)
            if found.state is State.CANCELLED:
                return found
            if found.state is State.HELD:
                return await self._give_back(found, actor, now)
            if found.state is not State.BOOKED:
                raise AppointmentOver(code, found.state.value)
            if actor == CONTACT:
                await self._in_time(found, now)
            await self._release_moves_of(code, now)
            await drop_reminders(self._connection, found, "cancelled", now)
            return await change(self._connection, found, Change.CANCELLED, actor, now, state=State.CANCELLED.value)

    async def attend(self, code: str, now: dt.datetime) -> Appointment:
        """As the port says; saying so twice changes nothing."""
        async with self._connection.begin_nested():
            found = await read_one(self._connection, AppointmentRow.code == code, lock=True)
            if found is None or found.state is State.HELD:
                raise UnknownAppointment(code)
            if found.state.value not in _ACTIVE or found.ends_at <= now:
                raise AppointmentOver(code, found.state.value)
            if found.attending:
                return found
            return await change(self._connection, found, Change.ATTENDING, CONTACT, now, attending_at=now)

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
        conversation = await self._conversations.of(address)
        async with self._connection.begin_nested():
            services = await read_services(self._connection, service)
            if not services:
                raise OpeningGone(service, now, Why.NOT_OFFERED)
            await self._give_back_offer(conversation, service, now)
            wish = {
                "first_on": first,
                "last_on": max(first, last),
                "part": None if part is None else part.value,
                "procedure_code": procedure,
                "state": "waiting",
                "appointment_id": None,
                "offer_until": None,
                "created_at": now,
            }
            await self._connection.execute(
                upsert(WaitingRow)
                .values(conversation_id=conversation, service_key=service, **wish)
                .on_conflict_do_update(
                    index_elements=["conversation_id", "service_key"],
                    index_where=WaitingRow.state.in_(("waiting", "offered")),
                    set_=wish,
                )
            )
            return Waiting(services[0], first, max(first, last), part, procedure)

    async def leave(self, address: Address, service: str, now: dt.datetime) -> bool:
        """As the port says."""
        conversation = await self._conversations.of(address)
        async with self._connection.begin_nested():
            await self._give_back_offer(conversation, service, now)
            left = await self._connection.execute(
                update(WaitingRow)
                .where(
                    WaitingRow.conversation_id == conversation,
                    WaitingRow.service_key == service,
                    WaitingRow.state.in_(("waiting", "offered")),
                )
                .values(state="left", appointment_id=None, offer_until=None)
            )
            return left.rowcount > 0

    async def _book(
        self, conversation: uuid.UUID, hold: Appointment, details: Details, now: dt.datetime
    ) -> Appointment:
        await self._within_limits(conversation, hold.service.key, details.telephone, now)
        language = await self._connection.scalar(
            select(ConversationRow.language).where(ConversationRow.id == conversation)
        )
        try:
            async with self._connection.begin_nested():
                booked = await change(
                    self._connection,
                    hold,
                    Change.BOOKED,
                    CONTACT,
                    now,
                    state=State.BOOKED.value,
                    hold_until=None,
                    language=language,
                    **_columns(details),
                )
        except IntegrityError as error:
            if getattr(error.orig, "sqlstate", None) != "23505":
                raise
            await self._within_limits(conversation, hold.service.key, None, now)
            raise
        await self._waited_for(conversation, hold, now)
        await plan_reminders(self._connection, booked, now)
        return booked

    async def _move(
        self, conversation: uuid.UUID, hold: Appointment, details: Details, now: dt.datetime
    ) -> Appointment:
        if hold.replaces is None:
            raise UnknownAppointment(hold.code)
        old = await self._movable(conversation, hold.replaces, now, details.telephone)
        await self._within_limits(conversation, None, details.telephone, now, besides=old.id)
        await self._waited_for(conversation, hold, now)
        return await move_to(self._connection, old, hold, CONTACT, now, **_columns(details))

    async def _schedule(
        self, service: str, starts_at: dt.datetime, now: dt.datetime, *, promised: bool = False
    ) -> Schedule:
        day = starts_at.astimezone(CITY_TIME).date()
        schedule = await read_schedule(self._connection, service, day, day)
        if schedule is None:
            raise OpeningGone(service, starts_at, Why.NOT_OFFERED)
        if (why := why_not(schedule, starts_at, now, promised=promised)) is not None:
            raise OpeningGone(service, starts_at, why)
        return schedule

    async def _own(self, conversation: uuid.UUID, code: str) -> Appointment | None:
        return await read_one(
            self._connection, AppointmentRow.code == code, AppointmentRow.conversation_id == conversation, lock=True
        )

    async def _movable(
        self, conversation: uuid.UUID, code: str, now: dt.datetime, telephone: str | None
    ) -> Appointment:
        """The appointment to be moved: the contact's own, or one booked elsewhere with the telephone they know."""
        found = await self._own(conversation, code)
        if found is None and telephone is not None:
            found = await read_one(
                self._connection, AppointmentRow.code == code, AppointmentRow.telephone == telephone, lock=True
            )
        if found is None or found.state is State.HELD:
            raise UnknownAppointment(code)
        if found.state is not State.BOOKED:
            raise AppointmentOver(code, found.state.value)
        await self._in_time(found, now)
        return found

    async def _in_time(self, appointment: Appointment, now: dt.datetime) -> None:
        """Raises `TooLateToChange`, but never for a time that the office, not the contact, has changed."""
        until = appointment.starts_at - appointment.service.cancel_until
        if now <= until:
            return
        row = AppointmentChangeRow
        by_the_office = select(row.id).where(
            row.appointment_id == appointment.id,
            row.version == appointment.version,
            (row.change == Change.INFORMED.value) | ((row.change == Change.MOVED.value) & (row.actor != CONTACT)),
        )
        if (await self._connection.execute(by_the_office.limit(1))).first() is None:
            raise TooLateToChange(appointment.code, until)

    async def _was_booked(self, appointment: Appointment) -> bool:
        booked = select(AppointmentChangeRow.id).where(
            AppointmentChangeRow.appointment_id == appointment.id, AppointmentChangeRow.change == Change.BOOKED.value
        )
        return (await self._connection.execute(booked)).first() is not None

    async def _moved_by(self, hold: str) -> Appointment:
        """The appointment that the hold of this code has moved already."""
        moved = (
            select(AppointmentChangeRow.appointment_id)
            .join(AppointmentRow, AppointmentRow.id == AppointmentChangeRow.appointment_id)
            .where(
                AppointmentChangeRow.change == Change.MOVED.value,
                AppointmentChangeRow.facts["hold"].astext == hold,
            )
        )
        id_ = await self._connection.scalar(moved.limit(1))
        if id_ is None:
            raise UnknownAppointment(hold)
        return await read_again(self._connection, id_)

    async def _within_limits(
        self,
        conversation: uuid.UUID,
        service: str | None,
        telephone: str | None,
        now: dt.datetime,
        *,
        besides: uuid.UUID | None = None,
    ) -> None:
        """Raises `AlreadyBooked`, `TooManyAppointments`."""
        row = AppointmentRow
        if service is not None:
            already = await self._connection.scalar(
                select(row.code).where(
                    row.conversation_id == conversation, row.service_key == service, row.state.in_(_ACTIVE)
                )
            )
            if already is not None:
                raise AlreadyBooked(already)
        whose = [row.conversation_id == conversation]
        if telephone is not None:
            whose.append(row.telephone == telephone)
        for one in whose:
            upcoming = select(func.count()).where(one, row.state.in_(_ACTIVE), func.upper(row.during) > now)
            if besides is not None:
                upcoming = upcoming.where(row.id != besides)
            if (await self._connection.execute(upcoming)).scalar_one() >= LIMIT:
                raise TooManyAppointments(LIMIT)

    async def _settle(self, conversation: uuid.UUID, service: str, now: dt.datetime) -> None:
        """An appointment of the past that nobody marked must not keep the contact from making another."""
        over = appointments_where(
            AppointmentRow.conversation_id == conversation,
            AppointmentRow.service_key == service,
            AppointmentRow.state.in_(_ACTIVE),
            func.upper(AppointmentRow.during) <= now,
        ).with_for_update(of=AppointmentRow)
        for row in (await self._connection.execute(over)).all():
            arrived = row.a_state == State.ARRIVED.value
            state, what = (State.SERVED, Change.SERVED) if arrived else (State.MISSED, Change.MISSED)
            past = await read_again(self._connection, row.a_id)
            await change(self._connection, past, what, CLOCK, now, state=state.value)

    async def _release_others(
        self, conversation: uuid.UUID, instead_of: str | None, now: dt.datetime, *, every: bool
    ) -> None:
        """Give back `instead_of`, and (`every`) what else the contact holds but for offers of the waiting list."""
        given_back = AppointmentRow.code == (instead_of or "")
        if every:
            offered = select(WaitingRow.appointment_id).where(
                WaitingRow.conversation_id == conversation, WaitingRow.appointment_id.is_not(None)
            )
            given_back |= AppointmentRow.id.not_in(offered.scalar_subquery())
        mine = appointments_where(
            AppointmentRow.conversation_id == conversation, AppointmentRow.state == State.HELD.value, given_back
        ).with_for_update(of=AppointmentRow)
        for row in (await self._connection.execute(mine)).all():
            await self._give_back(await read_again(self._connection, row.a_id), CONTACT, now)

    async def _release_moves_of(self, code: str, now: dt.datetime) -> None:
        moves = select(AppointmentRow.id).where(
            AppointmentRow.replaces == code, AppointmentRow.state == State.HELD.value
        )
        for id_ in (await self._connection.scalars(moves)).all():
            await self._give_back(await read_again(self._connection, id_), CLOCK, now)

    async def _give_back_offer(self, conversation: uuid.UUID, service: str, now: dt.datetime) -> None:
        offered = select(WaitingRow.appointment_id).where(
            WaitingRow.conversation_id == conversation,
            WaitingRow.service_key == service,
            WaitingRow.state == "offered",
        )
        for id_ in (await self._connection.scalars(offered)).all():
            hold = None if id_ is None else await read_one(self._connection, AppointmentRow.id == id_, lock=True)
            if hold is not None and hold.state is State.HELD:
                await self._give_back(hold, CONTACT, now)

    async def _give_back(self, hold: Appointment, actor: str, now: dt.datetime) -> Appointment:
        return await change(
            self._connection, hold, Change.CANCELLED, actor, now, state=State.CANCELLED.value, hold_until=None
        )

    async def _waited_for(self, conversation: uuid.UUID, hold: Appointment, now: dt.datetime) -> None:
        """The contact waits no longer where they took what was offered, or found a place on a day they wished."""
        day = hold.starts_at.astimezone(CITY_TIME).date()
        await self._connection.execute(
            update(WaitingRow)
            .where(
                WaitingRow.conversation_id == conversation,
                WaitingRow.service_key == hold.service.key,
                WaitingRow.state.in_(("waiting", "offered")),
                (WaitingRow.appointment_id == hold.id)
                | ((WaitingRow.state == "waiting") & (WaitingRow.first_on <= day) & (day <= WaitingRow.last_on)),
            )
            .values(state="taken", offer_until=None)
        )


async def move_to(
    connection: AsyncConnection, old: Appointment, hold: Appointment, actor: str, now: dt.datetime, **values: Any
) -> Appointment:
    """Put a booked appointment where the hold is, in one step with the end of the hold; it keeps row and code."""
    await connection.execute(AppointmentRow.__table__.delete().where(AppointmentRow.id == hold.id))  # type: ignore[attr-defined]
    moved = await change(
        connection,
        old,
        Change.MOVED,
        actor,
        now,
        facts={
            "hold": hold.code,
            "from": {"counter": old.counter.key, "starts_at": old.starts_at.isoformat()},
            "to": {"counter": hold.counter.key, "starts_at": hold.starts_at.isoformat()},
        },
        counter_id=hold.counter.id,
        place=hold.place,
        during=during(hold.starts_at, hold.ends_at),
        attending_at=None,
        **values,
    )
    await plan_reminders(connection, moved, now)
    return moved


def _columns(details: Details) -> dict[str, Any]:
    return {"name": details.name, "telephone": details.telephone, "tax_code": details.tax_code}
