"""Of the hours and parts of the day mentioned, those that go with the days that are meant."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import TypeVar

from .completing import gap
from .links import Link, link
from .page import Page
from .reading import ClockMention, DayMention, Mention, Part, PartMention
from .scanning import Found

M = TypeVar("M", bound=Mention)

_OFFICES_CLOSED = range(1, 7)
_AFTER_MIDDAY = range(1, 4)
_AFTER_MIDNIGHT = range(1, 5)


def hour_meant(
    page: Page, found: Found, days: list[DayMention], left_out: list[Mention]
) -> tuple[ClockMention | None, PartMention | None]:
    """The hour and the part of the day for `days`; those said of another day serve where there are no others."""
    clock: ClockMention | None = None
    for other in _for_days(found.clocks, found, days, left_out):
        if clock is None or _corrects(page, found, clock, other):
            clock = other
    parts = [part for part in found.parts if part not in left_out]
    if clock is not None:
        beside = [part for part in parts if part.part and _beside(page, clock, part)]
        if beside:
            return clock, beside[0]
    # A part right after an hour that is not meant went with that hour.
    parts = [
        part
        for part in parts
        if not any(_beside(page, c, part) for c in found.clocks if not _chosen(page, found, clock, c))
    ]
    part: PartMention | None = None
    for heard in _for_days(parts, found, days, left_out):
        if part is None or _corrects(page, found, part, heard):
            part = heard
        elif part.part is None or heard.part is None:
            part = replace(heard, part=heard.part or part.part, edge=heard.edge or part.edge)
        elif part.part is not heard.part:
            return clock, None
    return clock, part


def time_of(clock: ClockMention, part: PartMention | None) -> time:
    """`clock` on a 24-hour clock."""
    return _time(clock.hour, clock.minute, part, literal=clock.literal)


def until_of(clock: ClockMention, part: PartMention | None) -> time | None:
    """The end of a span of hours ("từ 8h đến 10h"), None where there is none or it is midnight."""
    if clock.until is None or clock.until[0] > 23:
        return None
    return _time(*clock.until, part, literal=clock.literal)


def _time(hour: int, minute: int, said: PartMention | None, *, literal: bool) -> time:
    part = said.part if said else None
    late = part in (Part.AFTERNOON, Part.EVENING) or (part is None and hour in _OFFICES_CLOSED)
    if literal or hour > 12 or hour == 0:
        return time(hour, minute)
    if said is not None and said.night and hour in _AFTER_MIDNIGHT:
        return time(hour, minute)
    if hour == 12:
        return time(0 if part is Part.EVENING else 12, minute)
    if late or (part is Part.NOON and hour in _AFTER_MIDDAY):
        hour += 12
    return time(hour, minute)


def _for_days(mentions: list[M], found: Found, days: list[DayMention], left_out: list[Mention]) -> list[M]:
    heard = [mention for mention in mentions if mention not in left_out]
    owners = [_owner(mention, found.days) for mention in heard]
    own = [
        mention
        for mention, owner in zip(heard, owners, strict=True)
        if owner is None or any(day.start <= owner.start < day.end for day in days)
    ]
    if own or not days:
        return own or heard
    return [mention for mention, owner in zip(heard, owners, strict=True) if owner not in left_out]


def _owner(mention: Mention, days: list[DayMention]) -> DayMention | None:
    """The day nearest to an hour or part; of two as near, the one that follows."""

    def distance(day: DayMention) -> float:
        return day.start - mention.end if day.start >= mention.end else mention.start - day.end + 0.5

    return min(days, key=distance, default=None)


def _corrects(page: Page, found: Found, one: Mention, other: Mention) -> bool:
    return link(page, gap(page, found, one.end, other.start), one.start) is Link.CORRECTION


def _chosen(page: Page, found: Found, clock: ClockMention | None, other: ClockMention) -> bool:
    """Whether `other` is `clock`, or as good as it: "9h hay 10h sáng"."""
    if clock is None or other is clock:
        return other is clock
    return clock.end <= other.start and link(page, gap(page, found, clock.end, other.start), clock.start) is Link.CHOICE


def _beside(page: Page, clock: ClockMention, part: PartMention) -> bool:
    return part.start > clock.end and page.text[clock.end : part.start] == " "
