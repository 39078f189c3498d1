"""The fast derivation finds what a slow and obvious one finds, whatever the rules and whoever is booked."""

from __future__ import annotations

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.booking.deriving import free_at, openings, places_at
from bot.domain.booking.occupancy import Occupancy, Taken, Tally
from bot.domain.booking.offices import CITY_TIME, Closure, Hours, SpecialDay
from bot.domain.booking.schedule import Schedule

from .test_deriving import MONDAY, a_counter, a_service, at

DAYS = [MONDAY + dt.timedelta(days=number) for number in range(8)]
"""A week and the Monday after it: the rules of a weekday are used twice."""
minutes = st.integers(8 * 60, 11 * 60)
clocks = minutes.map(lambda minute: dt.time(*divmod(minute, 60)))
days = st.sampled_from(DAYS)
moments = st.builds(lambda day, minute: at(day, *divmod(minute, 60)), days, minutes)
lengths = st.sampled_from([7, 15, 20, 30, 45, 60])


@st.composite
def hours(draw: st.DrawFn) -> Hours:
    starts, ends = sorted((draw(clocks), draw(clocks)))
    dated = draw(st.booleans())
    return Hours(
        draw(st.integers(1, 3)),
        draw(st.integers(0, 2)),
        starts,
        ends,
        draw(st.integers(0, 3)),
        draw(st.integers(0, 2)),
        draw(days) if dated else None,
        draw(days) if dated and draw(st.booleans()) else None,
    )


@st.composite
def closures(draw: st.DrawFn) -> Closure:
    starts_at = draw(moments)
    counter = draw(st.sampled_from([None, 1, 2]))
    return Closure(starts_at, starts_at + dt.timedelta(minutes=draw(st.integers(1, 2000))), "Họp", counter=counter)


@st.composite
def somebody(draw: st.DrawFn) -> Taken:
    starts = int(draw(moments).timestamp())
    return Taken(draw(st.integers(1, 3)), draw(st.integers(1, 4)), starts, starts + 60 * draw(lengths))


special_days = st.builds(SpecialDay, days, st.just("Nghỉ"), st.sampled_from([None, 0, 1]))


def slowly(
    schedule: Schedule,
    rules: list[Hours],
    closed: list[Closure],
    special: list[SpecialDay],
    taken: list[Taken],
    day: dt.date,
) -> dict[int, dict[int, int]]:
    """For each counter the minutes at which places for contacts are left, each minute and place looked at alone."""
    weekdays = {each.day: each.worked_as for each in special}
    weekday = weekdays.get(day, day.weekday())
    found: dict[int, dict[int, int]] = {}
    for counter in (1, 2, 3):
        capacities: dict[int, int] = {}
        for rule in rules:
            if rule.counter != counter or rule.weekday != weekday:
                continue
            if (rule.valid_from and day < rule.valid_from) or (rule.valid_to and day > rule.valid_to):
                continue
            minute = rule.starts.hour * 60 + rule.starts.minute
            while minute + schedule.minutes <= rule.ends.hour * 60 + rule.ends.minute:
                capacities[minute] = max(capacities.get(minute, 0), rule.capacity)
                minute += schedule.minutes
        for minute, capacity in capacities.items():
            starts_at = dt.datetime.combine(day, dt.time(*divmod(minute, 60)), CITY_TIME)
            ends_at = starts_at + schedule.service.duration
            if any(
                each.counter in (None, counter) and each.starts_at < ends_at and starts_at < each.ends_at
                for each in closed
            ):
                continue
            starts, ends = int(starts_at.timestamp()), int(ends_at.timestamp())
            had = {one.place for one in taken if one.counter == counter and one.starts < ends and starts < one.ends}
            left = sum(place not in had for place in range(1, capacity + 1))
            if left:
                found.setdefault(counter, {})[minute] = left
    return found


@settings(max_examples=300, deadline=None)
@given(
    lengths,
    st.lists(hours(), max_size=6),
    st.lists(closures(), max_size=2),
    st.lists(special_days, max_size=2, unique_by=lambda each: each.day),
    st.lists(somebody(), max_size=12),
    moments,
)
def test_the_fast_derivation_finds_what_the_obvious_one_finds(
    length: int,
    rules: list[Hours],
    closed: list[Closure],
    special: list[SpecialDay],
    taken: list[Taken],
    earliest: dt.datetime,
) -> None:
    counters = [a_counter(number) for number in (1, 2, 3)]
    schedule = Schedule(a_service(length), counters, rules, closed, special)
    occupancy = Occupancy(taken)
    expected: list[tuple[dt.datetime, int]] = []
    for day in DAYS:
        slow = slowly(schedule, rules, closed, special, taken, day)
        fast = free_at(schedule, occupancy, day)
        assert {counter: free for counter, free in fast.items() if free} == slow
        sums: dict[int, int] = {}
        for free in slow.values():
            for minute, left in free.items():
                sums[minute] = sums.get(minute, 0) + left
        for minute, left in sorted(sums.items()):
            starts_at = dt.datetime.combine(day, dt.time(*divmod(minute, 60)), CITY_TIME)
            kept = places_at(schedule, occupancy, starts_at)
            assert sum(len(places) for _, places in kept) == left
            if starts_at >= earliest:
                expected.append((starts_at, left))
    found = openings(schedule, occupancy, DAYS[0], DAYS[-1], earliest)
    assert [(each.starts_at, each.places) for each in found] == expected


@given(st.lists(st.sets(st.integers(0, 9)), max_size=20))
def test_a_tally_counts_each_minute(added: list[set[int]]) -> None:
    tally = Tally()
    for minutes_ in added:
        tally.add(sum(1 << minute for minute in minutes_))
    assert [tally.at(minute) for minute in range(10)] == [
        sum(minute in minutes_ for minutes_ in added) for minute in range(10)
    ]
