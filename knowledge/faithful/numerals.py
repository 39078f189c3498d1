"""Words for numbers become digits ("mười lăm ngày" is "15 ngày"), so that figures are compared as figures.

A small number counts only before what is counted: "một" and "one" are articles too, "tư" stands in "đầu tư".
"""

from __future__ import annotations

import re

from bot.domain.procedure import Language

_VI = {w: n for n, ws in enumerate("_ một|mốt hai ba bốn|tư năm|lăm sáu bảy tám chín".split()) for w in ws.split("|")}
_VI_SCALES = {"trăm": 100, "nghìn": 1_000, "ngàn": 1_000, "triệu": 1_000_000, "tỷ": 1_000_000_000, "tỉ": 1_000_000_000}
_VI_START = "một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười"
_VI_NUMBER = re.compile(
    rf"\b(?:{_VI_START})(?: (?:{_VI_START}|mốt|tư|lăm|mươi|linh|lẻ|trăm|nghìn|ngàn|triệu|tỷ|tỉ))*\b"
)
_VI_COUNTED = re.compile(
    r"\s*(?:ngày|giờ|tiếng|tháng|năm|tuần|phút|bản|bộ|đồng|vnđ|đô|usd|euro|lần|người|phần trăm|thành viên|tấm|tờ|quyển"
    r"|cuốn|ảnh|trang|mét|cơ sở)\b"
)
_VI_DIGITS_MAY_FOLLOW = frozenset({"trăm", "linh", "lẻ", "nghìn", "ngàn", "triệu", "tỷ", "tỉ"})

_EN_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_EN = {word: n for n, word in enumerate(_EN_SMALL)} | {
    word: 10 * n for n, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)
}
_EN_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_EN_WORD = "|".join((*_EN, *_EN_SCALES))
_EN_NUMBER = re.compile(rf"\b(?:{'|'.join(_EN)})(?:(?:[ -]| and )(?:{_EN_WORD}))*\b")
_EN_COUNTED = re.compile(
    r"[\s-]*(?:(?:working|business|calendar) )?"
    r"(?:days?|hours?|weeks?|months?|years?|cop(?:y|ies)|originals?|sets?|photos?|dong|vnd|dollars?|per ?cent)\b"
)

_HAN = {w: n for n, ws in enumerate("〇|零 一 二|两|兩 三 四 五 六 七 八 九".split()) for w in ws.split("|")}
_HAN_SCALES = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "萬": 10_000}
_HAN_NUMBER = re.compile(
    r"(?<![\d第])[〇零一二两兩三四五六七八九十百千万萬]+"
    r"(?=\s?(?:个|個|天|日|工作日|年|份|越南盾|元|円|ドン|部|名|人|小时|小時|時間|か月|ヶ月|営業日|周|週|通|枚|%|倍))"
)
_KO = {w: n for n, w in enumerate("영일이삼사오육칠팔구")}
_KO_SCALES = {"십": 10, "백": 100, "천": 1_000, "만": 10_000}
_KO_NUMBER = re.compile(
    r"(?<![가-힣\d])[일이삼사오육칠팔구십백천만]+(?=\s?(?:일|개월|년|시간|동|원|부|근무일|영업일|퍼센트|주))"
)
_KO_DAYS = {"하루": 1, "이틀": 2, "사흘": 3, "나흘": 4, "닷새": 5, "엿새": 6, "이레": 7, "여드레": 8, "열흘": 10}
_KO_DAY = re.compile("|".join(_KO_DAYS))
_KO_COUNT = dict(zip("한 두 세 네 다섯 여섯 일곱 여덟 아홉 열".split(), range(1, 11), strict=True))
_KO_COUNTED = re.compile(rf"(?<![가-힣])(?:{'|'.join(_KO_COUNT)})(?=\s?(?:부|통|명|번|장|달|시간|주|배))")


def in_digits(text: str, language: Language) -> str:
    """`text` (lower case) with the words for numbers of `language` written as digits."""
    match language:
        case Language.VI:
            return _VI_NUMBER.sub(_vietnamese, re.sub(r"\bkhông(?= đồng\b)", "0", text))
        case Language.EN:
            return _EN_NUMBER.sub(_english, text)
        case Language.KO:
            text = _KO_DAY.sub(lambda found: f"{_KO_DAYS[found[0]]}일", text)
            text = _KO_COUNTED.sub(lambda found: str(_KO_COUNT[found[0]]), text)
            return _KO_NUMBER.sub(lambda found: str(_positional(found[0], _KO, _KO_SCALES)), text)
        case _:
            return _HAN_NUMBER.sub(lambda found: str(_positional(found[0], _HAN, _HAN_SCALES)), text)


def _vietnamese(found: re.Match[str]) -> str:
    words = found[0].split()
    rest = ""
    # "năm" is both five and year: twenty-five is "hai mươi lăm", so here it is a year.
    if words[-1] == "năm" and len(words) > 1 and words[-2] not in _VI_DIGITS_MAY_FOLLOW:
        words, rest = words[:-1], " năm"
    plain = len(words) == 1 and words[0] != "mười"
    if plain and not rest and not _VI_COUNTED.match(found.string, found.end()):
        return found[0]
    total = part = 0
    for word in words:
        if word in ("mười", "mươi"):
            part = part - part % 10 + 10 * (part % 10 or 1)
        elif word == "trăm":
            part = part - part % 10 + 100 * (part % 10 or 1)
        elif word in _VI_SCALES:
            total, part = total + (part or 1) * _VI_SCALES[word], 0
        else:
            part += _VI.get(word, 0)
    return f"{total + part}{rest}"


def _english(found: re.Match[str]) -> str:
    words = re.findall("[a-z]+", found[0].replace(" and ", " "))
    if words == ["one"] and not _EN_COUNTED.match(found.string, found.end()):
        return found[0]
    total = part = 0
    for word in words:
        if word == "hundred":
            part *= 100
        elif word in _EN_SCALES:
            total, part = total + part * _EN_SCALES[word], 0
        else:
            part += _EN[word]
    return str(total + part)


def _positional(written: str, digits: dict[str, int], scales: dict[str, int]) -> int:
    total = part = digit = 0
    for letter in written:
        scale = scales.get(letter)
        if scale is None:
            digit = digits[letter]
        elif scale == 10_000:
            total, part, digit = total + (part + digit or 1) * scale, 0, 0
        else:
            part, digit = part + (digit or 1) * scale, 0
    return total + part + digit
