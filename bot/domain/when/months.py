"""Months and years of the solar calendar, whole or in part: "tháng sau", "cuối tháng 12", "sang năm"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bot.domain.vietnamese import fold

from .arithmetic import edge_of, month, months_on, part_of_month, part_of_year
from .numbers import value
from .page import Page
from .patterns import Pattern
from .reading import DayMention, Kind

MONTHS = "mười một|mười hai|mười|một|hai|ba|tư|bốn|năm|sáu|bảy|bẩy|tám|chín"
THAT_YEAR = (
    r"(?:,? ?(?:(?:của )?năm (?P<year>\d{4})|năm (?P<two>\d\d)(?!\d)|(?P<next>năm sau|năm tới|sang năm|năm nữa)"
    r"|(?P<this>năm nay)|(?P<past>năm ngoái|năm trước))(?!\w))?"
)
"""Of which year a day or month is, for a `Pattern` whose matches `year_said` reads."""

_EDGE = r"(?:(?P<edge>đầu|giữa|cuối) )?"
_NAMED = Pattern(
    rf"(?<![\w/]){_EDGE}(?:trong |vào )?"
    rf"(?:tháng (?P<month>\d{{1,2}}(?!\d)|{MONTHS})(?:/(?P<slash>\d{{4}}))?"
    r"|[t](?P<short>\d{1,2})/(?P<slash2>\d{4}))"
    rf"{THAT_YEAR}(?! (?:ngày|lần|giêng|chạp))(?P<way> (?:này|tới|vừa rồi))?(?![\w/])"
)
_TOLD = Pattern(
    rf"(?<!\w){_EDGE}(?:trong |vào )?(?:(?P<turn>sang|qua|hết) )?tháng(?! tuổi)"
    r"(?: (?P<which>sau nữa|này|nay|ni|sau|tới|toi|kế|trước|rồi|vừa rồi))?(?!\w)"
)
_YEAR = Pattern(
    rf"(?<!\w){_EDGE}(?:(?P<next>năm sau|năm tới|sang năm|qua năm)(?! khi)|(?P<this>năm nay)"
    r"|năm (?P<year>20\d\d)|(?P<bare>năm))(?!\w)"
)
_COUNTED = Pattern(r"(?:\d|mấy|vài|các|những|mỗi|hàng|hằng|một|hai|ba|nhiều|bao nhiêu) $")


_END = Pattern(
    r"(?<!\w)ngày (?P<end>đầu tiên|cuối cùng)(?: của| trong)? tháng"
    r"(?: (?:(?P<which>này|nay|sau|tới)|(?P<month>\d{1,2})))?(?!\w)"
)


def months(page: Page, today: date) -> Iterator[DayMention]:
    """Every month and year on the page; may overlap, the longest is meant."""
    yield from _told(page, today)
    yield from _named(page, today)
    yield from _ends(page, today)
    for match in page.find(_YEAR):
        edge = edge_of(match["edge"])
        if not edge and (not match["next"] or page.before(match.start(), _COUNTED)):
            continue
        year = int(match["year"] or today.year + (1 if match["next"] else 0))
        first, last = part_of_year(year, edge)
        if match["bare"] and last < today:
            first, last = part_of_year(year + 1, edge)
        yield DayMention(match.start(), match.end(), first, last, Kind.YEAR, edge=edge)


def _told(page: Page, today: date) -> Iterator[DayMention]:
    for match in page.find(_TOLD):
        edge, turn, which = edge_of(match["edge"]), match["turn"], match["which"]
        if not (edge or turn or which) or (not edge and page.before(match.start(), _COUNTED)):
            continue
        until = turn is not None and fold(turn) == "het"
        count = months_said(which or "") or (1 if turn and not until else 0)
        start = months_on(today.replace(day=1), count)
        first, last = part_of_month(month(start.year, start.month), edge)
        if not which and last < today:
            start = months_on(start, 1)
            first, last = part_of_month(month(start.year, start.month), edge)
        yield _range(match.start(), match.end(), (first, last), edge)


def _named(page: Page, today: date) -> Iterator[DayMention]:
    for match in page.find(_NAMED):
        number = value(match["month"] or match["short"])
        if not 1 <= number <= 12:
            continue
        slash = match["slash"] or match["slash2"]
        year = int(slash) if slash else year_said(match, today)
        if year is None:
            year = today.year + (number < today.month)
            if match["way"] and "r" in fold(match["way"]):
                year = today.year - (number >= today.month)
        edge = edge_of(match["edge"])
        in_words = match["month"] is not None and not match["month"].isdecimal()
        if not 1 <= year <= 9999 or (in_words and not edge and page.before(match.start(), _COUNTED)):
            continue  # "mỗi tháng một ít"
        yield _range(match.start(), match.end(), part_of_month(month(year, number), edge), edge)


def _ends(page: Page, today: date) -> Iterator[DayMention]:
    """ "ngày cuối cùng của tháng"."""
    for match in page.find(_END):
        first = months_on(today.replace(day=1), months_said(match["which"] or ""))
        if match["month"]:
            number = int(match["month"])
            if not 1 <= number <= 12:
                continue
            first = date(today.year + (number < today.month), number, 1)
        days = month(first.year, first.month)
        day = days[fold(match["end"]) == "cuoi cung"]
        yield DayMention(match.start(), match.end(), day, None, Kind.CALENDAR, fixed=True)


def _range(start: int, end: int, days: tuple[date, date], edge: str) -> DayMention:
    return DayMention(start, end, days[0], days[1], Kind.MONTH, edge=edge)


def months_said(which: str) -> int:
    """How many months on `which` tells: "này" 0, "sau" 1, "trước" -1."""
    which = fold(which)
    if which == "sau nua":
        return 2
    if which in ("truoc", "roi", "vua roi"):
        return -1
    return 0 if which in ("nay", "ni", "") else 1


def year_said(match: re.Match[str], today: date) -> int | None:
    """The year a match of `THAT_YEAR` names."""
    if match["year"] or match["two"]:
        return int(match["year"] or f"20{match['two']}")
    if match["next"]:
        return today.year + 1
    if match["past"]:
        return today.year - 1
    return today.year if match["this"] else None
