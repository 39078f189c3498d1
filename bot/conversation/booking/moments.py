"""Days and hours as they are written in each language, always with the weekday. Pure."""

from __future__ import annotations

import datetime as dt

from bot.domain.booking.offices import CITY_TIME
from bot.domain.procedure import Language

_WEEKDAYS: dict[Language, tuple[str, ...]] = {
    Language.VI: ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật"),
    Language.EN: ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    Language.KO: ("월", "화", "수", "목", "금", "토", "일"),
    Language.ZH: ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    Language.JA: ("月", "火", "水", "木", "金", "土", "日"),
}


def show_weekday(weekday: int, language: Language) -> str:
    """The name of a weekday; Monday is 0."""
    name = _WEEKDAYS[language][weekday]
    if language is Language.KO:
        return f"{name}요일"
    return f"{name}曜日" if language is Language.JA else name


def show_day(day: dt.date, language: Language) -> str:
    """The day in full: "Thứ Năm 03/12/2026"."""
    weekday = _WEEKDAYS[language][day.weekday()]
    match language:
        case Language.VI:
            return f"{weekday} {day:%d/%m/%Y}"
        case Language.EN:
            return f"{weekday} {day.day} {day:%B %Y}"
        case Language.KO:
            return f"{day.year}년 {day.month}월 {day.day}일({weekday})"
        case Language.JA:
            return f"{day.year}年{day.month}月{day.day}日({weekday})"
        case _:
            return f"{day.year}年{day.month}月{day.day}日{weekday}"


def show_short_day(day: dt.date, language: Language) -> str:
    """The day without its year, short enough for a button: "Thứ Năm 03/12"."""
    weekday = _WEEKDAYS[language][day.weekday()]
    match language:
        case Language.VI:
            return f"{weekday} {day:%d/%m}"
        case Language.EN:
            return f"{weekday[:3]} {day.day} {day:%b}"
        case Language.KO:
            return f"{day.month}월 {day.day}일({weekday})"
        case Language.JA:
            return f"{day.month}月{day.day}日({weekday})"
        case _:
            return f"{day.month}月{day.day}日{weekday}"


def show_hour(moment: dt.time | dt.datetime) -> str:
    """The hour on a 24-hour clock, in the city: "09:00"."""
    return f"{moment.astimezone(CITY_TIME) if isinstance(moment, dt.datetime) else moment:%H:%M}"


def show_moment(moment: dt.datetime, language: Language) -> str:
    """Weekday, date and hour in full."""
    return f"{show_day(moment.astimezone(CITY_TIME).date(), language)}, {show_hour(moment)}"


def show_short_moment(moment: dt.datetime, language: Language) -> str:
    """Weekday, day and hour for a button."""
    return f"{show_short_day(moment.astimezone(CITY_TIME).date(), language)}, {show_hour(moment)}"
