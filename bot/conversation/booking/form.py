"""The booking form: takes every fact a contact gives, in any order, and asks only for what is missing."""

from __future__ import annotations

import datetime as dt

from bot.conversation.acting import Act, Deed
from bot.conversation.choices import (
    BookAt,
    BookProcedure,
    BookService,
    ChangeBooking,
    Choice,
    ConfirmBooking,
    ResumeBooking,
    StopBooking,
)
from bot.conversation.interpretation import Interpretation
from bot.conversation.messages import Reply
from bot.conversation.outcomes import Route
from bot.conversation.ports import AppointmentBook, Offices, Openings, Papers, TimeReader
from bot.conversation.speaking import Speaker
from bot.conversation.tracker import Tracker
from bot.domain.booking.appointment import Appointment
from bot.domain.booking.offices import CITY_TIME
from knowledge.answerer import Answerer
from knowledge.directory import Directory

from . import leaving
from .confirmation import Confirmation
from .confirming import Confirming
from .deciding import Decision, asks_about_booking
from .exchange import FORM, Exchange
from .following import Following
from .matching import Matching
from .matters import Matters
from .noting import Noting, redacting
from .obeying import Obeying
from .proceeding import Proceeding
from .setting_aside import is_gone_on_with, set_aside


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
        matching, matters = Matching(offices, answerer, directory), Matters(answerer, directory)
        self._matters = matters
        self._confirming = Confirming(matters, openings, Confirmation(matters, answerer, papers))
        self._proceeding = Proceeding(matching, matters, answerer, openings, book, self._confirming)
        self._noting = Noting(matching, matters, answerer, self._proceeding)
        self._obeying = Obeying(matching, answerer, self._proceeding, self._confirming)
        self._following = Following(
            read_time, answerer, self._obeying, self._noting, self._proceeding, self._confirming
        )

    async def begin(
        self,
        way: Route,
        text: str,
        said: Interpretation | None,
        tracker: Tracker,
        speaker: Speaker,
        now: dt.datetime,
    ) -> Act | Deed:
        exchange = _exchange(tracker, speaker, now)
        if text and asks_about_booking(text):
            return leaving.about(exchange)
        if tracker.form != FORM:
            exchange.begin_anew()
        exchange.reopen()
        if not text:
            await self._noting.take_subject(exchange, change=True)
            return await self._proceeding.go_on(exchange)
        return await self._noting.take(exchange, self._following.hear(exchange, text), said)

    async def take(
        self, text: str, said: Interpretation, tracker: Tracker, speaker: Speaker, now: dt.datetime
    ) -> Act | Deed | None:
        exchange = _exchange(tracker, speaker, now)
        if asks_about_booking(text):
            return leaving.about(exchange)
        heard = self._following.hear(exchange, text)
        act = await self._following.follow(exchange, heard, said)
        return redacting(act, heard) if act is not None else None

    async def chosen(self, choice: Choice, tracker: Tracker, speaker: Speaker, now: dt.datetime) -> Act | Deed | None:
        exchange = _exchange(tracker, speaker, now)
        match choice:
            case StopBooking():
                return self._confirming.stop(exchange)
            case ResumeBooking():
                exchange.reopen()
                return await self._proceeding.go_on(exchange)
            case ConfirmBooking(code):
                return await self._proceeding.confirm(exchange, code)
            case BookProcedure() | BookService() | BookAt() | ChangeBooking():
                exchange.reopen()
                return await self._obeying.change(exchange, choice)
            case _:
                return None

    async def overhear(
        self, text: str, said: Interpretation, tracker: Tracker, speaker: Speaker, now: dt.datetime
    ) -> Act | Deed | None:
        """A booking set aside is gone on with, or dropped at once."""
        exchange = _exchange(tracker, speaker, now)
        if not exchange.is_aside:
            return None
        heard = self._following.hear(exchange, text)
        if exchange.was_just_set_aside and heard.decision in (Decision.NO, Decision.STOP):
            return self._confirming.stop(exchange)
        if not is_gone_on_with(exchange, heard):
            return None
        exchange.reopen()
        return await self._noting.take(exchange, self._following.hear(exchange, text), None)

    async def set_aside(self, tracker: Tracker, speaker: Speaker, now: dt.datetime) -> Reply | None:
        exchange = _exchange(tracker, speaker, now)
        return set_aside(exchange, self._matters, await self._proceeding.service(exchange))

    def resume(self, held: Appointment, tracker: Tracker, speaker: Speaker, now: dt.datetime) -> Act:
        """Go on with a place that is kept already: one that the waiting list offered."""
        exchange = _exchange(tracker, speaker, now)
        exchange.begin_anew()
        exchange.change_matter(held.service.key, held.procedure)
        exchange.keep(held)
        tracker.form = FORM
        return self._confirming.after_hold(exchange, held.service, held)

    async def question(self, tracker: Tracker, speaker: Speaker, now: dt.datetime) -> Reply | None:
        act = await self._proceeding.go_on(_exchange(tracker, speaker, now), again=True)
        return act.replies[0] if isinstance(act, Act) else None


def _exchange(tracker: Tracker, speaker: Speaker, now: dt.datetime) -> Exchange:
    return Exchange(tracker, speaker, now.astimezone(CITY_TIME))
