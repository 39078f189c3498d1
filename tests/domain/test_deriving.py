"""Openings derived from rules: spans, lunch, closures, holidays, swapped days, validity, capacity, services."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import pytest

from bot.domain.booking.deriving import openings, places_at
from bot.domain.booking.judging import why_not
from bot.domain.booking.occupancy import Occupancy, Taken
from bot.domain.booking.offices import CITY_TIME, Closure, Counter, Hours, Service, SpecialDay
from bot.domain.booking.openings import Why
from bot.domain.booking.schedule import Schedule
from bot.domain.procedure import Text

MONDAY = dt.date(2026, 3, 2)
SATURDAY = dt.date(2026, 3, 7)
EARLY = dt.datetime(2026, 3, 2, 7, tzinfo=CITY_TIME)
SPANS = ((dt.time(8), dt.time(11, 30)), (dt.time(13, 30), dt.time(17)))


def at(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, minute), CITY_TIME)


def a_service(minutes: int = 30, key: str = "company", *, notice: int = 60, window: int = 30) -> Service:
    return Service(
        key,
        "finance",
        Text("Thành lập công ty"),
        dt.timedelta(minutes=minutes),
        dt.timedelta(minutes=notice),
        dt.timedelta(days=window),
        dt.timedelta(hours=2),
    )


def a_counter(number: int = 1, *services: str, department: str = "finance") -> Counter:
    return Counter(number, f"counter-{number}", department, Text(f"Quầy {number}"), None, services)


def weekly(
    counter: int = 1,
    *,
    capacity: int = 1,
    reserved: int = 0,
    weekdays: Iterable[int] = range(5),
    spans: Iterable[tuple[dt.time, dt.time]] = SPANS,
    valid_from: dt.date | None = None,
    valid_to: dt.date | None = None,
) -> list[Hours]:
    return [
        Hours(counter, weekday, starts, ends, capacity, reserved, valid_from, valid_to)
        for weekday in weekdays
        for starts, ends in spans
    ]


def a_schedule(
    service: Service | None = None,
    counters: Iterable[Counter] = (a_counter(),),
    hours: Iterable[Hours] | None = None,
    closures: Iterable[Closure] = (),
    special_days: Iterable[SpecialDay] = (),
) -> Schedule:
    return Schedule(service or a_service(), counters, weekly() if hours is None else hours, closures, special_days)


def taken(counter: int, place: int, starts_at: dt.datetime, minutes: int = 30) -> Taken:
    starts = int(starts_at.timestamp())
    return Taken(counter, place, starts, starts + minutes * 60)


def listed(schedule: Schedule, day: dt.date = MONDAY, *occupied: Taken) -> list[str]:
    """The openings of a day as `08:00` or, with more than one place, `08:00 x2`."""
    found = openings(schedule, Occupancy(occupied), day, day, at(day, 0))
    return [f"{one.starts_at:%H:%M}" + (f" x{one.places}" if one.places > 1 else "") for one in found]


def test_openings_fill_the_spans_and_leave_lunch_out() -> None:
    assert listed(a_schedule()) == (
        "08:00 08:30 09:00 09:30 10:00 10:30 11:00 13:30 14:00 14:30 15:00 15:30 16:00 16:30".split()
    )


def test_an_opening_ends_within_its_span() -> None:
    assert listed(a_schedule(a_service(60))) == "08:00 09:00 10:00 13:30 14:30 15:30".split()


def test_openings_know_when_they_end_and_are_in_city_time() -> None:
    first, *_ = openings(a_schedule(a_service(45)), Occupancy(), MONDAY, MONDAY, EARLY)
    assert (first.starts_at, first.ends_at) == (at(MONDAY, 8), at(MONDAY, 8, 45))
    assert first.starts_at.utcoffset() == dt.timedelta(hours=7)


def test_nobody_works_on_a_weekday_without_hours() -> None:
    assert listed(a_schedule(), SATURDAY) == []


@pytest.mark.parametrize("weekday", range(7))
def test_monday_is_zero(weekday: int) -> None:
    schedule = a_schedule(hours=weekly(weekdays=[weekday]))
    week = [MONDAY + dt.timedelta(days=number) for number in range(7)]
    assert [bool(listed(schedule, day)) for day in week] == [number == weekday for number in range(7)]


def test_no_summer_time_shifts_an_opening_whatever_the_month() -> None:
    schedule = a_schedule(hours=weekly(weekdays=range(7)))
    for month in range(1, 13):
        day = dt.date(2026, month, 15)
        assert openings(schedule, Occupancy(), day, day, at(day, 0))[0].starts_at.astimezone(dt.UTC).hour == 1


def test_a_public_holiday_is_not_worked() -> None:
    assert listed(a_schedule(special_days=[SpecialDay(MONDAY, "Giỗ Tổ")])) == []


def test_a_swapped_saturday_is_worked_by_the_hours_of_the_day_it_replaces() -> None:
    hours = weekly(weekdays=range(4)) + weekly(weekdays=[4], spans=[(dt.time(8), dt.time(9))])
    swapped = a_schedule(hours=hours, special_days=[SpecialDay(SATURDAY, "Làm bù", worked_as=4)])
    assert listed(swapped, SATURDAY) == ["08:00", "08:30"]


def test_a_closure_takes_away_what_it_touches() -> None:
    closure = Closure(at(MONDAY, 8, 45), at(MONDAY, 14), "Họp")
    assert listed(a_schedule(closures=[closure])) == "08:00 14:00 14:30 15:00 15:30 16:00 16:30".split()


def test_a_closure_over_several_days_closes_them_all() -> None:
    closure = Closure(at(MONDAY, 16), at(MONDAY + dt.timedelta(days=2), 9), "Chuyển trụ sở")
    schedule = a_schedule(closures=[closure])
    assert listed(schedule)[-1] == "15:30"
    assert listed(schedule, MONDAY + dt.timedelta(days=1)) == []
    assert listed(schedule, MONDAY + dt.timedelta(days=2))[0] == "09:00"


@pytest.mark.parametrize(
    ("closure", "left"),
    [
        (Closure(at(MONDAY, 8), at(MONDAY, 17), "Hỏng máy", counter=2), 1),
        (Closure(at(MONDAY, 8), at(MONDAY, 17), "Hỏng máy", department="finance"), 0),
        (Closure(at(MONDAY, 8), at(MONDAY, 17), "Hỏng máy", department="justice"), 2),
        (Closure(at(MONDAY, 8), at(MONDAY, 17), "Bão"), 0),
        (Closure(at(MONDAY, 8), at(MONDAY, 17), "Hỏng máy", counter=3), 2),
    ],
)
def test_a_closure_concerns_a_counter_a_department_or_all(closure: Closure, left: int) -> None:
    schedule = a_schedule(counters=[a_counter(1), a_counter(2)], hours=weekly(1) + weekly(2), closures=[closure])
    assert sum(one.places for one in openings(schedule, Occupancy(), MONDAY, MONDAY, EARLY)) == left * 14


def test_hours_hold_from_and_to_their_dates() -> None:
    tuesday = MONDAY + dt.timedelta(days=1)
    schedule = a_schedule(
        hours=weekly(spans=[(dt.time(8), dt.time(9))], valid_to=MONDAY)
        + weekly(spans=[(dt.time(9), dt.time(10))], valid_from=tuesday)
    )
    assert (listed(schedule, MONDAY), listed(schedule, tuesday)) == (["08:00", "08:30"], ["09:00", "09:30"])


def test_places_of_all_counters_are_counted() -> None:
    schedule = a_schedule(
        counters=[a_counter(1), a_counter(2)],
        hours=weekly(1, capacity=2, spans=[(dt.time(8), dt.time(9))]) + weekly(2, spans=[(dt.time(8), dt.time(8, 30))]),
    )
    assert listed(schedule) == ["08:00 x3", "08:30 x2"]
    assert listed(schedule, MONDAY, taken(1, 1, at(MONDAY, 8))) == ["08:00 x2", "08:30 x2"]


def test_a_place_must_be_free_for_the_whole_duration() -> None:
    schedule = a_schedule(hours=weekly(spans=[(dt.time(8), dt.time(10))]))
    assert listed(schedule, MONDAY, taken(1, 1, at(MONDAY, 8, 15), 30)) == ["09:00", "09:30"]


def test_two_halves_of_different_places_make_no_opening() -> None:
    schedule = a_schedule(a_service(60), hours=weekly(capacity=2, spans=[(dt.time(8), dt.time(9))]))
    assert listed(schedule, MONDAY, taken(1, 1, at(MONDAY, 8)), taken(1, 2, at(MONDAY, 8, 30))) == []


def test_reserved_places_are_shown_to_nobody_and_taken_by_officials_first() -> None:
    schedule = a_schedule(hours=weekly(capacity=1, reserved=2))
    assert listed(schedule)[0] == "08:00"
    assert places_at(schedule, Occupancy(), at(MONDAY, 8)) == [(1, [1])]
    assert places_at(schedule, Occupancy(), at(MONDAY, 8), officials=True) == [(1, [2, 3, 1])]
    only = a_schedule(hours=weekly(capacity=0, reserved=1))
    assert listed(only) == []
    assert places_at(only, Occupancy(), at(MONDAY, 8), officials=True) == [(1, [1])]


def test_someone_at_a_reserved_place_leaves_the_contacts_theirs() -> None:
    schedule = a_schedule(hours=weekly(capacity=1, reserved=1))
    assert "08:00" in listed(schedule, MONDAY, taken(1, 2, at(MONDAY, 8)))


def test_a_counter_serves_what_it_names_or_all_of_its_department() -> None:
    for counter, serves in (
        (a_counter(1), True),
        (a_counter(1, "company"), True),
        (a_counter(1, "household"), False),
        (a_counter(1, department="justice"), False),
        (a_counter(1, "company", department="justice"), True),
    ):
        assert bool(listed(a_schedule(counters=[counter]))) is serves


def test_notice_cuts_the_beginning_and_the_window_the_end() -> None:
    schedule = a_schedule()
    now = at(MONDAY, 8, 10)
    assert why_not(schedule, at(MONDAY, 9), now) is Why.TOO_SOON
    assert why_not(schedule, at(MONDAY, 9, 30), now) is None
    assert why_not(schedule, at(MONDAY, 9), now, promised=True) is None
    assert why_not(schedule, at(dt.date(2026, 4, 1), 16), now) is None, "the whole of the last day"
    assert why_not(schedule, at(dt.date(2026, 4, 2), 8), now) is Why.TOO_FAR
    assert why_not(schedule, at(dt.date(2026, 4, 2), 8), now, promised=True) is None


@pytest.mark.parametrize(
    ("moment", "why"),
    [
        (at(MONDAY, 6, 59), Why.PAST),
        (at(MONDAY, 7, 30), Why.OUTSIDE_HOURS),
        (at(MONDAY, 11, 30), Why.OUTSIDE_HOURS),
        (at(MONDAY, 12), Why.OUTSIDE_HOURS),
        (at(MONDAY, 17), Why.OUTSIDE_HOURS),
        (at(MONDAY, 11, 20), Why.BETWEEN_OPENINGS),
        (at(MONDAY, 9, 10), Why.BETWEEN_OPENINGS),
        (at(MONDAY, 9) + dt.timedelta(seconds=1), Why.BETWEEN_OPENINGS),
        (at(SATURDAY, 9), Why.DAY_OFF),
        (at(MONDAY, 9).astimezone(dt.UTC), None),
    ],
)
def test_why_a_time_cannot_be_booked(moment: dt.datetime, why: Why | None) -> None:
    assert why_not(a_schedule(), moment, EARLY) is why


def test_a_service_without_a_counter_is_not_offered() -> None:
    assert why_not(a_schedule(counters=[]), at(MONDAY, 9), EARLY) is Why.NOT_OFFERED


def test_closed_is_told_only_where_every_counter_is() -> None:
    counters = [a_counter(1), a_counter(2)]
    one = Closure(at(MONDAY, 9), at(MONDAY, 10), "Hỏng máy", counter=1)
    both = Closure(at(MONDAY, 9), at(MONDAY, 10), "Mất điện")
    hours = weekly(1) + weekly(2)
    assert why_not(a_schedule(counters=counters, hours=hours, closures=[one]), at(MONDAY, 9), EARLY) is None
    assert why_not(a_schedule(counters=counters, hours=hours, closures=[both]), at(MONDAY, 9), EARLY) is Why.CLOSED
    short = Closure(at(MONDAY, 9, 15), at(MONDAY, 9, 20), "Họp ngắn")
    assert why_not(a_schedule(closures=[short]), at(MONDAY, 9), EARLY) is Why.CLOSED
