"""Days told from today: "mai", "ngày kia", "3 ngày nữa", "nửa tiếng nữa", "trong 10 ngày tới"."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from bot.domain.vietnamese import fold

from .arithmetic import days_on, months_on, week
from .numbers import WORDS, value
from .page import Page
from .patterns import Pattern
from .reading import DayMention

_COUNT = rf"(?<![\w/.,\-])(?:\d{{1,3}}(?!\d)|{WORDS})"
_DAYS = "ngày|hôm|bữa"
_PARTS = "sáng|trưa|chiều|tối|đêm|khuya"

_NAMED = (
    (Pattern(r"(?<!\w)(?:ngày )?(?:hôm|bữa) (?:nay|ni)(?!\w)"), 0),
    (Pattern(r"(?<=\w )(?<!\w)(?P<at>nay)(?!\w)"), 0),
    (Pattern(r"(?<!\w)(?P<at>từ (?:giờ|nay|bây giờ)) (?:đến|tới|cho đến|cho tới|qua)(?!\w)"), 0),
    (Pattern(r"(?<!\w)(?:(?:ngày|hôm|bữa) )?mai(?: ni)?(?!\w)|(?<!\w)ngày mia(?!\w)"), 1),
    (Pattern(r"(?<!\w)ngày kia(?!\w)"), 2),
    (Pattern(r"(?<!\w)(?:(?:ngày|hôm|bữa) )?mốt(?!\w)"), 2),
    (Pattern(r"(?<!\w)ngày kìa(?!\w)"), 3),
    (Pattern(r"(?<!\w)(?:ngày )?(?:hôm|bữa) qua(?!\w)|(?<=tối )qua(?!\w)|(?<=đêm )qua(?!\w)"), -1),
    (Pattern(r"(?<!\w)(?:hôm|bữa) kia(?!\w)"), -2),
    (Pattern(r"(?<!\w)(?:hôm|bữa) kìa(?!\w)"), -3),
)
_TO_COME = Pattern(
    rf"(?<!\w)(?:sau )?(?P<count>{_COUNT}|nửa|(?<!vài )(?<!mấy )(?<!nhiều )(?<!các )(?=tuần|tháng)) ?"
    rf"(?P<unit>{_DAYS}|tuần|tháng|năm) (?P<half>rưỡi )?(?:nữa|nua|sau nữa)(?!\w)"
)
_END = r"(?= ?$| ?[,.?!]| (?:tôi|em|anh|chị|mình|nhé|nha|được|có|lúc|quay|lên|qua|đến)(?!\w))"
_LATER = Pattern(rf"(?P<count>{_COUNT}) ?(?P<unit>{_DAYS}|tuần|tháng) sau{_END}")
_AFTER = Pattern(rf"(?<!\w)sau (?P<count>{_COUNT}) ?(?P<unit>{_DAYS}|tuần|tháng){_END}")
_AGO = Pattern(rf"(?P<count>{_COUNT}) ?(?P<unit>{_DAYS}|tuần|tháng|năm) trước(?! (?:khi|ngày|hạn))(?!\w)")
_WITHIN = Pattern(
    rf"(?<!\w)(?:trong )?(?:vòng )?(?P<count>{_COUNT}) ?(?P<unit>{_DAYS}|tuần|tháng) tới(?!\w)(?! (?:đây )?(?:từ|nơi))"
)
_HOURS = Pattern(
    rf"(?<!\w)(?:sau )?(?P<count>{_COUNT}|nửa) ?(?P<unit>tiếng|giờ|h|phút|p|ph)(?: đồng hồ)?(?P<half> rưỡi)?"
    r" (?:nữa|nua)(?!\w)"
)
_THIS_DAY = Pattern(r"(?<!\w)(?:ngày|hôm) (?:này|nay) (?P<unit>tuần|tháng) (?:sau|tới)(?!\w)")

_BEFORE_NAY = Pattern(rf"(?<!\w)(?:{_PARTS}|\d{{1,2}}(?:h|h\d\d| giờ)|\d rưỡi|giờ rưỡi|^) ?$")
_MORE_OF_MOT = Pattern(
    r" (?:được|duoc|nhé|nhe|nha|ạ|em|anh|chị|tôi|mình|lúc|qua|đi|lên|\d|có|hoặc|đến)(?!\w)| ?[,.?!]| ?$"
)
_WOULD_SUIT = Pattern(r" (?:được|duoc|nhé|nha)(?!\w)")
_MOT_BEFORE = Pattern(rf"(?<!\w)(?:ngày|hôm|bữa|mai hoặc|mai hay|{_PARTS}) $")
_NAME_AFTER = Pattern(r" [^\W\d_]+")


def relative_days(page: Page, now: datetime) -> Iterator[DayMention]:
    """Every day told from `now`; may overlap, the longest is meant."""
    today = now.date()
    for pattern, count in _NAMED:
        for match in page.find(pattern):
            place = "at" if "at" in match.groupdict() else 0
            if _is_meant(page, match[place], match.start(place), match.end(place)):
                yield DayMention(match.start(place), match.end(place), days_on(today, count))
    for pattern in (_TO_COME, _LATER, _AFTER):
        for match in page.find(pattern):
            if page.before(match.start(), _WEEKDAYS_LISTED):
                continue  # "thứ 2, 3, 4 tuần sau" is next week's Wednesday, not in four weeks
            day = _on(today, match["count"], match["unit"], half=bool(match.groupdict().get("half")))
            monday = week(day, 0)[0] if fold(match["unit"]) == "tuan" else None
            yield DayMention(match.start(), match.end(), day, week=monday)
    for match in page.find(_AGO):
        yield DayMention(match.start(), match.end(), _on(today, match["count"], match["unit"], back=True))
    for match in page.find(_WITHIN):
        yield DayMention(match.start(), match.end(), today, _on(today, match["count"], match["unit"]))
    for match in page.find(_THIS_DAY):
        yield DayMention(match.start(), match.end(), _on(today, "1", match["unit"]))
    for match in page.find(_HOURS):
        then = now + _length(match["count"], match["unit"], half=bool(match["half"]))
        yield DayMention(match.start(), match.end(), then.date(), clock=then.time().replace(second=0, microsecond=0))


def _on(today: date, count: str, unit: str, *, half: bool = False, back: bool = False) -> date:
    unit = fold(unit)
    if fold(count) == "nua":
        days = {"thang": 15, "nam": 182}.get(unit, 0)
        return days_on(today, days)
    number = value(count) if count else 1
    sign = -1 if back else 1
    if unit == "tuan":
        return days_on(today, sign * (7 * number + 3 * half))
    if unit in ("thang", "nam"):
        return days_on(months_on(today, sign * number * (12 if unit == "nam" else 1)), 15 * half)
    return days_on(today, sign * number)


def _length(count: str, unit: str, *, half: bool) -> timedelta:
    hours = fold(unit) in ("tieng", "gio", "h")
    number = 0.5 if fold(count) == "nua" else value(count)
    number += 0.5 * half
    return timedelta(hours=number) if hours else timedelta(minutes=number)


def _is_meant(page: Page, word: str, start: int, end: int) -> bool:
    """Whether "nay" is today, "mai" tomorrow rather than a name, and "mot" mốt rather than một."""
    if word == "nay":
        return page.before(start, _BEFORE_NAY)
    if word == "mai":
        name = page.typed(start, end).istitle() and not page.original.isupper()
        if not name:
            return True
        if start and page.typed(start - 1, start) == " " and page.before(start, _AFTER_STOP) is False:
            return False
        follows = page.after(end, _NAME_AFTER)
        return follows is None or not page.typed(follows.start() + 1, follows.end()).istitle()
    if word == "qua":  # "toi qua" is "tôi qua" more often than "tối qua"
        return not page.folded or (page.after(end, _STOPS) is not None and not page.before(start, _COMING))
    if page.folded and word.endswith("mot"):
        if start == 0 and page.after(end, _WOULD_SUIT) is not None:
            return True
        follows_a_part = word != "mot" or page.before(start, _MOT_BEFORE)
        return follows_a_part and page.after(end, _MORE_OF_MOT) is not None
    return True


_WEEKDAYS_LISTED = Pattern(
    r"(?<!\w)(?:thứ |t)[2-7](?: ?(?:,|-|và|hoặc|hay|đến) ?[2-7])* ?(?:,|-|và|hoặc|hay|đến) ?$|thứ $"
)
_STOPS = Pattern(r" ?$| ?[,.?!]")
_COMING = Pattern(r"(?<!\w)(?:mai|nay|thứ \w+|t\d|cn|sau|tới|kia|sáng|chiều|h|giờ|cho|hẹn|để|thì) (?:tối|đêm) $")
_AFTER_STOP = Pattern(r"(?:[.!?,:;]|(?<!\w)(?:sáng|trưa|chiều|tối)) $")
