"""What a contact does with appointments after booking, as a form: looks at them, moves, cancels, comes, waits."""

from __future__ import annotations

import datetime as dt

from bot.conversation.acting import Act, Deed
from bot.conversation.choices import Choice
from bot.conversation.interpretation import Interpretation
from bot.conversation.messages import Reply
from bot.conversation.outcomes import Route
from bot.conversation.ports import AppointmentBook, Offices, Openings, Papers, TimeReader
from bot.conversation.speaking import Speaker
from bot.conversation.tracker import Tracker
from knowledge.answerer import Answerer
from knowledge.directory import Directory

from . import cancelling, move_questions, move_wishes, moving, queueing, wishing
from .answered import ROUTES, answer
from .finding import find, find_code
from .form import Booking
from .handling import handle
from .managing_choices import RefuseOffer, TakeOffer
from .matters import Matters
from .offered import answer_offer
from .overhearing import overhear
from .scene import CANCELLING, FINDING, FORMS, Around, Scene
from .tapped import tap
from .waiting_words import wants_to_leave


class Managing:
    """One instance serves all conversations."""

    routes = ROUTES
    names = FORMS

    def __init__(
        self,
        *,
        offices: Offices,
        openings: Openings,
        book: AppointmentBook,
        papers: Papers,
        answerer: Answerer,
        directory: Directory,
        read_time: TimeReader,
        booking: Booking,
    ) -> None:
        matters = Matters(answerer, directory)
        self._around = Around(book, openings, offices, read_time, directory, papers, matters, answerer)
        self._booking = booking

    def _scene(self, tracker: Tracker, speaker: Speaker, now: dt.datetime) -> Scene:
        return Scene(tracker, speaker, now, self._around)

    async def begin(
        self, way: Route, text: str, said: Interpretation | None, tracker: Tracker, speaker: Speaker, now: dt.datetime
    ) -> Act | Deed:
        """Look the appointment up that is spoken of, and do with it what `way` says."""
        scene = self._scene(tracker, speaker, now)
        if wants_to_leave(text):
            return await queueing.leave_any(scene)
        wishing.forget(scene.slots, wishing.SLOTS)
        moves = way is Route.RESCHEDULE and bool(text)
        found = await find(scene, text, when=move_wishes.split(text, scene)[0] if moves else None)
        if moves:
            move_wishes.note_wish(scene, text)
        return await handle(scene, way, found)

    async def overhear(
        self, text: str, said: Interpretation, tracker: Tracker, speaker: Speaker, now: dt.datetime
    ) -> Act | Deed | None:
        return await overhear(self._scene(tracker, speaker, now), text, said)

    async def take(
        self, text: str, said: Interpretation, tracker: Tracker, speaker: Speaker, now: dt.datetime
    ) -> Act | Deed | None:
        return await answer(self._scene(tracker, speaker, now), text, said)

    async def chosen(self, choice: Choice, tracker: Tracker, speaker: Speaker, now: dt.datetime) -> Act | Deed | None:
        scene = self._scene(tracker, speaker, now)
        scene.slots.pop(queueing.PROPOSED, None)
        if isinstance(choice, TakeOffer | RefuseOffer):
            return await answer_offer(scene, choice, lambda kept: self._booking.resume(kept, tracker, speaker, now))
        return await tap(scene, choice)

    async def question(self, tracker: Tracker, speaker: Speaker, now: dt.datetime) -> Reply | None:
        """The open question again, after a side question."""
        scene = self._scene(tracker, speaker, now)
        code = scene.slots.get("appointment")
        if tracker.form == FINDING and code is not None:
            return speaker.reply("appointment_telephone_ask", code=code)
        own = await self._around.book.of(tracker.address, now)
        if code is None:
            return cancelling.which(scene, own) if tracker.form == CANCELLING else move_questions.which(scene, own)
        found = await find_code(scene, code)
        if found.meant is None:
            return None
        if tracker.form == CANCELLING:
            return cancelling.question(scene, found.meant)
        hold = scene.slots.get("new_hold")
        if tracker.asks == "confirm" and hold is not None:
            kept = await self._around.book.held(tracker.address, hold, now)
            return move_questions.compare(scene, found.meant, kept) if kept is not None else None
        act = await moving.offer(scene, found.meant)
        return act.replies[0] if isinstance(act, Act) else None
