"""Mentions completed by one another: a weekday by its week, a day by its month, a bare number by the one before."""

from __future__ import annotations

import re
from datetime import date

from .arithmetic import days_on, exists, part_of_week
from .numbers import value
from .page import Page
from .patterns import Pattern
from .reading import ClockMention, DayMention, Kind
from .scanning import Found

_GOES_ON = Pattern(
    r" ?(?:,|-|đến|tới|hoặc|hay|hoặc là|hay là|và|sang|à không|à nhầm|à quên|nhầm|quên|à)(?: (?:à|là|ngày|thứ|phải))* ?"
    r"(?P<number>\d{1,2})(?!\w|[/.:\-]\d)"
    r"(?! ?(?:h|giờ|g\d|rưỡi|người|k|tr|triệu|tỷ|%|ngày|tuần(?! (?:sau|tới|này))|tháng|năm|bản|bộ|m2|lần|phút)(?!\w))"
)
_BETWEEN = Pattern(
    r"[\s,()]*(?:(?:của|trong|đầu tiên của|vào|lúc|khoảng|tầm|thì|ngày|trừ|ngoại trừ|trừ ra|hoặc|hay|và|-|đến|tới|từ|"
    r"nhưng|được|không phải|mà|là|cho|em|tôi)[\s,]*)*$"
)
_BLANKS = re.compile(" +")
_EXCEPT = Pattern(r"(?<!\w)(?:trừ|ngoại trừ|trừ ra|ngoài|tránh)(?: (?:ngày|hôm))? $")
_EXCEPTING = Pattern(r"(?<!\w)(?:trừ|ngoài|tránh)(?!\w)")
_FIRST_OF = Pattern(r"[\s,]*(?:của|trong|đầu tiên của|đầu tiên|đầu tiên trong)?[\s,]*$")


def complete(page: Page, found: Found) -> None:
    """Changes the days of `found`: what one mention leaves out another tells."""
    _carry_numbers_on(page, found)
    _join_weeks(page, found)
    _place_in_weeks(page, found)
    _place_in_months(page, found)


def _carry_numbers_on(page: Page, found: Found) -> None:
    """ "thứ 3, 4 hoặc 5", "ngày 25 à nhầm 26", "9h à không 10"."""
    taken = {place for mention in found.all() for place in range(mention.start, mention.end)}
    for day in [*found.days]:
        while day.number is not None and (match := page.after(day.end, _GOES_ON)) is not None:
            number, start = int(match["number"]), match.start("number")
            if start in taken or (following := _like(day, number, start, match.end("number"))) is None:
                break
            found.days.append(following)
            day = following
    for clock in [*found.clocks]:
        match = page.after(clock.end, _GOES_ON)
        if match is not None and match.start("number") not in taken and value(match["number"]) <= 23:
            found.clocks.append(ClockMention(match.start("number"), match.end("number"), int(match["number"]), 0))
    found.days.sort(key=lambda mention: mention.start)
    found.clocks.sort(key=lambda mention: mention.start)


def _like(day: DayMention, number: int, start: int, end: int) -> DayMention | None:
    if day.kind is Kind.WEEKDAY and day.number is not None:
        if not 2 <= number <= 7:
            return None
        first = days_on(day.first, number - 2 - day.number)
        if day.week is None and number - 2 <= day.number:
            first = days_on(first, 7)
        return DayMention(start, end, first, None, Kind.WEEKDAY, number - 2, fixed=day.fixed, week=day.week)
    if day.kind is Kind.CALENDAR and exists(day.first.year, day.first.month, number):
        return DayMention(start, end, day.first.replace(day=number), None, Kind.CALENDAR, number, fixed=day.fixed)
    return None


