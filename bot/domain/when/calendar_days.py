"""Days of the solar calendar: "25/12", "ngày 25 tháng sau", "mùng 3 tháng 12", "từ 10 đến 12/12"."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.domain.vietnamese import fold

from .arithmetic import exists, months_on, next_month_with, next_year_with
from .months import MONTHS, THAT_YEAR, months_said, year_said
from .numbers import LONG_WORDS, WORDS, value
from .page import Page
from .patterns import Pattern
from .reading import DayMention, Kind, Mention

_START = r"(?<![\w/.,\-])(?<!thứ )"
_CALLED = r"(?:ngày |hôm |bữa )?(?:(?:mùng|mồng|mung) )?"
_SPOKEN_SHORT = "hai (?:hai|ba|tư|bốn|sáu|bảy|bẩy|tám|chín)"
"""Only after "ngày": without it "hai ba tháng" is two or three months."""
_DAY = rf"(?P<cue>{_CALLED})(?P<day>\d{{1,2}}(?!\d)|{WORDS}|(?<=ngày )(?:{_SPOKEN_SHORT}))"
_MONTH = rf"\d{{1,2}}(?!\d)|{MONTHS}"
_THING = (
    "%|phần trăm|m2|m²|m3|m|ha|kg|tấn|lít|km|người|lần|tiếng|bữa|suất|ca|đơn|bản|bộ|triệu|tr|tỷ|tỉ|nghìn|ngàn|đồng|k|"
    "usd|thành viên|lao động|cổ phần|điểm|độ|gb|mb|inch|phút"
)

_NUMERIC = Pattern(
    rf"(?<![\w/.,\-:])(?P<cue>{_CALLED})(?P<day>\d{{1,2}})(?P<sep> ?[/.\-] ?)(?P<month>\d{{1,2}})"
    r"(?:(?P=sep)(?P<year>\d{4}|\d\d)(?!\d))?(?![/\-.]?\d)(?![/.\-]?[\w%])"
)
_ISO = Pattern(r"(?<![\w/.\-])(?P<year>(?:19|20)\d\d)[\-/.](?P<month>\d{1,2})[\-/.](?P<day>\d{1,2})(?![\w/\-])")
_SPOKEN = Pattern(rf"{_START}{_DAY} tháng (?P<month>{_MONTH})(?:/(?P<slash>\d{{4}}))?{THAT_YEAR}(?! ngày)(?!\w)")
_OF_MONTH = Pattern(
    rf"{_START}{_DAY} (?:của )?tháng (?P<which>này|nay|ni|sau|tới|toi|(?P<past>trước|rồi|vừa rồi))(?!\w)"
)
_ALONE = Pattern(
    rf"{_START}(?:(?:ngày |hôm )?(?:mùng|mồng|mung) (?P<low>\d{{1,2}}|{WORDS})"
    rf"|(?:ngày|hôm|bữa) (?P<day>\d{{1,2}}|{LONG_WORDS}|(?<=ngày )(?:{_SPOKEN_SHORT})))"
    rf"(?![\d/%])(?! ?(?:{_THING})(?!\w))(?!\w)(?![.\-:]\d)(?! ?(?:giờ|h)(?!\w))"
)
_SPAN = Pattern(
    rf"{_START}(?:từ )?(?:ngày |mùng |mồng )?(?P<first>\d{{1,2}}) ?(?:-|đến|tới|hoặc|hay|,|và) ?(?:hết )?"
    r"(?:ngày |mùng )?(?P<last>\d{1,2})"
    rf"(?:/(?P<month>\d{{1,2}})(?:/(?P<year>\d{{4}}))?| tháng (?P<spoken>{_MONTH}|này|sau|tới))(?![\w/])"
)
_AFTER_A_PART = Pattern(
    r"(?<!\w)(?:sáng|trưa|chiều) (?P<day>1[3-9]|2\d|3[01])"
    r"(?= (?:tôi|em|anh|chị|mình|e|nhé|nha|này|được|đc|dc|có|ạ)(?!\w)| ?[,.?!] ?(?!\w)| ?$)"
)
"""Above twelve, since "sáng 9" may be nine o'clock."""
_CUE = Pattern(
    r"(?<!\w)(?:ngày|hôm|lễ|hẹn|vào|lúc|từ|đến|tới|sang|sáng|trưa|chiều|tối|thứ \w+|t[2-7]|cn|nhật|hoặc|hay|là)(?:,)? $"
)
_MEASURED = Pattern(rf" ?(?:{_THING}|ngày|tháng|tuần|năm|giờ)(?!\w)")
_TWO_NUMBERS = 2


