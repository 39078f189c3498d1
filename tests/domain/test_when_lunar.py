"""The Vietnamese lunar calendar, where it differs from the Chinese one too."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.when.lunar import LunarDate, month_length, to_lunar, to_solar

NEW_YEARS = {
    1968: date(1968, 1, 29),  # a day before China's, from this year on
    1985: date(1985, 1, 21),  # a month before China's
    2007: date(2007, 2, 17),  # a day before China's
    2020: date(2020, 1, 25),
    2023: date(2023, 1, 22),
    2024: date(2024, 2, 10),
    2025: date(2025, 1, 29),
    2026: date(2026, 2, 17),
    2027: date(2027, 2, 6),
    2028: date(2028, 1, 26),
    2030: date(2030, 2, 2),  # a day before China's
}


@pytest.mark.parametrize(("year", "day"), NEW_YEARS.items())
def test_the_new_year_begins_on_the_day_the_calendar_prints(year: int, day: date) -> None:
    assert to_solar(year, 1, 1) == day
    assert to_lunar(day) == LunarDate(year, 1, 1)


@pytest.mark.parametrize(("year", "month"), [(2020, 4), (2023, 2), (2025, 6), (2028, 5), (2033, 11)])
def test_a_year_of_thirteen_months_repeats_the_right_one(year: int, month: int) -> None:
    first = to_solar(year, month, 1, leap=True)
    assert first is not None
    assert to_lunar(first) == LunarDate(year, month, 1, leap=True)
    others = [other for other in range(1, 13) if other != month and to_solar(year, other, 1, leap=True)]
    assert others == []


def test_a_month_that_does_not_exist_has_no_days() -> None:
    assert to_solar(2026, 6, 1, leap=True) is None
    assert to_solar(2027, 13, 1) is None
    assert to_solar(2026, 12, 30) is None
    assert month_length(2026, 12) == 29


@given(st.dates(min_value=date(1900, 2, 1), max_value=date(2199, 12, 1)))
def test_every_day_has_one_lunar_date_and_back(day: date) -> None:
    lunar = to_lunar(day)
    assert to_solar(lunar.year, lunar.month, lunar.day, leap=lunar.leap) == day
    tomorrow = to_lunar(day + timedelta(days=1))
    assert tomorrow.day in (lunar.day + 1, 1)
    assert lunar.day <= 30
