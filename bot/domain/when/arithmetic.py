"""Reckoning with days: weeks from Monday, months and their parts, the next time a date comes round."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from bot.domain.vietnamese import fold

Range = tuple[date, date]


def edge_of(word: str | None) -> str:
    """ "d", "g" or "c" for đầu, giữa, cuối; nothing for nothing."""
    return fold(word or "")[:1]


def days_on(day: date, count: int) -> date:
    """`count` days after `day`. Raises `OverflowError` beyond year 9999."""
    return day + timedelta(days=count)


def months_on(day: date, count: int) -> date:
    """The same day `count` months later, or the last of that month where it is too short."""
    months = day.year * 12 + day.month - 1 + count
    year, month = divmod(months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError(year)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def week(today: date, count: int) -> Range:
    """Monday to Sunday of the week `count` weeks after this one."""
    monday = days_on(today, 7 * count - today.weekday())
    return monday, days_on(monday, 6)


def month(year: int, number: int) -> Range:
    """The first and the last day of a month. Raises `OverflowError` outside the years 1 to 9999."""
    if not 1 <= year <= 9999:
        raise OverflowError(year)
    return date(year, number, 1), date(year, number, monthrange(year, number)[1])


def part_of_week(whole: Range, edge: str) -> Range:
    """Its beginning, middle or end ("d", "g", "c"), or the whole of it."""
    first, last = {"d": (0, 1), "g": (2, 3), "c": (5, 6)}.get(edge, (0, 6))
    return days_on(whole[0], first), days_on(whole[0], last)


def part_of_month(whole: Range, edge: str) -> Range:
    """Days 1 to 10, 11 to 20, 21 to the last ("d", "g", "c"), or the whole of it. Serves lunar months too."""
    first = whole[0]
    if edge == "d":
        return first, days_on(first, 9)
    if edge == "g":
        return days_on(first, 10), days_on(first, 19)
    if edge == "c":
        return days_on(first, 20), whole[1]
    return whole


def part_of_year(year: int, edge: str) -> Range:
    """January, June, December ("d", "g", "c"), or the whole year."""
    if edge:
        return month(year, {"d": 1, "g": 6, "c": 12}[edge])
    return month(year, 1)[0], month(year, 12)[1]


def exists(year: int, number: int, day: int) -> bool:
    """Whether that month of that year has that day."""
    return 1 <= year <= 9999 and 1 <= number <= 12 and 1 <= day <= monthrange(year, number)[1]


def next_month_with(day: int, today: date) -> date | None:
    """The next time, today included, that a month has day `day`."""
    for count in range(13):
        first = months_on(today.replace(day=1), count)
        if exists(first.year, first.month, day) and first.replace(day=day) >= today:
            return first.replace(day=day)
    return None


def next_year_with(day: int, number: int, today: date) -> date | None:
    """The next time, today included, that a year has that day and month (29 February: up to eight years)."""
    for year in range(today.year, today.year + 9):
        if exists(year, number, day) and date(year, number, day) >= today:
            return date(year, number, day)
    return None
