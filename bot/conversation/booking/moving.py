"""Moving an appointment: a new time near the wish, kept while the contact compares, then old for new in one step.

The old appointment stays as it is until the move is confirmed, and keeps its code afterwards.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from bot.conversation.acting import Act, Deed
from bot.conversation.interpretation import Interpretation
from bot.conversation.messages import Reply
from bot.conversation.outcomes import Outcome, Route
from bot.conversation.ports import UnitOfWork
from bot.domain.booking.appointment import HOLD, Appointment
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
from bot.domain.booking.openings import Offer, Opening, Wish
from bot.domain.vietnamese import is_folded
from knowledge.composing import Line

from . import wishing
from .agreeing import agrees, declines
from .deciding import Decision, decision_in
from .managing_choices import ConfirmMove, KeepAppointment, MoveAppointment
from .scene import MOVING, Scene
from .telling import button, facts, failure, in_full, is_too_late, moment, over, shown, too_late

_TO = re.compile(r"\b(?:sang|qua|thành|thanh|đến|den|tới|toi|vào|vao|lên|len|xuống|xuong|lại|to|until|till|instead)\b")
"""What stands between the old time and the new one."""


def split(text: str, scene: Scene) -> tuple[str, str]:
    """What `text` says of the old time and what of the new one: "lịch thứ ba, dời sang thứ năm"."""
    lowered = text.lower()
    for found in reversed(list(_TO.finditer(lowered))):
        before, after = text[: found.start()], text[found.end() :]
        # "sang" without marks is the morning too: "doi sang sang mai".
        if is_folded(text) and re.search(r"\bsang\s*$", before.lower()):
            continue
        if not scene.around.read_time(after, scene.now, scene.speaker.language).empty:
            return before, after
    return "", text


def wish(scene: Scene, text: str, *, old: bool) -> None:
    """Remember what `text` wishes; `old`: it is read apart from what it says of the old time."""
    said = split(text, scene)[1] if old else text
    wishing.take_reading(scene.slots, scene.around.read_time(said, scene.now, scene.speaker.language))


def ask_which(scene: Scene, own: Sequence[Appointment]) -> Act:
    scene.open(MOVING, "which")
    return Act(Route.RESCHEDULE, Outcome.ASKED, (which(scene, own),), appointments=shown(*own))


def which(scene: Scene, own: Sequence[Appointment]) -> Reply:
    buttons = [button(scene, each, MoveAppointment(each.code)) for each in own]
    return scene.speaker.reply("appointment_which_move", buttons)


async def offer(scene: Scene, appointment: Appointment) -> Act | Deed:
    """Keep the time wished for, or show what is near it; why, where the appointment cannot be moved at all."""
    if (act := over(scene, Route.RESCHEDULE, appointment)) is not None:
        scene.close()
        return act
    if is_too_late(scene, appointment):
        scene.close()
        return too_late(scene, Route.RESCHEDULE, appointment)
    hold = scene.slots.get("new_hold")
    wanted = _completed(scene, appointment)
    found = await scene.around.openings.near(appointment.service.key, wanted, scene.now)
    if found.exact is None:
        outcome = Outcome.ASKED if found.why is None else Outcome.NOT_DONE
        return _ask_time(scene, appointment, hold, _near(scene, appointment, found), outcome)
    if found.exact.starts_at == appointment.starts_at:
        keep = [scene.speaker.button("button_keep", KeepAppointment(appointment.code))]
        same = scene.speaker.reply("appointment_move_same", keep, **facts(scene, appointment))
        return _ask_time(scene, appointment, hold, same, Outcome.ASKED)
    return _keep_new(scene, appointment, found.exact, hold)


async def offer_at(scene: Scene, appointment: Appointment, starts_at: dt.datetime) -> Act | Deed:
    """The contact chose an opening."""
    wishing.wish_for(scene.slots, starts_at.astimezone(CITY_TIME))
    return await offer(scene, appointment)


def _completed(scene: Scene, appointment: Appointment) -> Wish:
    """An hour alone is one of the same day: "đổi từ sáng sang chiều"."""
    day = appointment.starts_at.astimezone(CITY_TIME).date()
    if "day" not in scene.slots and ("time" in scene.slots or "part" in scene.slots):
        scene.slots["day"] = day.isoformat()
    return wishing.wish_in(scene.slots)


def _ask_time(scene: Scene, appointment: Appointment, hold: str | None, reply: Reply, outcome: Outcome) -> Act:
    _open(scene, "time", appointment, hold)
    return Act(Route.RESCHEDULE, outcome, (reply,), appointments=shown(appointment))


def _near(scene: Scene, appointment: Appointment, found: Offer) -> Reply:
    """Why the wish cannot be had, and the openings near it."""
    reasons, openings, buttons = scene.around.asking.openings_near(scene.exchange, appointment.service, found)
    key = f"book_{found.why}" if found.why is not None else "appointment_move_ask"
    keep = scene.speaker.button("button_keep", KeepAppointment(appointment.code))
    lines = [*reasons, Line("appointment_move_ask", facts(scene, appointment)), *openings]
    return scene.speaker.compose(key, lines, [*buttons, keep])


def _open(scene: Scene, asks: str, appointment: Appointment, hold: str | None) -> None:
    slots = {"appointment": appointment.code} | ({"new_hold": hold} if hold else {})
    scene.open(MOVING, asks, **slots)


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
            _open(scene, "time", appointment, hold)
            again = [scene.speaker.button("button_other_times", MoveAppointment(appointment.code))]
            reply = scene.speaker.reply("appointment_move_just_taken", again, **facts(scene, appointment))
            return Act(Route.RESCHEDULE, Outcome.NOT_DONE, (reply,), appointments=shown(appointment))
        except (AlreadyBooked, TooManyAppointments):
            scene.close()
            return failure(scene, Route.RESCHEDULE, "appointment_move_not_possible", **facts(scene, appointment))
        _open(scene, "confirm", appointment, kept.code)
        return Act(
            Route.RESCHEDULE, Outcome.ASKED, (summary(scene, appointment, kept),), appointments=shown(appointment)
        )

    return Deed(do)


def compare(scene: Scene, appointment: Appointment, kept: Appointment) -> Act:
    """Ask whether to move to a place that is kept already: one from the waiting list."""
    wishing.forget(scene.slots, wishing.SLOTS)
    _open(scene, "confirm", appointment, kept.code)
    return Act(Route.RESCHEDULE, Outcome.ASKED, (summary(scene, appointment, kept),), appointments=shown(appointment))


def summary(scene: Scene, appointment: Appointment, kept: Appointment) -> Reply:
    """Old and new, to be confirmed."""
    speaker = scene.speaker
    until = kept.hold_until or scene.now + HOLD
    named = facts(scene, appointment) | {
        "new": moment(scene, kept.starts_at),
        "until": f"{until.astimezone(CITY_TIME):%H:%M}",
        "place": kept.counter.name,
    }
    buttons = [
        speaker.button("button_move_yes", ConfirmMove(appointment.code, kept.code)),
        speaker.button("button_other_times", MoveAppointment(appointment.code)),
        speaker.button("button_keep", KeepAppointment(appointment.code)),
    ]
    return speaker.reply("appointment_move_confirm", buttons, **named)


async def hear(scene: Scene, text: str, said: Interpretation, appointment: Appointment) -> Act | Deed | None:
    """The answer to the question for a time or to the summary; None where it is none."""
    hold = scene.slots.get("new_hold")
    if scene.tracker.asks == "confirm" and hold is not None and agrees(text, said):
        return confirm(scene, appointment, hold)
    decided = decision_in(text)
    if decided is Decision.ANOTHER_DAY:
        wishing.wish_for_another_day(scene.slots)
        return await offer(scene, appointment)
    if decided in (Decision.ANOTHER_TIME, Decision.SOONEST):
        wishing.forget(scene.slots, ("time", "until", "part", "edge"))
        if decided is Decision.SOONEST:
            wishing.forget(scene.slots, wishing.SLOTS)
        return await offer(scene, appointment)
    reading = scene.around.read_time(text, scene.now, scene.speaker.language)
    if wishing.take_reading(scene.slots, reading):
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
            again = [scene.speaker.button("button_other_times", MoveAppointment(appointment.code))]
            reply = scene.speaker.reply("appointment_move_lapsed", again, **facts(scene, appointment))
            return Act(Route.RESCHEDULE, Outcome.NOT_DONE, (reply,), appointments=shown(appointment))
        case _:
            return failure(scene, Route.RESCHEDULE, "appointment_move_not_possible", **facts(scene, appointment))
