"""How an appointment that exists is spoken of: its facts, its button, and that nothing can be done with it any more."""

from __future__ import annotations

import datetime as dt

from bot.conversation.acting import Act
from bot.conversation.choices import TakeRoute
from bot.conversation.messages import Button
from bot.conversation.outcomes import AppointmentShown, Outcome, Route
from bot.domain.booking.appointment import Appointment, State
from bot.domain.booking.waiting import Waiting
from knowledge.composing import Fact, Line, Phrase

from .managing_choices import JoinWaiting, LeaveWaiting
from .scene import Scene
from .showing_times import show_day, show_moment, show_short_moment

OVER = frozenset({State.SERVED, State.MISSED, State.CANCELLED})


def shown(*appointments: Appointment) -> tuple[AppointmentShown, ...]:
    return tuple(AppointmentShown(a.code, a.service.department, a.starts_at, a.state) for a in appointments)


def moment(scene: Scene, at: dt.datetime) -> str:
    return show_moment(at, scene.speaker.language)


def days(scene: Scene, waiting: Waiting | JoinWaiting) -> Fact:
    """The day or the days waited for, with the part of the day."""
    language = scene.speaker.language
    first, last = show_day(waiting.first, language), show_day(waiting.last, language)
    said: Fact = first if waiting.first == waiting.last else Phrase("several_days", {"first": first, "last": last})
    if waiting.part is None:
        return said
    return Phrase("days_in_part", {"days": said, "part": Phrase(f"part_of_day_{waiting.part}")})


def facts(scene: Scene, appointment: Appointment) -> dict[str, Fact]:
    """What every sentence about an appointment may name."""
    return {
        "code": appointment.code,
        "when": moment(scene, appointment.starts_at),
        "department": scene.around.matters.department(appointment.service),
        "service": appointment.service.title,
    }


def button(scene: Scene, appointment: Appointment, choice: object) -> Button:
    """A button for one of several appointments."""
    when = show_short_moment(appointment.starts_at, scene.speaker.language)
    title = scene.speaker.say("appointment_button", when=when, service=appointment.service.title)
    return Button(title, str(choice))


def waiting_line(scene: Scene, waiting: Waiting) -> Line:
    return Line("waiting_line", {"service": waiting.service.title, "days": days(scene, waiting)})


def leave_button(scene: Scene, waiting: Waiting) -> Button:
    title = scene.speaker.say("button_leave_waiting_of", service=waiting.service.title)
    return Button(title, str(LeaveWaiting(waiting.service.key)))


def over(scene: Scene, way: Route, appointment: Appointment) -> Act | None:
    """That nothing can be done with it any more; None where something can. Says nothing but the code."""
    if appointment.state is State.CANCELLED:
        return failure(scene, way, "appointment_cancelled_already", code=appointment.code)
    if appointment.state in OVER or appointment.starts_at <= scene.now:
        return failure(scene, way, "appointment_over", code=appointment.code)
    return None


def too_late(scene: Scene, way: Route, appointment: Appointment) -> Act:
    """That only the department can change it now. Its contact points are told where they are verified."""
    named = facts(scene, appointment)
    until = moment(scene, appointment.change_until)
    lines = [Line("appointment_too_late", {**named, "until": until})]
    found = scene.around.directory.department(appointment.service.department)
    points = found.contact_points if found is not None else ()
    lines += [
        Line("contact_point", {"kind": point.kind, "value": point.value, "date": point.verified_on}) for point in points
    ]
    buttons = scene.speaker.service_buttons()[1:]
    reply = scene.speaker.compose("appointment_too_late", lines, buttons)
    return Act(way, Outcome.NOT_DONE, (reply,), appointments=shown(appointment))


def failure(scene: Scene, way: Route, key: str, /, **named: Fact) -> Act:
    """A sentence that something could not be done, with the ways on: book, or look at what there is."""
    buttons = [
        scene.speaker.button("button_book", TakeRoute(Route.BOOK)),
        scene.speaker.button("button_book_mine", TakeRoute(Route.MY_APPOINTMENTS)),
    ]
    return Act(way, Outcome.NOT_DONE, (scene.speaker.reply(key, buttons, **named),))
