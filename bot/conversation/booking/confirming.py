"""Taking a place: the hold while the contact decides, the booking of it, and giving it back. Inside the transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bot.conversation.acting import Act, Deed
from bot.conversation.outcomes import Outcome
from bot.conversation.ports import Openings, UnitOfWork
from bot.domain.booking.appointment import Appointment, Details
from bot.domain.booking.errors import (
    AlreadyBooked,
    AppointmentOver,
    HoldLapsed,
    OpeningFull,
    OpeningGone,
    TooLateToChange,
    TooManyAppointments,
    UnknownAppointment,
)
from bot.domain.booking.offices import CITY_TIME, Service
from knowledge.composing import Line

from . import leaving
from .asking import asked, shown
from .asking_when import ask_time
from .asking_who import ask_details
from .confirmation import Confirmation
from .exchange import HELD, Exchange
from .matters import Matters
from .showing_times import show_moment
from .summing_up import sum_up
from .wishing import forget, wish_for, wish_in


class Confirming:
    """Takes places; one instance serves all conversations."""

    def __init__(self, matters: Matters, openings: Openings, confirmation: Confirmation) -> None:
        self._matters = matters
        self._openings = openings
        self._confirmation = confirmation

    def hold(self, exchange: Exchange, service: Service, starts_at: dt.datetime, notes: Sequence[Line] = ()) -> Deed:
        """Keep the place, then ask for what is missing."""

        async def do(uow: UnitOfWork) -> Act:
            try:
                held = await self._take(uow, exchange, service, starts_at)
            except (OpeningFull, OpeningGone):
                return await self._offer_others(exchange, service, starts_at, "book_taken")
            except AlreadyBooked as error:
                return leaving.already_booked(exchange, error.code)
            except TooManyAppointments as error:
                return leaving.too_many(exchange, error.limit)
            return self.after_hold(exchange, service, held, notes)

        return Deed(do)

    def after_hold(
        self, exchange: Exchange, service: Service, held: Appointment | None, notes: Sequence[Line] = ()
    ) -> Act:
        if exchange.knows_the_person:
            reply = sum_up(exchange, self._matters, service, held, notes)
        else:
            reply = ask_details(exchange, notes)
        return asked(reply, appointments=shown(held) if held is not None else ())

    def confirm(self, exchange: Exchange, service: Service | None, code: str) -> Deed:
        """Book what is held under `code`. A place kept too long is taken again if it is still free."""

        async def do(uow: UnitOfWork) -> Act:
            at = exchange.held_at
            try:
                booked = await self._book(uow, exchange, service, code)
            except (OpeningFull, OpeningGone):
                if service is None or at is None:
                    return leaving.stale(exchange)
                return await self._offer_others(exchange, service, at, "book_lapsed")
            except AlreadyBooked as error:
                return leaving.already_booked(exchange, error.code)
            except TooManyAppointments as error:
                return leaving.too_many(exchange, error.limit)
            except (UnknownAppointment, AppointmentOver, TooLateToChange, HoldLapsed):
                return leaving.stale(exchange)
            return self._confirmation.give(exchange, booked)

        return Deed(do)

    def stop(self, exchange: Exchange) -> Deed:
        """Give the place back and leave the form."""
        code = exchange.slots.get("hold")

        async def do(uow: UnitOfWork) -> Act:
            if code is not None:
                await uow.appointments.release(exchange.tracker.address, code, exchange.now)
            return leaving.stopped(exchange)

        return Deed(do)

    async def _book(self, uow: UnitOfWork, exchange: Exchange, service: Service | None, code: str) -> Appointment:
        slots, address, at = exchange.slots, exchange.tracker.address, exchange.held_at
        details = Details(slots["name"], slots["telephone"], slots.get("tax_code"))
        try:
            return await uow.appointments.confirm(address, code, details, exchange.now)
        except HoldLapsed:
            if service is None or at is None or slots.get("hold") != code:
                raise
        forget(slots, ("hold",))
        held = await self._take(uow, exchange, service, at)
        return await uow.appointments.confirm(address, held.code, details, exchange.now)

    async def _take(self, uow: UnitOfWork, exchange: Exchange, service: Service, starts_at: dt.datetime) -> Appointment:
        slots = exchange.slots
        held = await uow.appointments.hold(
            exchange.tracker.address,
            service.key,
            starts_at,
            exchange.now,
            procedure=slots.get("procedure"),
            instead_of=slots.get("hold"),
        )
        exchange.keep(held)
        return held

    async def _offer_others(self, exchange: Exchange, service: Service, starts_at: dt.datetime, note: str) -> Act:
        """Somebody was quicker: what was typed stays, other times are offered."""
        forget(exchange.slots, HELD)
        wish_for(exchange.slots, starts_at.astimezone(CITY_TIME))
        offer = await self._openings.near(service.key, wish_in(exchange.slots), exchange.now)
        when = show_moment(starts_at, exchange.speaker.language)
        matter = self._matters.matter_line(exchange, service)
        return asked(ask_time(exchange, service, matter, offer, [Line(note, {"when": when})]), Outcome.NOT_DONE)
