"""The Vietnamese lunar calendar: months from new moon to new moon, reckoned at UTC+7.

The rules as Hồ Ngọc Đức published them (https://www.informatik.uni-leipzig.de/~duc/amlich/calrules.html): the
winter solstice falls into month 11; of thirteen months between two solstices the first without a major solar
term repeats its number. New moons and the sun's longitude after Jean Meeus, Astronomical Algorithms (1998).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

_ZONE = 7 / 24
"""Days by which Vietnam is ahead of UTC."""
_ORDINAL_AT_JD0 = 1721425
"""Julian day number less `date.toordinal()`."""
_EPOCH = 2415021.076998695
"""Julian day of the first new moon counted from."""
_LUNATION = 29.530588853


@dataclass(frozen=True, slots=True)
class LunarDate:
    year: int
    month: int
    day: int
    leap: bool = False


def to_lunar(day: date) -> LunarDate:
    """The lunar date of a solar one. Every day from 1900 to 2100 was compared with another program's: no miss."""
    number = day.toordinal() + _ORDINAL_AT_JD0
    # A lunar year begins some weeks into the solar one.
    months = (*_months(day.year - 1), *_months(day.year), *_months(day.year + 1))
    month = next(month for month in reversed(months) if month.start <= number)
    return LunarDate(month.year, month.number, number - month.start + 1, month.leap)


def to_solar(year: int, month: int, day: int, *, leap: bool = False) -> date | None:
    """The solar date of a lunar one; None where that month, or that day of it, does not exist.

    Raises `OverflowError` outside the years 3 to 9997.
    """
    for found in _months(year):
        if (found.number, found.leap) == (month, leap) and 1 <= day <= found.length:
            return date.fromordinal(found.start + day - 1 - _ORDINAL_AT_JD0)
    return None


def month_length(year: int, month: int) -> int:
    """Days of a month that is not a leap month: 29 or 30."""
    return next(found.length for found in _months(year) if found.number == month and not found.leap)


@dataclass(frozen=True, slots=True)
class _Month:
    year: int
    number: int
    leap: bool
    start: int
    length: int


@lru_cache(maxsize=64)
def _months(year: int) -> tuple[_Month, ...]:
    """The months of a lunar year, twelve or thirteen, in order. Raises `OverflowError` at the ends of the calendar."""
    if not 2 < year < 9998:
        raise OverflowError(year)
    # Months 1 to 10 lie between the solstice of the year before and this year's, 11 and 12 after it.
    found = [*_between_solstices(year - 1), *_between_solstices(year)]
    return tuple(month for month in found if month.year == year)


@lru_cache(maxsize=64)
def _between_solstices(year: int) -> tuple[_Month, ...]:
    """From month 11 of `year` to month 10 of the next."""
    first, next_first = _month_of_solstice(year), _month_of_solstice(year + 1)
    k = round((first - _EPOCH) / _LUNATION)
    starts = [first]
    while starts[-1] < next_first:
        k += 1
        starts.append(_new_moon(k))
    leap = 0
    if len(starts) == 14:
        leap = next(i for i in range(1, 13) if _term(starts[i]) == _term(starts[i + 1]))
    months: list[_Month] = []
    number = 11
    for i, start in enumerate(starts[:-1]):
        if i and i != leap:
            number = number % 12 + 1
        of = year if number >= 11 else year + 1
        months.append(_Month(of, number, bool(leap) and i == leap, start, starts[i + 1] - start))
    return tuple(months)


def _month_of_solstice(year: int) -> int:
    """Julian day number on which the month with the winter solstice of `year` begins."""
    last = date(year, 12, 31).toordinal() + _ORDINAL_AT_JD0
    k = math.floor((last - 2415021) / _LUNATION)
    start = _new_moon(k)
    return _new_moon(k - 1) if _term(start) >= 9 else start


def _term(day: int) -> int:
    """Which twelfth of its way the sun is in at the midnight that begins `day`, 0 from the March equinox."""
    t = (day - 0.5 - _ZONE - 2451545.0) / 36525
    anomaly = math.radians(357.52910 + 35999.05030 * t - 0.0001559 * t * t - 0.00000048 * t**3)
    mean = 280.46645 + 36000.76983 * t + 0.0003032 * t * t
    centre = (1.914600 - 0.004817 * t - 0.000014 * t * t) * math.sin(anomaly)
    centre += (0.019993 - 0.000101 * t) * math.sin(2 * anomaly) + 0.000290 * math.sin(3 * anomaly)
    return int((mean + centre) % 360 // 30)


@lru_cache(maxsize=512)
def _new_moon(k: int) -> int:
    """Julian day number, in Vietnam, of the k-th new moon after that of 1 January 1900."""
    t = k / 1236.85
    mean = 2415020.75933 + 29.53058868 * k + 0.0001178 * t**2 - 0.000000155 * t**3
    mean += 0.00033 * math.sin(math.radians(166.56 + 132.87 * t - 0.009173 * t**2))
    sun = math.radians(359.2242 + 29.10535608 * k - 0.0000333 * t**2 - 0.00000347 * t**3)
    moon = math.radians(306.0253 + 385.81691806 * k + 0.0107306 * t**2 + 0.00001236 * t**3)
    node = math.radians(21.2964 + 390.67050646 * k - 0.0016528 * t**2 - 0.00000239 * t**3)
    correction = (0.1734 - 0.000393 * t) * math.sin(sun) + 0.0021 * math.sin(2 * sun)
    correction += -0.4068 * math.sin(moon) + 0.0161 * math.sin(2 * moon) - 0.0004 * math.sin(3 * moon)
    correction += 0.0104 * math.sin(2 * node) - 0.0051 * math.sin(sun + moon) - 0.0074 * math.sin(sun - moon)
    correction += 0.0004 * math.sin(2 * node + sun) - 0.0004 * math.sin(2 * node - sun)
    correction += -0.0006 * math.sin(2 * node + moon) + 0.0010 * math.sin(2 * node - moon)
    correction += 0.0005 * math.sin(2 * moon + sun)
    if t < -11:
        delta = 0.001 + 0.000839 * t + 0.0002261 * t**2 - 0.00000845 * t**3 - 0.000000081 * t**4
    else:
        delta = -0.000278 + 0.000265 * t + 0.000262 * t**2
    return math.floor(mean + correction - delta + 0.5 + _ZONE)
