"""Of the days mentioned, those that are meant: later words correct earlier ones, ranges and choices join."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from .arithmetic import days_on
from .completing import gap
from .links import Link, feast_over, link, only_after, only_before
from .page import Page
from .reading import DayMention, Kind
from .scanning import Found


class DaysMeant:
    """Hears the days in the order of the text; `used` are those that hold in the end."""

    def __init__(self, page: Page, found: Found, today: date) -> None:
        self._page, self._found, self._today = page, found, today
        self.used: list[DayMention] = []
        self.conflicting = False

    def hear(self, day: DayMention) -> None:
        """Take in the next day that was not refused."""
        if not self.used:
            self.used = [day]
            return
        last = self.used[-1]
        between = gap(self._page, self._found, last.end, day.start)
        how = link(self._page, between, last.start)
        if not between.strip() and last.kind is day.kind is Kind.WEEKDAY:
            how = Link.CHOICE  # "thứ bảy chủ nhật"
        if how is Link.CORRECTION or (how is Link.CHOICE and self._narrows(last, day, between)):
            self.used = [day]
        elif how is Link.RANGE:
            self._reach(last, day)
        elif self._names_again(last, day, how):
            return
        elif how is Link.CHOICE and not _within(last, day) and not _within(day, last):
            self.used.append(day)
        elif _within(last, day) or (self._is_aside(last) and not self._is_aside(day)):
            self.used = [day]

    def span(self, excluding: tuple[date, ...]) -> tuple[date | None, date | None]:
        """The first and, of a range, the last day; a range begins neither before today nor on an excluded day."""
        if not self.used:
            return None, None
        first = min(day.first for day in self.used)
        last = max(day.last or day.first for day in self.used)
        start = self.used[0].start
        if first > self._today and only_before(self._page, start):
            first, last = self._today, days_on(first, -1)
        elif only_after(self._page, start) or (self.used[0].kind is Kind.FEAST and feast_over(self._page, start)):
            first = last = days_on(last, 1)
        if first < self._today <= last:
            first = self._today
        while first in excluding and first < last:
            first = days_on(first, 1)
        return first, last if last != first else None

    def _narrows(self, last: DayMention, day: DayMention, between: str) -> bool:
        """Whether `day` is the one meant of those told by "sau" or "trước": "sau Noel, ngày 28"."""
        if between.strip() != "," or day.last is not None:
            return False
        if day.first > last.first:
            return only_after(self._page, last.start)
        return day.first < last.first and only_before(self._page, last.start)

    def _reach(self, last: DayMention, day: DayMention) -> None:
        if day.last is None and day.first < last.first and day.kind is Kind.WEEKDAY:
            day.first = days_on(day.first, 7)
        day.first = max(day.first, last.first)  # "từ mai đến hết tuần" does not begin on Monday
        if (day.last or day.first) >= self.used[0].first:
            self.used.append(day)

    def _names_again(self, last: DayMention, day: DayMention, how: Link) -> bool:
        """Whether `day` says once more what `last` said, or more exactly: "thứ sáu, 4/12"."""
        if how not in (Link.APPOSITION, Link.CHOICE) or last.last or day.last:
            return False
        alike = how is Link.APPOSITION or day.first.weekday() == last.first.weekday()
        if alike and day.kind is Kind.CALENDAR and last.kind in (Kind.WEEKDAY, Kind.RELATIVE):
            self._merge(day, last)
            return True
        alike = how is Link.APPOSITION or day.number == last.first.weekday()
        if alike and day.kind is Kind.WEEKDAY and last.kind in (Kind.CALENDAR, Kind.RELATIVE, Kind.FEAST):
            self._merge(last, day)
            return True
        return last.first == day.first

    def _merge(self, kept: DayMention, other: DayMention) -> None:
        if other.kind is Kind.WEEKDAY:
            self.conflicting = kept.first.weekday() != other.number
        else:
            self.conflicting = kept.first != other.first
        self.used[-1] = replace(kept, start=min(kept.start, other.start), end=max(kept.end, other.end))

    def _is_aside(self, day: DayMention) -> bool:
        """Today or the past, named beside the day that is meant: "hôm nay tôi muốn đặt lịch cho thứ 5"."""
        return (day.last or day.first) <= self._today and day.clock is None


def _within(wide: DayMention, narrow: DayMention) -> bool:
    return wide.last is not None and narrow.last is None and wide.first <= narrow.first <= wide.last
