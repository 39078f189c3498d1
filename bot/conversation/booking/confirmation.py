"""What a contact is told once an appointment is booked: everything to know before coming, and what can be done next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.conversation.acting import Act
from bot.conversation.choices import ShowFacet
from bot.conversation.messages import Button
from bot.conversation.outcomes import Outcome, Route
from bot.conversation.ports import Papers
from bot.conversation.speaking import CITY_PORTAL
from bot.domain.booking.appointment import Appointment
from bot.domain.procedure import Facet, Procedure
from knowledge.answerer import Answerer
from knowledge.composing import Line

from .asking import shown
from .bringing import sources_of, what_to_bring
from .exchange import Exchange
from .managing_choices import CancelAppointment, MoveAppointment
from .matters import Matters
from .showing_times import show_moment

MOST_KINDS = 5
"""Near-duplicates whose papers are behind buttons."""


class Confirmation:
    """Composes it; one instance serves all conversations."""

    def __init__(self, matters: Matters, answerer: Answerer, papers: Papers) -> None:
        self._matters = matters
        self._answerer = answerer
        self._papers = papers

    def give(self, exchange: Exchange, booked: Appointment) -> Act:
        """The act that ends the form."""
        speaker = exchange.speaker
        procedure = self._answerer.procedure(booked.procedure) if booked.procedure else None
        lines = list(self._lines(exchange, booked, procedure))
        reply = speaker.compose("book_confirmed", lines, self._buttons(exchange, booked, procedure))
        attached = replace(reply, attachments=self._papers.of(booked, speaker.language))
        exchange.leave()
        if booked.procedure is not None:
            exchange.tracker.subject = booked.procedure
        return Act(Route.BOOK, Outcome.DONE, (attached,), citations=sources_of(procedure), appointments=shown(booked))

    def _lines(self, exchange: Exchange, booked: Appointment, procedure: Procedure | None) -> Iterator[Line]:
        service = booked.service
        matter = procedure.title if procedure is not None else self._matters.matter(exchange, service)
        yield Line("book_confirmed", {"code": booked.code})
        yield Line("book_line_when", {"when": show_moment(booked.starts_at, exchange.speaker.language)})
        yield Line("book_line_matter", {"matter": matter})
        yield from self._matters.place_lines(service, booked)
        if booked.counter.address is None:
            yield Line("book_address_unknown", {"city_portal": CITY_PORTAL})
        yield from what_to_bring(booked, procedure)
        if procedure is None and "group" in exchange.slots:
            yield Line("book_bring_which")
        if service.instructions is not None:
            yield Line("book_instructions", {"instructions": service.instructions})
        if link := self._papers.link(booked):
            yield Line("book_link", {"link": link})
        if service.demonstration:
            yield Line("book_demonstration")

    def _buttons(self, exchange: Exchange, booked: Appointment, procedure: Procedure | None) -> list[Button]:
        speaker = exchange.speaker
        buttons = [
            speaker.button("button_book_move", MoveAppointment(booked.code)),
            speaker.button("button_book_cancel", CancelAppointment(booked.code)),
        ]
        if procedure is not None and procedure.documents:
            buttons.append(speaker.button("button_book_bring", ShowFacet(Facet.DOCUMENTS, procedure.code)))
        elif (group := exchange.slots.get("group")) is not None:
            # Each of the near-duplicates asks for its own papers.
            buttons += [
                speaker.variant_button(option, Facet.DOCUMENTS)
                for option in self._answerer.options(self._answerer.members(group))
                if option.code in booked.service.procedures
            ][:MOST_KINDS]
        return buttons
