"""What the chat says after an appointment was changed on its own page, so that the conversation knows it too."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from bot.conversation.choices import TakeRoute
from bot.conversation.messages import Button, Reply
from bot.conversation.outcomes import Route
from bot.conversation.speaking import Speaker
from bot.conversation.wording import Wording
from bot.domain.booking.appointment import Appointment
from bot.domain.booking.offices import CITY_TIME
from bot.domain.procedure import Language, Text

from .showing_times import show_moment


@dataclass(frozen=True, slots=True)
class PageNotices:
    """Composes it, in the words of the same deed done in the chat."""

    wording: Wording

    def cancelled(self, appointment: Appointment, department: Text, language: Language, now: dt.datetime) -> Reply:
        speaker = self._speaker(language, now)
        again = speaker.button("button_book_again", TakeRoute(Route.BOOK))
        return _reply(speaker, "appointment_cancelled", appointment, department, [again])

    def attending(self, appointment: Appointment, department: Text, language: Language, now: dt.datetime) -> Reply:
        return _reply(self._speaker(language, now), "appointment_attending", appointment, department)

    def _speaker(self, language: Language, now: dt.datetime) -> Speaker:
        return Speaker(self.wording, language, now.astimezone(CITY_TIME).date())


def _reply(
    speaker: Speaker, key: str, appointment: Appointment, department: Text, buttons: Iterable[Button] = ()
) -> Reply:
    return speaker.reply(
        key,
        buttons,
        code=appointment.code,
        when=show_moment(appointment.starts_at, speaker.language),
        department=department,
    )
