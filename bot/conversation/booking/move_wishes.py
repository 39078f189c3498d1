"""What a contact wishes of a move: when instead, told apart from the old time, and what of the old time stays."""

from __future__ import annotations

import datetime as dt
import re

from bot.domain.booking.appointment import Appointment
from bot.domain.booking.offices import CITY_TIME
from bot.domain.booking.openings import Wish
from bot.domain.vietnamese import fold, is_folded

from . import wishing
from .move_shifts import shift_in
from .scene import Scene

_TO = re.compile(r"\b(?:sang|qua|thành|thanh|đến|den|tới|toi|vào|vao|lên|len|xuống|xuong|lại|to|until|till|instead)\b")
"""What stands between the old time and the new one."""
_SAME_HOUR = re.compile(
    r"\b(?:cung|giu nguyen|van|giu) (?:khung )?(?:gio|thoi gian)\b|\bgio (?:nhu )?cu\b|\bgio nhu (?:vay|the|truoc)\b"
    r"|\bsame (?:time|hour)\b|같은 ?시간|시간은 ?그대로"
    r"|(?:同一|同样的?|相同)(?:个)?时间|时间不变|同じ時(?:間|刻)|時間はそのまま"
)

_WEEKDAY = re.compile(r"\b(?:thu (?:[2-7]|hai|ba|tu|nam|sau|bay)|t[2-7]|cn|chu nhat)\b|day\b|요일|周|星期|礼拜|曜")
_OF_A_WEEK = re.compile(
    r"\b(?:thu \w+|t[2-7]|cn|chu nhat) (?:nay|sau|toi|ke|gan|ngay|mung)\b|\btuan\b|\d[/.-]\d|\btoday\b"
    r"|\b(?:next|this|coming|week|tomorrow)\b|주|이번|다음|오는|내일|这|這|本|下|今|明|来|次"
)
"""What says of which week a day is."""


def split(text: str, scene: Scene) -> tuple[str, str]:
    """What `text` says of the old time and what of the new one: "lịch thứ ba, dời sang thứ năm"."""
    lowered = text.lower()
    for found in reversed(list(_TO.finditer(lowered))):
        before, after = text[: found.start()], text[found.end() :]
        # "sang" without marks is the morning too: "doi sang sang mai".
        if is_folded(text) and re.search(r"\bsang\s*$", before.lower()):
            continue
        if not scene.around.read_time(after, scene.now, scene.speaker.language).empty:
            return before, after
    return "", text


def note_wish(scene: Scene, text: str) -> None:
    """Remember what the words that ask for a move wish, apart from what they say of the old time."""
    take(scene, split(text, scene)[1], also=text)


def take(scene: Scene, text: str, *, also: str = "") -> bool:
    """Change the wish by what `text` says of a time; False where it says nothing of it."""
    if (shift := shift_in(also or text)) is not None:
        wishing.forget(scene.slots, wishing.SLOTS)
        scene.slots["shift"] = str(int(shift.total_seconds()))
        return True
    same_hour = _SAME_HOUR.search(fold(also or text).lower()) is not None
    reading = scene.around.read_time(text, scene.now, scene.speaker.language)
    wished = wishing.take_reading(scene.slots, reading)
    if same_hour and reading.time is None and reading.part is None:
        scene.slots["same_hour"] = "yes"
    plain = fold(text).lower()
    one_day = reading.date is not None and reading.range_end is None
    if one_day and _WEEKDAY.search(plain) is not None and _OF_A_WEEK.search(plain) is None:
        scene.slots["weekday"] = "yes"
    return wished or same_hour


def completed(scene: Scene, appointment: Appointment) -> Wish:
    """What is wished, with what stays of the old time: an hour alone is one of the same day ("đổi từ sáng sang
    chiều"), a day alone may keep the hour ("sang thứ sáu cùng giờ"), a weekday alone is one of the same week."""
    slots, old = scene.slots, appointment.starts_at.astimezone(CITY_TIME)
    if (shift := slots.pop("shift", None)) is not None:
        wishing.wish_for(slots, old + dt.timedelta(seconds=int(shift)))
    if slots.pop("weekday", None) is not None and "day" in slots and "day_end" not in slots:
        read = dt.date.fromisoformat(slots["day"])
        beside = old.date() + dt.timedelta(days=read.weekday() - old.weekday())
        slots["day"] = max(read, beside).isoformat()
    if slots.pop("same_hour", None) is not None and "day" in slots:
        slots["time"] = old.time().isoformat("minutes")
    if "day" not in slots and ("time" in slots or "part" in slots):
        slots["day"] = old.date().isoformat()
    return wishing.wish_in(slots)
