"""What is heard whatever else is going on: the waiting list, coming or not coming, a code that stands alone.

These are words the NLU does not know or need not know.
"""

from __future__ import annotations

import re

from bot.conversation.acting import Act, Deed
from bot.conversation.interpretation import Interpretation
from bot.conversation.outcomes import Route
from bot.conversation.routing import route
from bot.domain.booking.appointment import Appointment

from . import coming, queueing
from .agreeing import agrees, declines
from .answered import ROUTES
from .codes import codes_in
from .coming_words import (
    asks_for_sooner,
    asks_what_to_bring,
    cannot_come,
    comes_late,
    wants_another_person,
    will_come,
)
from .exchange import FORM
from .finding import Found, find_code, narrow
from .handling import handle
from .scene import FORMS, Scene
from .waiting_words import asks_about_the_list, wants_to_join, wants_to_leave, wants_to_wait_on

_CHANGES = frozenset({Route.RESCHEDULE, Route.CANCEL, Route.BOOK})
"""Who wants one of these says more than that they are late or busy."""
_SURE = 0.9
_FEW = 6
"""Words."""


async def overhear(scene: Scene, text: str, said: Interpretation) -> Act | Deed | None:
    """None where nothing of the kind was said."""
    proposed = scene.slots.pop(queueing.PROPOSED, None)
    if proposed is not None and (act := _answer_to_proposal(scene, proposed, text, said)) is not None:
        return act
    if wants_to_leave(text):
        return await queueing.leave_any(scene)
    if asks_about_the_list(text):
        return await queueing.explain(scene)
    if wants_to_join(text):
        return await queueing.join_what_was_wished(scene)
    if (act := await _coming(scene, text, said)) is not None:
        return act
    return await _code_alone(scene, text, said)


def _answer_to_proposal(scene: Scene, proposed: str, text: str, said: Interpretation) -> Act | Deed | None:
    if wants_to_wait_on(text) or agrees(text, said):
        return queueing.join_what_was_proposed(scene, proposed)
    return queueing.decline(scene) if wants_to_leave(text) or declines(text, said) else None


async def _coming(scene: Scene, text: str, said: Interpretation) -> Act | Deed | None:
    """Of use to who has an appointment; while a time is being sought, "I am busy then" is about that time."""
    if scene.tracker.form is not None:
        return None
    if comes_late(text) and not _wants_a_change(scene, text, said):
        return coming.explain_lateness(scene, await _own(scene))
    if wants_another_person(text):
        own = await _own(scene)
        return coming.keep_the_person(scene, own) if own else None
    if asks_what_to_bring(text) or asks_for_sooner(text):
        own = await _own(scene)
        way = Route.MY_APPOINTMENTS if asks_what_to_bring(text) else Route.RESCHEDULE
        return await handle(scene, way, Found(own, own[0] if len(own) == 1 else None)) if own else None
    if route(said) in _CHANGES or not (cannot_come(text) or will_come(text)):
        return None
    own = await _own(scene)
    if not own:
        return None
    meant = narrow(scene, own, text, text)
    return coming.cannot_come(scene, meant) if cannot_come(text) else coming.attend(scene, meant[0])


async def _own(scene: Scene) -> tuple[Appointment, ...]:
    return await scene.around.book.of(scene.tracker.address, scene.now)


def _wants_a_change(scene: Scene, text: str, said: Interpretation) -> bool:
    """Surely, or with a time of their own: then lateness is only why."""
    names_time = not scene.around.read_time(text, scene.now, scene.speaker.language).empty
    return route(said) in _CHANGES and (names_time or said.confidence >= _SURE)


async def _code_alone(scene: Scene, text: str, said: Interpretation) -> Act | Deed | None:
    """A code with no more words than it needs; one of ours also among words the NLU makes nothing of."""
    named = codes_in(text).named
    if named is None or scene.tracker.form in (FORM, *FORMS) or route(said) in ROUTES:
        return None
    bare = re.sub(r"[\s-]", "", text).upper() == named
    found = await find_code(scene, named)
    if bare or (found.unknown is None and len(text.split()) <= _FEW):
        return await handle(scene, Route.MY_APPOINTMENTS, found)
    return None
