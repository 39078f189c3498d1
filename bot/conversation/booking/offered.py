"""A freed place that the waiting list offers: taken, refused, or answered too late."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.conversation.acting import Act, Deed
from bot.conversation.choices import TakeRoute
from bot.conversation.messages import Button
from bot.conversation.outcomes import Outcome, Route
from bot.conversation.ports import UnitOfWork
from bot.domain.booking.appointment import Appointment, State
from bot.domain.booking.waiting import Waiting
from knowledge.composing import Fact

from . import moving
from .finding import find_code
from .managing_choices import JoinWaiting, RefuseOffer, TakeOffer
from .queueing import PROPOSED
from .scene import FORMS, Scene
from .showing import show
from .telling import leave_button, moment


async def answer_offer(scene: Scene, choice: TakeOffer | RefuseOffer, book: Callable[[Appointment], Act]) -> Act | Deed:
    """Take it or give it back; `book` goes on with a place that is kept."""
    address, around = scene.tracker.address, scene.around
    waiting = await around.book.waiting(address)
    kept = await around.book.held(address, choice.code, scene.now)
    if kept is None:
        own = await around.book.of(address, scene.now)
        taken = next((each for each in own if each.code == choice.code and each.state is State.BOOKED), None)
        return show(scene, taken) if taken is not None else _gone(scene, waiting)
    if isinstance(choice, RefuseOffer):
        mine = next((each for each in waiting if each.offered == choice.code), None)
        return _refuse(scene, mine, kept) if mine is not None else _gone(scene, waiting)
    if kept.replaces is not None:
        found = await find_code(scene, kept.replaces)
        if found.meant is not None:
            return moving.compare(scene, found.meant, kept)
    if scene.tracker.form in FORMS:
        scene.close()
    return book(kept)


def _gone(scene: Scene, waiting: Sequence[Waiting]) -> Act:
    """That the place is gone, and whether they still wait."""
    speaker = scene.speaker
    key = "waiting_offer_lapsed_still_on" if waiting else "waiting_offer_lapsed_off"
    buttons: list[Button] = [leave_button(scene, each) for each in waiting]
    buttons.append(speaker.button("button_book", TakeRoute(Route.BOOK)))
    return Act(Route.BOOK, Outcome.NOT_DONE, (speaker.reply(key, buttons),))


def _refuse(scene: Scene, waiting: Waiting, kept: Appointment) -> Deed:
    """Give the place back, which ends the waiting; say so, and offer to go on waiting."""

    async def do(uow: UnitOfWork) -> Act:
        await uow.appointments.leave(scene.tracker.address, waiting.service.key, scene.now)
        speaker = scene.speaker
        stay = JoinWaiting(waiting.service.key, waiting.first, waiting.last, waiting.part)
        scene.slots[PROPOSED] = str(stay)
        buttons = [
            speaker.button("button_stay_waiting", stay),
            speaker.button("button_book", TakeRoute(Route.BOOK)),
        ]
        facts: dict[str, Fact] = {"when": moment(scene, kept.starts_at), "service": waiting.service.title}
        return Act(Route.BOOK, Outcome.DONE, (speaker.reply("waiting_offer_refused", buttons, **facts),))

    return Deed(do)
