"""The form's question when to come: the openings that can be had, and why a wish cannot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from bot.conversation.choices import BookAt
from bot.conversation.messages import Button, Reply
from bot.domain.booking.offices import CITY_TIME, Service
from bot.domain.booking.openings import Offer, Why
from bot.domain.procedure import Language
from knowledge.composing import Line

from .asking import leave_buttons
from .exchange import Exchange
from .managing_choices import JoinWaiting
from .showing_times import show_day, show_hour, show_moment, show_short_moment
from .wishing import wish_in

MOST_OPENINGS = 6


def ask_time(exchange: Exchange, service: Service, matter: Line, offer: Offer, notes: Iterable[Line] = ()) -> Reply:
    """`matter` says what for: the question is understood without the one before it."""
    exchange.ask("time")
    key = f"book_{offer.why}" if offer.why is not None else "book_ask_time"
    reasons, openings, buttons = openings_near(exchange, service, offer)
    lines = [*notes, *reasons, matter, *openings]
    return exchange.speaker.compose(key, lines, [*buttons, *leave_buttons(exchange.speaker)])


def openings_near(exchange: Exchange, service: Service, offer: Offer) -> tuple[list[Line], list[Line], list[Button]]:
    """Why the wish cannot be had, what is near it, and a button for each opening and for the waiting list."""
    openings = offer.openings[:MOST_OPENINGS]
    exchange.slots["offered"] = ",".join(
        opening.starts_at.astimezone(CITY_TIME).isoformat(timespec="minutes") for opening in openings
    )
    language = exchange.speaker.language
    reasons = [_reason(exchange, offer)] if offer.why is not None else []
    lines = [Line("book_openings"), Line("book_type_another")] if openings else [Line("book_no_openings")]
    buttons = [
        Button(show_short_moment(opening.starts_at, language), str(BookAt(service.key, _minute(opening.starts_at))))
        for opening in openings
    ]
    if offer.why is Why.FULL and (waiting := _waiting(exchange, service)) is not None:
        buttons.append(exchange.speaker.button("button_book_wait", waiting))
    return reasons, lines, buttons


def _waiting(exchange: Exchange, service: Service) -> JoinWaiting | None:
    wish = wish_in(exchange.slots)
    if wish.first is None:
        return None
    return JoinWaiting(service.key, wish.first, wish.last or wish.first, wish.part)


def _reason(exchange: Exchange, offer: Offer) -> Line:
    language = exchange.speaker.language
    wish = wish_in(exchange.slots)
    day = show_day(wish.first, language) if wish.first is not None else ""
    hours = ", ".join(f"{show_hour(starts)}-{show_hour(ends)}" for starts, ends in offer.hours)
    limit = _show_limit(offer.limit, language) if offer.limit is not None else ""
    time = show_hour(wish.time) if wish.time is not None else ""
    moment = f"{day}, {time}" if day and time else day or time
    match offer.why:
        case Why.FULL:
            return Line("book_full", {"when": moment})
        case Why.CLOSED:
            return Line("book_closed", {"day": day, "reason": offer.name or ""})
        case Why.HOLIDAY:
            name = (offer.name if language is Language.VI else offer.name_en or offer.name) or ""
            return Line("book_holiday", {"day": day, "name": name})
        case Why.DAY_OFF:
            return Line("book_day_off", {"day": day})
        case Why.OUTSIDE_HOURS:
            return Line("book_outside_hours" if hours else "book_outside_unknown", {"when": moment, "hours": hours})
        case Why.BETWEEN_OPENINGS:
            return Line("book_between_openings", {"when": moment})
        case Why.PAST:
            return Line("book_past", {"when": moment})
        case Why.TOO_SOON:
            return Line("book_too_soon", {"when": moment, "limit": limit})
        case Why.TOO_FAR:
            return Line("book_too_far", {"when": moment, "limit": limit})
        case _:
            return Line("book_not_offered")


def _minute(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(CITY_TIME).replace(second=0, microsecond=0)


def _show_limit(limit: dt.datetime, language: Language) -> str:
    """The last moment that can be booked: the day alone where it is the end of one."""
    local = limit.astimezone(CITY_TIME)
    return show_day(local.date(), language) if (local.hour, local.minute) == (23, 59) else show_moment(local, language)
