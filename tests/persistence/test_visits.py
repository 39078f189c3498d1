"""The queue of the day in PostgreSQL: numbers, calls, and two officials at once."""

from __future__ import annotations

import asyncio
import datetime as dt

import pytest
from sqlalchemy import text

from bot.domain.booking.appointment import State
from bot.domain.booking.errors import AppointmentOver, UnknownAppointment
from bot.domain.booking.visiting import (
    CannotReturn,
    NoMoreRecalls,
    NotConfirmed,
    VisitChanged,
    VisitState,
    WrongCounter,
    WrongDay,
    WrongDepartment,
)
from bot.persistence.visits import SqlVisits
from tests.conftest import Database
from tests.offices import COMPANY, HOUSEHOLD, MONDAY, city, fill_office
from tests.persistence.test_intake import rows
from tests.visiting import CLERK, arrive, call, desk, expect_somebody, state_of, walk_in

NINE = city(MONDAY, 9)


async def run(database: Database, statement: str) -> None:
    async with database.engine.begin() as connection:
        await connection.execute(text(statement))


async def test_who_comes_gets_the_next_number_and_the_same_one_when_they_come_twice(database: Database) -> None:
    counter, _ = await fill_office(database.engine)
    code = await expect_somebody(database.engine, counter, NINE)
    first = await arrive(database.engine, code, NINE)
    assert (first.number, first.state) == (1, VisitState.WAITING)
    assert (await walk_in(database.engine, NINE, HOUSEHOLD)).number == 2
    assert await arrive(database.engine, code, NINE) == first
    assert await state_of(database.engine, code) == ("arrived", 1)
    assert await rows(database, "SELECT change, actor, version, facts FROM appointment_change") == [
        ("arrived", CLERK, 1, {})
    ]


async def test_the_next_day_begins_with_number_one_again(database: Database) -> None:
    await fill_office(database.engine)
    assert (await walk_in(database.engine, NINE)).number == 1
    assert (await walk_in(database.engine, NINE + dt.timedelta(days=1))).number == 1


async def test_twenty_who_come_at_once_get_twenty_numbers(database: Database) -> None:
    counters = await fill_office(database.engine, counters=10)
    codes = [await expect_somebody(database.engine, counter, NINE) for counter in counters]
    visits = await asyncio.gather(
        *(arrive(database.engine, code, NINE) for code in codes), *(walk_in(database.engine, NINE) for _ in range(10))
    )
    assert sorted(visit.number for visit in visits) == list(range(1, 21))


async def test_one_code_scanned_twice_at_once_is_one_number(database: Database) -> None:
    counter, _ = await fill_office(database.engine)
    code = await expect_somebody(database.engine, counter, NINE)
    visits = await asyncio.gather(*(arrive(database.engine, code, NINE) for _ in range(5)))
    assert {visit.number for visit in visits} == {1}
    assert await rows(database, "SELECT count(*) FROM visit") == [(1,)]


async def test_counting_numbers_without_the_constraint_would_give_one_twice(database: Database) -> None:
    await fill_office(database.engine)
    await run(database, "ALTER TABLE visit DROP CONSTRAINT uq_visit_department_key_on_date_number")
    number = "SELECT coalesce(max(number), 0) + 1 FROM visit"
    async with database.engine.connect() as one, database.engine.connect() as other:
        assert await one.scalar(text(number)) == await other.scalar(text(number)) == 1
        for connection in (one, other):
            await connection.execute(
                text(
                    "INSERT INTO visit (department_key, on_date, number, arrived_at)"
                    " VALUES ('finance', '2026-03-02', 1, now())"
                )
            )
            await connection.commit()
    assert await rows(database, "SELECT number FROM visit") == [(1,), (1,)]


