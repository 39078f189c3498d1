"""How much later or earlier than now booked: "lùi lại 1 tiếng", "push it back by a day". Pure."""

from __future__ import annotations

import datetime as dt
import re

from bot.domain.vietnamese import fold

_NUMBERS = {
    "mot": 1,
    "hai": 2,
    "ba": 3,
    "bon": 4,
    "nam": 5,
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "한": 1,
    "하루": 1,
    "두": 2,
    "세": 3,
    "一": 1,
    "两": 2,
    "二": 2,
    "三": 3,
    "half an": 0.5,
    "nua": 0.5,
    "半": 0.5,
}
_UNITS = {
    **dict.fromkeys(("phut", "p", "minute", "minutes", "min", "mins", "분", "分钟", "分"), dt.timedelta(minutes=1)),
    **dict.fromkeys(("tieng", "gio", "hour", "hours", "시간", "小时", "時間"), dt.timedelta(hours=1)),
    **dict.fromkeys(("ngay", "hom", "bua", "day", "days", "일", "天", "日"), dt.timedelta(days=1)),
    **dict.fromkeys(("tuan", "week", "weeks", "주일", "주", "周", "星期", "週間"), dt.timedelta(weeks=1)),
}
_LENGTH = (
    rf"(\d{{1,2}}|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))}) ?个?"
    rf"({'|'.join(sorted(_UNITS, key=len, reverse=True))})(?![a-z])"
)
_FILLED = r"(?: (?:lich|hen|lai|them|xuong|cho|toi|em|minh|giup|sau|hon|khoang|len|it|my|the|appointment|booking|by))*"
_LATER = re.compile(
    rf"\b(?:lui|hoan|don|(?:tre|muon|cham) (?:hon|lai|them))\b{_FILLED} {_LENGTH}|{_LENGTH} later\b"
    rf"|\b(?:push|postpone|delay|put|move)\b{_FILLED}(?: back| off| out)(?: by)? {_LENGTH}"
    rf"|\b(?:postpone|delay)\b{_FILLED} {_LENGTH}"
    rf"|{_LENGTH} ?(?:뒤로|늦게|미루|늦춰|遅く|後ろ|後に|遅らせ)|(?:推迟|延后|往后推|晚){_LENGTH}"
)
_EARLIER = re.compile(
    rf"\b(?:som|truoc)\b{_FILLED} {_LENGTH}|{_LENGTH} (?:earlier|sooner)\b"
    rf"|\b(?:bring|move)\b{_FILLED} (?:forward|up)(?: by)? {_LENGTH}"
    rf"|{_LENGTH} ?(?:일찍|앞당|앞으로|早く|前倒し)|(?:提前|早){_LENGTH}"
)


def shift_in(text: str) -> dt.timedelta | None:
    """None where `text` names a time, or nothing of the kind. Earlier is negative."""
    plain = fold(text).lower()
    for words, sign in ((_EARLIER, -1), (_LATER, 1)):
        if (found := words.search(plain)) is not None:
            return sign * _length(found)
    return None


def _length(found: re.Match[str]) -> dt.timedelta:
    number, unit = (group for group in found.groups() if group is not None)
    return _UNITS[unit] * (int(number) if number.isdigit() else _NUMBERS[number])
