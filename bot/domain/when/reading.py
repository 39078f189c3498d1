"""What was read: the answer of the reader, and the mentions it is put together from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """A part of the day."""

    MORNING = "morning"
    NOON = "noon"
    AFTERNOON = "afternoon"
    EVENING = "evening"


class Edge(StrEnum):
    """The first or the last hour of a part of the day ("đầu giờ", "cuối giờ")."""

    START = "start"
    END = "end"


@dataclass(frozen=True, slots=True)
class Reading:
    """A day and an hour as far as they were written; `span` is [start, end) in characters of the text."""

    date: dt.date | None = None
    time: dt.time | None = None
    part: Part | None = None
    range_end: dt.date | None = None
    span: tuple[int, int] | None = None
    until: dt.time | None = None
    edge: Edge | None = None
    excluding: tuple[dt.date, ...] = ()
    conflicting: bool = False

    @property
    def empty(self) -> bool:
        """Whether nothing of a day or an hour was read."""
        return self.date is None and self.time is None and self.part is None


class Kind(StrEnum):
    """How a day was named, which decides what may complete it."""

    RELATIVE = "relative"
    WEEKDAY = "weekday"
    CALENDAR = "calendar"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    FEAST = "feast"


@dataclass(slots=True)
class Mention:
    """Something that stands at [start, end) of the page; of itself, what must not be read."""

    start: int
    end: int


@dataclass(slots=True)
class DayMention(Mention):
    """A day or a range of days. `number` is the weekday (Monday is 0) or the day of the month it was named by."""

    first: dt.date
    last: dt.date | None = None
    kind: Kind = Kind.RELATIVE
    number: int | None = None
    clock: dt.time | None = None
    fixed: bool = False
    """Whether its week or month was named with it, so that no other completes it."""
    week: dt.date | None = None
    """The Monday of the week a weekday was said to be in."""
    edge: str = ""
    """The first letter of đầu, giữa, cuối, where a part of a week or month was named."""


@dataclass(slots=True)
class ClockMention(Mention):
    """An hour; `literal` where it was written as on a 24-hour clock."""

    hour: int
    minute: int
    literal: bool = False
    until: tuple[int, int] | None = None


@dataclass(slots=True)
class PartMention(Mention):
    """A part of the day; `night` for the hours past midnight ("1h đêm")."""

    part: Part | None
    edge: Edge | None = None
    night: bool = False