async def test_who_cannot_arrive_is_told_why(database: Database) -> None:
    counter, other = await fill_office(database.engine)
    await run(database, "INSERT INTO department (key, record) VALUES ('justice', '{}')")
    tomorrow = await expect_somebody(database.engine, counter, NINE + dt.timedelta(days=1))
    cancelled = await expect_somebody(database.engine, counter, NINE, state=State.CANCELLED)
    held = await expect_somebody(database.engine, counter, NINE, state=State.HELD)
    booked = await expect_somebody(database.engine, other, NINE)
    with pytest.raises(UnknownAppointment):
        await arrive(database.engine, "ZZZZZZ", NINE)
    with pytest.raises(WrongDay) as wrong_day:
        await arrive(database.engine, tomorrow, NINE)
    assert wrong_day.value.starts_at == NINE + dt.timedelta(days=1)
    with pytest.raises(AppointmentOver):
        await arrive(database.engine, cancelled, NINE)
    with pytest.raises(NotConfirmed):
        await arrive(database.engine, held, NINE)
    with pytest.raises(WrongDepartment):
        await arrive(database.engine, booked, NINE, department="justice")
    assert await rows(database, "SELECT count(*) FROM visit") == [(0,)]


async def test_an_appointment_whose_hour_has_come_goes_before_walk_ins_and_an_early_one_after(
    database: Database,
) -> None:
    counter, _ = await fill_office(database.engine)
    later = await expect_somebody(database.engine, counter, city(MONDAY, 10))
    now_due = await expect_somebody(database.engine, counter, NINE)
    before_nine = NINE - dt.timedelta(minutes=20)
    numbers = [
        (await arrive(database.engine, later, before_nine)).number,
        (await walk_in(database.engine, before_nine)).number,
        (await arrive(database.engine, now_due, before_nine + dt.timedelta(minutes=10))).number,
    ]
    assert numbers == [1, 2, 3]
    called = []
    current = None
    for _ in range(3):
        current = await call(database.engine, counter, NINE, current)
        assert current is not None
        called.append(current.number)
    assert called == [3, 2, 1]
    assert await call(database.engine, counter, NINE, current) is None


async def test_who_comes_far_too_late_waits_like_a_walk_in(database: Database) -> None:
    counter, _ = await fill_office(database.engine)
    code = await expect_somebody(database.engine, counter, NINE)
    half_past = NINE + dt.timedelta(minutes=30)
    walked_in = await walk_in(database.engine, half_past)
    await arrive(database.engine, code, half_past + dt.timedelta(minutes=1))
    called = await call(database.engine, counter, half_past + dt.timedelta(minutes=2))
    assert called is not None
    assert called.number == walked_in.number


async def test_ten_counters_that_call_at_once_never_call_the_same_number(database: Database) -> None:
    counters = await fill_office(database.engine, counters=10)
    for _ in range(8):
        await walk_in(database.engine, NINE)
    called = await asyncio.gather(*(call(database.engine, counter, NINE) for counter in counters))
    assert sorted(visit.number for visit in called if visit) == list(range(1, 9))
    assert called.count(None) == 2


async def test_reading_who_is_next_alone_would_call_one_number_to_two_counters(database: Database) -> None:
    """The race, and the compare-and-set that ends it: both have read before either writes."""
    one, other = await fill_office(database.engine)
    await walk_in(database.engine, NINE)
    async with database.engine.connect() as first, database.engine.connect() as second:
        seen = [await SqlVisits(each).queue("finance", NINE) for each in (first, second)]
        assert seen[0] == seen[1]
        assert await SqlVisits(first).take(seen[0][0], one, NINE) is not None
        await first.commit()
        assert await SqlVisits(second).take(seen[1][0], other, NINE) is None
        unguarded = text("UPDATE visit SET state = 'called', counter_id = :counter WHERE id = :id")
        done = await second.execute(unguarded, {"counter": other, "id": seen[1][0]})
        assert done.rowcount == 1  # without the guard the second counter would have called it too


async def test_a_double_click_on_call_next_calls_one_number(database: Database) -> None:
    counter, _ = await fill_office(database.engine)
    for _ in range(3):
        await walk_in(database.engine, NINE)
    clicks = await asyncio.gather(*(call(database.engine, counter, NINE) for _ in range(3)))
    assert [visit.number for visit in clicks if visit] == [1, 1, 1]
    again = await asyncio.gather(*(call(database.engine, counter, NINE, clicks[0]) for _ in range(3)))
    assert [visit.number for visit in again if visit] == [2, 2, 2]


