"""What stands between and beside mentions: ranges, choices, corrections, moves, refusals."""

from __future__ import annotations

from enum import Enum, auto

from .page import Page
from .patterns import Pattern
from .reading import ClockMention, Mention

_NOT = "không|khong|ko|k|kh|hông|hok|hong|khum|chẳng|chả"
_WHO = "tôi|em|mình|anh|chị|bên em|bên tôi|nhà em|e|a|c|mik|mk"
_PARTS = "sáng|trưa|chiều|tối|buổi sáng|buổi chiều"


class Link(Enum):
    """How a mention goes on from the one before."""

    NONE = auto()
    APPOSITION = auto()
    RANGE = auto()
    CHOICE = auto()
    CORRECTION = auto()


_RANGE = Pattern(r"[\s,(]*(?:cho |kéo dài )?(?:đến|tới|den|->|-)(?: hết)?(?: ngày| hôm)?[\s]*$")
_CHOICE = Pattern(r"[\s]*(?:,|/|hoặc|hay|và|với|or)(?: (?:hoặc|hay|là|cả|ngày|hôm|vào|lúc))*[\s]*$")
_CORRECTION = Pattern(
    r"(?<!\w)(?:nhầm|lộn|đính chính|sửa lại|xin lỗi|mà|thôi|ý là|à|ah|chứ|quên)(?!\w)"
    rf"|(?<!\w)(?:ủa|ấy|ơ|ui) (?:{_NOT})(?!\w)|ý (?:của )?(?:{_WHO}) (?:là|muốn nói)"
    r"|(?<!\w)(?:sang|thành|đổi|chuyển|dời|lùi|thay bằng|hoãn)(?!\w)|^\s*(?:xuống|lên|qua)\s*$"
)
_MOVING = Pattern(r"(?<!\w)(?:đổi|chuyển|dời|lùi|hoãn|dịch)(?!\w)")
_LIGHT = Pattern(r"[\s,()\-:]*(?:ngày|tức|tức là|là|nhằm|lúc|vào|vào lúc|khoảng|tầm|nhé|của)?[\s,()\-:]*$")

_DO_NOT = r"(?<!xây )(?<!sử )(?<!áp )(?<!nội )(?<!tín )(?<!tuyển )(?<!tiêu )(?<!người )(?<!công )đừng"
"""Typed without marks it looks like dựng, dụng, dùng and dung."""
_SHARP = Pattern(r"(?<!\w)đúng $")

_REFUSED_BEFORE = Pattern(
    rf"(?<!\w)(?:(?:{_NOT}) (?:phải|lấy|xếp|đặt|hẹn|đi|lên|đến|qua|rảnh|muốn|thích)(?: được)?(?: là| vào| lịch| hẹn)*"
    rf"|{_DO_NOT}(?: \w+){{0,2}}|trừ|trừ ra|ngoài|tránh|bận|kẹt|né)(?: (?:vào|ngày|hôm|lúc|cái))* ?$"
)
_REFUSED_AFTER = Pattern(
    rf" ?,? ?(?:(?:thì|{_WHO}|lại|đó|này|có|hôm đó|bị|đang) )*"
    rf"(?:(?:bận|nghỉ|có việc|họp|ốm|đi (?:công tác|vắng|xa|học))(?! (?:{_NOT})(?!\w))|về quê|kẹt|vướng|mắc(?! \d)"
    rf"|(?:{_NOT}) (?:được|duoc|đi|rảnh|đến|tiện|kịp|lên|qua|ổn)(?! (?:à|hả|sao))"
    r"|(?:kín|hết (?:chỗ|lịch|suất))(?! (?:chưa|không)))(?!\w)"
)
_AND = Pattern(r"\s*(?:và|với|hoặc|hay|lẫn|cả|,)\s*(?:cả )?$")
_EXCEPT = Pattern(rf"(?<!\w)(?:trừ|ngoại trừ|trừ ra|ngoài|tránh|{_DO_NOT})(?!\w)")
_OF_A_DAY = "ngày|hôm|lễ|ngày lễ|dịp|dịp lễ|nghỉ lễ|kỳ nghỉ|kỳ nghỉ lễ"
_ONLY_FROM = Pattern(rf"(?<!\w)(?:từ |kể từ )?(?P<way>sau)(?: (?:{_OF_A_DAY}|{_PARTS}))? $")
_ONLY_FROM_A_FEAST = Pattern(rf"(?<!\w)(?:qua|ra|hết|xong)(?: (?:{_OF_A_DAY}))? $")
_UP_TO = Pattern(
    r"(?<!\w)(?<!đặt )(?<!báo )(?<!hẹn )(?<!tuần )(?<!bao )(?<!dat )(?<!hen )(?<!tuan )trước"
    rf"(?: (?:{_OF_A_DAY}))? $"
)


def link(page: Page, gap: str, before: int) -> Link:
    """The link that `gap`, the words between two mentions, makes; `before` is where the first of them begins."""
    folded = page.folded
    if _RANGE.choose(folded).match(gap):
        moving = page.has(_MOVING, 0, before)
        return Link.CORRECTION if moving else Link.RANGE
    if _CHOICE.choose(folded).match(gap):
        return Link.CHOICE
    if _CORRECTION.choose(folded).search(gap):
        return Link.CORRECTION
    return Link.APPOSITION if _LIGHT.choose(folded).match(gap) else Link.NONE


def refused(page: Page, gap_before: str, mention: Mention) -> bool:
    """Whether `mention`, with `gap_before` before it, is said not to suit. "dung 8h" is sharp at eight."""
    if page.folded and isinstance(mention, ClockMention) and _SHARP.choose(folded=True).search(gap_before):
        return False
    return (
        _REFUSED_BEFORE.choose(page.folded).search(gap_before) is not None
        or page.after(mention.end, _REFUSED_AFTER) is not None
    )


def also(page: Page, gap: str) -> bool:
    """Whether `gap` only joins two mentions, so that what is said of the first is said of the second."""
    return _AND.choose(page.folded).match(gap) is not None


def excepted(page: Page, start: int) -> bool:
    """Whether an exception ("trừ") is made somewhere before `start`."""
    return page.has(_EXCEPT, 0, start)


def only_after(page: Page, start: int) -> bool:
    """Whether "sau" stands before."""
    return page.before(start, _ONLY_FROM, reach=24)


def feast_over(page: Page, start: int) -> bool:
    """Whether the feast that begins at `start` is said to be over: "qua Tết Tây"."""
    return page.before(start, _ONLY_FROM_A_FEAST, reach=24)


def only_before(page: Page, start: int) -> bool:
    """Whether "trước" stands before."""
    return page.before(start, _UP_TO, reach=24)
