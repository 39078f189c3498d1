"""Public holidays of Vietnam, and the Saturdays worked in exchange for a day off.

From the package `holidays`, which follows the yearly decisions; what it does not know yet the administrators
enter themselves, and what they enter wins (`offices.special_days`).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from functools import cache

from holidays import country_holidays

from bot.domain.booking.offices import SpecialDay

WORKED_INSTEAD = "Ngày làm việc bù"
WORKED_INSTEAD_EN = "Working day in exchange"
_EXCHANGED = re.compile(r"(\d{2})/(\d{2})/(\d{4})")


def public_holidays(first: dt.date, last: dt.date) -> list[SpecialDay]:
    """The days from `first` to `last` that are not worked though their weekday is, or the other way round."""
    return [
        special
        for year in range(first.year, last.year + 1)
        for special in _of(year).values()
        if first <= special.day <= last
    ]


@cache
def _of(year: int) -> Mapping[dt.date, SpecialDay]:
    vietnamese = country_holidays("VN", years=year, language="vi")
    english = country_holidays("VN", years=year, language="en_US")
    found = {day: SpecialDay(day, name, name_en=english.get(day)) for day, name in vietnamese.items()}
    return found | {special.day: special for special in _worked(vietnamese.items()) if special.day.year == year}


def _worked(holidays: Iterable[tuple[dt.date, str]]) -> list[SpecialDay]:
    """The days named in "Ngày nghỉ (thay cho ngày 22/08/2026)": worked by the hours of the weekday given off."""
    return [
        SpecialDay(dt.date(int(said[3]), int(said[2]), int(said[1])), WORKED_INSTEAD, day.weekday(), WORKED_INSTEAD_EN)
        for day, name in holidays
        if (said := _EXCHANGED.search(name)) is not None
    ]
