"""Hours as they are written: "9h30", "9 giờ kém 15", "2 rưỡi", "14:00", "9-10h"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .numbers import LONG_WORDS, WORDS, value
from .page import Page
from .patterns import Pattern
from .reading import ClockMention

_HOUR = rf"(?<![\w/.,:\-])(?:\d{{1,2}}(?!\d)|{WORDS})"
_OCLOCK = r"(?:(?<=\d)(?:h|g|giờ)| (?:h|g|giờ))"
_MOBILE = re.compile(r"[1-6] ?g\d?")
"""Networks, not hours: "5G"."""
_MINUTE = r"\d{1,2}(?!\d|[/.\-]\d)"
_THING = "người|ngày|tháng|thành viên|bản|bộ|tuần|năm|triệu|tr|k|nghìn|%|suất|hồ sơ|tờ"
_APART = rf"\d\d(?!\d|[/.\-]\d)(?! ?(?:{_THING}|h|giờ)(?!\w))|\d(?= ?phút)"
_MINUTES = r"(?: ?(?:phút|ph|p|'))?"

_HALF = Pattern(rf"(?P<hour>{_HOUR}){_OCLOCK}? ?rưỡi(?!\w)")
_LESS = Pattern(
    rf"(?P<hour>{_HOUR}){_OCLOCK}? ?kém (?P<less>\d{{1,2}}(?!\d)|{WORDS}){_MINUTES}(?!\w)",
)
_PLAIN = Pattern(
    rf"(?P<hour>{_HOUR}){_OCLOCK}(?:(?P<minute>{_MINUTE}){_MINUTES}| (?P<later>{_APART})(?: ?(?:phút|p|ph))?"
    rf"|(?P<said> (?:{WORDS})) phút|(?P<long> (?:{LONG_WORDS}))(?! ?(?:{_THING}|giờ|h)(?!\w))|)(?!\w|:)"
)
_DIGITAL = Pattern(r"(?<![\w:/.,\-])(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::\d\d)?(?![\d:])(?: ?(?:h|giờ)(?!\w))?")
_ENGLISH = Pattern(r"(?<![\w:/.,\-])(?P<hour>1[0-2]|0?[1-9])(?::(?P<minute>\d\d))? ?(?P<half>am|pm)(?!\w)")
_SPAN = Pattern(
    rf"(?P<hour>{_HOUR})(?:{_OCLOCK}(?P<minute>\d\d)?)? ?(?:-|đến|tới) ?"
    rf"(?P<until>\d{{1,2}}(?!\d)|{WORDS})(?:{_OCLOCK}(?P<until_minute>\d\d)?|:(?P<until_digital>\d\d))(?!\w)"
)
_PARTS = "sáng|trưa|chiều|tối"
_DAY = r"nay|mai|mốt|hôm|ngày|thứ|t[2-7]|cn|chủ nhật|tuần"
_SAID_TO_BE = Pattern(
    r"(?<!\w)(?:lúc|tầm|vào lúc) (?P<hour>\d{1,2})"
    rf"(?= ?(?:$|[,.?!;]|(?:{_PARTS}|{_DAY}|nhé|nha|ạ|nhá|được|không|thì)(?!\w)))"
)
_BEFORE_A_PART = Pattern(rf"(?<![\w/.,:\-])(?P<hour>\d{{1,2}}) (?=(?:{_PARTS}) (?:{_DAY}|\d{{1,2}}[/.\-]))")


def clocks(page: Page) -> Iterator[ClockMention]:
    """Every hour on the page; may overlap, the longest is meant."""
    for match in page.find(_SPAN):
        minute = int(match["minute"] or 0)
        end = value(match["until"]), int(match["until_minute"] or match["until_digital"] or 0)
        yield from _clock(match.start(), match.end(), value(match["hour"]), minute, until=end)
    for match in page.find(_HALF):
        yield from _clock(match.start(), match.end(), value(match["hour"]), 30)
    for match in page.find(_LESS):
        less = value(match["less"])
        hour = value(match["hour"])
        if 1 <= less <= 59 and hour >= 1:
            yield from _clock(match.start(), match.end(), hour - 1 or 12, 60 - less, came_from=hour)
    for match in page.find(_PLAIN):
        if _MOBILE.fullmatch(match[0]):
            continue
        written = match["minute"] or match["later"]
        said = (match["said"] or match["long"] or "").strip()
        minute = int(written) if written else value(said) if said else 0
        yield from _clock(match.start(), match.end(), value(match["hour"]), minute)
    for match in page.find(_DIGITAL):
        literal = match["hour"].startswith("0")
        yield from _clock(match.start(), match.end(), int(match["hour"]), int(match["minute"]), literal=literal)
    for match in page.find(_ENGLISH):
        hour = int(match["hour"]) % 12 + (12 if match["half"] == "pm" else 0)
        yield from _clock(match.start(), match.end(), hour, int(match["minute"] or 0), literal=True)
    for match in (*page.find(_SAID_TO_BE), *page.find(_BEFORE_A_PART)):
        yield from _clock(match.start("hour"), match.end("hour"), int(match["hour"]), 0)


def _clock(
    start: int,
    end: int,
    hour: int,
    minute: int,
    *,
    literal: bool = False,
    until: tuple[int, int] | None = None,
    came_from: int | None = None,
) -> Iterator[ClockMention]:
    if until is not None and not (until[0] <= 24 and until[1] <= 59):
        return
    if (came_from or hour) <= 23 and minute <= 59:
        yield ClockMention(start, end, hour, minute, literal, until)
