"""What is said without being asked: a reminder of an appointment, a freed place offered, an offer that lapsed.

The moment of sending comes in, so that "tomorrow" is tomorrow however late it is said.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.conversation.choices import BookService, ShowFacet
from bot.conversation.messages import Reply
from bot.conversation.ports import Papers
from bot.conversation.speaking import Speaker
from bot.conversation.wording import Wording
from bot.domain.booking.appointment import Appointment
from bot.domain.booking.offices import CITY_TIME, Service
from bot.domain.procedure import Facet, Language, Procedure, Text
from knowledge.composing import Line

from .bringing import MOST_DOCUMENTS, papers_for
from .managing_choices import (
    AttendAppointment,
    CancelAppointment,
    JoinWaiting,
    MoveAppointment,
    RefuseOffer,
    TakeOffer,
)
from .showing_times import show_hour, show_moment, show_weekday


@dataclass(frozen=True, slots=True)
class Reminding:
    """Composes what the clock says to contacts."""

    wording: Wording
    papers: Papers | None = None
    procedure: Callable[[str], Procedure | None] = lambda code: None
    """Looks a procedure up by its code."""

    def remind(self, appointment: Appointment, department: Text, language: Language, now: dt.datetime) -> Reply:
        """That an appointment is near, with everything needed to come, to move it or to cancel it."""
        speaker = self._speaker(language, now)
        ahead = (_city(appointment.starts_at).date() - speaker.today).days
        opening = {0: "reminder_today", 1: "reminder_tomorrow"}.get(ahead, "reminder_ahead")
        procedure = self.procedure(appointment.procedure) if appointment.procedure is not None else None
        lines = [
            Line(opening),
            *_place(appointment, department, language),
            Line("reminder_code", {"code": appointment.code}),
            *self._link(appointment),
            *_documents(appointment, procedure, language),
            *_demonstration(appointment.service),
            Line("reminder_attending" if appointment.attending else "reminder_ask"),
        ]
        buttons = []
        if not appointment.attending:
            buttons.append(speaker.button("button_reminder_attend", AttendAppointment(appointment.code)))
        if not appointment.is_too_late_to_change(now):
            buttons.append(speaker.button("button_reminder_move", MoveAppointment(appointment.code)))
            buttons.append(speaker.button("button_reminder_cancel", CancelAppointment(appointment.code)))
        if appointment.procedure is not None:
            buttons.append(
                speaker.button("button_reminder_documents", ShowFacet(Facet.DOCUMENTS, appointment.procedure))
            )
        return speaker.compose("reminder", lines, buttons)

    def offer(
        self,
        hold: Appointment,
        department: Text,
        language: Language,
        now: dt.datetime,
        moved: Appointment | None = None,
    ) -> Reply:
        """A freed place that is kept for the one who waits; `moved` is the appointment it would take the place of."""
        speaker = self._speaker(language, now)
        lines = [Line("offer_place"), *_place(hold, department, language), *_demonstration(hold.service)]
        if moved is not None:
            lines.append(Line("offer_instead", {"code": moved.code, "when": show_moment(moved.starts_at, language)}))
        if hold.hold_until is not None:
            until = _city(hold.hold_until)
            weekday = show_weekday(until.weekday(), language)
            lines.append(Line("offer_until", {"hour": show_hour(until), "weekday": weekday}))
        buttons = (
            speaker.button("button_offer_take", TakeOffer(hold.code)),
            speaker.button("button_offer_refuse", RefuseOffer(hold.code)),
        )
        return speaker.compose("offer_place", lines, buttons)

    def lapsed(
        self, service: Service, starts_at: dt.datetime, again: JoinWaiting, language: Language, now: dt.datetime
    ) -> Reply:
        """That an offer was not taken in time, which ends the waiting; `again` goes on with it."""
        return self._parting("offer_lapsed", service, starts_at, again, language, now)

    def given_back(
        self, service: Service, starts_at: dt.datetime, again: JoinWaiting, language: Language, now: dt.datetime
    ) -> Reply:
        """That giving an offered place back has ended the waiting."""
        return self._parting("offer_given_back", service, starts_at, again, language, now)

    def _parting(
        self,
        key: str,
        service: Service,
        starts_at: dt.datetime,
        again: JoinWaiting,
        language: Language,
        now: dt.datetime,
    ) -> Reply:
        speaker = self._speaker(language, now)
        buttons = [speaker.button("button_offer_again", BookService(service.key))]
        if speaker.today <= again.last:
            buttons.insert(0, speaker.button("button_stay_waiting", again))
        return speaker.reply(key, buttons, service=service.title, when=show_moment(starts_at, language))

    def _link(self, appointment: Appointment) -> Iterator[Line]:
        if self.papers is not None and (link := self.papers.link(appointment)):
            yield Line("reminder_link", {"link": link})

    def _speaker(self, language: Language, now: dt.datetime) -> Speaker:
        return Speaker(self.wording, language, _city(now).date())


def _place(appointment: Appointment, department: Text, language: Language) -> Iterator[Line]:
    """What for, when and where."""
    yield Line("reminder_what", {"service": appointment.service.title})
    yield Line("reminder_when", {"when": show_moment(appointment.starts_at, language)})
    yield Line("reminder_where", {"department": department, "counter": appointment.counter.name})
    if appointment.counter.address is not None:
        yield Line("reminder_address", {"address": appointment.counter.address})


def _documents(appointment: Appointment, procedure: Procedure | None, language: Language) -> Iterator[Line]:
    papers = papers_for(appointment, procedure)
    named = papers[:MOST_DOCUMENTS] if procedure is not None else papers
    if named:
        yield Line("reminder_documents", {"documents": "; ".join(paper.best(language)[0] for paper in named)})
    if len(papers) > len(named):
        yield Line("book_bring_more", {"count": len(papers) - len(named)})


def _demonstration(service: Service) -> Iterator[Line]:
    if service.demonstration:
        yield Line("reminder_demonstration")


def _city(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(CITY_TIME)
