"""The schema of services, counters, hours and holidays below `data/directory/`, and their reading.

A file is read whole or not at all: half a directory would close counters that people are booked at. What stands
in the way comes as faults, in words an editor understands (`knowledge/offices_checking.py`).
"""

from __future__ import annotations

import datetime as dt
import enum
import re
from typing import Annotated, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    model_validator,
)

from .procedures import Code, ShortTextData, SourceData, TextData, Words

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,47}$")]
"""The name of a department, service or counter: small letters, digits and low lines."""

_SPAN = re.compile(r"([01]?\d|2[0-3])[:.hg]([0-5]\d)\s*[-–—]\s*([01]?\d|2[0-3])[:.hg]([0-5]\d)")


class Weekday(enum.StrEnum):
    """A day of the week as the files name it; `number` as `datetime` counts, Monday is 0."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"

    @property
    def number(self) -> int:
        return list(Weekday).index(self)

    @classmethod
    def of(cls, number: int) -> Weekday:
        return list(cls)[number]


def read_span(value: object) -> object:
    """Two hours written as `08:00-11:30`, as a pair of times. Raises `ValueError` for any other text."""
    if not isinstance(value, str):
        return value
    match = _SPAN.fullmatch(value.strip())
    if match is None:
        raise ValueError("span")
    starts = dt.time(int(match[1]), int(match[2]))
    ends = dt.time(int(match[3]), int(match[4]))
    if starts >= ends:
        raise ValueError("span_order")
    return (starts, ends)


def write_span(span: tuple[dt.time, dt.time]) -> str:
    """The other way round."""
    return f"{span[0]:%H:%M}-{span[1]:%H:%M}"


Span = Annotated[tuple[dt.time, dt.time], BeforeValidator(read_span), PlainSerializer(write_span)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ServiceData(_Strict):
    """One entry of `services.yml`."""

    department: Key
    title: ShortTextData
    """It is shown on buttons."""
    instructions: TextData | None = None
    documents: tuple[TextData, ...] = ()
    procedures: tuple[Code, ...] = ()
    duration_minutes: int = Field(ge=5, le=480)
    notice_minutes: int = Field(default=120, ge=0, le=43_200)
    window_days: int = Field(default=30, ge=1, le=180)
    cancel_minutes: int = Field(default=120, ge=0, le=43_200)
    demonstration: bool = False


class CounterData(_Strict):
    """One entry of `counters.yml`; an address needs the source that names it."""

    department: Key
    name: ShortTextData
    address: TextData | None = None
    source: SourceData | None = None
    services: tuple[Key, ...] = ()
    demonstration: bool = False

    @model_validator(mode="after")
    def _address_has_a_source(self) -> Self:
        if self.address is not None and self.source is None:
            raise ValueError("address_without_source")
        return self


class RuleData(_Strict):
    """Hours of a counter that hold on several weekdays."""

    weekdays: tuple[Weekday, ...] = Field(min_length=1)
    spans: tuple[Span, ...] = Field(min_length=1)
    capacity: int = Field(default=1, ge=0, le=50)
    reserved: int = Field(default=0, ge=0, le=50)
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None

    @model_validator(mode="after")
    def _can_be(self) -> Self:
        if not 1 <= self.capacity + self.reserved <= 50:
            raise ValueError("capacity")
        if self.valid_from and self.valid_to and self.valid_from > self.valid_to:
            raise ValueError("validity")
        return self


class HolidayData(_Strict):
    """One entry of `holidays.yml`."""

    name: Annotated[Words, StringConstraints(max_length=120)]
    worked_as: Weekday | None = None
