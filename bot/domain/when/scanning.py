"""Every mention of a day, an hour or a part of the day, none overlapping another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from .calendar_days import calendar_days
from .clock import clocks
from .feasts import feasts
from .months import months
from .noise import noise
from .page import Page
from .parts import parts
from .reading import ClockMention, DayMention, Mention, PartMention
from .relative import relative_days
from .weeks import weekdays, weeks

_MOST = 40
"""Mentions that are read; more of them name no appointment, and comparing each with each would take long."""


@dataclass(slots=True)
class Found:
    """What stands on a page, each in the order of the page."""

    days: list[DayMention]
    clocks: list[ClockMention]
    parts: list[PartMention]

    def all(self) -> list[Mention]:
        return sorted([*self.days, *self.clocks, *self.parts], key=lambda mention: mention.start)


def scan(page: Page, now: datetime) -> Found:
    """The mentions on `page`, written at `now` in Vietnam."""
    today = now.date()
    days: list[Mention] = [
        *feasts(page, today),
        *calendar_days(page, today),
        *months(page, today),
        *weekdays(page, today),
        *weeks(page, today),
        *relative_days(page, now),
    ]
    hours = list(clocks(page))
    times = list(parts(page))
    if not (days or hours or times):
        return Found([], [], [])
    silent = list(noise(page))
    kept = _longest([m for m in (*days, *hours, *times) if _heard(m, silent)])[:_MOST]
    return Found(
        [m for m in kept if isinstance(m, DayMention)],
        [m for m in kept if isinstance(m, ClockMention)],
        [m for m in kept if isinstance(m, PartMention)],
    )


def _heard(mention: Mention, silent: Sequence[Mention]) -> bool:
    """Whether no noise touches it, unless it holds that noise and more ("tháng 12/2026")."""
    for other in silent:
        if other.start < mention.end and mention.start < other.end:
            holds = mention.start <= other.start and other.end <= mention.end
            if not holds or mention.end - mention.start == other.end - other.start:
                return False
    return True


def _longest(mentions: Sequence[Mention]) -> list[Mention]:
    """Of those that overlap the longest, the first of equals; in the order of the page."""
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda m: m.start - m.end):
        if all(other.end <= mention.start or mention.end <= other.start for other in kept):
            kept.append(mention)
    return sorted(kept, key=lambda mention: mention.start)
