"""Openings in PostgreSQL: the rules and the taken places are read, what is left is derived from them."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.domain.booking.deriving import days, free_at, opening, openings
from bot.domain.booking.judging import earliest, last_day
from bot.domain.booking.occupancy import Occupancy
from bot.domain.booking.offering import offer
from bot.domain.booking.offices import CITY_TIME
from bot.domain.booking.openings import Offer, Opening, Why, Wish
from bot.domain.booking.schedule import Schedule

from .engine import at_once
from .offices import midnight, read_schedule

_TAKEN = text(
    "SELECT extract(epoch FROM lower(during))::bigint, extract(epoch FROM upper(during))::bigint,"
    " array_agg(counter_id), array_agg(place)"
    " FROM appointment WHERE counter_id = ANY(:counters) AND lower(during) >= :starts AND lower(during) < :ends"
    " AND (state IN ('booked', 'arrived') OR state = 'held' AND hold_until > :now) GROUP BY during"
)
"""Most appointments begin and end together with others: fewer rows, and each time is worked out once."""


class SqlOpenings:
    """`Openings` in PostgreSQL, with the listings of the console."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = at_once(engine)

    async def near(self, service: str, wish: Wish, now: dt.datetime, *, limit: int = 6) -> Offer:
        """As the port says."""
        async with self._engine.connect() as connection:
            today = now.astimezone(CITY_TIME).date()
            # the rules of the wished day are told even where it cannot be booked any more, or not yet
            wished = [day for day in (wish.first, wish.last) if day is not None and abs(day - today).days <= 400]
            # the longest window there is: that of the service is not known before it is read
            schedule = await read_schedule(
                connection, service, min([today, *wished]), max([today + dt.timedelta(days=180), *wished])
            )
            if schedule is None:
                return Offer(service, why=Why.NOT_OFFERED)
            occupancy = await read_occupancy(connection, schedule, today, last_day(schedule, now), now)
        return offer(schedule, occupancy, wish, now, limit=limit)

    async def listing(
        self, service: str, first: dt.date, last: dt.date, now: dt.datetime, *, any_time: bool = False
    ) -> list[Opening]:
        """Every opening of a service from `first` to `last` in order of time; none where it is not offered.

        `any_time` leaves notice and window aside, as officials may.
        """
        async with self._engine.connect() as connection:
            schedule = await read_schedule(connection, service, first, last)
            if schedule is None:
                return []
            occupancy = await read_occupancy(connection, schedule, first, last, now)
        if any_time:
            return openings(schedule, occupancy, first, last, now)
        return openings(schedule, occupancy, first, min(last, last_day(schedule, now)), earliest(schedule, now))

    async def by_counter(
        self, service: str, first: dt.date, last: dt.date, now: dt.datetime
    ) -> dict[int, list[Opening]]:
        """The same for each counter, whatever the notice and the window: a page of officials."""
        async with self._engine.connect() as connection:
            schedule = await read_schedule(connection, service, first, last)
            if schedule is None:
                return {}
            occupancy = await read_occupancy(connection, schedule, first, last, now)
        found: dict[int, list[Opening]] = {counter.id: [] for counter in schedule.counters}
        for day in days(first, last):
            for counter, free in free_at(schedule, occupancy, day).items():
                every = (opening(schedule, day, minute, places) for minute, places in free.items())
                found[counter] += (each for each in every if each.starts_at >= now)
        return found


async def read_occupancy(
    connection: AsyncConnection, schedule: Schedule, first: dt.date, last: dt.date, now: dt.datetime
) -> Occupancy:
    """Who has which place at the counters of a schedule from `first` to `last`; holds that lapsed are left out."""
    rows = await connection.execute(
        _TAKEN,
        {
            "counters": [counter.id for counter in schedule.counters],
            "starts": midnight(first),
            "ends": midnight(last + dt.timedelta(days=1)),
            "now": now,
        },
    )
    occupancy = Occupancy()
    for starts, ends, counters, places in rows:
        occupancy.take(starts, ends, zip(counters, places, strict=True))
    return occupancy