async def test_calling_the_next_serves_the_one_before(database: Database) -> None:
    counter, _ = await fill_office(database.engine)
    code = await expect_somebody(database.engine, counter, NINE)
    await arrive(database.engine, code, NINE)
    await walk_in(database.engine, NINE)
    first = await call(database.engine, counter, NINE)
    second = await call(database.engine, counter, NINE, first)
    assert second is not None
    assert second.number == 2
    assert await state_of(database.engine, code) == ("served", 2)
    assert await rows(database, "SELECT number, state, served_by FROM visit ORDER BY number") == [
        (1, "served", CLERK),
        (2, "called", None),
    ]


async def test_a_counter_calls_only_what_it_can_serve(database: Database) -> None:
    company, household = await fill_office(database.engine)
    await run(database, f"UPDATE counter SET services = '[\"{HOUSEHOLD}\"]' WHERE id = {household}")
    await walk_in(database.engine, NINE, COMPANY)
    assert await call(database.engine, household, NINE) is None
    called = await call(database.engine, company, NINE)
    assert called is not None
    await run(database, "INSERT INTO department (key, record) VALUES ('justice', '{}')")
    with pytest.raises(WrongCounter):
        async with desk(database.engine) as (_, visits):
            await visits.call_next("justice", company, None, NINE, CLERK)


async def test_a_number_is_called_again_three_times_and_then_missed(database: Database) -> None:
    counter, _ = await fill_office(database.engine)
    code = await expect_somebody(database.engine, counter, NINE)
    await arrive(database.engine, code, NINE)
    visit = await call(database.engine, counter, NINE)
    assert visit is not None
    async with desk(database.engine) as (_, visits):
        once = await visits.recall(visit.id, visit.version, NINE, CLERK)
        assert await visits.recall(visit.id, visit.version, NINE, CLERK) == once  # a double click
        twice = await visits.recall(visit.id, once.version, NINE, CLERK)
        visit = await visits.recall(visit.id, twice.version, NINE, CLERK)
        assert (visit.calls, visit.recalls_left) == (4, 0)
        with pytest.raises(NoMoreRecalls):
            await visits.recall(visit.id, visit.version, NINE, CLERK)
        missed = await visits.finish(visit.id, visit.version, VisitState.MISSED, NINE, CLERK)
        assert await visits.finish(visit.id, visit.version, VisitState.MISSED, NINE, CLERK) == missed
    assert await state_of(database.engine, code) == ("missed", 2)
    back = await arrive(database.engine, code, NINE + dt.timedelta(minutes=20))
    assert (back.number, back.state, back.calls) == (1, VisitState.WAITING, 0)
    assert await state_of(database.engine, code) == ("arrived", 3)


async def test_served_and_missed_at_the_same_moment_only_one_is_true(database: Database) -> None:
    counter, _ = await fill_office(database.engine)
    await walk_in(database.engine, NINE)
    visit = await call(database.engine, counter, NINE)
    assert visit is not None

    async def finish(state: VisitState) -> str:
        try:
            async with desk(database.engine) as (_, visits):
                return (await visits.finish(visit.id, visit.version, state, NINE, CLERK)).state.value
        except VisitChanged as error:
            return f"not, it is {error.state}"

    ends = await asyncio.gather(finish(VisitState.SERVED), finish(VisitState.MISSED))
    assert sorted(ends) in (["missed", "not, it is missed"], ["not, it is served", "served"])


async def test_what_was_clicked_by_mistake_is_put_back_in_its_old_order(database: Database) -> None:
    counter, _ = await fill_office(database.engine)
    code = await expect_somebody(database.engine, counter, NINE)
    await arrive(database.engine, code, NINE)
    await walk_in(database.engine, NINE)
    visit = await call(database.engine, counter, NINE)
    assert visit is not None
    async with desk(database.engine) as (_, visits):
        served = await visits.finish(visit.id, visit.version, VisitState.SERVED, NINE, CLERK)
        waiting = await visits.put_back(served.id, served.version, NINE, CLERK)
        assert (waiting.state, waiting.counter, waiting.arrived_at) == (VisitState.WAITING, None, visit.arrived_at)
    assert (await state_of(database.engine, code))[0] == "arrived"
    again = await call(database.engine, counter, NINE)
    assert again is not None
    assert again.number == 1


