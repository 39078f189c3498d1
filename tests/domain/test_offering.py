"""What is offered for a wish: the opening itself, or the nearest with the reason; few, and a real choice."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

from bot.domain.booking.occupancy import Occupancy, Taken
from bot.domain.booking.offering import offer
from bot.domain.booking.offices import Closure, SpecialDay
from bot.domain.booking.openings import Offer, Why, Wish
from bot.domain.booking.schedule import Schedule
from bot.domain.when import Edge, Part

from .test_deriving import EARLY, MONDAY, a_counter, a_schedule, a_service, at, taken, weekly

TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = (MONDAY + dt.timedelta(days=n) for n in range(1, 7))
NINE = dt.time(9)


def ask(
    wish: Wish,
    *occupied: Taken,
    schedule: Schedule | None = None,
    now: dt.datetime = EARLY,
    limit: int = 6,
) -> Offer:
    return offer(schedule or a_schedule(), Occupancy(occupied), wish, now, limit=limit)


def shown(found: Offer) -> list[str]:
    """`03 08:30` is the third of March."""
    return [f"{one.starts_at:%d %H:%M}" for one in found.openings]


def full(day: dt.date, counter: int = 1) -> list[Taken]:
    return [taken(counter, 1, at(day, 8), 9 * 60)]


def test_a_day_and_an_hour_that_are_free_are_given_exactly() -> None:
    found = ask(Wish(first=TUESDAY, time=NINE))
    assert found.exact is not None
    assert (found.exact.starts_at, found.exact.places, found.openings, found.why) == (at(TUESDAY, 9), 1, (), None)


def test_a_full_hour_gives_the_nearest_of_the_day_and_some_of_its_neighbours() -> None:
    found = ask(Wish(first=TUESDAY, time=NINE), taken(1, 1, at(TUESDAY, 9)))
    assert (found.exact, found.why) == (None, Why.FULL)
    assert shown(found) == ["03 08:00", "03 08:30", "03 09:30", "03 10:00", "04 08:30", "04 09:00"]


def test_openings_near_an_hour_are_half_an_hour_apart_though_shorter_ones_are_free() -> None:
    schedule = a_schedule(a_service(15))
    found = ask(Wish(first=TUESDAY, time=NINE), taken(1, 1, at(TUESDAY, 9), 15), schedule=schedule)
    minutes = [one.starts_at for one in found.openings if one.starts_at.date() == TUESDAY]
    assert all(later - earlier >= dt.timedelta(minutes=30) for earlier, later in itertools.pairwise(minutes))


def test_a_full_day_gives_the_days_around_it() -> None:
    found = ask(Wish(first=WEDNESDAY), *full(WEDNESDAY))
    assert found.why is Why.FULL
    assert shown(found) == ["03 08:00", "03 13:30", "05 08:00", "05 13:30", "06 08:00", "06 13:30"]


def test_only_a_day_gives_a_choice_from_morning_to_evening() -> None:
    found = ask(Wish(first=TUESDAY), schedule=a_schedule(a_service(15)))
    assert (found.exact, found.why) == (None, None)
    assert shown(found) == ["03 08:00", "03 09:00", "03 10:15", "03 13:30", "03 14:30", "03 15:45"]
    assert found.hours == ((dt.time(8), dt.time(11, 30)), (dt.time(13, 30), dt.time(17)))


@pytest.mark.parametrize(
    ("part", "first", "last"),
    [(Part.MORNING, "08:00", "11:00"), (Part.AFTERNOON, "13:30", "16:00"), (Part.NOON, "11:00", "13:30")],
)
def test_a_part_of_a_day_gives_openings_of_that_part(part: Part, first: str, last: str) -> None:
    found = ask(Wish(first=TUESDAY, part=part))
    assert found.why is None
    assert shown(found)[0] == f"03 {first}"
    assert shown(found)[-1] <= f"03 {last}"


def test_the_evening_is_outside_the_hours_and_the_late_afternoon_is_near_it() -> None:
    found = ask(Wish(first=TUESDAY, part=Part.EVENING))
    assert found.why is Why.OUTSIDE_HOURS
    assert found.hours == ((dt.time(8), dt.time(11, 30)), (dt.time(13, 30), dt.time(17)))
    assert "03 16:30" in shown(found)


def test_the_first_and_the_last_hour_of_a_part_of_the_day() -> None:
    assert shown(ask(Wish(first=TUESDAY, edge=Edge.START))) == ["03 08:00", "03 08:30"]
    assert shown(ask(Wish(first=TUESDAY, part=Part.AFTERNOON, edge=Edge.START))) == ["03 13:30", "03 14:00"]
    assert shown(ask(Wish(first=TUESDAY, part=Part.MORNING, edge=Edge.END))) == ["03 10:30", "03 11:00"]
    assert shown(ask(Wish(first=TUESDAY, edge=Edge.END))) == ["03 16:00", "03 16:30"]


def test_a_span_of_hours_gives_what_is_within() -> None:
    found = ask(Wish(first=TUESDAY, time=NINE, until=dt.time(11)))
    assert shown(found) == ["03 09:00", "03 09:30", "03 10:00", "03 10:30"]
    assert ask(Wish(first=TUESDAY, until=NINE)).openings[-1].starts_at == at(TUESDAY, 8, 30)


def test_only_an_hour_gives_the_next_days_at_that_hour() -> None:
    found = ask(Wish(time=NINE))
    assert (found.exact, found.why) == (None, None)
    assert shown(found) == ["02 09:00", "03 09:00", "04 09:00", "05 09:00", "06 09:00", "09 09:00"]


def test_only_a_part_gives_it_on_the_next_days() -> None:
    found = ask(Wish(part=Part.MORNING))
    assert shown(found) == ["02 08:00", "02 09:30", "03 08:00", "03 09:30", "04 08:00", "04 09:30"]


def test_nothing_at_all_gives_the_earliest_with_a_choice() -> None:
    found = ask(Wish(), now=at(MONDAY, 14))
    assert found.why is None
    assert shown(found) == ["02 15:00", "02 16:00", "03 08:00", "03 13:30", "04 08:00", "04 13:30"]


def test_a_week_is_offered_over_its_days() -> None:
    next_monday = MONDAY + dt.timedelta(days=7)
    found = ask(Wish(first=next_monday, last=next_monday + dt.timedelta(days=6)))
    assert found.why is None
    assert shown(found) == ["09 08:00", "09 13:30", "11 08:00", "11 13:30", "13 08:00", "13 13:30"]


def test_a_week_at_an_hour_is_that_hour_of_its_days() -> None:
    next_monday = MONDAY + dt.timedelta(days=7)
    found = ask(Wish(first=next_monday, last=next_monday + dt.timedelta(days=6), time=NINE))
    assert shown(found) == ["09 09:00", "10 09:00", "11 09:00", "12 09:00", "13 09:00"]


def test_days_refused_are_never_offered() -> None:
    found = ask(Wish(first=MONDAY, last=FRIDAY, excluding=(MONDAY, WEDNESDAY)))
    assert {one.starts_at.date() for one in found.openings} == {TUESDAY, THURSDAY, FRIDAY}
    found = ask(Wish(first=WEDNESDAY, excluding=(THURSDAY,)), *full(WEDNESDAY))
    assert THURSDAY not in {one.starts_at.date() for one in found.openings}


def test_a_day_of_the_past_gives_the_next_ones() -> None:
    found = ask(Wish(first=MONDAY - dt.timedelta(days=3), time=NINE))
    assert found.why is Why.PAST
    assert shown(found)[0].startswith("02")


def test_an_hour_of_today_that_has_passed_gives_what_is_left_today() -> None:
    found = ask(Wish(first=MONDAY, time=dt.time(8)), now=at(MONDAY, 9))
    assert found.why is Why.PAST
    assert shown(found)[0] == "02 10:00"


def test_today_after_the_counters_have_closed_is_past() -> None:
    found = ask(Wish(first=MONDAY), now=at(MONDAY, 18))
    assert found.why is Why.PAST
    assert shown(found)[0] == "03 08:00"


def test_too_soon_tells_the_first_moment() -> None:
    found = ask(Wish(first=MONDAY, time=dt.time(9, 30)), now=at(MONDAY, 9))
    assert (found.why, found.limit) == (Why.TOO_SOON, at(MONDAY, 10))
    assert shown(found)[0] == "02 10:00"


def test_too_far_tells_the_last_day_and_offers_its_neighbourhood() -> None:
    found = ask(Wish(first=dt.date(2026, 6, 1), time=NINE))
    assert found.why is Why.TOO_FAR
    assert found.limit is not None
    assert found.limit.date() == dt.date(2026, 4, 1)
    assert found.openings[-1].starts_at.date() == dt.date(2026, 4, 1)


def test_a_holiday_is_named_in_both_languages() -> None:
    schedule = a_schedule(special_days=[SpecialDay(TUESDAY, "Giỗ Tổ", name_en="Kings' Day")])
    for wish in (Wish(first=TUESDAY), Wish(first=TUESDAY, time=NINE)):
        found = ask(wish, schedule=schedule)
        assert (found.why, found.name, found.name_en) == (Why.HOLIDAY, "Giỗ Tổ", "Kings' Day")
        assert {one.starts_at.date() for one in found.openings} <= {MONDAY, WEDNESDAY, THURSDAY}


def test_a_day_off_gives_friday_and_monday() -> None:
    found = ask(Wish(first=SATURDAY, time=NINE))
    assert found.why is Why.DAY_OFF
    assert {"06 09:00", "09 09:00"} <= set(shown(found))


def test_a_closed_day_tells_the_reason() -> None:
    schedule = a_schedule(closures=[Closure(at(TUESDAY, 0), at(WEDNESDAY, 0), "Chuyển trụ sở")])
    found = ask(Wish(first=TUESDAY), schedule=schedule)
    assert (found.why, found.name) == (Why.CLOSED, "Chuyển trụ sở")


def test_a_closed_morning_gives_the_afternoon() -> None:
    schedule = a_schedule(closures=[Closure(at(TUESDAY, 8), at(TUESDAY, 12), "Họp")])
    found = ask(Wish(first=TUESDAY, part=Part.MORNING), schedule=schedule)
    assert (found.why, found.name) == (Why.CLOSED, "Họp")
    assert "03 13:30" in shown(found)
    assert ask(Wish(first=TUESDAY), schedule=schedule).why is None


def test_lunch_is_outside_the_hours() -> None:
    found = ask(Wish(first=TUESDAY, time=dt.time(12)))
    assert found.why is Why.OUTSIDE_HOURS
    assert found.hours == ((dt.time(8), dt.time(11, 30)), (dt.time(13, 30), dt.time(17)))
    assert {"03 11:00", "03 13:30"} <= set(shown(found))


def test_between_two_openings_both_are_offered() -> None:
    found = ask(Wish(first=TUESDAY, time=dt.time(9, 10)))
    assert found.why is Why.BETWEEN_OPENINGS
    assert {"03 09:00", "03 09:30"} <= set(shown(found))


def test_only_an_hour_that_is_never_an_opening_tells_why() -> None:
    found = ask(Wish(time=dt.time(12)))
    assert found.why is Why.OUTSIDE_HOURS
    assert "02 11:00" in shown(found)


def test_a_weekend_is_a_day_off() -> None:
    found = ask(Wish(first=SATURDAY, last=SUNDAY))
    assert found.why is Why.DAY_OFF
    assert {one.starts_at.date() for one in found.openings} >= {FRIDAY, MONDAY + dt.timedelta(days=7)}


def test_a_service_nobody_serves_is_not_offered() -> None:
    assert ask(Wish(), schedule=a_schedule(counters=[])) == Offer("company", why=Why.NOT_OFFERED)


def test_when_everything_is_taken_nothing_is_offered_and_full_is_said() -> None:
    schedule = a_schedule(a_service(window=2))
    found = ask(Wish(), *full(MONDAY), *full(TUESDAY), *full(WEDNESDAY), schedule=schedule)
    assert (found.why, found.openings) == (Why.FULL, ())


@pytest.mark.parametrize("limit", [1, 2, 3, 6, 10])
def test_never_more_than_the_limit_and_always_in_order(limit: int) -> None:
    counters, hours = [a_counter(1), a_counter(2)], weekly(1) + weekly(2)
    schedule = a_schedule(a_service(15), counters, hours)
    for wish in (
        Wish(),
        Wish(first=TUESDAY),
        Wish(first=MONDAY, last=FRIDAY),
        Wish(time=NINE),
        Wish(first=SATURDAY),
        Wish(first=TUESDAY, time=dt.time(12)),
        Wish(first=MONDAY, last=FRIDAY, time=dt.time(12)),
        Wish(last=TUESDAY),
    ):
        found = ask(wish, schedule=schedule, limit=limit)
        moments = [one.starts_at for one in found.openings]
        assert 1 <= len(moments) <= limit
        assert moments == sorted(set(moments))
