"""Ways out of the form: stopped, not possible, or no booking at all but a question about it."""

from __future__ import annotations

from bot.conversation.acting import Act
from bot.conversation.choices import TakeRoute
from bot.conversation.messages import Button
from bot.conversation.outcomes import Outcome, Route

from .asking import asked
from .exchange import Exchange
from .managing_choices import MoveAppointment


def already_booked(exchange: Exchange, code: str) -> Act:
    speaker = exchange.speaker
    buttons = [speaker.button("button_book_move", MoveAppointment(code)), _mine(exchange)]
    exchange.leave()
    return asked(speaker.reply("book_already", buttons, code=code), Outcome.NOT_DONE)


def too_many(exchange: Exchange, limit: int) -> Act:
    exchange.leave()
    return asked(exchange.speaker.reply("book_too_many", [_mine(exchange)], limit=limit), Outcome.NOT_DONE)


def about(exchange: Exchange) -> Act:
    """What booking here is and costs."""
    buttons = [] if exchange.tracker.form else [exchange.speaker.button("button_book", TakeRoute(Route.BOOK))]
    return asked(exchange.speaker.reply("book_about", buttons), Outcome.ANSWERED)


def stopped(exchange: Exchange) -> Act:
    exchange.leave()
    return asked(exchange.speaker.reply("book_stopped", exchange.speaker.service_buttons()), Outcome.CONVERSED)


def stale(exchange: Exchange) -> Act:
    """A button of a booking that is gone."""
    buttons = [exchange.speaker.button("button_book", TakeRoute(Route.BOOK))]
    return Act(Route.BOOK, Outcome.CONVERSED, (exchange.speaker.reply("book_stale", buttons),))


def _mine(exchange: Exchange) -> Button:
    return exchange.speaker.button("button_book_mine", TakeRoute(Route.MY_APPOINTMENTS))
