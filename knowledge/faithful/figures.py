"""The figures of a text: sums, lengths of time, days, hours, shares, codes, telephones, links, bare numbers.

Each becomes a kind and a value that is the same however it is written, in all five languages: "150.000 đ",
"VND 150,000" and "15만동" are one sum; three days and three working days are two lengths.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.vietnamese import fold


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure at `start`..`end` of the text; `value` is comparable, for example "span:3 working_day"."""

    value: str
    start: int
    end: int


FREE = "free"
"""The value of a sum of nothing; words such as "miễn phí" mean the same."""

_NUMBER = r"\d+(?:[.,]\d{3})+(?!\d)|\d+(?:[.,]\d+)?"
_SCALES = {
    "nghìn|ngàn|thousand|천|千": 1_000,
    "만|万|萬": 10_000,
    "triệu|million|백만": 1_000_000,
    "억|亿|億": 100_000_000,
    "tỷ|tỉ|billion": 1_000_000_000,
}
_SCALE = "|".join(_SCALES)
_CURRENCIES = {
    "VND": r"đồng|vnđ|vnd|₫|đ(?!\w)|dong\b|동(?![가-힣])|동(?=[이은을의에으입])|越南盾|越盾|盾|ドン",
    "USD": r"usd|us\$|\$|đô la(?: mỹ)?|đô(?!\w)|dollars?|달러|美元|美金|ドル",
    "EUR": r"euros?|eur\b|€|ơ-?rô|유로|欧元|ユーロ",
    "KRW": r"krw|won\b|₩|원(?![가-힣본])|韩元|ウォン",
    "JPY": r"jpy|yên(?!\w)|yen\b|¥|円|日元|엔(?![가-힣])",
    "CNY": r"cny|rmb|nhân dân tệ|tệ(?!\w)|yuan|人民币|元|위안",
}
_UNITS = {
    "working_day": r"ngày làm việc|(?:working|business)[ -]days?|workdays?"
    r"|근무일|영업일|(?:个|個)?工作日|営業日|稼働日",
    "working_hour": r"giờ làm việc|working[ -]hours?|근무시간|(?:个|個)?工作小时|業務時間",
    "month": r"tháng|months?|개월|달|(?:个|個)月|[かヶカ]月",
    "week": r"tuần|weeks?|주일?(?![가-힣])|周|週間|星期",
    "hour": r"giờ|tiếng|hours?|시간|(?:个|個)?小时|小時|時間",
    "minute": r"phút|minutes?|분|分钟|分(?!の)",
    "day": r"ngày|(?:calendar[ -])?days?|일|天|日",
    "year": r"năm|years?|년|年",
}
_MONTHS = {name: n for n, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_MONTH = (
    r"\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_CURRENCY = "|".join(_CURRENCIES.values())
_UNIT = "|".join(_UNITS.values())
_DAYS = "|".join(
    (
        r"(?P<y1>\d{4})-(?P<m1>\d\d)-(?P<d1>\d\d)",
        r"(?P<d2>\d{1,2})[/.-](?P<m2>\d{1,2})[/.-](?P<y2>\d{4})",
        r"(?P<d3>\d{1,2}) tháng (?P<m3>\d{1,2})(?: ?(?:,|năm) ?(?P<y3>\d{4}))?",
        rf"(?P<d4>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<m4>{_MONTH}),? ?(?P<y4>\d{{4}})?",
        rf"(?P<m5>{_MONTH}) (?P<d5>\d{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<y5>\d{{4}}))?(?!\d)",
        r"(?:(?P<y6>\d{4})[년年] ?)?(?P<m6>\d{1,2})[월月] ?(?P<d6>\d{1,2})[일日号]",
        r"tháng (?P<m7>\d{1,2})(?:/| năm )(?P<y7>\d{4})",
        r"(?P<y8>\d{4})[년年] ?(?P<m8>\d{1,2})[월月]",
        rf"\b(?P<m9>{_MONTH}) (?P<y9>\d{{4}})",
    )
)
_FIGURE = re.compile(
    "|".join(
        (
            r"(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)",
            r"(?P<link>https?://[^\s<>()]+|(?<![\w@])(?:[a-z0-9-]+\.)+(?:vn|com|org|net|info|gov|io|me|cn|jp|kr)\b(?:/[^\s<>()]*)?)",
            r"(?P<code>\d{3}(?:\.\d{2}){2}\.\w{3}-\d{6}-\d{4}|(?<!\d)\d\.\d{6}(?!\d)"
            r"|\d+(?:\.\d+)?/(?:\d{4}/)?[a-zđ][a-zđ0-9]*(?:-[a-zđ0-9]+)*)",
            r"(?P<phone>(?<![\d.,])(?:(?:\+ ?84|0)(?:[ .\-]?\d){8,10}"
            r"|\(0\d{2,3}\)(?:[ .\-]?\d){6,8}|1[89]00[ .]?\d{4,6})(?![\d]))",
            f"(?P<day>{_DAYS})",
            r"(?P<clock>(?<!\d)\d{1,2}(?:[:h]\d{2}(?!\d)|h(?!\w)| giờ \d{1,2}(?!\d)(?: phút)?))",
            rf"(?P<money>(?:(?P<before>vnd|vnđ|usd|us\$|\$|€|¥|₩|₫)\s?)(?P<sum1>{_NUMBER})(?:\s?(?P<scale1>{_SCALE}))?"
            rf"|(?P<sum2>{_NUMBER})(?:\s?(?P<scale2>{_SCALE}|k(?=\s?(?:đ|vn|$|\W))))?\s?(?P<after>{_CURRENCY}))",
            rf"(?P<share>(?P<part>{_NUMBER})\s?(?:%|phần trăm|per ?cent|퍼센트|프로|パーセント))",
            rf"(?P<span>(?P<length>{_NUMBER})(?:[ -]|개|個)?(?P<unit>{_UNIT})(?:\(s\))?(?![a-zà-ỹ]))",
            rf"(?P<big>(?P<many>{_NUMBER})\s?(?P<scale3>{_SCALE})(?![a-zà-ỹ]))",
            r"(?P<mixed>(?<![^\W_])[a-zđ]+(?:[.-]?\d[\w]*)(?:[./-]\w+)*|\d+[a-zđ]\w*(?:[./-]\w+)*|\d+(?:[./-]\d+)+)",
            rf"(?P<bare>{_NUMBER})",
        )
    )
)


def figures(text: str) -> Iterator[Figure]:
    """The figures of `text` (lower case, numbers in digits), in order."""
    for found in _FIGURE.finditer(text):
        if (value := _value(found)) is not None:
            yield Figure(value, found.start(), found.end())


def _value(found: re.Match[str]) -> str | None:
    match found.lastgroup or next(name for name in _KINDS if found[name]):
        case "link":
            bare = re.sub(r"^https?://(?:www\.)?|^www\.", "", found[0])
            return f"link:{bare.rstrip('/.,;:')}"
        case "mail" | "code" | "mixed" as kind:
            return _mixed(found[0]) if kind == "mixed" else f"{kind}:{fold(found[0])}"
        case "phone":
            return f"phone:{re.sub(r'^84', '0', re.sub('[^0-9]', '', found[0]))}"
        case "clock":
            hour, *minute = re.findall(r"\d+", found[0])
            return f"clock:{int(hour)}:{int(minute[0]) if minute else 0}"
        case _:
            return _measured(found)


_KINDS = ("mail", "link", "code", "phone", "day", "clock", "money", "share", "span", "big", "mixed", "bare")


def _measured(found: re.Match[str]) -> str:
    if found["day"]:
        return _day(found)
    if found["money"]:
        amount = _number(found["sum1"] or found["sum2"]) * _times(found["scale1"] or found["scale2"])
        named = found["before"] or found["after"]
        currency = next(name for name, words in _CURRENCIES.items() if re.match(words, named))
        return FREE if amount == 0 else f"money:{amount:.15g} {currency}"
    if found["share"]:
        return f"share:{_number(found['part']):.15g}"
    if found["span"]:
        unit = next(name for name, words in _UNITS.items() if re.fullmatch(words, found["unit"]))
        return f"span:{_number(found['length']):.15g} {unit}"
    if found["big"]:
        return f"number:{_number(found['many']) * _times(found['scale3']):.15g}"
    return f"number:{_number(found['bare']):.15g}"


def _day(found: re.Match[str]) -> str:
    held = {name[0]: value for name, value in found.groupdict().items() if value and re.fullmatch(r"[ymd]\d", name)}
    month = held["m"]
    number = int(month) if month.isdigit() else _MONTHS[month[:3]]
    return f"day:{held.get('y', '')}-{number}-{int(held['d']) if 'd' in held else ''}"


def _mixed(written: str) -> str:
    if re.fullmatch(r"\d{1,2}/\d{4}", written):
        month, year = written.split("/")
        return f"day:{year}-{int(month)}-"
    return f"code:{fold(written)}"


def _number(written: str) -> float:
    if re.fullmatch(r"\d+(?:[.,]\d{3})+", written):
        return float(re.sub("[.,]", "", written))
    return float(written.replace(",", "."))


def _times(scale: str | None) -> int:
    if scale is None:
        return 1
    return next((times for words, times in _SCALES.items() if re.fullmatch(words, scale)), 1_000)
