"""Where a turn goes: interpretation and tracker in, route out. Pure; the first rule that matches wins."""

from __future__ import annotations

from bot.domain.procedure import Facet

from .booking.deciding import asks_to_book
from .interpretation import Interpretation
from .outcomes import Route

FACET_OF = {f"ask_{facet}": facet for facet in Facet}

ROUTE_OF: dict[str, Route] = {
    **dict.fromkeys(FACET_OF, Route.ANSWER),
    "ask_licence": Route.LICENCE,
    "book_appointment": Route.BOOK,
    "reschedule_appointment": Route.RESCHEDULE,
    "cancel_appointment": Route.CANCEL,
    "my_appointments": Route.MY_APPOINTMENTS,
    "ask_hotline": Route.HOTLINE,
    "request_official": Route.ESCALATE,
    "greet": Route.SMALLTALK,
    "goodbye": Route.SMALLTALK,
    "thank": Route.SMALLTALK,
    "ask_identity": Route.SMALLTALK,
    "chitchat": Route.SMALLTALK,
    "affirm": Route.SMALLTALK,
    "deny": Route.SMALLTALK,
    "help": Route.HELP,
    "change_language": Route.HELP,
    "give_feedback": Route.FEEDBACK,
    "abuse": Route.ABUSE,
    "manipulate": Route.OUT_OF_SCOPE,
    "out_of_scope": Route.OUT_OF_SCOPE,
}

_OF_APPOINTMENTS = frozenset(
    {Route.BOOK, Route.RESCHEDULE, Route.CANCEL, Route.MY_APPOINTMENTS, Route.ABUSE, Route.OUT_OF_SCOPE}
)

SURE_ENOUGH_TO_ACT = 0.45
"""Below this probability a turn does not book, call or refuse insults; it looks the question up instead,
since a wrong answer to a question costs the contact less than a wrong action."""


_CHATTING = frozenset(
    {Route.SMALLTALK, Route.HELP, Route.FEEDBACK, Route.ABUSE, Route.OUT_OF_SCOPE, Route.ESCALATE, Route.HOTLINE}
)
SURELY_NEW = 0.9


def route(heard: Interpretation) -> Route:
    """The route whose intents together are the most probable; plain words that ask for an appointment book one."""
    way = _likeliest(heard)
    return Route.BOOK if way not in _OF_APPOINTMENTS and asks_to_book(heard.text) else way


def _likeliest(heard: Interpretation) -> Route:
    if heard.degraded or not heard.ranking:
        return Route.ANSWER  # retrieval works without the NLU
    likely: dict[Route, float] = {}
    for intent, probability in heard.ranking:
        if (way := ROUTE_OF.get(intent)) is not None:
            likely[way] = likely.get(way, 0.0) + probability
    if not likely:
        return Route.ANSWER
    best = max(likely, key=lambda way: likely[way])
    if best not in (Route.ANSWER, Route.LICENCE) and likely[best] < SURE_ENOUGH_TO_ACT:
        return Route.ANSWER
    return best


def route_after(heard: Interpretation, *, goes_on: bool) -> Route:
    """The route of words that perhaps go on from a procedure spoken of ("còn vũ trường?"): those are no small talk
    and no insult unless the NLU is sure."""
    way = route(heard)
    unsure = heard.probability(heard.intent or "") < SURELY_NEW
    return Route.ANSWER if goes_on and unsure and way in _CHATTING else way


def intent_within(heard: Interpretation, way: Route) -> str | None:
    """The most probable intent that leads to `way`."""
    return next((intent for intent, _ in heard.ranking if ROUTE_OF.get(intent) is way), None)


def facet_of(heard: Interpretation) -> Facet | None:
    """The facet asked for; None where the NLU did not say."""
    intent = intent_within(heard, Route.ANSWER)
    return FACET_OF[intent] if intent is not None else None
