"""The form's question who comes, and what was understood of an utterance that answered another question."""

from __future__ import annotations

from collections.abc import Sequence

from bot.conversation.messages import Reply
from knowledge.composing import Line

from .asking import stop_button, time_button
from .exchange import Exchange
from .hearing import Heard
from .numbers import show_telephone
from .showing_times import show_day, show_hour, show_moment
from .wishing import wish_in


def ask_details(exchange: Exchange, notes: Sequence[Line] = ()) -> Reply:
    """Name and telephone in one question; only what is missing where one is known."""
    exchange.ask("details")
    key = "book_ask_details"
    if "name" in exchange.slots and "telephone" not in exchange.slots:
        key = "book_ask_telephone"
    elif "telephone" in exchange.slots and "name" not in exchange.slots:
        key = "book_ask_name"
    buttons = [time_button(exchange.speaker), stop_button(exchange.speaker)]
    lines = [*notes, *_held(exchange), Line(key)]
    return exchange.speaker.compose(notes[0].key if notes else key, lines, buttons)


def noted(exchange: Exchange, heard: Heard) -> list[Line]:
    """What was understood of an utterance though it did not answer the question that stands."""
    slots, language = exchange.slots, exchange.speaker.language
    wish = wish_in(slots)
    facts = []
    if heard.name is not None:
        facts.append(heard.name)
    if heard.numbers.telephone is not None:
        facts.append(show_telephone(heard.numbers.telephone))
    if heard.numbers.tax_code is not None:
        facts.append(heard.numbers.tax_code)
    if not heard.reading.empty and "service" not in slots and wish.first is not None and wish.first == wish.last:
        facts.append(show_day(wish.first, language))
        if wish.time is not None:
            facts.append(show_hour(wish.time))
    return [Line("book_noted", {"facts": ", ".join(facts)})] if facts else []


def _held(exchange: Exchange) -> list[Line]:
    at, until = exchange.held_at, exchange.hold_until
    if at is None or until is None or until <= exchange.now:
        return []
    return [Line("book_held", {"when": show_moment(at, exchange.speaker.language), "until": show_hour(until)})]
