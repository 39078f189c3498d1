"""Chinese, Japanese and Korean times rewritten so that Duckling's rules read them as they are meant.

Those rules do not know "上午", take "下周四" for this week's Thursday, and Duckling's own Japanese knows
little beyond dates; its Korean knows no "글피". Measured on `data/evaluation/when.yml`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from bot.domain.procedure import Language

Rewrite = tuple[re.Pattern[str], str | Callable[[re.Match[str], date], str]]

_CHINESE_DAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6}
_JAPANESE_DAYS = {letter: number for number, letter in enumerate("月火水木金土日")}


def _weekday(days: dict[str, int]) -> Callable[[re.Match[str], date], str]:
    def rewrite(match: re.Match[str], today: date) -> str:
        weeks = {"下": 1, "来": 1, "再来": 2, "下下": 2}.get(match["week"] or "", 0)
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=weeks)
        day = monday + timedelta(days=days[match["day"]])
        if not match["week"] and day <= today:
            day += timedelta(weeks=1)
        return f"{day.year}年{day.month}月{day.day}日"

    return rewrite


_COUNTS = {"一": 1, "二": 2, "两": 2, "兩": 2, "三": 3, "四": 4}
_COUNT = r"(?P<count>\d{1,3}|[一二两兩三四])"


def _days_on(match: re.Match[str], today: date, unit: int = 1) -> str:
    day = today + timedelta(days=unit * (_COUNTS.get(match["count"]) or int(match["count"])))
    return f"{day.year}年{day.month}月{day.day}日"


def _weeks_on(match: re.Match[str], today: date) -> str:
    return _days_on(match, today, unit=7)


def _korean_week(match: re.Match[str], today: date) -> str:
    day = today + timedelta(weeks=2, days="월화수목금토일".index(match["day"]) - today.weekday())
    return f"{day.year}년 {day.month}월 {day.day}일"


def _three_days_on(_: re.Match[str], today: date) -> str:
    day = today + timedelta(days=3)
    return f"{day.year}년 {day.month}월 {day.day}일"


_REWRITES: dict[Language, tuple[Rewrite, ...]] = {
    Language.KO: (
        (re.compile("글피"), _three_days_on),
        (re.compile(r"다다음 ?주 ?(?P<day>[월화수목금토일])요일"), _korean_week),
    ),
    Language.ZH: (
        (re.compile("明早(?!上)"), "明天早上"),
        (re.compile("今早(?!上)"), "今天早上"),
        (re.compile("明晚(?!上)"), "明天晚上"),
        (re.compile(rf"{_COUNT}(?:个|個)?(?:星期|周|週|礼拜|禮拜)(?:之|以)?[后後]"), _weeks_on),
        (re.compile("上午"), "早上"),
        (
            re.compile(r"(?P<week>下下|下|这|本)?(?:个)?(?:周|星期|礼拜|週)(?P<day>[一二三四五六日天])"),
            _weekday(_CHINESE_DAYS),
        ),
        (re.compile(r"(?P<count>\d{1,3})(?:天|日)(?:之|以)?[后後]"), _days_on),
        (re.compile("號"), "号"),
        (re.compile("點"), "点"),
        (re.compile("後"), "后"),
    ),
    Language.JA: (
        (
            re.compile(r"(?:(?P<week>再来|来|今)週の?)?(?P<day>[月火水木金土日])曜日?の?"),
            _weekday(_JAPANESE_DAYS),
        ),
        (re.compile("明々後日の?|しあさっての?"), "大后天"),
        (re.compile("明後日の?|あさっての?"), "后天"),
        (re.compile("明日の?|あしたの?|あすの?"), "明天"),
        (re.compile("今日の?|本日の?|きょうの?"), "今天"),
        (re.compile("来週の?"), "下周"),
        (re.compile("今週の?"), "本周"),
        (re.compile("来月の?"), "下个月"),
        (re.compile("午前中?|朝の?"), "早上"),
        (re.compile("午後の?|夕方の?"), "下午"),
        (re.compile("夜の?|今夜の?"), "晚上"),
        (re.compile("正午|お昼の?"), "中午"),
        (re.compile(r"(?<=[\d一二三四五六七八九十])時(?!間)"), "点"),
        (re.compile(rf"{_COUNT}週間後"), _weeks_on),
        (re.compile(r"(?P<count>\d{1,3})日後"), _days_on),
        (re.compile(r"(?<=月)の"), ""),
        (re.compile(r"(?<=\d日)の"), ""),
    ),
}


def rewrite(text: str, language: Language, today: date) -> tuple[str, list[int]]:
    """`text` for Duckling's Chinese rules, and for each place in it the place in `text`."""
    letters, places = text, list(range(len(text) + 1))
    for pattern, replacement in _REWRITES.get(language, ()):
        parts: list[str] = []
        kept: list[int] = []
        end = 0
        for match in pattern.finditer(letters):
            written = replacement if isinstance(replacement, str) else replacement(match, today)
            parts += [letters[end : match.start()], written]
            kept += places[end : match.start()] + [places[match.start()]] * len(written)
            end = match.end()
        letters = "".join([*parts, letters[end:]])
        places = kept + places[end:]
    return letters, places
