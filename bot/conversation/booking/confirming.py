"""Taking a place: the hold while the contact decides, the confirmation, and giving it back. Inside the transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bot.conversation.acting import Act, Deed
from bot.conversation.choices import ShowFacet, TakeRoute
from bot.conversation.messages import Button
from bot.conversation.outcomes import Citation, Outcome, Route
from bot.conversation.ports import AppointmentBook, Openings, Papers, UnitOfWork
from bot.conversation.speaking import CITY_PORTAL
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
from bot.domain.procedure import Facet, Procedure
from knowledge.answerer import Answerer
from knowledge.composing import Line

from .asking import Asking, asked, shown
from .exchange import HELD, Exchange
from .showing_times import show_moment
from .wishing import forget, wish_for, wish_in

MOST_DOCUMENTS = 6
"""Papers named in a confirmation; the others are behind a button."""


class Confirming:
    """Takes places; one instance serves all conversations."""

    def __init__(
        self, asking: Asking, openings: Openings, book: AppointmentBook, answerer: Answerer, papers: Papers
    ) -> None:
        self._asking = asking
        self._openings = openings
        self._book = book
        self._answerer = answerer
        self._papers = papers

    def hold(self, exchange: Exchange, service: Service, starts_at: dt.datetime, notes: Sequence[Line] = ()) -> Deed:
        """Keep the place, then ask for what is missing."""

        async def do(uow: UnitOfWork) -> Act:
            try:
                held = await self._take(uow, exchange, service, starts_at)
            except (OpeningFull, OpeningGone):
                return await self._offer_others(exchange, service, starts_at, "book_taken")
            except AlreadyBooked as error:
                return self._asking.already_booked(exchange, error.code)
            except TooManyAppointments as error:
                return self._asking.too_many(exchange, error.limit)
            return self.after_hold(exchange, service, held, notes)

        return Deed(do)

    def after_hold(
        self, exchange: Exchange, service: Service, held: Appointment | None, notes: Sequence[Line] = ()
    ) -> Act:
        if notes or not exchange.knows_the_person:
            if exchange.knows_the_person:
                reply = self._asking.summary(exchange, service, held, notes)
            else:
                reply = self._asking.ask_details(exchange, notes)
        else:
            reply = self._asking.summary(exchange, service, held)
        return asked(reply, appointments=shown(held) if held is not None else ())

    def confirm(self, exchange: Exchange, service: Service | None, code: str) -> Deed:
        """Book what is held under `code`. A place kept too long is taken again if it is still free."""

        async def do(uow: UnitOfWork) -> Act:
            slots = exchange.slots
            details = Details(slots["name"], slots["telephone"], slots.get("tax_code"))
            at = exchange.held_at
            own = slots.get("hold") == code
            try:
                try:
                    booked = await uow.appointments.confirm(exchange.tracker.address, code, details, exchange.now)
                except HoldLapsed:
                    if service is None or at is None or not own:
                        return self._stale(exchange)
                    forget(slots, ("hold",))
                    held = await self._take(uow, exchange, service, at)
                    booked = await uow.appointments.confirm(exchange.tracker.address, held.code, details, exchange.now)
            except (OpeningFull, OpeningGone):
                if service is None or at is None:
                    return self._stale(exchange)
                return await self._offer_others(exchange, service, at, "book_lapsed")
            except AlreadyBooked as error:
                return self._asking.already_booked(exchange, error.code)
            except TooManyAppointments as error:
                return self._asking.too_many(exchange, error.limit)
            except (UnknownAppointment, AppointmentOver, TooLateToChange, HoldLapsed):
                return self._stale(exchange)
            return self.confirmed(exchange, booked)

        return Deed(do)

    def stop(self, exchange: Exchange) -> Deed:
        """Give the place back and leave the form."""
        code = exchange.slots.get("hold")

        async def do(uow: UnitOfWork) -> Act:
            if code is not None:
                await uow.appointments.release(exchange.tracker.address, code, exchange.now)
            return self._asking.stopped(exchange)

        return Deed(do)

    def confirmed(self, exchange: Exchange, booked: Appointment) -> Act:
        """Everything to know before coming, the code and what can be done next."""
        speaker, service = exchange.speaker, booked.service
        procedure = self._answerer.procedure(booked.procedure) if booked.procedure else None
        matter = procedure.title if procedure is not None else self._asking.matter(exchange, service)
        when = show_moment(booked.starts_at, speaker.language)
        lines = [
            Line("book_confirmed", {"code": booked.code}),
            Line("book_line_when", {"when": when}),
            Line("book_line_matter", {"matter": matter}),
            *self._asking.place_lines(service, booked),
        ]
        if booked.counter.address is None:
            lines.append(Line("book_address_unknown", {"city_portal": CITY_PORTAL}))
        citations: tuple[Citation, ...] = ()
        documents = (
            [document.name for document in procedure.documents[0].documents]
            if (procedure is not None and procedure.documents)
            else list(service.documents)
        )
        if documents:
            lines.append(Line("book_bring"))
            lines += [Line("book_bring_item", {"name": name}) for name in documents[:MOST_DOCUMENTS]]
            if len(documents) > MOST_DOCUMENTS:
                lines.append(Line("book_bring_more", {"count": len(documents) - MOST_DOCUMENTS}))
        if procedure is not None and procedure.documents:
            source = procedure.source
            lines.append(Line("book_bring_source", {"title": source.title, "url": source.url}))
            updated = source.updated_on.isoformat() if source.updated_on else None
            citations = (Citation(source.title, source.url, updated),)
        if procedure is None and "group" in exchange.slots:
            lines.append(Line("book_bring_which"))
        if service.instructions is not None:
            lines.append(Line("book_instructions", {"instructions": service.instructions}))
        if link := self._papers.link(booked):
            lines.append(Line("book_link", {"link": link}))
        if service.demonstration:
            lines.append(Line("book_demonstration"))
        reply = speaker.compose("book_confirmed", lines, self._after_buttons(exchange, booked, procedure))
        attached = type(reply)(
            reply.key, reply.text, reply.language, reply.buttons, self._papers.of(booked, speaker.language)
        )
        exchange.leave()
        if booked.procedure is not None:
            exchange.tracker.subject = booked.procedure
        return Act(Route.BOOK, Outcome.DONE, (attached,), citations=citations, appointments=shown(booked))

    def _after_buttons(self, exchange: Exchange, booked: Appointment, procedure: Procedure | None) -> list[Button]:
        speaker = exchange.speaker
        buttons = [
            Button(speaker.say("button_book_move"), f"move:{booked.code}"),
            Button(speaker.say("button_book_cancel"), f"cancel:{booked.code}"),
        ]
        if procedure is not None and procedure.documents:
            buttons.append(speaker.button("button_book_bring", ShowFacet(Facet.DOCUMENTS, procedure.code)))
        elif (group := exchange.slots.get("group")) is not None:
            # Each of the near-duplicates asks for its own papers.
            buttons += [
                Button(
                    (option.variant or option.title).best(speaker.language)[0],
                    str(ShowFacet(Facet.DOCUMENTS, option.code)),
                )
                for option in self._answerer.options(self._answerer.members(group))
                if option.code in booked.service.procedures
            ][:5]
        return buttons

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
        local = held.starts_at.astimezone(CITY_TIME)
        wish_for(slots, local)
        slots["hold"], slots["at"] = held.code, local.isoformat(timespec="minutes")
        if held.hold_until is not None:
            slots["hold_until"] = held.hold_until.astimezone(CITY_TIME).isoformat(timespec="seconds")
        forget(slots, ("offered", "options"))
        return held

    async def _offer_others(self, exchange: Exchange, service: Service, starts_at: dt.datetime, note: str) -> Act:
        """Somebody was quicker: what was typed stays, other times are offered."""
        forget(exchange.slots, HELD)
        wish_for(exchange.slots, starts_at.astimezone(CITY_TIME))
        offer = await self._openings.near(service.key, wish_in(exchange.slots), exchange.now)
        when = show_moment(starts_at, exchange.speaker.language)
        reply = self._asking.ask_time(exchange, service, offer, [Line(note, {"when": when})])
        return asked(reply, Outcome.NOT_DONE)

    def _stale(self, exchange: Exchange) -> Act:
        buttons = [exchange.speaker.button("button_book", TakeRoute(Route.BOOK))]
        return Act(Route.BOOK, Outcome.CONVERSED, (exchange.speaker.reply("book_stale", buttons),))
