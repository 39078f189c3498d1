"""What a contact does with appointments after booking: look at them, move, cancel, confirm, wait for a place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bot.conversation.acting import Act, Deed
from bot.conversation.choices import BookAt, Choice, StopBooking, TakeRoute
from bot.conversation.clarifying import place_named
from bot.conversation.interpretation import Interpretation
from bot.conversation.messages import Reply
from bot.conversation.outcomes import Outcome, Route
from bot.conversation.ports import AppointmentBook, Offices, Openings, Papers, TimeReader, UnitOfWork
from bot.conversation.routing import route
from bot.conversation.speaking import Speaker
from bot.conversation.tracker import Tracker
from bot.domain.booking.appointment import Appointment, State
from bot.domain.booking.errors import AppointmentOver, UnknownAppointment
from bot.domain.booking.waiting import Waiting
from knowledge.answerer import Answerer
from knowledge.composing import Line
from knowledge.directory import Directory

from . import cancelling, moving, queueing, wishing
from .agreeing import declines
from .asking import Asking
from .codes import codes_in
from .exchange import FORM
from .finding import Found, ask_telephone, find, find_code, hear_telephone, narrow
from .form import Booking
from .managing_choices import (
    AttendAppointment,
    CancelAppointment,
    ConfirmCancel,
    ConfirmMove,
    JoinWaiting,
    KeepAppointment,
    LeaveWaiting,
    MoveAppointment,
    RefuseOffer,
    ShowAppointment,
    TakeOffer,
)
from .scene import CANCELLING, FINDING, MOVING, Around, Scene
from .telling import button, facts, failure, in_full, over, shown, waiting_line
from .telling import leave_button as leave_waiting_button

_OF_CODE = ShowAppointment | MoveAppointment | CancelAppointment | ConfirmCancel | KeepAppointment | AttendAppointment
_ROUTES: dict[type, Route] = {
    MoveAppointment: Route.RESCHEDULE,
    ConfirmMove: Route.RESCHEDULE,
    CancelAppointment: Route.CANCEL,
    ConfirmCancel: Route.CANCEL,
}


class Managing:
    """One instance serves all conversations."""

    routes = frozenset({Route.MY_APPOINTMENTS, Route.RESCHEDULE, Route.CANCEL})
    names = frozenset({MOVING, CANCELLING, FINDING})

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
        asking = Asking(answerer, directory)
        self._around = Around(book, openings, offices, read_time, directory, papers, asking)
        self._booking = booking

    def _scene(self, tracker: Tracker, speaker: Speaker, now: dt.datetime) -> Scene:
        return Scene(tracker, speaker, now, self._around)

    async def begin(
        self, way: Route, text: str, said: Interpretation | None, tracker: Tracker, speaker: Speaker, now: dt.datetime
    ) -> Act | Deed:
        """Look the appointment up that is spoken of, and do with it what `way` says."""
        scene = self._scene(tracker, speaker, now)
        if queueing.wants_to_leave(text):
            return await self._leave_waiting(scene)
        wishing.forget(scene.slots, wishing.SLOTS)
        before = None
        if way is Route.RESCHEDULE and text:
            before = moving.split(text, scene)[0]
        found = await find(scene, text, when=before)
        if way is Route.RESCHEDULE and text:
            moving.wish(scene, text, old=True)
        return await self._go_on(scene, way, found)

    async def _go_on(self, scene: Scene, way: Route, found: Found) -> Act | Deed:
        if found.unknown is not None:
            scene.close()
            return failure(scene, way, "appointment_unknown", code=found.unknown)
        if found.locked is not None:
            return ask_telephone(scene, found.locked, way)
        if found.meant is not None:
            return await self._do(scene, way, found.meant, of=len(found.own))
        if not found.own or way is Route.MY_APPOINTMENTS:
            return await self._list(scene, way, found.own)
        return moving.ask_which(scene, found.own) if way is Route.RESCHEDULE else cancelling.ask_which(scene, found.own)

    async def _do(self, scene: Scene, way: Route, appointment: Appointment, of: int = 1) -> Act | Deed:
        match way:
            case Route.RESCHEDULE:
                return await moving.offer(scene, appointment)
            case Route.CANCEL:
                return cancelling.ask(scene, appointment)
        waiting = await self._around.book.waiting(scene.tracker.address) if of else ()
        return self._show(scene, appointment, waiting)

    def _show(self, scene: Scene, appointment: Appointment, waiting: Sequence[Waiting] = ()) -> Act:
        scene.close()
        if (act := over(scene, Route.MY_APPOINTMENTS, appointment)) is not None:
            return act
        opening = [Line("appointment_one", facts(scene, appointment))]
        reply = in_full(scene, "appointment_one", appointment, opening)
        replies = (reply, *self._waiting_replies(scene, waiting))
        return Act(Route.MY_APPOINTMENTS, Outcome.ANSWERED, replies, appointments=shown(appointment))

    async def _list(self, scene: Scene, way: Route, own: Sequence[Appointment]) -> Act:
        scene.close()
        waiting = await self._around.book.waiting(scene.tracker.address)
        speaker = scene.speaker
        if not own:
            buttons = [speaker.button("button_book", TakeRoute(Route.BOOK))]
            outcome = Outcome.ANSWERED if way is Route.MY_APPOINTMENTS else Outcome.NOT_DONE
            return Act(
                way, outcome, (speaker.reply("appointment_none", buttons), *self._waiting_replies(scene, waiting))
            )
        lines = [Line("appointment_list", {"count": len(own)})]
        lines += [Line("appointment_line", facts(scene, each)) for each in own]
        buttons = [button(scene, each, ShowAppointment(each.code)) for each in own]
        replies = (speaker.compose("appointment_list", lines, buttons), *self._waiting_replies(scene, waiting))
        return Act(way, Outcome.ANSWERED, replies, appointments=shown(*own))

    def _waiting_replies(self, scene: Scene, waiting: Sequence[Waiting]) -> tuple[Reply, ...]:
        if not waiting:
            return ()
        lines = [Line("waiting_list"), *(waiting_line(scene, each) for each in waiting)]
        buttons = [leave_waiting_button(scene, each) for each in waiting]
        return (scene.speaker.compose("waiting_list", lines, buttons),)

    async def overhear(
        self, text: str, said: Interpretation, tracker: Tracker, speaker: Speaker, now: dt.datetime
    ) -> Act | Deed | None:
        """The waiting list, and a code that stands alone: words the NLU does not know or need not know."""
        scene = self._scene(tracker, speaker, now)
        if queueing.wants_to_leave(text):
            return await self._leave_waiting(scene)
        if queueing.wants_to_join(text):
            return await self._join_what_was_wished(scene)
        named = codes_in(text).named
        if named is not None and len(text.split()) <= 2 and tracker.form not in (FORM, *self.names):
            found = await find_code(scene, named)
            if found.unknown is None or " " not in text.strip():
                return await self._go_on(scene, Route.MY_APPOINTMENTS, found)
        return None

    async def _join_what_was_wished(self, scene: Scene) -> Act | Deed:
        service = scene.slots.get("service") if scene.tracker.form == FORM else None
        if scene.tracker.form == MOVING and (code := scene.slots.get("appointment")) is not None:
            found = await find_code(scene, code)
            service = found.meant.service.key if found.meant is not None else None
        wish = wishing.wish_in(scene.slots)
        if service is None or wish.first is None:
            return queueing.join_what(scene)
        return queueing.join(scene, JoinWaiting(service, wish.first, wish.last or wish.first, wish.part))

    async def _leave_waiting(self, scene: Scene) -> Act | Deed:
        waiting = await self._around.book.waiting(scene.tracker.address)
        if not waiting:
            return queueing.not_on_the_list(scene)
        return queueing.leave(scene, waiting[0]) if len(waiting) == 1 else queueing.leave_which(scene, waiting)

    async def take(
        self, text: str, said: Interpretation, tracker: Tracker, speaker: Speaker, now: dt.datetime
    ) -> Act | Deed | None:
        """An answer to the open question, or a change of mind about what to do with an appointment."""
        scene = self._scene(tracker, speaker, now)
        if tracker.form == FINDING:
            return await self._hear_telephone(scene, text, said)
        code = scene.slots.get("appointment")
        if code is None:
            return await self._hear_which(scene, text, said)
        found = await find_code(scene, code)
        if found.meant is None:
            return await self._go_on(scene, self._way(scene), found)
        named = codes_in(text).named
        if named is not None and named != code:
            return await self._go_on(scene, self._way(scene), await find_code(scene, named))
        act: Act | Deed | None
        if tracker.form == CANCELLING:
            act = cancelling.hear(scene, text, said, found.meant)
        else:
            act = await self._hear_move(scene, text, said, found.meant)
        if act is None and (way := route(said)) in self.routes and way is not self._way(scene):
            wishing.forget(scene.slots, wishing.SLOTS)
            if way is Route.RESCHEDULE:
                moving.wish(scene, text, old=True)
            return await self._do(scene, way, found.meant)
        return act

    async def _hear_move(
        self, scene: Scene, text: str, said: Interpretation, appointment: Appointment
    ) -> Act | Deed | None:
        if route(said) is Route.CANCEL and self._around.read_time(text, scene.now, scene.speaker.language).empty:
            return cancelling.ask(scene, appointment) if not declines(text, said) else None
        offered = scene.exchange.offered
        if scene.tracker.asks == "time" and (place := place_named(text, len(offered))) is not None:
            return await moving.offer_at(scene, appointment, offered[place - 1])
        return await moving.hear(scene, text, said, appointment)

    async def _hear_telephone(self, scene: Scene, text: str, said: Interpretation) -> Act | Deed | None:
        heard = await hear_telephone(scene, text)
        if isinstance(heard, Appointment):
            return await self._do(scene, Route(scene.slots["wanted"]), heard, of=0)
        if heard is None and declines(text, said):
            scene.close()
            buttons = [scene.speaker.button("button_book_mine", TakeRoute(Route.MY_APPOINTMENTS))]
            return Act(
                Route.MY_APPOINTMENTS, Outcome.CONVERSED, (scene.speaker.reply("appointment_search_stopped", buttons),)
            )
        return heard

    async def _hear_which(self, scene: Scene, text: str, said: Interpretation) -> Act | Deed | None:
        """Which of several: by its place, its code, its day, its department."""
        way = self._way(scene)
        found = await find(scene, "")
        own = await self._around.book.of(scene.tracker.address, scene.now)
        if (place := place_named(text, len(own))) is not None:
            return await self._do(scene, way, own[place - 1])
        if codes_in(text).all:
            found = await find(scene, text)
            if found.meant is not None or found.locked is not None or found.unknown is not None:
                return await self._go_on(scene, way, found)
        fitting = narrow(scene, own, text, text)
        if len(fitting) == 1:
            return await self._do(scene, way, fitting[0])
        if declines(text, said):
            scene.close()
            buttons = [scene.speaker.button("button_book_mine", TakeRoute(Route.MY_APPOINTMENTS))]
            return Act(way, Outcome.DONE, (scene.speaker.reply("appointment_all_kept", buttons),))
        return None

    def _way(self, scene: Scene) -> Route:
        if scene.tracker.form == FINDING:
            return Route(scene.slots["wanted"])
        return Route.RESCHEDULE if scene.tracker.form == MOVING else Route.CANCEL

    async def question(self, tracker: Tracker, speaker: Speaker, now: dt.datetime) -> Reply | None:
        """The open question again, after a side question."""
        scene = self._scene(tracker, speaker, now)
        code = scene.slots.get("appointment")
        if tracker.form == FINDING and code is not None:
            return speaker.reply("appointment_telephone_ask", code=code)
        own = await self._around.book.of(tracker.address, now)
        if code is None:
            return cancelling.which(scene, own) if tracker.form == CANCELLING else moving.which(scene, own)
        found = await find_code(scene, code)
        if found.meant is None:
            return None
        if tracker.form == CANCELLING:
            return cancelling.question(scene, found.meant)
        hold = scene.slots.get("new_hold")
        if tracker.asks == "confirm" and hold is not None:
            kept = await self._around.book.held(tracker.address, hold, now)
            return moving.summary(scene, found.meant, kept) if kept is not None else None
        act = await moving.offer(scene, found.meant)
        return act.replies[0] if isinstance(act, Act) else None

    async def chosen(self, choice: Choice, tracker: Tracker, speaker: Speaker, now: dt.datetime) -> Act | Deed | None:
        scene = self._scene(tracker, speaker, now)
        code = scene.slots.get("appointment")
        match choice:
            case BookAt(service, starts_at) if tracker.form == MOVING and code is not None:
                found = await find_code(scene, code)
                if found.meant is None or found.meant.service.key != service:
                    return None
                return await moving.offer_at(scene, found.meant, starts_at)
            case StopBooking() if tracker.form in self.names and code is not None:
                found = await find_code(scene, code)
                return moving.keep(scene, found.meant) if found.meant is not None else None
            case JoinWaiting():
                return queueing.join(scene, choice)
            case LeaveWaiting(service):
                waiting = await self._around.book.waiting(tracker.address)
                mine = next((each for each in waiting if each.service.key == service), None)
                return queueing.leave(scene, mine) if mine is not None else queueing.not_on_the_list(scene)
            case TakeOffer(hold) | RefuseOffer(hold):
                return await self._answer_offer(scene, hold, take=isinstance(choice, TakeOffer))
            case ConfirmMove(of, hold):
                found = await find_code(scene, of)
                if found.meant is None:
                    return await self._go_on(scene, Route.RESCHEDULE, found)
                return over(scene, Route.RESCHEDULE, found.meant) or moving.confirm(scene, found.meant, hold)
            case (
                ShowAppointment()
                | MoveAppointment()
                | CancelAppointment()
                | ConfirmCancel()
                | KeepAppointment()
                | AttendAppointment()
            ):
                return await self._chosen_of_code(scene, choice)
            case _:
                return None

    async def _chosen_of_code(self, scene: Scene, choice: _OF_CODE) -> Act | Deed:
        found = await find_code(scene, choice.code)
        way = _ROUTES.get(type(choice), Route.MY_APPOINTMENTS)
        appointment = found.meant
        if appointment is None:
            return await self._go_on(scene, way, found)
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
                return self._attend(scene, appointment)
            case _:
                return self._show(scene, appointment)

    def _attend(self, scene: Scene, appointment: Appointment) -> Act | Deed:
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

    async def _answer_offer(self, scene: Scene, hold: str, *, take: bool) -> Act | Deed:
        address, book = scene.tracker.address, self._around.book
        waiting = await book.waiting(address)
        kept = await book.held(address, hold, scene.now)
        mine = next((each for each in waiting if each.offered == hold), None)
        if kept is None:
            taken = await book.found(hold)
            if (
                taken is not None
                and taken.state is State.BOOKED
                and any(each.code == hold for each in await book.of(address, scene.now))
            ):
                return self._show(scene, taken)
            return queueing.lapsed(scene, waiting)
        if not take:
            return queueing.refuse(scene, mine, kept) if mine is not None else queueing.lapsed(scene, waiting)
        if kept.replaces is not None:
            found = await find_code(scene, kept.replaces)
            if found.meant is not None:
                return moving.compare(scene, found.meant, kept)
        if scene.tracker.form in self.names:
            scene.close()
        return self._booking.resume(kept, scene.tracker, scene.speaker, scene.now)
