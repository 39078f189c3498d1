"""Where and for what a contact may come: services, counters and the rules of their hours."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.domain.procedure import Text

CITY_TIME = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True, slots=True)
class Service:
    """What an appointment is for. `department` is a key of `data/directory`.

    `procedures` are the codes it serves; empty where it serves everything else its department receives.
    """

    key: str
    department: str
    title: Text
    duration: dt.timedelta
    notice: dt.timedelta
    """Shortest time between booking and appointment."""
    window: dt.timedelta
    """How far ahead one may book."""
    cancel_until: dt.timedelta
    """How long before its start an appointment may still be moved or cancelled by the contact."""
    procedures: tuple[str, ...] = ()
    documents: tuple[Text, ...] = ()
    """To bring, where no procedure says it better."""
    instructions: Text | None = None
    demonstration: bool = False
    """Made up to show the assistant: nobody waits at this counter, and the contact is told so."""


@dataclass(frozen=True, slots=True)
class Counter:
    """A desk where contacts are received; `services` empty: every service of its department."""

    id: int
    key: str
    department: str
    name: Text
    address: Text | None
    """None where no source names one."""
    services: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hours:
    """One span of a weekday at a counter; a lunch break makes two of them. `weekday`: Monday is 0.

    `capacity` places at once are booked by contacts, `reserved` more are kept for officials to give away.
    """

    counter: int
    weekday: int
    starts: dt.time
    ends: dt.time
    capacity: int = 1
    reserved: int = 0
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Closure:
    """A time without appointments at a counter, a department or (neither named) everywhere."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    reason: str
    department: str | None = None
    counter: int | None = None


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day that is not worked although its weekday is, or (`worked_as`) worked like another weekday."""

    day: dt.date
    name: str
    worked_as: int | None = None
    name_en: str | None = None
    """In English, where the calendar of public holidays knows it."""
