"""Cancelling an appointment: asked once more, done once, and until when the contact may."""

from __future__ import annotations

from collections.abc import Sequence

from bot.conversation.acting import Act, Deed
from bot.conversation.choices import TakeRoute
from bot.conversation.interpretation import Interpretation
from bot.conversation.messages import Reply
from bot.conversation.outcomes import Outcome, Route
from bot.conversation.ports import UnitOfWork
from bot.domain.booking.appointment import Appointment
from bot.domain.booking.errors import AppointmentOver, TooLateToChange, UnknownAppointment

from .agreeing import agrees_to_cancel, declines
from .managing_choices import CancelAppointment, ConfirmCancel, KeepAppointment, MoveAppointment
from .scene import CANCELLING, Scene
from .telling import button, facts, failure, over, shown, too_late


def ask(scene: Scene, appointment: Appointment) -> Act:
    """Whether it is really to be cancelled, or why it cannot be."""
    if (act := over(scene, Route.CANCEL, appointment)) is not None:
        scene.close()
        return act
    if appointment.is_too_late_to_change(scene.now):
        scene.close()
        return too_late(scene, Route.CANCEL, appointment)
    scene.open(CANCELLING, "confirm", appointment=appointment.code)
    return Act(Route.CANCEL, Outcome.ASKED, (question(scene, appointment),), appointments=shown(appointment))


def question(scene: Scene, appointment: Appointment) -> Reply:
    speaker = scene.speaker
    buttons = [
        speaker.button("button_cancel_yes", ConfirmCancel(appointment.code)),
        speaker.button("button_keep", KeepAppointment(appointment.code)),
        speaker.button("button_move_instead", MoveAppointment(appointment.code)),
    ]
    return speaker.reply("appointment_cancel_ask", buttons, **facts(scene, appointment))


def ask_which(scene: Scene, own: Sequence[Appointment]) -> Act:
    scene.open(CANCELLING, "which")
    return Act(Route.CANCEL, Outcome.ASKED, (which(scene, own),), appointments=shown(*own))


def which(scene: Scene, own: Sequence[Appointment]) -> Reply:
    buttons = [button(scene, each, CancelAppointment(each.code)) for each in own]
    return scene.speaker.reply("appointment_which_cancel", buttons)


def hear(scene: Scene, text: str, said: Interpretation, appointment: Appointment) -> Act | Deed | None:
    """The answer to `ask`; None where it is none."""
    if agrees_to_cancel(text, said):
        return cancel(scene, appointment)
    if declines(text, said):
        return keep(scene, appointment)
    return None


def keep(scene: Scene, appointment: Appointment) -> Act:
    scene.close()
    reply = scene.speaker.reply("appointment_kept", **facts(scene, appointment))
    return Act(Route.CANCEL, Outcome.DONE, (reply,), appointments=shown(appointment))


def cancel(scene: Scene, appointment: Appointment) -> Act | Deed:
    """Cancel it; whoever taps twice hears that it is done already."""
    scene.close()
    if (act := over(scene, Route.CANCEL, appointment)) is not None:
        return act

    async def do(uow: UnitOfWork) -> Act:
        try:
            gone = await uow.appointments.cancel(appointment.code, scene.now)
        except TooLateToChange:
            return too_late(scene, Route.CANCEL, appointment)
        except AppointmentOver:
            return failure(scene, Route.CANCEL, "appointment_over", code=appointment.code)
        except UnknownAppointment:
            return failure(scene, Route.CANCEL, "appointment_unknown", code=appointment.code)
        buttons = [scene.speaker.button("button_book_again", TakeRoute(Route.BOOK))]
        reply = scene.speaker.reply("appointment_cancelled", buttons, **facts(scene, gone))
        return Act(Route.CANCEL, Outcome.DONE, (reply,), appointments=shown(gone))

    return Deed(do)
