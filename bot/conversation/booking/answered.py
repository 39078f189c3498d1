"""What a contact writes while a question about an appointment is open: its answer, or a change of mind."""

from __future__ import annotations

from bot.conversation.acting import Act, Deed
from bot.conversation.choices import TakeRoute
from bot.conversation.clarifying import place_named
from bot.conversation.interpretation import Interpretation
from bot.conversation.outcomes import Outcome, Route
from bot.conversation.routing import route
from bot.domain.booking.appointment import Appointment

from . import cancelling, move_wishes, moving, wishing
from .agreeing import agrees, declines
from .codes import codes_in
from .finding import Found, find, find_code, narrow
from .handling import do, handle, way_of
from .proving import hear_telephone
from .scene import CANCELLING, FINDING, Scene

ROUTES = frozenset({Route.MY_APPOINTMENTS, Route.RESCHEDULE, Route.CANCEL})
"""What can be wanted of an appointment."""


async def answer(scene: Scene, text: str, said: Interpretation) -> Act | Deed | None:
    """None where `text` is about something else."""
    if scene.tracker.form == FINDING:
        return await _hear_telephone(scene, text, said)
    code = scene.slots.get("appointment")
    if code is None:
        return await _hear_which(scene, text, said)
    found = await find_code(scene, code)
    if found.meant is None:
        return await handle(scene, way_of(scene), found)
    named = codes_in(text).named
    if named is not None and named != code:
        return await handle(scene, way_of(scene), await find_code(scene, named))
    act: Act | Deed | None
    if scene.tracker.form == CANCELLING:
        act = cancelling.hear(scene, text, said, found.meant)
    else:
        act = await _hear_move(scene, text, said, found.meant)
    if act is None and (way := route(said)) in ROUTES and way is not way_of(scene):
        wishing.forget(scene.slots, wishing.SLOTS)
        if way is Route.RESCHEDULE:
            move_wishes.note_wish(scene, text)
        return await do(scene, way, found.meant)
    return act


async def _hear_move(scene: Scene, text: str, said: Interpretation, appointment: Appointment) -> Act | Deed | None:
    if route(said) is Route.CANCEL and scene.around.read_time(text, scene.now, scene.speaker.language).empty:
        return cancelling.ask(scene, appointment) if not declines(text, said) else None
    offered = scene.exchange.offered
    if scene.tracker.asks == "time" and (place := place_named(text, len(offered))) is not None:
        return await moving.offer_at(scene, appointment, offered[place - 1])
    return await moving.hear(scene, text, said, appointment)


async def _hear_telephone(scene: Scene, text: str, said: Interpretation) -> Act | Deed | None:
    heard = await hear_telephone(scene, text)
    if isinstance(heard, Appointment):
        return await do(scene, way_of(scene), heard, own=False)
    if heard is None and declines(text, said):
        return _let_be(scene, Route.MY_APPOINTMENTS, Outcome.CONVERSED, "appointment_search_stopped")
    return heard


async def _hear_which(scene: Scene, text: str, said: Interpretation) -> Act | Deed | None:
    """Which of several: by its place, its code, its day, its department."""
    way = way_of(scene)
    own = await scene.around.book.of(scene.tracker.address, scene.now)
    if (place := place_named(text, len(own))) is not None:
        return await do(scene, way, own[place - 1])
    if codes_in(text).all:
        found = await find(scene, text)
        if found.meant is not None or found.locked is not None or found.unknown is not None:
            return await handle(scene, way, found)
    fitting = narrow(scene, own, text, text)
    if len(fitting) == 1:
        return await do(scene, way, fitting[0])
    if declines(text, said):
        return _let_be(scene, way, Outcome.DONE, "appointment_all_kept")
    return await handle(scene, way, Found(own)) if agrees(text, said) else None


def _let_be(scene: Scene, way: Route, outcome: Outcome, key: str) -> Act:
    scene.close()
    buttons = [scene.speaker.button("button_book_mine", TakeRoute(Route.MY_APPOINTMENTS))]
    return Act(way, outcome, (scene.speaker.reply(key, buttons),))
