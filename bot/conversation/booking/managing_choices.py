"""The values behind the buttons of appointments that exist: what a tap means, written and read in one place.

Reminders and offers carry some of them: `attend:K7M2QX`, `cancel:K7M2QX`, `move:K7M2QX`, `offer:take:K7M2QX`,
`offer:refuse:K7M2QX`.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from bot.domain.when import Part

KINDS = frozenset({"appointment", "move", "cancel", "keep", "attend", "wait", "unwait", "offer"})
"""How these values begin."""
_CODE = re.compile(r"[0-9A-Z]{4,12}")
_SERVICE = re.compile(r"[\w-]{1,64}")
_ANY_HOUR = "-"


@dataclass(frozen=True, slots=True)
class ShowAppointment:
    code: str

    def __str__(self) -> str:
        return f"appointment:{self.code}"


@dataclass(frozen=True, slots=True)
class MoveAppointment:
    """Ask for a new time."""

    code: str

    def __str__(self) -> str:
        return f"move:{self.code}"


@dataclass(frozen=True, slots=True)
class ConfirmMove:
    """Move the appointment to the place of a hold; a second tap means the same move."""

    code: str
    hold: str

    def __str__(self) -> str:
        return f"move:confirm:{self.code}:{self.hold}"


@dataclass(frozen=True, slots=True)
class CancelAppointment:
    """Ask whether it is to be cancelled."""

    code: str

    def __str__(self) -> str:
        return f"cancel:{self.code}"


@dataclass(frozen=True, slots=True)
class ConfirmCancel:
    code: str

    def __str__(self) -> str:
        return f"cancel:confirm:{self.code}"


@dataclass(frozen=True, slots=True)
class KeepAppointment:
    """Leave it as it is."""

    code: str

    def __str__(self) -> str:
        return f"keep:{self.code}"


@dataclass(frozen=True, slots=True)
class AttendAppointment:
    """They will come."""

    code: str

    def __str__(self) -> str:
        return f"attend:{self.code}"


@dataclass(frozen=True, slots=True)
class JoinWaiting:
    """Wait for a place on a day from `first` to `last`."""

    service: str
    first: dt.date
    last: dt.date
    part: Part | None = None

    def __str__(self) -> str:
        return f"wait:{self.service}:{self.first}:{self.last}:{self.part or _ANY_HOUR}"


@dataclass(frozen=True, slots=True)
class LeaveWaiting:
    service: str

    def __str__(self) -> str:
        return f"unwait:{self.service}"


@dataclass(frozen=True, slots=True)
class TakeOffer:
    """Take the place kept for one who waited; `code` is the hold's."""

    code: str

    def __str__(self) -> str:
        return f"offer:take:{self.code}"


@dataclass(frozen=True, slots=True)
class RefuseOffer:
    code: str

    def __str__(self) -> str:
        return f"offer:refuse:{self.code}"


ManagingChoice = (
    ShowAppointment
    | MoveAppointment
    | ConfirmMove
    | CancelAppointment
    | ConfirmCancel
    | KeepAppointment
    | AttendAppointment
    | JoinWaiting
    | LeaveWaiting
    | TakeOffer
    | RefuseOffer
)


def read_managing(value: str) -> ManagingChoice | None:
    """The meaning of a value that begins with one of `KINDS`; None where it has none. Raises `ValueError`."""
    match value.split(":"):
        case ["appointment", code] if _CODE.fullmatch(code):
            return ShowAppointment(code)
        case ["move", code] if _CODE.fullmatch(code):
            return MoveAppointment(code)
        case ["move", "confirm", code, hold] if _CODE.fullmatch(code) and _CODE.fullmatch(hold):
            return ConfirmMove(code, hold)
        case ["cancel", code] if _CODE.fullmatch(code):
            return CancelAppointment(code)
        case ["cancel", "confirm", code] if _CODE.fullmatch(code):
            return ConfirmCancel(code)
        case ["keep", code] if _CODE.fullmatch(code):
            return KeepAppointment(code)
        case ["attend", code] if _CODE.fullmatch(code):
            return AttendAppointment(code)
        case ["wait", service, first, last, part] if _SERVICE.fullmatch(service):
            days = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
            return (
                JoinWaiting(service, *days, None if part == _ANY_HOUR else Part(part)) if days[0] <= days[1] else None
            )
        case ["unwait", service] if _SERVICE.fullmatch(service):
            return LeaveWaiting(service)
        case ["offer", "take", code] if _CODE.fullmatch(code):
            return TakeOffer(code)
        case ["offer", "refuse", code] if _CODE.fullmatch(code):
            return RefuseOffer(code)
        case _:
            return None
