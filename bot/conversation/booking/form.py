"""The booking form: takes every fact a contact gives, in any order, and asks only for what is missing."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace

from bot.conversation.acting import Act, Deed
from bot.conversation.choices import (
    BookAt,
    BookProcedure,
    BookService,
    ChangeBooking,
    Choice,
    ConfirmBooking,
    StopBooking,
)
from bot.conversation.clarifying import choose, place_named
from bot.conversation.facets import facet_named
from bot.conversation.interpretation import Interpretation
from bot.conversation.looking_up import asked_facet
from bot.conversation.messages import Reply
from bot.conversation.outcomes import Outcome, Route
from bot.conversation.ports import AppointmentBook, Offices, Openings, Papers, TimeReader
from bot.conversation.redaction import redact
from bot.conversation.routing import route
from bot.conversation.speaking import Speaker
from bot.conversation.tracker import Pending, Tracker
from bot.domain.booking.appointment import Appointment
from bot.domain.booking.offices import CITY_TIME, Service
from bot.domain.booking.openings import Offer, Wish
from bot.domain.procedure import Facet
from bot.domain.vietnamese import fold
from knowledge.answerer import Answerer
from knowledge.composing import Line
from knowledge.directory import Directory

from .asking import Asking, asked
from .confirming import Confirming
from .deciding import Decision, any_hour_of_the_day, asks_about_booking
from .exchange import FORM, Exchange
from .hearing import Heard, hear
from .matching import Matched, Matching, NotFound, Unsure
from .wishing import SLOTS, forget, take_reading, wish_for, wish_for_another_day, wish_in

_ELSEWHERE = frozenset(
    {Route.CANCEL, Route.MY_APPOINTMENTS, Route.RESCHEDULE, Route.HOTLINE, Route.ESCALATE, Route.ABUSE, Route.HELP}
)
_OFTEN = (
    "finance_company",
    "commune_household",
    "home_affairs_work_permit",
    "tax_registration",
    "public_service_centre_general",
)
"""Services proposed to whoever did not say what for; where these are not offered, the first there are."""
_QUESTION = ("?", "？")
_BARE_HOUR = re.compile(r"(0?[789]|1[0-7])")
"""A number alone that is no place in the list offered."""
_CORRECTION = re.compile(
    r"^(?:(?:a|ah|oh|u|um|em|toi|xin) )*(?:khong(?: phai)?|nham|lon|quen|loi|no|sorry|actually|wait)(?: roi)?\b.{5,}"
    r"|.{5,} (?:co|co ma|moi dung)[.!]?$|^(?:아니|아뇨|不是|不对|いや|違).{3,}"
)


class Booking:
    """The form; one instance serves all conversations."""

    routes = frozenset({Route.BOOK})
    names = frozenset({FORM})

    def __init__(
        self,
        *,
        offices: Offices,
        openings: Openings,
        book: AppointmentBook,
        papers: Papers,
        answerer: Answerer,
        directory: Directory,
        read_time: TimeReader,
    ) -> None:
        self._openings = openings
        self._book = book
        self._answerer = answerer
        self._read_time = read_time
        self._matching = Matching(offices, answerer, directory)
        self._asking = Asking(answerer, directory)
        self._confirming = Confirming(self._asking, openings, book, answerer, papers)

    async def begin(
        self,
        way: Route,
        text: str,
        said: Interpretation | None,
        tracker: Tracker,
        speaker: Speaker,
        now: dt.datetime,
    ) -> Act | Deed:
        exchange = Exchange(tracker, speaker, now.astimezone(CITY_TIME))
        if text and asks_about_booking(text):
            return self._asking.about(exchange)
        if tracker.form != FORM:
            exchange.begin_anew()
        tracker.form = FORM
        if not text:
            await self._for_the_subject(exchange, change=True)
            return await self._go_on(exchange)
        heard = self._hear(exchange, text)
        return await self._take_all(exchange, heard, said)

    async def take(
        self, text: str, said: Interpretation, tracker: Tracker, speaker: Speaker, now: dt.datetime
    ) -> Act | Deed | None:
        exchange = Exchange(tracker, speaker, now.astimezone(CITY_TIME))
        if asks_about_booking(text):
            return self._asking.about(exchange)
        heard = self._hear(exchange, text)
        act = await self._answered(exchange, heard, said)
        if isinstance(act, Act):
            return replace(act, redacted=heard.redacted)
        return _redacting(act, heard.redacted) if isinstance(act, Deed) else None

    async def chosen(self, choice: Choice, tracker: Tracker, speaker: Speaker, now: dt.datetime) -> Act | Deed | None:
        exchange = Exchange(tracker, speaker, now.astimezone(CITY_TIME))
        match choice:
            case StopBooking():
                return self._confirming.stop(exchange)
            case ConfirmBooking(code):
                return await self._confirm(exchange, code)
            case BookProcedure() | BookService() | BookAt() | ChangeBooking():
                if tracker.form != FORM:
                    exchange.begin_anew()
                    tracker.form = FORM
                return await self._change(exchange, choice)
            case _:
                return None

    def resume(self, held: Appointment, tracker: Tracker, speaker: Speaker, now: dt.datetime) -> Act:
        """Go on with a place that is kept already: one that the waiting list offered."""
        exchange = Exchange(tracker, speaker, now.astimezone(CITY_TIME))
        exchange.begin_anew()
        exchange.change_matter(held.service.key, held.procedure)
        local = held.starts_at.astimezone(CITY_TIME)
        wish_for(exchange.slots, local)
        exchange.slots["hold"], exchange.slots["at"] = held.code, local.isoformat(timespec="minutes")
        if held.hold_until is not None:
            exchange.slots["hold_until"] = held.hold_until.astimezone(CITY_TIME).isoformat(timespec="seconds")
        tracker.form = FORM
        return self._confirming.after_hold(exchange, held.service, held)

    async def question(self, tracker: Tracker, speaker: Speaker, now: dt.datetime) -> Reply | None:
        act = await self._go_on(Exchange(tracker, speaker, now.astimezone(CITY_TIME)), again=True)
        return act.replies[0] if isinstance(act, Act) else None

    async def _change(
        self, exchange: Exchange, choice: BookProcedure | BookService | BookAt | ChangeBooking
    ) -> Act | Deed:
        services = await self._matching.services()
        match choice:
            case BookProcedure(code):
                procedure = self._answerer.procedure(code)
                service = self._matching.of_procedure(procedure, services) if procedure is not None else None
                if service is not None:
                    exchange.change_matter(service.key, code)
            case BookService(key) if key in services:
                exchange.change_matter(key)
            case BookAt(key, starts_at) if key in services:
                if exchange.slots.get("service") != key:
                    exchange.change_matter(key)
                return self._confirming.hold(exchange, services[key], starts_at)
            case ChangeBooking("time"):
                return await self._offer_anew(exchange)
            case ChangeBooking("details"):
                forget(exchange.slots, ("name", "telephone", "tax_code"))
            case ChangeBooking("service"):
                return asked(await self._ask_service(exchange))
        return await self._go_on(exchange)

    def _hear(self, exchange: Exchange, text: str) -> Heard:
        slots, language = exchange.slots, exchange.speaker.language
        is_open = exchange.tracker.form == FORM
        asked_details = is_open and exchange.tracker.asks == "details"
        heard = hear(text, exchange.now, language, self._read_time, asked_details=asked_details)
        if is_open and not asked_details and heard.numbers.telephone and "service" in slots and heard.name is None:
            again = hear(text, exchange.now, language, self._read_time, asked_details=True)
            return again if again.name is not None else heard
        return heard

    async def _answered(self, exchange: Exchange, heard: Heard, said: Interpretation) -> Act | Deed | None:
        """What `heard` makes of the form; None where it is none of its business."""
        asks, way = exchange.tracker.asks, route(said)
        says_something = heard.of_details or not heard.reading.empty
        if not says_something:
            if (act := await self._decided(exchange, heard)) is not None:
                return act
            if (act := await self._picked(exchange, heard)) is not None:
                return act
        elif heard.decision is Decision.STOP and heard.reading.empty:
            return self._confirming.stop(exchange)
        if says_something or way is Route.BOOK or (_corrects(heard) and way not in _ELSEWHERE):
            return await self._take_all(exchange, heard, said)
        if way in _ELSEWHERE and said.confidence > SURE:
            return None
        if _is_a_question(heard.text):
            return self._of_which_kind(exchange, heard.text, said)
        if asks == "service":
            if way is Route.SMALLTALK and said.confidence > SURE:
                return None
            return await self._take_all(exchange, heard, said)
        return self._of_which_kind(exchange, heard.text, said) if way is Route.ANSWER else None

    def _of_which_kind(self, exchange: Exchange, text: str, said: Interpretation) -> Act | None:
        """A side question about what is being booked, where only its kind as a whole is known."""
        group = exchange.slots.get("group")
        options = self._answerer.options(self._answerer.members(group)) if group is not None else ()
        if not options or self._answerer.has_subject(text):
            return None
        facet = asked_facet(text, said)
        codes = tuple(option.code for option in options)
        exchange.tracker.pending = Pending("ask_which", codes, facet, redact(text))
        return asked(self._asking.ask_which_kind(exchange, options, facet), Outcome.CLARIFIED)

    async def _decided(self, exchange: Exchange, heard: Heard) -> Act | Deed | None:
        asks = exchange.tracker.asks
        match heard.decision:
            case Decision.STOP:
                return self._confirming.stop(exchange)
            case Decision.SOONEST if "service" in exchange.slots:
                if not any_hour_of_the_day(heard.text):
                    forget(exchange.slots, SLOTS)
                return await self._hold_the_first(exchange)
            case Decision.ANOTHER_DAY | Decision.ANOTHER_TIME if "service" in exchange.slots:
                if heard.decision is Decision.ANOTHER_DAY:
                    wish_for_another_day(exchange.slots)
                else:
                    forget(exchange.slots, ("time", "until"))
                return await self._offer_anew(exchange, keep=True)
            case Decision.ANOTHER_MATTER:
                return asked(await self._ask_service(exchange))
            case Decision.CHANGE_DETAILS:
                forget(exchange.slots, ("name", "telephone", "tax_code"))
                return await self._go_on(exchange)
            case Decision.YES if asks == "confirm":
                return await self._confirm(exchange, exchange.slots.get("hold", ""))
            case Decision.YES if asks == "time" and exchange.offered:
                # Nothing is booked by it: the day and hour are shown, and can be changed, before they confirm.
                return await self._hold(exchange, exchange.offered[0])
            case Decision.NO if asks == "confirm":
                return asked(self._asking.ask_what_to_change(exchange))
            case Decision.YES | Decision.NO:
                return await self._go_on(exchange, again=True)
        return None

    async def _picked(self, exchange: Exchange, heard: Heard) -> Act | Deed | None:
        """One of what was offered, by its place or its words."""
        asks = exchange.tracker.asks
        if asks == "time" and (place := place_named(heard.text, len(exchange.offered))) is not None:
            return await self._hold(exchange, exchange.offered[place - 1])
        if asks == "time" and (bare := _BARE_HOUR.fullmatch(heard.text.strip())) is not None:
            return await self._take_all(exchange, self._hear(exchange, f"{int(bare[1])}h"), None)
        if asks != "service":
            return None
        keys = [key for key in exchange.slots.get("options", "").split(",") if key]
        procedures = self._answerer.options(keys)
        if procedures and (meant := choose(heard.text, procedures)) is not None:
            return await self._change(exchange, BookProcedure(meant.code))
        if not procedures and (place := place_named(heard.text, len(keys))) is not None:
            return await self._change(exchange, BookService(keys[place - 1]))
        return None

    async def _take_all(self, exchange: Exchange, heard: Heard, said: Interpretation | None) -> Act | Deed:
        """Note every fact, then go on."""
        slots, numbers = exchange.slots, heard.numbers
        notes = []
        for slot, value in (("name", heard.name), ("telephone", numbers.telephone), ("tax_code", numbers.tax_code)):
            if value is not None:
                slots[slot] = value
        if numbers.wrong_telephone is not None:
            notes.append(Line("book_wrong_telephone", {"number": numbers.wrong_telephone}))
        if numbers.wrong_tax_code is not None:
            notes.append(Line("book_wrong_tax_code", {"number": numbers.wrong_tax_code}))
        offered = exchange.offered
        if take_reading(slots, heard.reading) and heard.reading.date is None and heard.reading.time is not None:
            self._settle_the_day(exchange, offered)
        unclear = await self._take_matter(exchange, heard, said)
        if unclear is None and heard.decision is Decision.SOONEST and wish_in(slots).time is None:
            act: Act | Deed = await self._hold_the_first(
                exchange, notes, in_any_case=not heard.reading.date and bool(offered)
            )
        else:
            noted = self._asking.noted(exchange, heard)
            act = unclear if unclear is not None else await self._go_on(exchange, notes, noted)
        if isinstance(act, Act):
            return replace(act, redacted=heard.redacted)
        return _redacting(act, heard.redacted)

    def _settle_the_day(self, exchange: Exchange, offered: Sequence[dt.datetime]) -> None:
        """An hour without a day means that hour among what was offered."""
        wish = wish_in(exchange.slots)
        if wish.first is not None and wish.first == wish.last:
            return
        meant = next((each for each in offered if each.time() == wish.time), None)
        if meant is not None:
            wish_for(exchange.slots, meant)

    async def _take_matter(self, exchange: Exchange, heard: Heard, said: Interpretation | None) -> Act | None:
        """What the appointment is for; an act where that must be asked first."""
        asks_for_it = exchange.tracker.asks == "service"
        known = "service" in exchange.slots
        if known and not asks_for_it and not _speaks_of_a_matter(heard, said):
            return None
        found = await self._matching.match(heard.rest, said, exchange.speaker, anything=asks_for_it)
        match found:
            case Matched(service, procedure, group):
                exchange.change_matter(service.key, procedure, group)
            case Unsure(procedures=codes) if codes:
                return asked(self._asking.ask_which_procedure(exchange, self._answerer.options(codes)))
            case Unsure(services=services):
                return asked(self._asking.ask_which_service(exchange, services))
            case NotFound() if not known:
                named = heard.of_details or not heard.reading.empty
                noted = self._asking.noted(exchange, heard) if named else ()
                return asked(await self._ask_service(exchange, [*noted, Line("book_not_found")]))
            case None if not known:
                await self._for_the_subject(exchange)
        return None

    async def _for_the_subject(self, exchange: Exchange, *, change: bool = False) -> None:
        """Propose what the conversation is about; every question after it says so and offers another matter."""
        subject = self._answerer.procedure(exchange.tracker.subject or "")
        if subject is None or ("service" in exchange.slots and not change):
            return
        if exchange.slots.get("procedure") == subject.code:
            return
        service = self._matching.of_procedure(subject, await self._matching.services())
        if service is not None:
            exchange.change_matter(service.key, subject.code)

    async def _go_on(
        self, exchange: Exchange, notes: Sequence[Line] = (), noted: Sequence[Line] = (), *, again: bool = False
    ) -> Act | Deed:
        """Ask for the first thing that is missing; `again`: only repeat, take nothing.

        `noted` is said where the next question does not itself show what was understood.
        """
        service = await self._service(exchange)
        if service is None or (again and exchange.tracker.asks == "service"):
            return asked(await self._ask_service(exchange, [*notes, *noted], again=exchange.tracker.asks == "service"))
        if again and exchange.tracker.asks == "time":
            offer = await self._openings.near(service.key, wish_in(exchange.slots), exchange.now)
            return await self._offer_anew(exchange) if offer.exact else self._offer(exchange, service, offer, notes)
        wish, at = wish_in(exchange.slots), exchange.held_at
        if at is None or not _is_for(wish, at):
            offer = await self._openings.near(service.key, wish, exchange.now)
            if offer.exact is not None and not again:
                return self._confirming.hold(exchange, service, offer.exact.starts_at, notes)
            return self._offer(exchange, service, offer, [*notes, *noted])
        if (until := exchange.hold_until) is not None and until <= exchange.now and not again:
            return self._confirming.hold(exchange, service, at, notes)
        held = await self._book.held(exchange.tracker.address, exchange.slots["hold"], exchange.now)
        return self._confirming.after_hold(exchange, service, held, notes)

    def _offer(self, exchange: Exchange, service: Service, offer: Offer, notes: Sequence[Line]) -> Act:
        reply = self._asking.ask_time(exchange, service, offer, notes)
        return asked(reply, Outcome.ASKED if offer.why is None else Outcome.NOT_DONE)

    async def _offer_anew(self, exchange: Exchange, *, keep: bool = False) -> Act:
        """Other times than the one held."""
        service = await self._service(exchange)
        if service is None:
            return asked(await self._ask_service(exchange))
        wish = wish_in(exchange.slots)
        if not keep or wish.time is not None:
            wish = Wish(first=wish.first, last=wish.last, part=wish.part, excluding=wish.excluding)
        offer = await self._openings.near(service.key, wish, exchange.now)
        return self._offer(exchange, service, offer, ())

    async def _hold_the_first(
        self, exchange: Exchange, notes: Sequence[Line] = (), *, in_any_case: bool = False
    ) -> Act | Deed:
        """The first opening that fits, for whoever leaves the choice to us; it is shown before anything is booked.

        `in_any_case`: also where the day wished for cannot be had, as the contact has been told.
        """
        service = await self._service(exchange)
        if service is None:
            return await self._go_on(exchange, notes)
        offer = await self._openings.near(service.key, wish_in(exchange.slots), exchange.now)
        if (offer.why is not None and not in_any_case) or not (offer.exact or offer.openings):
            return self._offer(exchange, service, offer, notes)
        first = offer.exact or min(offer.openings, key=lambda opening: opening.starts_at)
        return self._confirming.hold(exchange, service, first.starts_at, notes)

    async def _hold(self, exchange: Exchange, starts_at: dt.datetime) -> Act | Deed:
        service = await self._service(exchange)
        return self._confirming.hold(exchange, service, starts_at) if service else await self._go_on(exchange)

    async def _confirm(self, exchange: Exchange, code: str) -> Act | Deed:
        if not exchange.knows_the_person or not code:
            return await self._go_on(exchange)
        return self._confirming.confirm(exchange, await self._service(exchange), code)

    async def _service(self, exchange: Exchange) -> Service | None:
        return (await self._matching.services()).get(exchange.slots.get("service", ""))

    async def _ask_service(self, exchange: Exchange, notes: Sequence[Line] = (), *, again: bool = False) -> Reply:
        services = await self._matching.services()
        if again:
            keys = exchange.slots.get("options", "").split(",")
            if options := self._answerer.options(keys):
                return self._asking.ask_which_procedure(exchange, options, notes)
            if offered := [services[key] for key in keys if key in services]:
                return self._asking.ask_service(exchange, offered, notes)
        often = [services[key] for key in _OFTEN if key in services]
        return self._asking.ask_service(exchange, often or list(services.values())[:5], notes)


SURE = 0.6
"""Above this probability of the NLU an utterance is about something else than what the form asked."""


def _is_for(wish: Wish, at: dt.datetime) -> bool:
    return wish.first == at.date() == (wish.last or wish.first) and wish.time == at.time()


def _is_a_question(text: str) -> bool:
    return text.rstrip().endswith(_QUESTION) or facet_named(text) is not Facet.OVERVIEW


def _speaks_of_a_matter(heard: Heard, said: Interpretation | None) -> bool:
    """Whether another matter may be named beside what was asked: "cho thủ tục … cơ", "đặt lịch … nhé"."""
    folded = fold(heard.rest)
    named = any(words in folded for words in ("thu tuc", "viec", "dich vu", "procedure", "service")) or _corrects(heard)
    return named or (said is not None and not said.degraded and route(said) is Route.BOOK and len(folded.split()) > 3)


def _corrects(heard: Heard) -> bool:
    """Whether something said before is put right: "à không, … cơ"."""
    return _CORRECTION.search(" ".join(fold(heard.rest).replace(",", " ").split())) is not None


def _redacting(deed: Deed, redacted: str) -> Deed:
    async def do(uow: object) -> Act:
        return replace(await deed.do(uow), redacted=redacted)  # type: ignore[arg-type]

    return Deed(do)
