"""What is done with the appointment that was found: shown, moved or cancelled; or what must be asked before."""

from __future__ import annotations

from bot.conversation.acting import Act, Deed
from bot.conversation.outcomes import Route
from bot.domain.booking.appointment import Appointment

from . import cancelling, move_questions, moving
from .finding import Found
from .proving import ask_telephone
from .scene import FINDING, MOVING, Scene
from .showing import show, show_list
from .telling import failure


async def handle(scene: Scene, way: Route, found: Found) -> Act | Deed:
    """Do what `way` says with what was found, or say or ask what is in the way."""
    if found.unknown is not None:
        scene.close()
        return failure(scene, way, "appointment_unknown", code=found.unknown)
    if found.locked is not None:
        return ask_telephone(scene, found.locked, way)
    if found.meant is not None:
        return await do(scene, way, found.meant, own=bool(found.own))
    if not found.own or way is Route.MY_APPOINTMENTS:
        return await show_list(scene, way, found.own)
    which = move_questions.ask_which if way is Route.RESCHEDULE else cancelling.ask_which
    return which(scene, found.own)


async def do(scene: Scene, way: Route, appointment: Appointment, *, own: bool = True) -> Act | Deed:
    """Do with one appointment what `way` says; `own`: what the contact waits for is shown beside it."""
    match way:
        case Route.RESCHEDULE:
            return await moving.offer(scene, appointment)
        case Route.CANCEL:
            return cancelling.ask(scene, appointment)
    waiting = await scene.around.book.waiting(scene.tracker.address) if own else ()
    return show(scene, appointment, waiting)


def way_of(scene: Scene) -> Route:
    """What the open form is about to do."""
    if scene.tracker.form == FINDING:
        return Route(scene.slots["wanted"])
    return Route.RESCHEDULE if scene.tracker.form == MOVING else Route.CANCEL
