"""Moving an appointment: a new time near the wish, kept while the contact compares, then old for new in one step.

The old appointment stays as it is until the move is confirmed, and keeps its code afterwards.
"""

from __future__ import annotations

import datetime as dt

from bot.conversation.acting import Act, Deed
from bot.conversation.interpretation import Interpretation
from bot.conversation.outcomes import Outcome, Route
from bot.conversation.ports import UnitOfWork
from bot.domain.booking.appointment import Appointment
from bot.domain.booking.errors import (
    AlreadyBooked,
    AppointmentOver,
    BookingError,
    HoldLapsed,
    OpeningFull,
    OpeningGone,
    TooLateToChange,
    TooManyAppointments,
    UnknownAppointment,
)
from bot.domain.booking.offices import CITY_TIME
from bot.domain.booking.openings import Opening
from knowledge.composing import Line

from . import move_wishes, wishing
from .agreeing import agrees, declines
from .deciding import Decision, decision_in
from .move_questions import ask_another_time, ask_time, ask_time_again, ask_to_confirm
from .scene import Scene
from .showing import in_full
from .telling import facts, failure, over, shown, too_late


async def offer(scene: Scene, appointment: Appointment) -> Act | Deed:
    """Keep the time wished for, or show what is near it; why, where the appointment cannot be moved at all."""
    if (act := over(scene, Route.RESCHEDULE, appointment)) is not None:
        scene.close()
        return act
    if appointment.is_too_late_to_change(scene.now):
        scene.close()
        return too_late(scene, Route.RESCHEDULE, appointment)
    hold = scene.slots.get("new_hold")
    wanted = move_wishes.completed(scene, appointment)
    found = await scene.around.openings.near(appointment.service.key, wanted, scene.now)
    if found.exact is None:
        return ask_time(scene, appointment, hold, found)
    if found.exact.starts_at == appointment.starts_at:
        return ask_another_time(scene, appointment, hold)
    return _keep_new(scene, appointment, found.exact, hold)


async def offer_at(scene: Scene, appointment: Appointment, starts_at: dt.datetime) -> Act | Deed:
    """The contact chose an opening."""
    wishing.wish_for(scene.slots, starts_at.astimezone(CITY_TIME))
    return await offer(scene, appointment)


def _keep_new(scene: Scene, appointment: Appointment, opening: Opening, hold: str | None) -> Deed:
    async def do(uow: UnitOfWork) -> Act:
        try:
            kept = await uow.appointments.hold(
                scene.tracker.address,
                appointment.service.key,
                opening.starts_at,
                scene.now,
                procedure=appointment.procedure,
                instead_of=hold,
                moving=appointment.code,
                telephone=appointment.details.telephone if appointment.details is not None else None,
            )
        except (OpeningFull, OpeningGone):
            return ask_time_again(scene, appointment, "appointment_move_just_taken", waiting=True, hold=hold)
        except (AlreadyBooked, TooManyAppointments):
            scene.close()
            return failure(scene, Route.RESCHEDULE, "appointment_move_not_possible", **facts(scene, appointment))
        return ask_to_confirm(scene, appointment, kept)

    return Deed(do)


def compare(scene: Scene, appointment: Appointment, kept: Appointment) -> Act:
    """Ask whether to move to a place that is kept already: one from the waiting list."""
    wishing.forget(scene.slots, wishing.SLOTS)
    return ask_to_confirm(scene, appointment, kept)


async def hear(scene: Scene, text: str, said: Interpretation, appointment: Appointment) -> Act | Deed | None:
    """The answer to the question for a time or to the summary; None where it is none."""
    hold = scene.slots.get("new_hold")
    if agrees(text, said):
        if scene.tracker.asks == "confirm" and hold is not None:
            return confirm(scene, appointment, hold)
        offered = scene.exchange.offered
        return await (offer_at(scene, appointment, offered[0]) if len(offered) == 1 else offer(scene, appointment))
    decided = decision_in(text)
    if decided is Decision.ANOTHER_DAY:
        wishing.wish_for_another_day(scene.slots)
        return await offer(scene, appointment)
    if decided in (Decision.ANOTHER_TIME, Decision.SOONEST):
        wishing.forget(scene.slots, ("time", "until", "part", "edge"))
        if decided is Decision.SOONEST:
            wishing.forget(scene.slots, wishing.SLOTS)
        return await offer(scene, appointment)
    if move_wishes.take(scene, text):
        return await offer(scene, appointment)
    return keep(scene, appointment) if declines(text, said) else None


def keep(scene: Scene, appointment: Appointment) -> Act | Deed:
    """Leave the old one as it is and give the new place back."""
    hold = scene.slots.get("new_hold")
    scene.close()
    reply = scene.speaker.reply("appointment_kept", **facts(scene, appointment))
    act = Act(Route.RESCHEDULE, Outcome.DONE, (reply,), appointments=shown(appointment))
    if hold is None:
        return act

    async def do(uow: UnitOfWork) -> Act:
        await uow.appointments.release(scene.tracker.address, hold, scene.now)
        return act

    return Deed(do)


def confirm(scene: Scene, appointment: Appointment, hold: str) -> Act | Deed:
    """Move it; a second tap finds it moved."""
    scene.close()
    details = appointment.details
    if details is None:
        return failure(scene, Route.RESCHEDULE, "appointment_move_not_possible", **facts(scene, appointment))

    async def do(uow: UnitOfWork) -> Act:
        try:
            moved = await uow.appointments.confirm(scene.tracker.address, hold, details, scene.now)
        except BookingError as error:
            return _not_moved(scene, appointment, error)
        reply = in_full(scene, "appointment_moved", moved, [Line("appointment_moved", facts(scene, moved))])
        return Act(Route.RESCHEDULE, Outcome.DONE, (reply,), appointments=shown(moved))

    return Deed(do)


def _not_moved(scene: Scene, appointment: Appointment, error: BookingError) -> Act:
    match error:
        case TooLateToChange():
            return too_late(scene, Route.RESCHEDULE, appointment)
        case AppointmentOver():
            return failure(scene, Route.RESCHEDULE, "appointment_over", code=appointment.code)
        case HoldLapsed() | UnknownAppointment():
            return ask_time_again(scene, appointment, "appointment_move_lapsed", waiting=False)
        case _:
            return failure(scene, Route.RESCHEDULE, "appointment_move_not_possible", **facts(scene, appointment))
