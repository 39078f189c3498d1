"""What the form asks and shows: for what, when, who, and the summary before anything is booked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from bot.conversation.acting import Act
from bot.conversation.choices import (
    BookAt,
    BookProcedure,
    BookService,
    ChangeBooking,
    ConfirmBooking,
    StopBooking,
    TakeRoute,
)
from bot.conversation.messages import Button, Reply
from bot.conversation.outcomes import AppointmentShown, Outcome, Route
from bot.domain.booking.appointment import Appointment
from bot.domain.booking.offices import CITY_TIME, Service
from bot.domain.booking.openings import Offer, Why
from bot.domain.procedure import Facet, Language, Procedure, Text
from knowledge.answerer import Answerer
from knowledge.composing import Fact, Line
from knowledge.directory import Directory

from .exchange import Exchange
from .hearing import Heard
from .managing_choices import JoinWaiting
from .numbers import show_telephone
from .showing_times import show_day, show_hour, show_moment, show_short_moment
from .wishing import wish_in

MOST_OPENINGS = 6
MOST_KINDS = 6


def asked(reply: Reply, outcome: Outcome = Outcome.ASKED, **also: object) -> Act:
    return Act(Route.BOOK, outcome, (reply,), **also)  # type: ignore[arg-type]


def shown(appointment: Appointment) -> tuple[AppointmentShown, ...]:
    return (
        AppointmentShown(
            appointment.code, appointment.service.department, appointment.starts_at, str(appointment.state)
        ),
    )


class Asking:
    """Words the form's questions; one instance serves all conversations."""

    def __init__(self, answerer: Answerer, directory: Directory) -> None:
        self._answerer = answerer
        self._directory = directory

    def department(self, service: Service) -> Text:
        found = self._directory.department(service.department)
        return found.name if found is not None else Text(service.department)

    def matter(self, exchange: Exchange, service: Service) -> Text:
        """What the appointment is for, as exactly as is known."""
        procedure = self._answerer.procedure(exchange.slots.get("procedure", ""))
        if procedure is not None:
            return procedure.title
        group = self._answerer.group(exchange.slots.get("group", ""))
        return group.title if group is not None and not service.procedures else service.title

    def matter_line(self, exchange: Exchange, service: Service) -> Line:
        facts: dict[str, Fact] = {
            "matter": self.matter(exchange, service),
            "department": self.department(service),
        }
        return Line("book_for", facts)

    # For what

    def ask_service(self, exchange: Exchange, services: Sequence[Service], notes: Iterable[Line] = ()) -> Reply:
        exchange.ask("service")
        exchange.slots["options"] = ",".join(service.key for service in services)
        buttons = [
            Button(service.title.best(exchange.speaker.language)[0], str(BookService(service.key)))
            for service in services
        ]
        return exchange.speaker.compose(
            "book_ask_service", [*notes, Line("book_ask_service")], [*buttons, self.stop_button(exchange)]
        )

    def ask_which_service(self, exchange: Exchange, services: Sequence[Service]) -> Reply:
        exchange.ask("service")
        exchange.slots["options"] = ",".join(service.key for service in services)
        buttons = [
            Button(service.title.best(exchange.speaker.language)[0], str(BookService(service.key)))
            for service in services
        ]
        department = self.department(services[0])
        lines = [Line("book_ask_which_service", {"department": department})]
        return exchange.speaker.compose("book_ask_which_service", lines, [*buttons, *self.leave_buttons(exchange)])

    def ask_which_procedure(
        self, exchange: Exchange, procedures: Sequence[Procedure], notes: Iterable[Line] = ()
    ) -> Reply:
        exchange.ask("service")
        exchange.slots["options"] = ",".join(procedure.code for procedure in procedures)
        buttons = [
            Button(procedure.title.best(exchange.speaker.language)[0], str(BookProcedure(procedure.code)))
            for procedure in procedures
        ]
        lines = [*notes, Line("book_ask_which_procedure")]
        lines += [Line("option_line", {"number": n, "title": button.title}) for n, button in enumerate(buttons, 1)]
        return exchange.speaker.compose("book_ask_which_procedure", lines, [*buttons, *self.leave_buttons(exchange)])

    def ask_which_kind(self, exchange: Exchange, options: Sequence[Procedure], facet: Facet) -> Reply:
        """A side question has another answer for each kind of what is being booked."""
        speaker = exchange.speaker
        buttons = [speaker.variant_button(option, facet) for option in options[:MOST_KINDS]]
        return speaker.reply("book_which_kind", buttons)

    def noted(self, exchange: Exchange, heard: Heard) -> list[Line]:
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

    # When

    def ask_time(self, exchange: Exchange, service: Service, offer: Offer, notes: Iterable[Line] = ()) -> Reply:
        """The openings that can be had, and why the wish cannot."""
        exchange.ask("time")
        key = f"book_{offer.why}" if offer.why is not None else "book_ask_time"
        reasons, openings, buttons = self.openings_near(exchange, service, offer)
        lines = [*notes, *reasons, self.matter_line(exchange, service), *openings]
        return exchange.speaker.compose(key, lines, [*buttons, *self.leave_buttons(exchange)])

    def openings_near(
        self, exchange: Exchange, service: Service, offer: Offer
    ) -> tuple[list[Line], list[Line], list[Button]]:
        """Why the wish cannot be had, what is near it, and a button for each opening and for the waiting list."""
        openings = offer.openings[:MOST_OPENINGS]
        exchange.slots["offered"] = ",".join(
            opening.starts_at.astimezone(CITY_TIME).isoformat(timespec="minutes") for opening in openings
        )
        language = exchange.speaker.language
        reasons = [self._reason(exchange, offer)] if offer.why is not None else []
        lines = [Line("book_openings"), Line("book_type_another")] if openings else [Line("book_no_openings")]
        buttons = [
            Button(show_short_moment(opening.starts_at, language), str(BookAt(service.key, _minute(opening.starts_at))))
            for opening in openings
        ]
        if offer.why is Why.FULL and (waiting := self._waiting(exchange, service, openings)) is not None:
            buttons.append(exchange.speaker.button("button_book_wait", waiting))
        return reasons, lines, buttons

    def _waiting(self, exchange: Exchange, service: Service, openings: object) -> JoinWaiting | None:
        wish = wish_in(exchange.slots)
        if wish.first is None:
            return None
        return JoinWaiting(service.key, wish.first, wish.last or wish.first, wish.part)

    def _reason(self, exchange: Exchange, offer: Offer) -> Line:
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

    # Who

    def ask_details(self, exchange: Exchange, notes: Sequence[Line] = ()) -> Reply:
        """Name and telephone in one question; only what is missing where one is known."""
        exchange.ask("details")
        key = "book_ask_details"
        if "name" in exchange.slots and "telephone" not in exchange.slots:
            key = "book_ask_telephone"
        elif "telephone" in exchange.slots and "name" not in exchange.slots:
            key = "book_ask_name"
        buttons = [self._time_button(exchange), self.stop_button(exchange)]
        return exchange.speaker.compose(
            notes[0].key if notes else key, [*notes, *self._held(exchange), Line(key)], buttons
        )

    def _held(self, exchange: Exchange) -> list[Line]:
        at, until = exchange.held_at, exchange.hold_until
        if at is None or until is None:
            return []
        return [Line("book_held", {"when": show_moment(at, exchange.speaker.language), "until": show_hour(until)})]

    # The summary

    def summary(
        self, exchange: Exchange, service: Service, hold: Appointment | None, notes: Iterable[Line] = ()
    ) -> Reply:
        exchange.ask("confirm")
        slots, language = exchange.slots, exchange.speaker.language
        at, until = exchange.held_at, exchange.hold_until
        lines = [*notes, Line("book_summary"), Line("book_line_matter", {"matter": self.matter(exchange, service)})]
        if at is not None:
            lines.append(Line("book_line_when", {"when": show_moment(at, language)}))
        lines += self.place_lines(service, hold)
        person: dict[str, Fact] = {"name": slots["name"], "telephone": show_telephone(slots["telephone"])}
        lines.append(Line("book_line_person", person))
        if "tax_code" in slots:
            lines.append(Line("book_line_tax_code", {"tax_code": slots["tax_code"]}))
        if until is not None:
            lines.append(Line("book_line_hold", {"until": show_hour(until)}))
        return exchange.speaker.compose("book_summary", lines, self.summary_buttons(exchange))

    def place_lines(self, service: Service, appointment: Appointment | None) -> list[Line]:
        """Department, and counter and address where they are known."""
        department = self.department(service)
        if appointment is None:
            return [Line("book_line_department", {"department": department})]
        lines = [Line("book_line_place", {"department": department, "counter": appointment.counter.name})]
        if appointment.counter.address is not None:
            lines.append(Line("book_line_address", {"address": appointment.counter.address}))
        return lines

    def summary_buttons(self, exchange: Exchange) -> list[Button]:
        speaker = exchange.speaker
        return [
            speaker.button("button_book_confirm", ConfirmBooking(exchange.slots.get("hold", ""))),
            self._time_button(exchange),
            speaker.button("button_book_details", ChangeBooking("details")),
            self.stop_button(exchange),
        ]

    def ask_what_to_change(self, exchange: Exchange) -> Reply:
        speaker = exchange.speaker
        buttons = [
            self._time_button(exchange),
            speaker.button("button_book_details", ChangeBooking("details")),
            speaker.button("button_book_other_matter", ChangeBooking("service")),
            self.stop_button(exchange),
        ]
        return speaker.reply("book_change_what", buttons)

    # Ways out

    def already_booked(self, exchange: Exchange, code: str) -> Act:
        speaker = exchange.speaker
        buttons = [
            Button(speaker.say("button_book_move"), f"move:{code}"),
            speaker.button("button_book_mine", TakeRoute(Route.MY_APPOINTMENTS)),
        ]
        exchange.leave()
        return asked(speaker.reply("book_already", buttons, code=code), Outcome.NOT_DONE)

    def too_many(self, exchange: Exchange, limit: int) -> Act:
        speaker = exchange.speaker
        buttons = [speaker.button("button_book_mine", TakeRoute(Route.MY_APPOINTMENTS))]
        exchange.leave()
        return asked(speaker.reply("book_too_many", buttons, limit=limit), Outcome.NOT_DONE)

    def about(self, exchange: Exchange) -> Act:
        """What booking here is and costs."""
        buttons = [] if exchange.tracker.form else [exchange.speaker.button("button_book", TakeRoute(Route.BOOK))]
        return asked(exchange.speaker.reply("book_about", buttons), Outcome.ANSWERED)

    def stopped(self, exchange: Exchange) -> Act:
        exchange.leave()
        return asked(exchange.speaker.reply("book_stopped", exchange.speaker.service_buttons()), Outcome.CONVERSED)

    def leave_buttons(self, exchange: Exchange) -> list[Button]:
        return [
            exchange.speaker.button("button_book_other_matter", ChangeBooking("service")),
            self.stop_button(exchange),
        ]

    def stop_button(self, exchange: Exchange) -> Button:
        return exchange.speaker.button("button_book_stop", StopBooking())

    def _time_button(self, exchange: Exchange) -> Button:
        return exchange.speaker.button("button_book_time", ChangeBooking("time"))


def _minute(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(CITY_TIME).replace(second=0, microsecond=0)


def _show_limit(limit: dt.datetime, language: Language) -> str:
    """The last moment that can be booked: the day alone where it is the end of one."""
    local = limit.astimezone(CITY_TIME)
    return show_day(local.date(), language) if (local.hour, local.minute) == (23, 59) else show_moment(local, language)
