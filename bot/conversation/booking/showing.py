"""Showing appointments: one in full with what can be done with it, several in a list, what the contact waits for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.conversation.acting import Act
from bot.conversation.choices import ShowFacet, TakeRoute
from bot.conversation.messages import Button, Reply
from bot.conversation.outcomes import Outcome, Route
from bot.domain.booking.appointment import Appointment, State
from bot.domain.booking.waiting import Waiting
from bot.domain.procedure import Facet
from knowledge.composing import Line

from .bringing import what_to_bring
from .managing_choices import CancelAppointment, MoveAppointment, ShowAppointment
from .scene import Scene
from .telling import button, facts, leave_button, moment, over, shown, waiting_line


def show(scene: Scene, appointment: Appointment, waiting: Sequence[Waiting] = ()) -> Act:
    """One appointment, and what the contact waits for beside it."""
    scene.close()
    if (act := over(scene, Route.MY_APPOINTMENTS, appointment)) is not None:
        return act
    opening = [Line("appointment_one", facts(scene, appointment))]
    reply = in_full(scene, "appointment_one", appointment, opening)
    replies = (reply, *waiting_replies(scene, waiting))
    return Act(Route.MY_APPOINTMENTS, Outcome.ANSWERED, replies, appointments=shown(appointment))


async def show_list(scene: Scene, way: Route, own: Sequence[Appointment]) -> Act:
    """All of them, each behind a button; that there is none."""
    scene.close()
    also = waiting_replies(scene, await scene.around.book.waiting(scene.tracker.address))
    speaker = scene.speaker
    if not own:
        none = speaker.reply("appointment_none", [speaker.button("button_book", TakeRoute(Route.BOOK))])
        outcome = Outcome.ANSWERED if way is Route.MY_APPOINTMENTS else Outcome.NOT_DONE
        return Act(way, outcome, (none, *also))
    lines = [Line("appointment_list", {"count": len(own)})]
    lines += [Line("appointment_line", facts(scene, each)) for each in own]
    buttons = [button(scene, each, ShowAppointment(each.code)) for each in own]
    replies = (speaker.compose("appointment_list", lines, buttons), *also)
    return Act(way, Outcome.ANSWERED, replies, appointments=shown(*own))


def in_full(scene: Scene, key: str, appointment: Appointment, opening: Iterable[Line] = ()) -> Reply:
    """Everything about an appointment below `opening`, its files, and what can be done with it."""
    around, speaker, service = scene.around, scene.speaker, appointment.service
    procedure = around.answerer.procedure(appointment.procedure) if appointment.procedure is not None else None
    lines = [
        *opening,
        Line("book_line_when", {"when": moment(scene, appointment.starts_at)}),
        Line("book_line_matter", {"matter": procedure.title if procedure is not None else service.title}),
        *around.matters.place_lines(service, appointment),
        *what_to_bring(appointment, procedure),
    ]
    if service.instructions is not None:
        lines.append(Line("book_instructions", {"instructions": service.instructions}))
    if appointment.attending:
        lines.append(Line("appointment_attending_line"))
    if link := around.papers.link(appointment):
        lines.append(Line("book_link", {"link": link}))
    if service.demonstration:
        lines.append(Line("book_demonstration"))
    buttons = changing_buttons(scene, appointment)
    if procedure is not None:
        buttons.append(speaker.button("button_book_bring", ShowFacet(Facet.DOCUMENTS, procedure.code)))
    return replace(speaker.compose(key, lines, buttons), attachments=around.papers.of(appointment, speaker.language))


def changing_buttons(scene: Scene, appointment: Appointment) -> list[Button]:
    """Move and cancel, while the contact may."""
    if appointment.state is not State.BOOKED or appointment.is_too_late_to_change(scene.now):
        return []
    return [
        scene.speaker.button("button_book_move", MoveAppointment(appointment.code)),
        scene.speaker.button("button_book_cancel", CancelAppointment(appointment.code)),
    ]


def waiting_replies(scene: Scene, waiting: Sequence[Waiting]) -> tuple[Reply, ...]:
    """What the contact waits for, each with a button to wait no longer."""
    if not waiting:
        return ()
    lines = [Line("waiting_list"), *(waiting_line(scene, each) for each in waiting)]
    buttons = [leave_button(scene, each) for each in waiting]
    return (scene.speaker.compose("waiting_list", lines, buttons),)
