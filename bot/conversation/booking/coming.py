"""Coming to an appointment: that the contact will, what happens when they are late, what to do if they cannot."""

from __future__ import annotations

from collections.abc import Sequence

from bot.conversation.acting import Act, Deed
from bot.conversation.messages import Button
from bot.conversation.outcomes import Outcome, Route
from bot.conversation.ports import UnitOfWork
from bot.domain.booking.appointment import Appointment
from bot.domain.booking.errors import AppointmentOver, UnknownAppointment
from bot.domain.booking.visiting import GRACE
from knowledge.composing import Line

from .managing_choices import KeepAppointment, ShowAppointment
from .scene import Scene
from .showing import changing_buttons
from .telling import button, facts, failure, over, shown, too_late


def attend(scene: Scene, appointment: Appointment) -> Act | Deed:
    """Note that they will come; saying so twice changes nothing."""
    if (act := over(scene, Route.MY_APPOINTMENTS, appointment)) is not None:
        return act

    async def do(uow: UnitOfWork) -> Act:
        try:
            coming = await uow.appointments.attend(appointment.code, scene.now)
        except (AppointmentOver, UnknownAppointment):
            return failure(scene, Route.MY_APPOINTMENTS, "appointment_over", code=appointment.code)
        reply = scene.speaker.reply("appointment_attending", **facts(scene, coming))
        return Act(Route.MY_APPOINTMENTS, Outcome.DONE, (reply,), appointments=shown(coming))

    return Deed(do)


def cannot_come(scene: Scene, own: Sequence[Appointment]) -> Act:
    """Ask whether to move or to cancel, and which. Nothing is changed yet."""
    speaker = scene.speaker
    if len(own) > 1:
        reply = speaker.reply("appointment_cannot_come_which", _one_button_each(scene, own))
        return Act(Route.MY_APPOINTMENTS, Outcome.ASKED, (reply,), appointments=shown(*own))
    (appointment,) = own
    if (act := over(scene, Route.MY_APPOINTMENTS, appointment)) is not None:
        return act
    if appointment.is_too_late_to_change(scene.now):
        return too_late(scene, Route.MY_APPOINTMENTS, appointment)
    keep = speaker.button("button_keep", KeepAppointment(appointment.code))
    buttons = [*changing_buttons(scene, appointment), keep]
    reply = speaker.reply("appointment_cannot_come", buttons, **facts(scene, appointment))
    return Act(Route.MY_APPOINTMENTS, Outcome.ASKED, (reply,), appointments=shown(appointment))


def explain_lateness(scene: Scene, own: Sequence[Appointment]) -> Act:
    """In which order late ones are called, and that the time may be changed while it can be."""
    lines = [Line("appointment_late", {"minutes": int(GRACE.total_seconds() // 60)})]
    buttons: list[Button] = []
    if len(own) == 1:
        lines.append(Line("appointment_late_yours", facts(scene, own[0])))
        buttons = changing_buttons(scene, own[0])
    elif own:
        buttons = _one_button_each(scene, own)
    if any(each.service.demonstration for each in own):
        lines.append(Line("book_demonstration"))
    reply = scene.speaker.compose("appointment_late", lines, buttons)
    return Act(Route.MY_APPOINTMENTS, Outcome.ANSWERED, (reply,), appointments=shown(*own))


def keep_the_person(scene: Scene, own: Sequence[Appointment]) -> Act:
    """Who comes cannot be changed once booked: what to do instead."""
    buttons = changing_buttons(scene, own[0])[1:] if len(own) == 1 else _one_button_each(scene, own)
    reply = scene.speaker.reply("appointment_person_stays", buttons)
    return Act(Route.MY_APPOINTMENTS, Outcome.NOT_DONE, (reply,), appointments=shown(*own))


def _one_button_each(scene: Scene, own: Sequence[Appointment]) -> list[Button]:
    return [button(scene, each, ShowAppointment(each.code)) for each in own]
