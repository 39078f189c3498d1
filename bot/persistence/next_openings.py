"""The openings to which an appointment can be moved on when its own time will not be open."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.booking.appointment import Appointment
from bot.domain.booking.deriving import openings
from bot.domain.booking.judging import last_day
from bot.domain.booking.offices import CITY_TIME, Closure
from bot.domain.booking.openings import Opening
from bot.domain.booking.schedule import Schedule

from .displacing import Closed
from .offices import read_closures, read_hours, read_schedule, read_special_days
from .openings import read_occupancy


async def next_openings(
    connection: AsyncConnection,
    appointment: Appointment,
    now: dt.datetime,
    *,
    limit: int,
    proposed: Mapping[dt.datetime, int] | None = None,
    besides: Closed | None = None,
) -> list[Opening]:
    """The next openings from the time of `appointment` on for its service, nearest first.

    Never an earlier one: who does not read the message in time would miss it. `proposed`: places already promised;
    `besides`: a time that is about to be closed.
    """
    today = now.astimezone(CITY_TIME).date()
    schedule = await read_schedule(connection, appointment.service.key, today, today + dt.timedelta(days=180))
    if schedule is None:
        return []
    # the notice is left aside: they meant to come then anyway, and at another counter the hour may be free
    first = max(appointment.starts_at, now)
    day, last = first.astimezone(CITY_TIME).date(), last_day(schedule, now)
    occupancy = await read_occupancy(connection, schedule, day, last, now)
    if besides is not None:
        closures = await read_closures(connection, day, last)
        planned = Closure(besides.starts_at, besides.ends_at, "", besides.department, besides.counter)
        schedule = Schedule(
            schedule.service,
            schedule.counters,
            await read_hours(connection, [counter.id for counter in schedule.counters]),
            [*closures, planned],
            await read_special_days(connection, day, last),
        )
    promised = proposed or {}
    found = (
        opening
        for opening in openings(schedule, occupancy, day, last, first)
        if opening.places > promised.get(opening.starts_at, 0)
    )
    return list(itertools.islice(found, limit))
