"""The form's question what the appointment is for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.conversation.choices import BookProcedure, BookService
from bot.conversation.messages import Button, Reply
from bot.domain.booking.offices import Service
from bot.domain.procedure import Facet, Procedure, Text
from knowledge.composing import Line

from .asking import leave_buttons, stop_button
from .exchange import Exchange

MOST_KINDS = 6


def ask_service(exchange: Exchange, services: Sequence[Service], notes: Iterable[Line] = ()) -> Reply:
    """Propose services to whoever named none."""
    buttons = [*_offered(exchange, services), stop_button(exchange.speaker)]
    return exchange.speaker.compose("book_ask_service", [*notes, Line("book_ask_service")], buttons)


def ask_which_service(exchange: Exchange, services: Sequence[Service], department: Text) -> Reply:
    """A department was named that receives visitors for several matters."""
    lines = [Line("book_ask_which_service", {"department": department})]
    buttons = [*_offered(exchange, services), *leave_buttons(exchange.speaker)]
    return exchange.speaker.compose("book_ask_which_service", lines, buttons)


def ask_which_procedure(exchange: Exchange, procedures: Sequence[Procedure], notes: Iterable[Line] = ()) -> Reply:
    """What was named may be one of several procedures."""
    exchange.ask("service")
    exchange.slots["options"] = ",".join(procedure.code for procedure in procedures)
    buttons = [
        Button(procedure.title.best(exchange.speaker.language)[0], str(BookProcedure(procedure.code)))
        for procedure in procedures
    ]
    lines = [*notes, Line("book_ask_which_procedure")]
    lines += [Line("option_line", {"number": n, "title": button.title}) for n, button in enumerate(buttons, 1)]
    return exchange.speaker.compose("book_ask_which_procedure", lines, [*buttons, *leave_buttons(exchange.speaker)])


def ask_which_kind(exchange: Exchange, options: Sequence[Procedure], facet: Facet) -> Reply:
    """A side question has another answer for each kind of what is being booked."""
    speaker = exchange.speaker
    return speaker.reply("book_which_kind", [speaker.variant_button(each, facet) for each in options[:MOST_KINDS]])


def _offered(exchange: Exchange, services: Sequence[Service]) -> list[Button]:
    exchange.ask("service")
    exchange.slots["options"] = ",".join(service.key for service in services)
    language = exchange.speaker.language
    return [Button(service.title.best(language)[0], str(BookService(service.key))) for service in services]
