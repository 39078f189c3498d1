"""The waiting list: what it is, joining it when a day is full, staying on it, leaving it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.conversation.acting import Act, Deed
from bot.conversation.choices import TakeRoute, read_choice
from bot.conversation.messages import Button
from bot.conversation.outcomes import Outcome, Route
from bot.conversation.ports import UnitOfWork
from bot.domain.booking.errors import OpeningGone
from bot.domain.booking.openings import Why
from bot.domain.booking.waiting import OFFER, Waiting
from knowledge.composing import Fact, Line

from . import wishing
from .exchange import FORM
from .finding import find_code
from .managing_choices import JoinWaiting, LeaveWaiting
from .scene import MOVING, Scene
from .showing import waiting_replies
from .telling import days, leave_button, waiting_line

PROPOSED = "wait"
"""The slot of what the contact was just asked to wait for; it counts for their next utterance only."""
_MINUTES = int(OFFER.total_seconds() // 60)


def join(scene: Scene, choice: JoinWaiting) -> Deed:
    """Wait for a place; who waits already waits for this instead."""
    procedure = scene.slots.get("procedure")

    async def do(uow: UnitOfWork) -> Act:
        speaker = scene.speaker
        try:
            waiting = await uow.appointments.wait(
                scene.tracker.address,
                choice.service,
                choice.first,
                choice.last,
                choice.part,
                scene.now,
                procedure=procedure,
            )
        except OpeningGone:
            return Act(Route.BOOK, Outcome.NOT_DONE, (speaker.reply("book_not_offered", speaker.service_buttons()),))
        facts: dict[str, Fact] = {
            "service": waiting.service.title,
            "days": days(scene, waiting),
            "minutes": _MINUTES,
        }
        leave = speaker.button("button_leave_waiting", LeaveWaiting(waiting.service.key))
        return Act(Route.BOOK, Outcome.DONE, (speaker.reply("waiting_joined", [leave], **facts),))

    scene.close()
    return Deed(do)


def join_what_was_proposed(scene: Scene, proposed: str) -> Deed | None:
    choice = read_choice(proposed)
    return join(scene, choice) if isinstance(choice, JoinWaiting) else None


async def join_what_was_wished(scene: Scene) -> Act | Deed:
    """Wait for the time that was just spoken of; where none was, ask what for."""
    wished = await _wished(scene)
    if wished is not None:
        return join(scene, wished)
    return Act(Route.BOOK, Outcome.CLARIFIED, (scene.speaker.reply("waiting_for_what", [_book(scene)]),))


async def explain(scene: Scene) -> Act:
    """What the list is. Where the day just wished for is full they may join at once."""
    speaker = scene.speaker
    about = Line("waiting_about", {"minutes": _MINUTES})
    wished = await _wished(scene)
    if wished is not None and await _is_full(scene, wished):
        scene.slots[PROPOSED] = str(wished)
        lines = [about, Line("waiting_about_join", {"days": days(scene, wished)})]
        reply = speaker.compose("waiting_about", lines, [speaker.button("button_book_wait", wished)])
        return Act(Route.BOOK, Outcome.ASKED, (reply,))
    waiting = await scene.around.book.waiting(scene.tracker.address)
    buttons = [] if scene.tracker.form else [_book(scene)]
    reply = speaker.compose("waiting_about", [about], buttons)
    return Act(Route.BOOK, Outcome.ANSWERED, (reply, *waiting_replies(scene, waiting)))


def decline(scene: Scene) -> Act:
    """They do not want to wait; an open form asks on."""
    buttons = [] if scene.tracker.form else [_book(scene)]
    return Act(Route.BOOK, Outcome.CONVERSED, (scene.speaker.reply("waiting_not_joined", buttons),))


def leave(scene: Scene, waiting: Waiting) -> Deed:
    async def do(uow: UnitOfWork) -> Act:
        await uow.appointments.leave(scene.tracker.address, waiting.service.key, scene.now)
        reply = scene.speaker.reply("waiting_left", [_book(scene)], service=waiting.service.title)
        return Act(Route.MY_APPOINTMENTS, Outcome.DONE, (reply,))

    return Deed(do)


async def leave_service(scene: Scene, service: str) -> Act | Deed:
    """Wait no longer for this service."""
    waiting = await scene.around.book.waiting(scene.tracker.address)
    mine = next((each for each in waiting if each.service.key == service), None)
    return leave(scene, mine) if mine is not None else _nowhere(scene)


async def leave_any(scene: Scene) -> Act | Deed:
    """Leave the list; which one, where the contact is on several."""
    waiting = await scene.around.book.waiting(scene.tracker.address)
    if not waiting:
        return _nowhere(scene)
    return leave(scene, waiting[0]) if len(waiting) == 1 else _leave_which(scene, waiting)


def _leave_which(scene: Scene, waiting: Sequence[Waiting]) -> Act:
    buttons = [leave_button(scene, each) for each in waiting]
    lines = [Line("waiting_leave_which"), *(waiting_line(scene, each) for each in waiting)]
    return Act(Route.MY_APPOINTMENTS, Outcome.ASKED, (scene.speaker.compose("waiting_leave_which", lines, buttons),))


def _nowhere(scene: Scene) -> Act:
    return Act(Route.MY_APPOINTMENTS, Outcome.NOT_DONE, (scene.speaker.reply("waiting_nowhere", [_book(scene)]),))


async def _wished(scene: Scene) -> JoinWaiting | None:
    """What the open form seeks a time for."""
    service = scene.slots.get("service") if scene.tracker.form == FORM else None
    if scene.tracker.form == MOVING and (code := scene.slots.get("appointment")) is not None:
        found = await find_code(scene, code)
        service = found.meant.service.key if found.meant is not None else None
    wish = wishing.wish_in(scene.slots)
    if service is None or wish.first is None:
        return None
    return JoinWaiting(service, wish.first, wish.last or wish.first, wish.part)


async def _is_full(scene: Scene, wished: JoinWaiting) -> bool:
    found = await scene.around.openings.near(wished.service, wishing.wish_in(scene.slots), scene.now)
    return found.why is Why.FULL


def _book(scene: Scene) -> Button:
    return scene.speaker.button("button_book", TakeRoute(Route.BOOK))