def _join_weeks(page: Page, found: Found) -> None:
    """ "tuần sau nữa, giữa tuần"."""
    weeks = [day for day in found.days if day.kind is Kind.WEEK]
    for edge in [week for week in weeks if week.edge and not week.fixed]:
        for whole in [week for week in weeks if week.fixed and not week.edge]:
            left, right = (whole, edge) if whole.start < edge.start else (edge, whole)
            if _BETWEEN.choose(page.folded).match(gap(page, found, left.end, right.start)):
                monday = days_on(whole.first, -whole.first.weekday())
                edge.first, edge.last = part_of_week((monday, days_on(monday, 6)), edge.edge)
                edge.start, edge.end = left.start, right.end
                found.days.remove(whole)
                break


def _place_in_weeks(page: Page, found: Found) -> None:
    weeks = [day for day in found.days if day.kind is Kind.WEEK or (day.week and day.kind is Kind.RELATIVE)]
    weekdays = [day for day in found.days if day.kind is Kind.WEEKDAY and day.number is not None]
    used: list[DayMention] = []
    for week in weeks:
        near = [day for day in weekdays if not day.fixed and _one_phrase(page, found, day, week)]
        for day in near:
            _put(day, days_on(week.first, -week.first.weekday()))
        if any(not _excepted(page, day, week) for day in near):
            used.append(week)
    for week in used:
        found.days.remove(week)
        nearest = min(weekdays, key=lambda day: abs(day.start - week.start))
        if gap(page, found, min(nearest.end, week.end), max(nearest.start, week.start)).strip() == "":
            nearest.start, nearest.end = min(nearest.start, week.start), max(nearest.end, week.end)
    # "thứ 3 đến thứ 5 tuần sau", "thứ 5 tuần sau à nhầm thứ 6": the week is said once.
    said = [day.week for day in weekdays if day.week is not None]
    if len(set(said)) == 1:
        for day in weekdays:
            if day.week is None and not day.fixed and day.number is not None:
                if days_on(said[0], day.number) < days_on(day.first, -7):
                    continue
                _put(day, said[0])


def _excepted(page: Page, day: DayMention, week: DayMention) -> bool:
    """Whether `day` is taken out of `week`: "tuần sau trừ thứ 2 và thứ 4"."""
    return page.before(day.start, _EXCEPT) or (day.start >= week.end and page.has(_EXCEPTING, week.end, day.start))


def _put(day: DayMention, monday: date) -> None:
    if day.number is not None:
        day.week, day.first, day.fixed = monday, days_on(monday, day.number), True


def _one_phrase(page: Page, found: Found, one: DayMention, other: DayMention) -> bool:
    left, right = (one, other) if one.start < other.start else (other, one)
    return _BETWEEN.choose(page.folded).match(gap(page, found, left.end, right.start)) is not None


def _place_in_months(page: Page, found: Found) -> None:
    for month in [day for day in found.days if day.kind is Kind.MONTH and day.last is not None]:
        for day in found.days:
            left, right = (day, month) if day.start < month.start else (month, day)
            if (
                day.fixed
                or day.number is None
                or not _FIRST_OF.choose(page.folded).match(gap(page, found, left.end, right.start))
            ):
                continue
            if day.kind is Kind.WEEKDAY and month.last is not None:
                if month.edge == "c":
                    day.first = days_on(month.last, -((month.last.weekday() - day.number) % 7))
                else:
                    day.first = days_on(month.first, (day.number - month.first.weekday()) % 7)
            elif day.kind is Kind.CALENDAR and exists(month.first.year, month.first.month, day.number):
                day.first = month.first.replace(day=day.number)
            else:
                continue
            day.fixed = True
            day.start, day.end = min(day.start, month.start), max(day.end, month.end)
            found.days.remove(month)
            break


def gap(page: Page, found: Found, start: int, end: int) -> str:
    """The words of [start, end) that belong to no mention."""
    words: list[str] = []
    for mention in found.all():
        if mention.start >= end:
            break
        if mention.end > start:
            words.append(page.text[start : max(start, mention.start)])
            start = max(start, mention.end)
    words.append(page.text[start:end] if start < end else "")
    return _BLANKS.sub(" ", " ".join(words))
