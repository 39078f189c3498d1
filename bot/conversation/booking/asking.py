"""What all questions of the form share: how a question ends the turn, and the buttons that change or leave it."""

from __future__ import annotations

from bot.conversation.acting import Act
from bot.conversation.choices import ChangeBooking, StopBooking
from bot.conversation.messages import Button, Reply
from bot.conversation.outcomes import AppointmentShown, Outcome, Route
from bot.conversation.speaking import Speaker
from bot.domain.booking.appointment import Appointment


def asked(reply: Reply, outcome: Outcome = Outcome.ASKED, *, appointments: tuple[AppointmentShown, ...] = ()) -> Act:
    """The turn ends with `reply`, and the form waits."""
    return Act(Route.BOOK, outcome, (reply,), appointments=appointments)


def shown(appointment: Appointment) -> tuple[AppointmentShown, ...]:
    return (
        AppointmentShown(
            appointment.code, appointment.service.department, appointment.starts_at, str(appointment.state)
        ),
    )


def time_button(speaker: Speaker) -> Button:
    return speaker.button("button_book_time", ChangeBooking("time"))


def details_button(speaker: Speaker) -> Button:
    return speaker.button("button_book_details", ChangeBooking("details"))


def matter_button(speaker: Speaker) -> Button:
    return speaker.button("button_book_other_matter", ChangeBooking("service"))


def stop_button(speaker: Speaker) -> Button:
    return speaker.button("button_book_stop", StopBooking())


def leave_buttons(speaker: Speaker) -> list[Button]:
    """Another matter, or none."""
    return [matter_button(speaker), stop_button(speaker)]
