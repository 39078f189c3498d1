"""Openings read from PostgreSQL: what is offered, listed, and how long it takes."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import text

from bot.domain.booking.openings import Why, Wish
from bot.domain.when import Part
from bot.persistence.offices import SqlOffices
from bot.persistence.openings import SqlOpenings
from bot.persistence.public_holidays import public_holidays
from tests.bench import openings as bench
from tests.bench.figures import percentile
from tests.builders import an_address
from tests.conftest import Database
from tests.offices import COMPANY, EARLY, HOUSEHOLD, MONDAY, city, close, decide, fill_office
from tests.persistence.test_appointments import held

TUESDAY = MONDAY + dt.timedelta(days=1)
KINGS_DAY = dt.date(2026, 4, 27)
"""A Monday off for the Hung Kings' Commemoration Day, which fell on a Sunday."""


async def test_a_wish_is_met_or_the_nearest_openings_are_offered(database: Database) -> None:
    await fill_office(database.engine, counters=1)
    openings = SqlOpenings(database.engine)
    wish = Wish(first=TUESDAY, time=dt.time(9))
    met = await openings.near(COMPANY, wish, EARLY)
    assert met.exact is not None
    assert met.exact.starts_at == city(TUESDAY, 9)
    await held(database, an_address(), city(TUESDAY, 9))
    missed = await openings.near(COMPANY, wish, EARLY)
    assert (missed.exact, missed.why, len(missed.openings)) == (None, Why.FULL, 6)
    half = await openings.near(HOUSEHOLD, Wish(first=TUESDAY, time=dt.time(9, 15)), EARLY)
    assert half.why is Why.FULL, "another service at the same counter is taken with it"
    assert len((await openings.near(COMPANY, Wish(part=Part.MORNING), EARLY, limit=3)).openings) == 3


async def test_every_opening_of_a_day_is_listed_in_all_and_by_counter(database: Database) -> None:
    one, two = await fill_office(database.engine)
    await close(database.engine, city(MONDAY, 8), city(MONDAY, 9), counter=one)
    openings = SqlOpenings(database.engine)
    listed = await openings.listing(COMPANY, MONDAY, MONDAY, EARLY)
    assert [each.places for each in listed] == [1, 1] + [2] * 12
    counters = await openings.by_counter(COMPANY, MONDAY, MONDAY, EARLY)
    assert {counter: len(each) for counter, each in counters.items()} == {one: 12, two: 14}
    assert await openings.listing("no_such_service", MONDAY, MONDAY, EARLY) == []
    late = city(MONDAY, 16)
    assert await openings.listing(COMPANY, MONDAY, MONDAY, late) == []
    assert len(await openings.listing(COMPANY, MONDAY, MONDAY, late, any_time=True)) == 2


async def test_a_lapsed_hold_is_free_before_any_sweep(database: Database) -> None:
    await fill_office(database.engine, counters=1)
    await held(database, an_address(), city(MONDAY, 9))
    openings = SqlOpenings(database.engine)
    for now, free in ((EARLY, False), (EARLY + dt.timedelta(minutes=10), True)):
        listed = await openings.listing(COMPANY, MONDAY, MONDAY, now)
        assert (city(MONDAY, 9) in [each.starts_at for each in listed]) is free


async def test_a_public_holiday_is_named_and_an_administrator_may_decide_otherwise(database: Database) -> None:
    await fill_office(database.engine, window_days=90)
    openings = SqlOpenings(database.engine)
    off = await openings.near(COMPANY, Wish(first=KINGS_DAY, time=dt.time(9)), EARLY)
    assert off.why is Why.HOLIDAY
    assert off.name is not None
    assert "Giỗ Tổ" in off.name
    assert off.name_en is not None
    assert "Hung Kings" in off.name_en
    await decide(database.engine, KINGS_DAY, "Làm việc bình thường", worked_as=0)
    assert (await openings.near(COMPANY, Wish(first=KINGS_DAY, time=dt.time(9)), EARLY)).exact is not None


def test_a_saturday_worked_for_a_day_off_is_known() -> None:
    (saturday,) = public_holidays(dt.date(2026, 8, 1), dt.date(2026, 8, 30))
    assert (saturday.day, saturday.worked_as) == (dt.date(2026, 8, 22), 0)


async def test_a_service_that_is_not_active_is_neither_listed_nor_offered(database: Database) -> None:
    await fill_office(database.engine)
    assert [service.key for service in await SqlOffices(database.engine).services()] == [COMPANY, HOUSEHOLD]
    async with database.engine.begin() as connection:
        await connection.execute(text("UPDATE service SET active = false WHERE key = :key"), {"key": COMPANY})
    assert [service.key for service in await SqlOffices(database.engine).services()] == [HOUSEHOLD]
    assert (await SqlOpenings(database.engine).near(COMPANY, Wish(), EARLY)).why is Why.NOT_OFFERED


async def test_sixty_days_of_twenty_counters_are_listed_in_no_time(database: Database) -> None:
    """A generous bound for a busy machine; `tests/bench/openings.py` measures against the goal."""
    await bench.fill(database.engine)
    assert percentile(await bench.timed(database.engine, 5), 0.5) < 500
