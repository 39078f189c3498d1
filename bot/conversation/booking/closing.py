"""What contacts are told when an office will not be open at the time they booked: moved, or asked to choose."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.conversation.messages import Reply
from bot.conversation.ports import Papers
from bot.conversation.speaking import Speaker
from bot.conversation.wording import Wording
from bot.domain.booking.appointment import Appointment
from bot.domain.booking.offices import CITY_TIME
from bot.domain.procedure import Language, Text
from knowledge.composing import Line

from .managing_choices import CancelAppointment, MoveAppointment
from .showing_times import show_moment


@dataclass(frozen=True, slots=True)
class ClosingNotices:
    """Composes them. Without `papers` the new time comes without its calendar file."""

    wording: Wording
    papers: Papers | None = None

    def moved(
        self,
        old: Appointment,
        new: Appointment,
        department: Text,
        language: Language,
        reason: str,
        now: dt.datetime,
    ) -> Reply:
        """That the appointment was moved, with both times and where to go."""
        lines = [
            Line("closing_moved", {"code": new.code, "service": new.service.title}),
            *_reason(reason),
            Line("closing_old", {"moment": show_moment(old.starts_at, language)}),
            Line("closing_new", {"moment": show_moment(new.starts_at, language)}),
            *_place(new, department),
            *_demonstration(new),
            Line("closing_ask_fits"),
        ]
        reply = self._compose("closing_moved", lines, new, language, now)
        return reply if self.papers is None else replace(reply, attachments=self.papers.of(new, language))

    def inform(
        self, appointment: Appointment, language: Language, reason: str, now: dt.datetime, *, sought: bool
    ) -> Reply:
        """That the office is closed then; `sought`: another time was looked for in vain."""
        lines = [
            Line("closing_inform", {"code": appointment.code, "service": appointment.service.title}),
            *_reason(reason),
            Line("closing_old", {"moment": show_moment(appointment.starts_at, language)}),
            *([Line("closing_none_found")] if sought else []),
            *_demonstration(appointment),
            Line("closing_ask_choose"),
        ]
        return self._compose("closing_inform", lines, appointment, language, now)

    def _compose(
        self, key: str, lines: list[Line], appointment: Appointment, language: Language, now: dt.datetime
    ) -> Reply:
        speaker = Speaker(self.wording, language, now.astimezone(CITY_TIME).date())
        buttons = (
            speaker.button("button_closing_move", MoveAppointment(appointment.code)),
            speaker.button("button_closing_cancel", CancelAppointment(appointment.code)),
        )
        return speaker.compose(key, lines, buttons)


def _reason(reason: str) -> Iterator[Line]:
    if reason:
        yield Line("closing_reason", {"reason": reason})


def _place(appointment: Appointment, department: Text) -> Iterator[Line]:
    yield Line("closing_where", {"department": department, "counter": appointment.counter.name})
    if appointment.counter.address is not None:
        yield Line("closing_address", {"address": appointment.counter.address})


def _demonstration(appointment: Appointment) -> Iterator[Line]:
    if appointment.service.demonstration:
        yield Line("closing_demonstration")
