"""Reading a text: what it mentions, what of that is refused, and the day and hour that are meant in the end."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from .completing import complete, gap
from .days_meant import DaysMeant
from .hour_meant import hour_meant, time_of, until_of
from .links import also, excepted, refused
from .page import Page
from .reading import DayMention, Mention, PartMention, Reading
from .scanning import Found, scan

_VIETNAM = timezone(timedelta(hours=7))
_LONGEST = 2000
"""Characters that are read; nobody writes an appointment longer than that."""


def read(text: str, at: datetime) -> Reading:
    """The day and the hour that `text`, written at `at`, means; an empty `Reading` where it means none.

    Never raises. An `at` without a zone is taken as Vietnam's time.
    """
    try:
        now = at.astimezone(_VIETNAM).replace(tzinfo=None) if at.tzinfo else at
        return _read(Page(text[:_LONGEST]), now)
    except OverflowError:  # a day beyond the calendar's years 1 to 9999 is no day
        return Reading()


def _read(page: Page, now: datetime) -> Reading:
    found = scan(page, now)
    if not (found.days or found.clocks or found.parts):
        return Reading()
    complete(page, found)
    left_out = _refusals(page, found)
    excluding = tuple(m.first for m in left_out if isinstance(m, DayMention) and m.last is None)
    days = DaysMeant(page, found, now.date())
    for day in found.days:
        if day not in left_out:
            days.hear(day)
    first, last = days.span(excluding)
    clock, part = hour_meant(page, found, days.used, left_out)
    at_clock = days.used[0].clock if days.used else None
    meant: list[Mention] = [*days.used, *(mention for mention in (clock, part) if mention is not None)]
    return Reading(
        date=first,
        time=time_of(clock, part) if clock else at_clock,
        part=part.part if part else None,
        range_end=last,
        span=page.span(min(m.start for m in meant), max(m.end for m in meant)) if meant else None,
        until=until_of(clock, part) if clock else None,
        edge=part.edge if part else None,
        excluding=excluding,
        conflicting=days.conflicting,
    )


def _refusals(page: Page, found: Found) -> list[Mention]:
    """What is said not to suit; after "trừ" everything that is listed."""
    left_out: list[Mention] = []
    before: Mention | None = None
    for mention in found.all():
        words = _words_before(page, found, mention)
        listed = before is not None and before in left_out and excepted(page, before.start) and also(page, words)
        if listed or refused(page, words, mention):
            left_out.append(mention)
        before = mention
    return left_out


def _words_before(page: Page, found: Found, mention: Mention) -> str:
    """The words from the mention before, parts of the day belonging to what follows them."""
    is_part = isinstance(mention, PartMention)
    ends = [m.end for m in found.all() if m.end <= mention.start and (is_part or not isinstance(m, PartMention))]
    return gap(page, found, max(ends, default=0), mention.start)
