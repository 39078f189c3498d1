"""What is asked on the way of a move: which appointment, when instead, and whether old is to go for new."""

from __future__ import annotations

from collections.abc import Sequence

from bot.conversation.acting import Act
from bot.conversation.messages import Reply
from bot.conversation.outcomes import Outcome, Route
from bot.domain.booking.appointment import HOLD, Appointment
from bot.domain.booking.offices import CITY_TIME
from bot.domain.booking.openings import Offer
from knowledge.composing import Line

from .asking_when import openings_near
from .managing_choices import ConfirmMove, KeepAppointment, MoveAppointment
from .scene import MOVING, Scene
from .telling import button, facts, moment, shown


def ask_which(scene: Scene, own: Sequence[Appointment]) -> Act:
    wished = {name: scene.slots[name] for name in ("shift", "same_hour", "weekday") if name in scene.slots}
    scene.open(MOVING, "which", **wished)
    return Act(Route.RESCHEDULE, Outcome.ASKED, (which(scene, own),), appointments=shown(*own))


def which(scene: Scene, own: Sequence[Appointment]) -> Reply:
    buttons = [button(scene, each, MoveAppointment(each.code)) for each in own]
    return scene.speaker.reply("appointment_which_move", buttons)


def ask_time(scene: Scene, appointment: Appointment, hold: str | None, found: Offer) -> Act:
    """Why the wish cannot be had, and the openings near it."""
    reasons, openings, buttons = openings_near(scene.exchange, appointment.service, found)
    key = f"book_{found.why}" if found.why is not None else "appointment_move_ask"
    keep = scene.speaker.button("button_keep", KeepAppointment(appointment.code))
    lines = [*reasons, Line("appointment_move_ask", facts(scene, appointment)), *openings]
    outcome = Outcome.ASKED if found.why is None else Outcome.NOT_DONE
    return _wait_for_a_time(scene, appointment, hold, scene.speaker.compose(key, lines, [*buttons, keep]), outcome)


def ask_another_time(scene: Scene, appointment: Appointment, hold: str | None) -> Act:
    """The wish is the time it has already."""
    keep = [scene.speaker.button("button_keep", KeepAppointment(appointment.code))]
    same = scene.speaker.reply("appointment_move_same", keep, **facts(scene, appointment))
    return _wait_for_a_time(scene, appointment, hold, same, Outcome.ASKED)


def ask_time_again(scene: Scene, appointment: Appointment, key: str, *, waiting: bool, hold: str | None = None) -> Act:
    """The new place is gone, as `key` says; `waiting`: for another time, typed or chosen."""
    if waiting:
        open_form(scene, "time", appointment, hold)
    again = [scene.speaker.button("button_other_times", MoveAppointment(appointment.code))]
    reply = scene.speaker.reply(key, again, **facts(scene, appointment))
    return Act(Route.RESCHEDULE, Outcome.NOT_DONE, (reply,), appointments=shown(appointment))


def ask_to_confirm(scene: Scene, appointment: Appointment, kept: Appointment) -> Act:
    """Old and new, to be confirmed."""
    open_form(scene, "confirm", appointment, kept.code)
    reply = compare(scene, appointment, kept)
    return Act(Route.RESCHEDULE, Outcome.ASKED, (reply,), appointments=shown(appointment))


def compare(scene: Scene, appointment: Appointment, kept: Appointment) -> Reply:
    speaker = scene.speaker
    until = kept.hold_until or scene.now + HOLD
    named = facts(scene, appointment) | {
        "new": moment(scene, kept.starts_at),
        "until": f"{until.astimezone(CITY_TIME):%H:%M}",
        "place": kept.counter.name,
    }
    buttons = [
        speaker.button("button_move_yes", ConfirmMove(appointment.code, kept.code)),
        speaker.button("button_other_times", MoveAppointment(appointment.code)),
        speaker.button("button_keep", KeepAppointment(appointment.code)),
    ]
    return speaker.reply("appointment_move_confirm", buttons, **named)


def open_form(scene: Scene, asks: str, appointment: Appointment, hold: str | None) -> None:
    """The form waits for `asks`; `hold`: a new place that is kept meanwhile."""
    slots = {"appointment": appointment.code} | ({"new_hold": hold} if hold else {})
    scene.open(MOVING, asks, **slots)


def _wait_for_a_time(scene: Scene, appointment: Appointment, hold: str | None, reply: Reply, outcome: Outcome) -> Act:
    open_form(scene, "time", appointment, hold)
    return Act(Route.RESCHEDULE, outcome, (reply,), appointments=shown(appointment))
