"""The summary that a contact checks before anything is booked."""

from __future__ import annotations

from collections.abc import Iterable

from bot.conversation.choices import ConfirmBooking
from bot.conversation.messages import Button, Reply
from bot.domain.booking.appointment import Appointment
from bot.domain.booking.offices import Service
from knowledge.composing import Fact, Line

from .asking import details_button, matter_button, stop_button, time_button
from .exchange import Exchange
from .matters import Matters
from .numbers import show_telephone
from .showing_times import show_hour, show_moment


def sum_up(
    exchange: Exchange, matters: Matters, service: Service, hold: Appointment | None, notes: Iterable[Line] = ()
) -> Reply:
    """What, when, where and who, and until when the place is kept."""
    exchange.ask("confirm")
    slots, language = exchange.slots, exchange.speaker.language
    at, until = exchange.held_at, exchange.hold_until
    lines = [*notes, Line("book_summary"), Line("book_line_matter", {"matter": matters.matter(exchange, service)})]
    if at is not None:
        lines.append(Line("book_line_when", {"when": show_moment(at, language)}))
    lines += matters.place_lines(service, hold)
    person: dict[str, Fact] = {"name": slots["name"], "telephone": show_telephone(slots["telephone"])}
    lines.append(Line("book_line_person", person))
    if "tax_code" in slots:
        lines.append(Line("book_line_tax_code", {"tax_code": slots["tax_code"]}))
    if until is not None and exchange.now < until:
        lines.append(Line("book_line_hold", {"until": show_hour(until)}))
    if service.demonstration:
        lines.append(Line("book_line_demonstration"))
    return exchange.speaker.compose("book_summary", lines, _buttons(exchange))


def ask_what_to_change(exchange: Exchange) -> Reply:
    """The summary is not right."""
    speaker = exchange.speaker
    buttons = [time_button(speaker), details_button(speaker), matter_button(speaker), stop_button(speaker)]
    return speaker.reply("book_change_what", buttons)


def _buttons(exchange: Exchange) -> list[Button]:
    speaker = exchange.speaker
    return [
        speaker.button("button_book_confirm", ConfirmBooking(exchange.slots.get("hold", ""))),
        time_button(speaker),
        details_button(speaker),
        stop_button(speaker),
    ]
