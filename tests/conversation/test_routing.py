"""Where a turn goes, decided by probabilities alone."""

from __future__ import annotations

import pytest

from bot.conversation.interpretation import Interpretation, unheard
from bot.conversation.outcomes import Route
from bot.conversation.routing import ROUTE_OF, SURE_ENOUGH_TO_ACT, facet_of, intent_within, route
from bot.domain.procedure import Facet


def heard(**probabilities: float) -> Interpretation:
    """An interpretation with these intents."""
    ranking = tuple(sorted(probabilities.items(), key=lambda pair: -pair[1]))
    return Interpretation("…", ranking[0][0], ranking[0][1], ranking)


@pytest.mark.parametrize(("intent", "way"), ROUTE_OF.items())
def test_a_sure_intent_goes_where_it_belongs(intent: str, way: Route) -> None:
    assert route(heard(**{intent: 0.95})) is way


def test_every_route_is_reached_by_some_intent() -> None:
    assert set(ROUTE_OF.values()) == set(Route)


def test_every_facet_has_an_intent() -> None:
    assert {facet_of(heard(**{f"ask_{facet}": 0.9})) for facet in Facet} == set(Facet)


def test_small_doubts_about_the_facet_are_still_one_question() -> None:
    said = heard(request_official=0.46, ask_fee=0.22, ask_documents=0.20, ask_steps=0.12)
    assert route(said) is Route.ANSWER
    assert facet_of(said) is Facet.FEE


@pytest.mark.parametrize("intent", ["book_appointment", "abuse", "request_official", "out_of_scope", "greet", "help"])
def test_an_unsure_action_becomes_a_question(intent: str) -> None:
    assert route(heard(**{intent: SURE_ENOUGH_TO_ACT - 0.01, "ask_fee": 0.1})) is Route.ANSWER
    assert route(heard(**{intent: SURE_ENOUGH_TO_ACT, "ask_fee": 0.1})) is ROUTE_OF[intent]


def test_an_unsure_question_about_licences_stays_one() -> None:
    assert route(heard(ask_licence=0.3, ask_fee=0.1)) is Route.LICENCE


def test_a_turn_without_the_nlu_looks_the_question_up() -> None:
    assert route(unheard("phí bao nhiêu")) is Route.ANSWER
    assert facet_of(unheard("phí bao nhiêu")) is None


def test_intents_nobody_knows_look_the_question_up() -> None:
    assert route(heard(fly_to_the_moon=0.99)) is Route.ANSWER
    assert route(Interpretation("…", None, 0.0)) is Route.ANSWER


def test_an_unknown_intent_does_not_hide_a_known_one() -> None:
    assert route(heard(fly_to_the_moon=0.5, thank=0.48)) is Route.SMALLTALK


def test_the_intent_within_a_route_is_its_most_probable_one() -> None:
    said = heard(manipulate=0.5, out_of_scope=0.3, greet=0.2)
    assert intent_within(said, Route.OUT_OF_SCOPE) == "manipulate"
    assert intent_within(said, Route.SMALLTALK) == "greet"
    assert intent_within(said, Route.BOOK) is None
