"""The values behind buttons: what a tap means, written and read in one place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from bot.domain.procedure import Facet, Language

from .booking.managing_choices import KINDS, ManagingChoice, read_managing
from .outcomes import Route

EXAMPLES = ("example_1", "example_2", "example_3")
"""Wording keys of the questions a contact may have said in their stead."""
_CASE = re.compile(r"[0-9]{1,2}")
_CODE = re.compile(r"[0-9A-Z]{4,12}")
"""An appointment's code, or that of a hold."""


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
class ShowMore:
    """Show the procedures of a group from this place on (from 0), to choose one for its facet."""

    facet: Facet
    start: int
    group: str

    def __str__(self) -> str:
        return f"more:{self.facet}:{self.start}:{self.group}"


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


@dataclass(frozen=True, slots=True)
class BookProcedure:
    """Book for this procedure."""

    code: str

    def __str__(self) -> str:
        return f"book:procedure:{self.code}"


@dataclass(frozen=True, slots=True)
class BookService:
    """Book this service, by its key."""

    service: str

    def __str__(self) -> str:
        return f"book:service:{self.service}"


@dataclass(frozen=True, slots=True)
class BookAt:
    """Take the opening of a service that starts at this minute (aware)."""

    service: str
    starts_at: datetime

    def __str__(self) -> str:
        return f"book:at:{self.service}:{self.starts_at.isoformat(timespec='minutes')}"


@dataclass(frozen=True, slots=True)
class ConfirmBooking:
    """Confirm the hold of this code: a second tap means the same appointment."""

    code: str

    def __str__(self) -> str:
        return f"book:confirm:{self.code}"


@dataclass(frozen=True, slots=True)
class ChangeBooking:
    """Ask again for a part of the booking: one of `CHANGEABLE`."""

    part: str

    def __str__(self) -> str:
        return f"book:change:{self.part}"


CHANGEABLE = ("time", "details", "service")


@dataclass(frozen=True, slots=True)
class StopBooking:
    """Leave the form and give the hold back."""

    def __str__(self) -> str:
        return "book:stop"


@dataclass(frozen=True, slots=True)
class ResumeBooking:
    """Go on with the booking that was set aside."""

    def __str__(self) -> str:
        return "book:resume"


BookingChoice = BookProcedure | BookService | BookAt | ConfirmBooking | ChangeBooking | StopBooking | ResumeBooking
Choice = ShowFacet | ShowMore | TakeRoute | SetLanguage | Say | EraseData | BookingChoice | ManagingChoice


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
            case "more":
                facet, start, group = rest.split(":")
                return ShowMore(Facet(facet), int(start), group) if _CASE.fullmatch(start) and group else None
            case "route":
                return TakeRoute(Route(rest))
            case "language":
                return SetLanguage(Language(rest))
            case "say" if rest in EXAMPLES:
                return Say(rest)
            case "erase" if value == "erase":
                return EraseData()
            case "book":
                return _read_booking(rest)
            case _ if kind in KINDS:
                return read_managing(value)
            case _:
                return None
    except ValueError:
        return None


def _read_booking(value: str) -> BookingChoice | None:
    what, _, rest = value.partition(":")
    match what:
        case "procedure" if rest:
            return BookProcedure(rest)
        case "service" if rest:
            return BookService(rest)
        case "at":
            service, _, minute = rest.partition(":")
            starts_at = datetime.fromisoformat(minute)
            return BookAt(service, starts_at) if service and starts_at.tzinfo is not None else None
        case "confirm" if _CODE.fullmatch(rest):
            return ConfirmBooking(rest)
        case "change" if rest in CHANGEABLE:
            return ChangeBooking(rest)
        case "stop" if value == "stop":
            return StopBooking()
        case "resume" if value == "resume":
            return ResumeBooking()
        case _:
            return None
