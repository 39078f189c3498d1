"""A booking set aside by who begins the conversation anew (`/start`), and the words that go on with it."""

from __future__ import annotations

from bot.conversation.choices import ResumeBooking
from bot.conversation.messages import Reply
from bot.domain.booking.offices import Service
from knowledge.composing import Line

from .asking import stop_button
from .deciding import Decision, goes_on
from .exchange import Exchange
from .hearing import Heard
from .matters import Matters
from .showing_times import show_hour, show_moment
from .wishing import wish_in


def set_aside(exchange: Exchange, matters: Matters, service: Service | None) -> Reply | None:
    """The offer to go on; None where nothing was noted that would have to be said again."""
    if service is None and wish_in(exchange.slots).first is None:
        exchange.leave()
        return None
    at, until = exchange.held_at, exchange.hold_until
    lines = [Line("book_set_aside")]
    if service is not None:
        lines.append(Line("book_line_matter", {"matter": matters.matter(exchange, service)}))
    if at is not None:
        lines.append(Line("book_line_when", {"when": show_moment(at, exchange.speaker.language)}))
    if until is not None and exchange.now < until:
        lines.append(Line("book_line_hold", {"until": show_hour(until)}))
    lines.append(Line("book_set_aside_ask"))
    exchange.set_aside()
    buttons = [exchange.speaker.button("button_book_resume", ResumeBooking()), stop_button(exchange.speaker)]
    return exchange.speaker.compose("book_set_aside", lines, buttons)


def is_gone_on_with(exchange: Exchange, heard: Heard) -> bool:
    """Whether `heard` goes on with what was set aside: it says so, agrees at once, or answers what was asked while
    the place is still kept."""
    if goes_on(heard.text) or (exchange.was_just_set_aside and heard.decision is Decision.YES):
        return True
    until = exchange.hold_until
    return heard.numbers.telephone is not None and until is not None and exchange.now < until
