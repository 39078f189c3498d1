"""Appointments: a contact's booked place, its states, its code."""

from __future__ import annotations

import datetime as dt
import enum
import secrets
import uuid
from dataclasses import dataclass

from .offices import Counter, Service

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without letters and digits that are taken for one another (0 O, 1 I L, U V)."""
CODE_LENGTH = 6
HOLD = dt.timedelta(minutes=10)
"""How long a place is kept while the contact decides."""


class State(enum.StrEnum):
    HELD = "held"
    BOOKED = "booked"
    ARRIVED = "arrived"
    SERVED = "served"
    MISSED = "missed"
    CANCELLED = "cancelled"


TAKES_A_PLACE = frozenset({State.HELD, State.BOOKED, State.ARRIVED})
"""While in one of these nobody else can have the place; the database says so too."""


class Change(enum.StrEnum):
    """What happened to an appointment; each is a row of its history."""

    HELD = "held"
    BOOKED = "booked"
    MOVED = "moved"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"
    """A hold that nobody confirmed in time."""
    ATTENDING = "attending"
    """The contact answered a reminder: they will come."""
    ARRIVED = "arrived"
    SERVED = "served"
    MISSED = "missed"
    DISPLACED = "displaced"
    """The office will not be open then; the contact is still to be moved or told."""
    INFORMED = "informed"
    """The contact was told so, and asked to choose another time."""


@dataclass(frozen=True, slots=True)
class Details:
    """Who comes. Personal data: never in a log, on the public link only the masked form."""

    name: str
    telephone: str
    """E.164."""
    tax_code: str | None = None


@dataclass(frozen=True, slots=True)
class Appointment:
    """A place that is held or booked. `version` rises with every change that moves or ends it."""

    id: uuid.UUID
    code: str
    service: Service
    counter: Counter
    place: int
    starts_at: dt.datetime
    ends_at: dt.datetime
    state: State
    version: int
    hold_until: dt.datetime | None = None
    procedure: str | None = None
    details: Details | None = None
    attending: bool = False
    replaces: str | None = None
    """Code of the appointment that a hold would move."""
    timed_by_office: bool = False
    """The office, not the contact, chose its time, or asked the contact to choose another."""

    @property
    def change_until(self) -> dt.datetime:
        """The last moment its contact may move or cancel it: up to its very beginning where the office upset it."""
        return self.starts_at if self.timed_by_office else self.starts_at - self.service.cancel_until

    def is_too_late_to_change(self, now: dt.datetime) -> bool:
        """Whether only the department may change it at `now`."""
        return now > self.change_until


def new_code() -> str:
    """A code nobody can guess from another."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
