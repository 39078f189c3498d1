"""Reminding: when a contact hears of an appointment again, and when it is too late to be of use.

Pure rules. A day and two hours before; nobody is woken: what falls due at night is said when the night ends,
or, where that is too near the appointment, on the evening before.
"""

from __future__ import annotations

import datetime as dt
import enum

from .offices import CITY_TIME

QUIET_FROM = dt.time(21)
QUIET_TO = dt.time(6, 30)
"""Between these nobody is written to who did not write first (city time)."""
EVENING = dt.time(20, 30)
"""When to say what the night would make too late."""
ENOUGH = dt.timedelta(minutes=45)
"""The least time to get ready and come."""
APART = dt.timedelta(hours=1)
"""Two reminders of one appointment are further apart than this, or the first is left out."""
JUST_TOLD = dt.timedelta(minutes=30)
"""So soon after booking nobody needs to be reminded."""


class Kind(enum.StrEnum):
    """Which reminder of an appointment."""

    DAY_BEFORE = "day_before"
    HOURS_BEFORE = "hours_before"


_AHEAD = {Kind.DAY_BEFORE: dt.timedelta(days=1), Kind.HOURS_BEFORE: dt.timedelta(hours=2)}
_WORTH_IT = {Kind.DAY_BEFORE: dt.timedelta(hours=3), Kind.HOURS_BEFORE: dt.timedelta(minutes=20)}
"""A reminder sent with less time left than this serves nobody any more."""


def reminders_for(starts_at: dt.datetime, now: dt.datetime) -> list[tuple[Kind, dt.datetime]]:
    """The reminders of an appointment booked (or moved) at `now`, each with the moment it is due, in order of time."""
    due = {
        kind: moment for kind, ahead in _AHEAD.items() if (moment := _awake(starts_at - ahead, starts_at)) is not None
    }
    due = {kind: moment for kind, moment in due.items() if moment >= now + JUST_TOLD}
    if len(due) == len(Kind) and due[Kind.HOURS_BEFORE] - due[Kind.DAY_BEFORE] <= APART:
        del due[Kind.DAY_BEFORE]
    return sorted(due.items(), key=lambda each: each[1])


def still_worth(kind: Kind, starts_at: dt.datetime, now: dt.datetime) -> bool:
    """Whether a reminder is of use at `now`, however long ago it was due."""
    return starts_at - now >= _WORTH_IT[kind]


def quiet_until(now: dt.datetime) -> dt.datetime | None:
    """The end of the quiet hours that `now` is in; None where people may be written to."""
    local = now.astimezone(CITY_TIME)
    if QUIET_TO <= local.time() < QUIET_FROM:
        return None
    day = local.date() + dt.timedelta(days=1 if local.time() >= QUIET_FROM else 0)
    return dt.datetime.combine(day, QUIET_TO, CITY_TIME)


def _awake(moment: dt.datetime, starts_at: dt.datetime) -> dt.datetime | None:
    """`moment`, or the nearest one at which it may be said; None where that is the hour of the appointment."""
    ends = quiet_until(moment)
    if ends is None:
        return moment
    if starts_at - ends >= ENOUGH:
        return ends
    evening = dt.datetime.combine(ends.date() - dt.timedelta(days=1), EVENING, CITY_TIME)
    return evening if evening < starts_at else None