def calendar_days(page: Page, today: date) -> Iterator[Mention]:
    """Every day on the page, and days that do not exist as mere mentions; may overlap, the longest is meant."""
    yield from _numeric(page, today)
    yield from _spans(page, today)
    yield from _of_months(page, today)
    yield from _spoken(page, today)
    yield from _alone(page, today)


def _numeric(page: Page, today: date) -> Iterator[DayMention]:
    for match in page.find(_ISO):
        year, number, day = int(match["year"]), int(match["month"]), int(match["day"])
        if exists(year, number, day):
            yield _day(match.start(), match.end(), date(year, number, day))
    for match in page.find(_NUMERIC):
        written, number = match["day"], int(match["month"])
        sign = match["sep"].strip()
        alone = sign != "." and match[0].strip() == page.text.strip(" .,!?")
        sure = alone or bool(match["cue"] or match["year"]) or page.before(match.start(), _CUE)
        if not sure and (sign != "/" and len(written) + len(match["month"]) < 2 * _TWO_NUMBERS):
            continue  # "2.5" is more often a measure
        if " " in match["sep"] and not match["year"] and (sign != "/" or not sure):
            continue
        if page.after(match.end(), _MEASURED):
            continue
        found = next_year_with(int(written), number, today)
        if match["year"]:
            century = 2000 if len(match["year"]) == _TWO_NUMBERS else 0
            found = _in_year(int(written), number, int(match["year"]) + century)
        if found is not None:
            yield _day(match.start(), match.end(), found)


def _spans(page: Page, today: date) -> Iterator[DayMention]:
    for match in page.find(_SPAN):
        said = match["month"] or match["spoken"]
        first, last = int(match["first"]), int(match["last"])
        if said.isdecimal() or fold(said) not in ("nay", "sau", "toi"):
            found = (
                _in_year(last, value(said), int(match["year"]))
                if match["year"]
                else next_year_with(last, value(said), today)
            )
        else:
            then = months_on(today.replace(day=1), months_said(said))
            found = _in_year(last, then.month, then.year)
        if found is not None and 1 <= first < last:
            yield DayMention(match.start(), match.end(), found.replace(day=first), found, Kind.CALENDAR, fixed=True)


def _spoken(page: Page, today: date) -> Iterator[Mention]:
    for match in page.find(_SPOKEN):
        day, number = value(match["day"]), value(match["month"])
        year = year_said(match, today) or (int(match["slash"]) if match["slash"] else None)
        found = _in_year(day, number, year) if year else next_year_with(day, number, today)
        # "30 tháng 2" is no day, and not the month of February either.
        yield _day(match.start(), match.end(), found) if found else Mention(match.start(), match.end())


def _of_months(page: Page, today: date) -> Iterator[DayMention]:
    for match in page.find(_OF_MONTH):
        if match["past"] and not match["cue"]:
            continue  # "hai tháng rồi" is a length of time
        first = months_on(today.replace(day=1), months_said(match["which"]))
        found = _in_year(value(match["day"]), first.month, first.year)
        if found is not None:
            yield _day(match.start(), match.end(), found)


def _alone(page: Page, today: date) -> Iterator[DayMention]:
    for match in page.find(_ALONE):
        day = value(match["low"] or match["day"])
        if match["low"] and not 1 <= day <= 10:
            continue
        found = next_month_with(day, today) if 1 <= day <= 31 else None
        if found is not None:
            yield DayMention(match.start(), match.end(), found, None, Kind.CALENDAR, day)
    for match in page.find(_AFTER_A_PART):
        if (found := next_month_with(int(match["day"]), today)) is not None:
            yield DayMention(match.start("day"), match.end("day"), found, None, Kind.CALENDAR, found.day)


def _day(start: int, end: int, day: date) -> DayMention:
    return DayMention(start, end, day, None, Kind.CALENDAR, day.day, fixed=True)


def _in_year(day: int, number: int, year: int) -> date | None:
    return date(year, number, day) if exists(year, number, day) else None
