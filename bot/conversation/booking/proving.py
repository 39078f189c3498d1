"""Whether a contact may see an appointment that was booked elsewhere or by an official: who names its telephone may.

Guessing is limited: after some wrong telephones in an hour nothing more is looked up, whatever the contact deletes.
"""

from __future__ import annotations

import datetime as dt

from bot.conversation.acting import Act
from bot.conversation.outcomes import Outcome, Route
from bot.domain.booking.appointment import Appointment

from .numbers import hear_numbers
from .scene import FINDING, Scene
from .telling import failure

MOST_WRONG = 3
WITHIN = dt.timedelta(hours=1)
"""So many telephones may be wrong in this time."""
PROVEN_FOR = dt.timedelta(hours=1)
"""A conversation may be left open on a shared computer."""


def is_proven(scene: Scene, code: str) -> bool:
    """Whether they named the telephone of this appointment, not long ago."""
    until = scene.tracker.proven.get(code)
    return until is not None and scene.now < until


def ask_telephone(scene: Scene, code: str, way: Route) -> Act:
    """Ask for the telephone before the appointment of `code` is spoken of; `way` is gone on with afterwards."""
    if (refusal := _too_many_wrong(scene, way)) is not None:
        scene.close()
        return refusal
    scene.open(FINDING, "telephone", appointment=code, wanted=way.value)
    return Act(way, Outcome.ASKED, (scene.speaker.reply("appointment_telephone_ask", code=code),))


async def hear_telephone(scene: Scene, text: str) -> Appointment | Act | None:
    """The appointment, now proven to be theirs; why it is not shown; None where no telephone was named."""
    code, way = scene.slots["appointment"], Route(scene.slots["wanted"])
    heard = hear_numbers(text, asked=True)
    if heard.telephone is None:
        if heard.wrong_telephone is None and heard.tax_code is None:
            return None
        return Act(way, Outcome.ASKED, (scene.speaker.reply("appointment_telephone_unreadable"),))
    if (refusal := _too_many_wrong(scene, way)) is not None:
        scene.close()
        return refusal
    found = await scene.around.book.found(code)
    if found is not None and found.details is not None and found.details.telephone == heard.telephone:
        scene.tracker.proven[code] = scene.now + PROVEN_FOR
        return found
    scene.tracker.wrong_telephones.append(scene.now)
    if (refusal := _too_many_wrong(scene, way)) is not None:
        scene.close()
        return refusal
    left = MOST_WRONG - len(scene.tracker.wrong_telephones)
    return Act(way, Outcome.ASKED, (scene.speaker.reply("appointment_telephone_wrong", code=code, left=left),))


def _too_many_wrong(scene: Scene, way: Route) -> Act | None:
    recent = [at for at in scene.tracker.wrong_telephones if scene.now - at < WITHIN]
    scene.tracker.wrong_telephones = recent
    if len(recent) < MOST_WRONG:
        return None
    minutes = max(1, -(-int((min(recent) + WITHIN - scene.now).total_seconds()) // 60))
    return failure(scene, way, "appointment_telephone_refused", minutes=minutes)
