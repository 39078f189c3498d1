"""The values behind buttons: what a tap means, written and read in one place."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.domain.procedure import Facet, Language

from .outcomes import Route

EXAMPLES = ("example_1", "example_2", "example_3")
"""Wording keys of the questions a contact may have said in their stead."""
_CASE = re.compile(r"[0-9]{1,2}")


@dataclass(frozen=True, slots=True)
class ShowFacet:
    """Show one side of a procedure; `case` picks one case of its documents."""

    facet: Facet
    code: str
    case: int | None = None

    def __str__(self) -> str:
        ending = "" if self.case is None else f":{self.case}"
        return f"facet:{self.facet}:{self.code}{ending}"


@dataclass(frozen=True, slots=True)
class TakeRoute:
    """Go where a route leads."""

    route: Route

    def __str__(self) -> str:
        return f"route:{self.route}"


@dataclass(frozen=True, slots=True)
class SetLanguage:
    language: Language

    def __str__(self) -> str:
        return f"language:{self.language}"


@dataclass(frozen=True, slots=True)
class Say:
    """Say the sentence of a wording key in the contact's stead."""

    key: str

    def __str__(self) -> str:
        return f"say:{self.key}"


@dataclass(frozen=True, slots=True)
class EraseData:
    def __str__(self) -> str:
        return "erase"


Choice = ShowFacet | TakeRoute | SetLanguage | Say | EraseData


def read_choice(value: str) -> Choice | None:
    """The meaning of a button's value; None where it has none (an old button, or tampering)."""
    kind, _, rest = value.partition(":")
    try:
        match kind:
            case "facet":
                facet, code, *case = rest.split(":")
                if len(case) > 1 or not all(map(_CASE.fullmatch, case)):
                    return None
                return ShowFacet(Facet(facet), code, int(case[0]) if case else None)
            case "route":
                return TakeRoute(Route(rest))
            case "language":
                return SetLanguage(Language(rest))
            case "say" if rest in EXAMPLES:
                return Say(rest)
            case "erase" if value == "erase":
                return EraseData()
            case _:
                return None
    except ValueError:
        return None
