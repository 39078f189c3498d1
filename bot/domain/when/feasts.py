"""Lunar dates and feasts: "rằm tháng Giêng", "mùng 10 tháng 3 âm", "30 Tết", "sau Tết", "Trung thu"."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.domain.vietnamese import fold

from . import lunar
from .arithmetic import days_on, edge_of, next_year_with, part_of_month
from .months import MONTHS
from .numbers import WORDS, value
from .page import Page
from .patterns import Pattern
from .reading import DayMention, Kind

_LUNAR = r"(?:âm lịch|lịch âm|âm|al|âl|ta|lịch ta)"
_DAY = r"(?:ngày )?(?:(?:mùng|mồng|mung) )?"
_NUMBER = rf"\d{{1,2}}(?!\d)|{WORDS}"
_MONTH = rf"\d{{1,2}}(?!\d)|{MONTHS}"
_WHICH = "(?P<which>tháng này|tháng sau|tháng tới)"

_OF_LUNAR_MONTH = Pattern(
    rf"(?<![\w/.])(?:{_DAY}(?P<day>{_NUMBER})|(?P<full>(?:ngày )?rằm)) tháng (?:(?P<named>giêng|chạp)"
    rf"|(?P<month>{_MONTH})(?P<leap> nhuận)?)(?P<mark> {_LUNAR})?(?P<year> năm (?:sau|tới)| sang năm)?(?!\w)"
)
_NUMERIC = Pattern(
    rf"(?<![\w/.])(?:{_DAY}(?P<day>\d{{1,2}})[/.\-](?P<month>\d{{1,2}})|(?P<full>rằm) (?P<month2>\d{{1,2}}))"
    rf" ?{_LUNAR}(?!\w)"
)
_DAY_ALONE = Pattern(
    rf"(?<![\w/.])(?:ngày |mùng |mồng |mung |ngày mùng )(?P<day>{_NUMBER}) {_LUNAR}(?: {_WHICH})?(?!\w)"
)
_FULL_MOON = Pattern(rf"(?<!\w)(?:ngày |hôm )?rằm(?: (?:này|nay|tới|{_WHICH}))?(?! tháng)(?!\w)")
_WHOLE_MONTH = Pattern(
    r"(?<!\w)(?:(?P<edge>đầu|giữa|cuối|ra|trong) )?"
    rf"(?:tháng (?P<named>giêng|chạp)|tháng (?P<month>{_MONTH}) {_LUNAR}|(?<=ra )(?P<bare>giêng))(?!\w)"
)
_TET = (
    r"tết(?: âm lịch| âm| nguyên đán| ta| cổ truyền| (?:đinh|bính|mậu|kỷ|canh|tân|nhâm|quý|giáp|ất) \w+)?"
    r"(?! (?:dương|tây|trung|đoan))(?!\w)"
)
_NEW_YEAR_DAY = Pattern(
    rf"(?<![\w/.])(?:(?:ngày )?(?:mùng|mồng|mung) (?P<day>{_NUMBER})|(?P<eve>(?:ngày )?(?:2[3-9]|30))) {_TET}"
)
_BY_TET = Pattern(
    r"(?<!\w)(?P<where>sau|ra|qua|hết|trước|giáp|dịp|đúng|vào|trong) (?:ngày |dịp |khi nghỉ |nghỉ )?"
    rf"{_TET}(?: xong(?!\w))?"
)
_TET_OVER = Pattern(r"(?<!\w)(?:nghỉ |ăn )?tết xong(?!\w)")
_TET_NAMED = Pattern(r"(?<!\w)tết (?:âm lịch|nguyên đán|ta|cổ truyền)(?!\w)")
_SOLAR_FEASTS = (
    (Pattern(r"(?<!\w)(?:tết (?:dương lịch|dương|tây)|năm mới dương lịch)(?!\w)"), 1, 1),
    (Pattern(r"(?<!\w)(?:noel|nô en|giáng sinh|lễ giáng sinh)(?!\w)"), 25, 12),
    (Pattern(r"(?<!\w)(?:lễ |ngày )?quốc khánh(?!\w)"), 2, 9),
)
_LUNAR_FEASTS = (
    (Pattern(r"(?<!\w)(?:tết )?trung thu(?!\w)"), 15, 8),
    (Pattern(r"(?<!\w)(?:tết )?đoan ngọ(?!\w)"), 5, 5),
    (Pattern(r"(?<!\w)giỗ tổ(?: hùng vương)?(?!\w)"), 10, 3),
    (Pattern(r"(?<!\w)(?:lễ |đại lễ )?phật đản(?!\w)"), 15, 4),
    (Pattern(r"(?<!\w)(?:lễ |mùa )?vu lan(?!\w)"), 15, 7),
    (Pattern(r"(?<!\w)(?:đêm )?giao thừa(?!\w)"), 30, 12),
    (Pattern(r"(?<!\w)(?:ngày )?(?:ông công ông táo|ông táo)(?!\w)"), 23, 12),
)
_OPEN_AGAIN = 6
"""The day of the first lunar month on which offices have mostly opened again."""
_LEAST_MONTH = 29


def feasts(page: Page, today: date) -> Iterator[DayMention]:
    """Every lunar date and feast on the page; may overlap, the longest is meant."""
    yield from _lunar_dates(page, today)
    yield from _tet(page, today)
    for pattern, day, number in _SOLAR_FEASTS:
        for match in page.find(pattern):
            yield from _found(match.start(), match.end(), next_year_with(day, number, today))
    for pattern, day, number in _LUNAR_FEASTS:
        for match in page.find(pattern):
            yield from _found(match.start(), match.end(), _next(day, number, today))


def _lunar_dates(page: Page, today: date) -> Iterator[DayMention]:
    for match in page.find(_FULL_MOON):
        yield from _found(match.start(), match.end(), _next_of_any_month(15, _from(match["which"], today)))
    for match in page.find(_OF_LUNAR_MONTH):
        if not (match["named"] or match["full"] or match["mark"] or match["leap"]):
            continue
        day = 15 if match["full"] else value(match["day"])
        number = _number(match["named"]) if match["named"] else value(match["month"])
        after = date(today.year + 1, 1, 1) if match["year"] and today.year < 9999 else today
        yield from _found(match.start(), match.end(), _next(day, number, after, leap=bool(match["leap"])))
    for match in page.find(_NUMERIC):
        day = 15 if match["full"] else int(match["day"])
        yield from _found(match.start(), match.end(), _next(day, int(match["month"] or match["month2"]), today))
    for match in page.find(_DAY_ALONE):
        yield from _found(
            match.start(), match.end(), _next_of_any_month(value(match["day"]), _from(match["which"], today))
        )
    for match in page.find(_WHOLE_MONTH):
        number = 1 if match["bare"] else _number(match["named"]) if match["named"] else value(match["month"])
        edge = edge_of(match["edge"])
        first = _next_month(number, today)
        if first is not None:
            here = lunar.to_lunar(first)
            last = days_on(first, lunar.month_length(here.year, number) - 1)
            days = part_of_month((first, last), edge)
            yield DayMention(match.start(), match.end(), *days, Kind.MONTH, edge=edge if edge in "dgc" else "")


def _from(which: str | None, today: date) -> date:
    """From when on to look: the next lunar month where it is named ("tháng sau"), or today."""
    if which is not None and which.endswith(("sau", "tới", "toi")) and which not in ("tới", "toi"):
        return days_on(today, _LEAST_MONTH + 2 - lunar.to_lunar(today).day)
    return today


def _tet(page: Page, today: date) -> Iterator[DayMention]:
    for match in page.find(_NEW_YEAR_DAY):
        eve = match["eve"]
        found = _eve(int(eve.split()[-1]), today) if eve else _next(value(match["day"]), 1, today)
        yield from _found(match.start(), match.end(), found)
    for match in page.find(_BY_TET):
        where = fold(match["where"])
        new_year = _next(1, 1, today)
        if where in ("sau", "ra", "qua", "het"):
            yield from _found(match.start(), match.end(), _next(_OPEN_AGAIN, 1, today))
        elif new_year is not None and where in ("truoc", "giap"):
            yield DayMention(match.start(), match.end(), today, days_on(new_year, -1), Kind.FEAST, fixed=True)
        else:
            yield from _found(match.start(), match.end(), new_year)
    for match in page.find(_TET_OVER):
        yield from _found(match.start(), match.end(), _next(_OPEN_AGAIN, 1, today))
    for match in page.find(_TET_NAMED):
        yield from _found(match.start(), match.end(), _next(1, 1, today))


def _eve(day: int, today: date) -> date | None:
    """The 23rd to the 30th of the last lunar month; "30 Tết" is its last day, also where it has only 29."""
    new_year = _next(1, 1, days_on(today, 1))
    if new_year is None:
        return None
    length = lunar.month_length(lunar.to_lunar(days_on(new_year, -1)).year, 12)
    return days_on(new_year, -max(1, length + 1 - day))


def _found(start: int, end: int, day: date | None) -> Iterator[DayMention]:
    if day is not None:
        yield DayMention(start, end, day, None, Kind.FEAST, fixed=True)


def _number(name: str) -> int:
    return 1 if fold(name) == "gieng" else 12


def _next(day: int, number: int, today: date, *, leap: bool = False) -> date | None:
    """The next time, today included, that a lunar year has that day."""
    for year in range(today.year - 1, today.year + (20 if leap else 4)):
        # "30 tháng Chạp" is the eve, also in years where the last month has only 29 days.
        short = (day, number) == (30, 12) and lunar.month_length(year, 12) < 30
        found = lunar.to_solar(year, number, day - short, leap=leap)
        if found is not None and found >= today:
            return found
    return None


def _next_of_any_month(day: int, today: date) -> date | None:
    """The next time, today included, that a lunar month has that day."""
    for ahead in range(62):
        then = days_on(today, ahead)
        if lunar.to_lunar(then).day == day:
            return then
    return None


def _next_month(number: int, today: date) -> date | None:
    """The first day of that lunar month: the one that runs, or the next."""
    for year in range(today.year - 1, today.year + 2):
        found = lunar.to_solar(year, number, 1)
        if found is not None and days_on(found, lunar.month_length(year, number) - 1) >= today:
            return found
    return None
