"""What stands behind a button survives the way to the platform and back; what was tampered with means nothing."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.conversation.choices import EXAMPLES, Choice, EraseData, Say, SetLanguage, ShowFacet, TakeRoute, read_choice
from bot.conversation.outcomes import Route
from bot.domain.procedure import Facet, Language

CODES = ("2.001583", "1.013855", "1.013855.000.00.00.H24")
ALL: list[Choice] = [
    *(ShowFacet(facet, code, case) for facet in Facet for code in CODES for case in (None, 0, 3, 12)),
    *(TakeRoute(way) for way in Route),
    *(SetLanguage(language) for language in Language),
    *(Say(key) for key in EXAMPLES),
    EraseData(),
]


@pytest.mark.parametrize("choice", ALL, ids=str)
def test_a_choice_is_read_as_it_was_written(choice: Choice) -> None:
    assert read_choice(str(choice)) == choice


def test_every_value_fits_a_button() -> None:
    assert max(len(str(choice)) for choice in ALL) <= 200


@pytest.mark.parametrize(
    "value",
    [
        "",
        ":",
        "facet",
        "facet:",
        "facet:fee",
        "facet:price:2.001583",
        "facet:fee:2.001583:",
        "facet:fee:2.001583:x",
        "facet:fee:2.001583:-1",
        "facet:fee:2.001583:1:2",
        "facet:fee:2.001583:999999999999999999999999",
        "FACET:fee:2.001583",
        "route:",
        "route:moon",
        "route:Book",
        "language:",
        "language:fr",
        "language:VI",
        "say:apology",
        "say:example_",
        "say:example_9",
        "say:example_1; drop table",
        "erase:",
        "erase:all",
        "erase ",
        "2.001583",
        "💥",
    ],
)
def test_a_value_we_never_wrote_means_nothing(value: str) -> None:
    assert read_choice(value) is None


@given(st.text(max_size=80) | st.from_regex(r"(facet|route|language|say|erase)(:[a-z0-9.]{0,9}){0,4}", fullmatch=True))
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_comes_is_read_without_an_error(value: str) -> None:
    choice = read_choice(value)
    assert choice is None or read_choice(str(choice)) == choice
