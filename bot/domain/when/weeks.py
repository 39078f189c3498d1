"""Weekdays and weeks: "thứ 5 tuần sau", "T2-T6", "CN này", "cuối tuần"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bot.domain.vietnamese import fold

from .arithmetic import days_on, edge_of, part_of_week, week
from .page import Page
from .patterns import Pattern
from .reading import DayMention, Kind

_NAMES = {"hai": 0, "ba": 1, "tu": 2, "nam": 3, "sau": 4, "sao": 4, "bay": 5}
_ROMAN = {"ii": 0, "iii": 1, "iv": 2, "v": 3, "vi": 4, "vii": 5}
_SUNDAY = 6
_THU = "th[uứưúùừửữựủũụ]"
"""With any tone before a digit, since slips are common; before a word fewer, "thử hai" is "try two"."""
_SPELT = "hai|ba|t[ưu]|n[ăa]m|s[áa]u|sáo|b[ảẩa]y"
_SLIPPED = "h[àảãáạ]i|b[àáảãạ]|t[ừứửữựúù]|n[ắằẳẵặâáàảã]m|s[àảãạăâ]u|b[ãàáạ]y"
"""With a wrong tone, where a week tells that a weekday is meant."""
_THING = "tr|triệu|tỷ|tỉ|nghìn|ngàn|đồng|lần|người|loại|bản|giờ|h|quan|nhất"
_ENDS = rf"(?![\w%])(?![/.\-,]\d{{2}})(?! ?(?:%|(?:{_THING})(?!\w)))"
_NO_NAME = "phòng|quan|dương|ngoại|sản|đăng|trăm|nghìn|triệu|mươi|tỉnh"
"""What makes "thu hai …" something else: "thu Hải Phòng"."""

_WHICH = (
    r"(?: (?:của )?(?P<which>tuần sau nữa|tuần tới nữa|tuần (?:này|nay|ni)|tuần (?:sau|sua|tới|kế|kế tiếp|tiếp theo)"
    r"|tuần (?:trước|rồi|vừa rồi|qua|vừa qua)|này|nay|ni"
    r"|(?:tới|toi)(?! (?:thứ|t[2-8]|ngày|chủ|cn|\d|hết|cuối|mai|sáng|chiều))|sau(?! (?:\d|khi|sáng|chiều|giờ|đó))"
    r"|vừa rồi|vừa qua|rồi(?= ?$| ?[,.])|trước(?! \d))(?!\w))?"
)
_WEEKDAY = Pattern(
    rf"(?<![\w/.])(?:ngày |hôm |bữa )?(?:{_THU} ?\.?(?P<digit>[2-7])"
    rf"|th[uứưú] (?P<name>{_SPELT})(?! (?:{_NO_NAME})(?!\w))"
    rf"|thứ (?P<slip>{_SLIPPED})(?= (?:tuần|này|tới)(?!\w))"
    r"|thứ (?P<roman>iii|ii|iv|vii|vi|v)|th?\.?(?P<short>[2-7])"
    rf"|(?P<sunday>chủ nhật|chúa nhật|chu nhật|cn)(?! bản)){_ENDS}{_WHICH}"
)
_WEEK = Pattern(
    r"(?<!\w)(?:(?P<edge>đầu|giữa|cuối) )?(?:(?P<turn>sang|qua|hết) )?(?:trong )?tuần"
    r"(?: (?P<which>sau nữa|tới nữa|này|nay|ni|sau|tới|toi|kế tiếp|kế|tiếp theo|trước|rồi|vừa rồi|vừa qua)"
    r"(?! (?:khi|hạn))(?!\w))?(?!\w)"
)
_COUNTED = Pattern(r"(?:\d|mấy|vài|các|mỗi|hàng|hằng|một|hai|ba|nhiều) $")

_SHORT_FOR_ELSE = Pattern(r"(?<!\w)(?:tòa|toà|tòa nhà|nhà|tầng|lô|block|khu|cổng|chung cư|bến|ga|tháp|mẫu|size|cỡ) $")
_SUNDAY_BEFORE = Pattern(
    r"(?:(?<!\w)(?:sáng|trưa|chiều|tối|ngày|hôm|bữa|vào|đến|tới|hoặc|hay|và|t7|bảy|7|cả|làm)|[,\-]|^) ?$"
)
_SUNDAY_AFTER = Pattern(
    r" (?:này|nay|tới|toi|sau|tuần|có|được|duoc|nhé|lúc|sáng|chiều|làm|mở|\d{1,2} ?(?:h|giờ))(?!\w)| ?[,?!.]| ?$"
)
_ORDER = Pattern(r"(?<!\w)thứ nhất(?!\w)")


def weekdays(page: Page, today: date) -> Iterator[DayMention]:
    """Every weekday on the page, as if nothing else told which week."""
    ordered = page.has(_ORDER, 0, len(page.text))
    for match in page.find(_WEEKDAY):
        number = _number(match)
        if match["name"] and ordered:
            continue
        if match["short"] and page.before(match.start(), _SHORT_FOR_ELSE):
            continue
        if match["sunday"] == "cn" and not (
            page.before(match.start(), _SUNDAY_BEFORE) and page.after(match.end("sunday"), _SUNDAY_AFTER)
        ):
            continue
        which = fold(match["which"] or "")
        day = day_of_week(number, which, today)
        in_week = which.startswith("tuan") or which == "sau"
        monday = days_on(day, -number) if in_week else None
        yield DayMention(match.start(), match.end(), day, None, Kind.WEEKDAY, number, fixed=bool(which), week=monday)


def _number(match: re.Match[str]) -> int:
    """The weekday of a match, Monday 0."""
    if digit := match["digit"] or match["short"]:
        return int(digit) - 2
    if match["roman"]:
        return _ROMAN[match["roman"]]
    name = match["name"] or match["slip"]
    return _NAMES[fold(name)] if name else _SUNDAY


def day_of_week(number: int, which: str, today: date) -> date:
    """Weekday `number` of the week that the folded words `which` tell; without them the next after today."""
    if which.startswith("tuan") or which == "sau":
        return days_on(week(today, _weeks_on(which))[0], number)
    ahead = (number - today.weekday()) % 7
    if which in ("nay", "ni"):
        return days_on(today, ahead)
    if which in ("vua roi", "vua qua", "roi", "truoc"):
        return days_on(today, ahead - 7)
    return days_on(today, ahead or 7)


def _weeks_on(which: str) -> int:
    which = which.removeprefix("tuan").strip()
    if which in ("sau nua", "toi nua"):
        return 2
    if which in ("truoc", "roi", "vua roi", "qua", "vua qua"):
        return -1
    return 0 if which in ("nay", "ni", "") else 1


def weeks(page: Page, today: date) -> Iterator[DayMention]:
    """Every week on the page, or the part of it that is named."""
    for match in page.find(_WEEK):
        edge, turn, which = match["edge"], match["turn"], match["which"]
        if not (edge or turn or which) or (not edge and page.before(match.start(), _COUNTED)):
            continue
        part = edge_of(edge)
        until = turn is not None and fold(turn) == "het"
        count = _weeks_on(fold(which or "")) or (1 if turn and not until else 0)
        first, last = part_of_week(week(today, count), part)
        if not which and last < today:
            first, last = days_on(first, 7), days_on(last, 7)
        yield DayMention(match.start(), match.end(), first, last, Kind.WEEK, fixed=bool(turn or which), edge=part)
