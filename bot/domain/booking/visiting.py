"""Visiting: who sits in a department's waiting room, who is called next, and how long the others wait.

Pure rules. No I/O, no clock of its own, no wording.

* VisitError
  x WrongDay           the appointment is on another day; say which
  x WrongDepartment    the appointment is with another department; say which
  x NotConfirmed       the place was only held and never confirmed; give a walk-in number
  x CannotReturn       the place of who comes back was given away meanwhile; give a walk-in number
  x WrongCounter       the counter belongs to another department, or does not do that service
  x VisitChanged       somebody else was faster; show how it stands now
  x NoMoreRecalls      called as often as we call; put down as missed or put back
  x UnknownVisit       no such number at this department
"""

from __future__ import annotations

import datetime as dt
import enum
import math
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.errors import AssistantError

RECALLS = 3
"""How often a number that nobody answered to is called again."""
DUE = dt.timedelta(minutes=5)
"""So long before its hour an appointment counts as come."""
GRACE = dt.timedelta(minutes=15)
"""Who comes later than this after the hour waits like a walk-in, from the moment of coming."""
USUAL = dt.timedelta(minutes=15)
"""How long a visit takes of which we do not know what for."""
_STEP = 5


class VisitState(enum.StrEnum):
    WAITING = "waiting"
    CALLED = "called"
    SERVED = "served"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody who came. `counter` is who called them; while they wait, the only counter that may (None: any).

    `calls` counts from 1 with the first call. `version` rises with every change.
    """

    id: int
    department: str
    on: dt.date
    number: int
    state: VisitState
    arrived_at: dt.datetime
    counter: int | None = None
    service: str | None = None
    appointment: uuid.UUID | None = None
    calls: int = 0
    version: int = 0

    @property
    def recalls_left(self) -> int:
        return max(RECALLS + 1 - self.calls, 0)


class Precedence(enum.IntEnum):
    """The fair rule, best first.

    An appointment whose hour has come goes before everybody without one: that is what it was made for. It is
    not punished for others being slow, so it keeps this even when its hour has long passed; but who came more than
    `GRACE` late waits like a walk-in, from the moment of coming, so that nobody gains by being late. Walk-ins go in
    the order in which they came. Who is early waits for the hour, unless no one else does: a free counter is
    better than an empty one.
    """

    HOUR_HAS_COME = 0
    IN_ORDER_OF_COMING = 1
    EARLY = 2


def precedence(
    arrived_at: dt.datetime, starts_at: dt.datetime | None, now: dt.datetime
) -> tuple[Precedence, dt.datetime]:
    """The place of a visit in the queue at `now`; the smallest is called first. `starts_at`: of its appointment."""
    if starts_at is None or arrived_at > starts_at + GRACE:
        return Precedence.IN_ORDER_OF_COMING, arrived_at
    if starts_at <= now + DUE:
        return Precedence.HOUR_HAS_COME, starts_at
    return Precedence.EARLY, starts_at


def waiting_time(ahead: Sequence[dt.timedelta], counters: int) -> dt.timedelta:
    """About how long it takes `counters` to serve those `ahead`, each with the time it takes, in steps of 5 minutes."""
    if not ahead:
        return dt.timedelta()
    minutes = sum(each.total_seconds() for each in ahead) / 60 / max(counters, 1)
    return dt.timedelta(minutes=math.ceil(minutes / _STEP) * _STEP)


class VisitError(AssistantError):
    """The family: the queue of the day cannot do what was asked."""


class WrongDay(VisitError):
    def __init__(self, code: str, starts_at: dt.datetime) -> None:
        super().__init__(f"{code} is at {starts_at.isoformat()}")
        self.code = code
        self.starts_at = starts_at


class WrongDepartment(VisitError):
    def __init__(self, code: str, department: str) -> None:
        super().__init__(f"{code} is with {department}")
        self.code = code
        self.department = department


class NotConfirmed(VisitError):
    def __init__(self, code: str) -> None:
        super().__init__(f"{code} was never confirmed")
        self.code = code


class CannotReturn(VisitError):
    def __init__(self, number: int) -> None:
        super().__init__(f"the place of number {number} is taken")
        self.number = number


class WrongCounter(VisitError):
    def __init__(self, counter: int) -> None:
        super().__init__(f"counter {counter} cannot do that")
        self.counter = counter


class VisitChanged(VisitError):
    def __init__(self, number: int, state: str) -> None:
        super().__init__(f"number {number} is {state} now")
        self.number = number
        self.state = state


class NoMoreRecalls(VisitError):
    def __init__(self, number: int) -> None:
        super().__init__(f"number {number} was called {RECALLS + 1} times")
        self.number = number


class UnknownVisit(VisitError):
    def __init__(self, visit: int) -> None:
        super().__init__(f"no visit {visit}")
        self.visit = visit
