"""Judging: why a service cannot be booked at a time. Whether a place is left there is another question."""

from __future__ import annotations

import datetime as dt

from .occupancy import minutes_mask
from .offices import CITY_TIME
from .openings import Why
from .schedule import Desk, Schedule


def why_not(
    schedule: Schedule,
    starts_at: dt.datetime,
    now: dt.datetime,
    *,
    promised: bool = False,
    counter: int | None = None,
) -> Why | None:
    """What forbids an opening at `starts_at`; None where the rules allow it.

    `promised`: notice and window were kept when the time was promised, or an official gives it away.
    `counter`: at this one alone.
    """
    if not schedule.offered:
        return Why.NOT_OFFERED
    local = starts_at.astimezone(CITY_TIME)
    if starts_at < now:
        return Why.PAST
    if not promised and local.date() > last_day(schedule, now):
        return Why.TOO_FAR
    if (why := why_not_the_day(schedule, local.date())) is not None:
        return why
    minute = local.hour * 60 + local.minute
    desks = [desk for desk in schedule.desks(local.date()) if counter in (None, desk.counter) and _within(desk, minute)]
    if not desks:
        return Why.OUTSIDE_HOURS
    open_desks = [desk for desk in desks if not desk.closed >> minute & 1]
    if not open_desks:
        return Why.CLOSED
    if not promised and starts_at < earliest(schedule, now):
        return Why.TOO_SOON
    on_the_minute = local.second == 0 and local.microsecond == 0
    beginning = [desk for desk in open_desks if any(start.minute == minute for start in desk.starts)]
    if not on_the_minute or not beginning:
        return Why.BETWEEN_OPENINGS
    block = minutes_mask(minute, minute + schedule.minutes)
    return Why.CLOSED if all(desk.closed & block for desk in beginning) else None


def why_not_the_day(schedule: Schedule, day: dt.date) -> Why | None:
    """Why nobody works on `day`; None where somebody does, if only for a while."""
    special = schedule.special(day)
    if special is not None and special.worked_as is None:
        return Why.HOLIDAY
    desks = schedule.desks(day)
    if not desks:
        return Why.DAY_OFF
    hours = [minutes_mask(*span) & ~desk.closed for desk in desks for span in desk.spans]
    return None if any(hours) else Why.CLOSED


def earliest(schedule: Schedule, now: dt.datetime) -> dt.datetime:
    """The first moment at which an appointment made now may begin."""
    return now + schedule.service.notice


def last_day(schedule: Schedule, now: dt.datetime) -> dt.date:
    """The last day that may be booked now, the whole of it."""
    return now.astimezone(CITY_TIME).date() + schedule.service.window


def _within(desk: Desk, minute: int) -> bool:
    return any(starts <= minute < ends for starts, ends in desk.spans)
