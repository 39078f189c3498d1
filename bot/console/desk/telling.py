"""What a contact is told in the conversation when an official moves or cancels their appointment."""

from __future__ import annotations

from bot.conversation.booking.showing_times import show_moment
from bot.conversation.choices import TakeRoute
from bot.conversation.messages import Button, Reply
from bot.conversation.outcomes import Route
from bot.conversation.wording import Wording
from bot.domain.booking.appointment import Appointment
from bot.domain.procedure import Language, Text
from knowledge.composing import Fact


def tell_moved(wording: Wording, appointment: Appointment, department: Text, language: Language) -> Reply:
    """That it is at another time now."""
    return _told(wording, "office_moved", appointment, language, department=department)


def tell_cancelled(
    wording: Wording, appointment: Appointment, department: Text, reason: str, language: Language
) -> Reply:
    """That it is cancelled, and why."""
    return _told(wording, "office_cancelled", appointment, language, department=department, reason=reason)


def _told(wording: Wording, key: str, appointment: Appointment, language: Language, **facts: Fact) -> Reply:
    text = wording.say(
        key,
        language,
        code=appointment.code,
        service=appointment.service.title,
        when=show_moment(appointment.starts_at, language),
        counter=appointment.counter.name,
        **facts,
    )
    if appointment.service.demonstration:
        text += "\n" + wording.say("office_demonstration", language)
    button, route = ("button_office_book", Route.BOOK)
    if key == "office_moved":
        button, route = ("button_office_mine", Route.MY_APPOINTMENTS)
    return Reply(key, text, language, (Button(wording.say(button, language), str(TakeRoute(route))),))