async def test_who_comes_back_to_a_place_given_away_needs_a_new_number(database: Database) -> None:
    counter, _ = await fill_office(database.engine)
    missed = await expect_somebody(database.engine, counter, NINE, state=State.MISSED)
    await expect_somebody(database.engine, counter, NINE)
    with pytest.raises(CannotReturn):
        await arrive(database.engine, missed, NINE)


async def test_a_visit_is_sent_to_another_counter_which_alone_may_call_it(database: Database) -> None:
    one, other = await fill_office(database.engine)
    await walk_in(database.engine, NINE)
    visit = await call(database.engine, one, NINE)
    assert visit is not None
    async with desk(database.engine) as (_, visits):
        sent = await visits.send_to_counter(visit.id, visit.version, other, NINE, CLERK)
        with pytest.raises(VisitChanged):
            await visits.send_to_counter(visit.id, visit.version, other, NINE, CLERK)
    assert sent.state is VisitState.WAITING
    assert await call(database.engine, one, NINE) is None
    called = await call(database.engine, other, NINE)
    assert called is not None
    assert called.number == 1


async def test_a_visit_sent_to_another_department_gets_a_number_there_and_keeps_its_turn(database: Database) -> None:
    counter, _ = await fill_office(database.engine)
    await run(database, "INSERT INTO department (key, record) VALUES ('justice', '{}')")
    code = await expect_somebody(database.engine, counter, NINE)
    visit = await arrive(database.engine, code, NINE)
    async with desk(database.engine) as (_, visits):
        there = await visits.send_to_department(visit.id, visit.version, "justice", None, NINE, CLERK)
    assert (there.department, there.number, there.arrived_at) == ("justice", 1, visit.arrived_at)
    assert there.appointment == visit.appointment
    assert await call(database.engine, counter, NINE) is None
    assert (await walk_in(database.engine, NINE)).number == 2


async def test_an_appointment_cancelled_while_waiting_is_not_called(database: Database) -> None:
    counter, _ = await fill_office(database.engine)
    code = await expect_somebody(database.engine, counter, NINE)
    await arrive(database.engine, code, NINE)
    await run(database, "UPDATE appointment SET state = 'cancelled'")
    assert await call(database.engine, counter, NINE) is None


async def test_every_action_stands_in_the_audit_trail_without_the_person(database: Database) -> None:
    counter, _ = await fill_office(database.engine)
    code = await expect_somebody(database.engine, counter, NINE)
    await arrive(database.engine, code, NINE)
    visit = await call(database.engine, counter, NINE)
    assert visit is not None
    async with desk(database.engine) as (_, visits):
        visit = await visits.recall(visit.id, visit.version, NINE, CLERK)
        await visits.finish(visit.id, visit.version, VisitState.SERVED, NINE, CLERK)
    trail = await rows(database, "SELECT action, actor, object_key FROM audit ORDER BY id")
    assert trail == [
        (f"visit.{action}", CLERK, "finance/2026-03-02/1") for action in ("arrived", "called", "recalled", "served")
    ]
    everything = await rows(database, "SELECT before::text, after::text FROM audit")
    assert "Nguyễn" not in str(everything)
    assert code not in str(everything)


async def test_who_never_came_is_put_down_as_missed_and_may_still_come(database: Database) -> None:
    counter, _ = await fill_office(database.engine)
    code = await expect_somebody(database.engine, counter, NINE)
    async with desk(database.engine) as (arrivals, _):
        with pytest.raises(WrongDay):
            await arrivals.absent(code, "finance", NINE - dt.timedelta(minutes=1), CLERK)
        for _ in range(2):
            await arrivals.absent(code, "finance", NINE + dt.timedelta(minutes=20), CLERK)
    assert await state_of(database.engine, code) == ("missed", 1)
    assert (await arrive(database.engine, code, NINE + dt.timedelta(minutes=25))).number == 1
    async with desk(database.engine) as (arrivals, _):
        with pytest.raises(AppointmentOver):
            await arrivals.absent(code, "finance", NINE + dt.timedelta(minutes=30), CLERK)
