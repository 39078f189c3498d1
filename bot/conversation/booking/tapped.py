"""Buttons of appointments that exist: what each tap does, be it in a reply, a reminder or an old message."""

from __future__ import annotations

from bot.conversation.acting import Act, Deed
from bot.conversation.choices import BookAt, Choice, StopBooking
from bot.conversation.outcomes import Route

from . import cancelling, coming, moving, queueing, wishing
from .finding import find_code
from .handling import handle
from .managing_choices import (
    AttendAppointment,
    CancelAppointment,
    ConfirmCancel,
    ConfirmMove,
    JoinWaiting,
    KeepAppointment,
    LeaveWaiting,
    MoveAppointment,
    ShowAppointment,
)
from .scene import FORMS, MOVING, Scene
from .showing import show
from .telling import over

_OF_CODE = ShowAppointment | MoveAppointment | CancelAppointment | ConfirmCancel | KeepAppointment | AttendAppointment
_ROUTES: dict[type, Route] = {
    MoveAppointment: Route.RESCHEDULE,
    ConfirmMove: Route.RESCHEDULE,
    CancelAppointment: Route.CANCEL,
    ConfirmCancel: Route.CANCEL,
}


async def tap(scene: Scene, choice: Choice) -> Act | Deed | None:
    """None where the button is none of ours."""
    code = scene.slots.get("appointment")
    match choice:
        case BookAt(service, starts_at) if scene.tracker.form == MOVING and code is not None:
            found = await find_code(scene, code)
            if found.meant is None or found.meant.service.key != service:
                return None
            return await moving.offer_at(scene, found.meant, starts_at)
        case StopBooking() if scene.tracker.form in FORMS and code is not None:
            found = await find_code(scene, code)
            return moving.keep(scene, found.meant) if found.meant is not None else None
        case JoinWaiting():
            return queueing.join(scene, choice)
        case LeaveWaiting(service):
            return await queueing.leave_service(scene, service)
        case ConfirmMove(of, hold):
            found = await find_code(scene, of)
            if found.meant is None:
                return await handle(scene, Route.RESCHEDULE, found)
            return over(scene, Route.RESCHEDULE, found.meant) or moving.confirm(scene, found.meant, hold)
        case (
            ShowAppointment()
            | MoveAppointment()
            | CancelAppointment()
            | ConfirmCancel()
            | KeepAppointment()
            | AttendAppointment()
        ):
            return await _tap_of_code(scene, choice)
        case _:
            return None


async def _tap_of_code(scene: Scene, choice: _OF_CODE) -> Act | Deed:
    found = await find_code(scene, choice.code)
    way = _ROUTES.get(type(choice), Route.MY_APPOINTMENTS)
    appointment = found.meant
    if appointment is None:
        return await handle(scene, way, found)
    match choice:
        case MoveAppointment():
            if scene.slots.get("appointment") != choice.code or scene.tracker.asks == "confirm":
                wishing.forget(scene.slots, wishing.SLOTS if scene.tracker.form != MOVING else ("time", "until"))
            return await moving.offer(scene, appointment)
        case CancelAppointment():
            return cancelling.ask(scene, appointment)
        case ConfirmCancel():
            return cancelling.cancel(scene, appointment)
        case KeepAppointment():
            return over(scene, way, appointment) or moving.keep(scene, appointment)
        case AttendAppointment():
            return coming.attend(scene, appointment)
        case _:
            return show(scene, appointment)
