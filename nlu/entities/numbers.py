"""Numbers that count something: sums of money and how many of what, in digits or in words.

Each finder gives (value, start, end); `value` is normalised. Text without diacritics is read too, save where
that would be guessing: "hai phong" is the city, not two rooms.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.domain.vietnamese import fold, is_folded

Found = tuple[str, int, int]

_DIGIT_WORDS = {
    "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "sáu": 6, "bảy": 7, "bẩy": 7,
    "tám": 8, "chín": 9, "mười": 10,
}  # fmt: skip
_BARE_DIGITS = {fold(word): digit for word, digit in _DIGIT_WORDS.items() if word not in ("tư",)}
_ENGLISH = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
}
_HAN = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}


def _any_of(words: dict[str, int]) -> str:
    return "|".join(sorted({spelling for word in words for spelling in (word, fold(word))}, key=lambda w: -len(w)))


_SPOKEN = rf"(?:{_any_of(_DIGIT_WORDS)})(?:\s+(?:mươi|muoi|trăm|tram|{_any_of(_DIGIT_WORDS)}))*"
_WRITTEN = r"\d+(?:[.,]\d+)*"
_MONEY = re.compile(
    rf"(?<![\w.,/-])(?:(?P<digits>{_WRITTEN})\s*|(?P<words>{_SPOKEN}|nửa|nua)\s+|(?P<before>\$)\s?(?P<dollars>{_WRITTEN})\s*)"
    r"(?P<unit>tỷ|ty|tỉ|ti|triệu|trieu|tr|củ|cu|nghìn|nghin|ngàn|ngan|k|đồng|dong|vnđ|vnd|đ"
    r"|usd|đô|\$|billion|million|thousand|万|만|억)?(?P<rest>\d{1,3})?(?:\s+(?P<half>rưỡi|ruoi|rưởi))?"
    r"(?![^\W\u3000-\u9fff\uac00-\ud7af])"
    r"(?:\s*(?P<currency>đồng|dong|vnđ|vnd|đ|usd|đô la|do la|đô|dollars?|越南盾|동)(?!\w))?",
    re.IGNORECASE,
)
_COUNT = re.compile(
    rf"(?<![\w.,/-])(?:(?P<digits>\d{{1,6}}|\d{{1,3}}(?:[.,]\d{{3}})+)\s*|(?P<words>{_SPOKEN}|{'|'.join(_ENGLISH)})\s+)"
    r"(?P<unit>người lao động|nguoi lao dong|người|nguoi|lao động|lao dong|nhân viên|nhan vien|công nhân|cong nhan"
    r"|thành viên|thanh vien|cổ đông|co dong|phòng|phong|m2|m²|mét vuông|met vuong|xe|tầng|tang"
    r"|people|persons|workers|employees|staff|members|shareholders|rooms|sqm|vehicles|trucks)(?!\w)",
    re.IGNORECASE,
)
_EASTERN_COUNT = re.compile(
    r"(?P<digits>\d{1,6}|[一二两三四五六七八九十])\s*(?:个|位)?(?P<unit>名|人|명|室|员工|工人|股东|社員|従業員|직원)"
)
_EVERY_YEAR = re.compile(r"(?:mỗi|hàng|hằng|trong|cả|moi|hang|ca|\d+)\s+$", re.IGNORECASE)
_SCALE = {
    "ty": 10**9, "ti": 10**9, "billion": 10**9, "trieu": 10**6, "tr": 10**6, "cu": 10**6, "million": 10**6,
    "nghin": 10**3, "ngan": 10**3, "k": 10**3, "thousand": 10**3, "万": 10**4, "만": 10**4, "억": 10**8,
}  # fmt: skip
_FOREIGN = ("usd", "$", "do", "do la", "dollar", "dollars")
_UNITS = {
    "nguoi lao dong": "worker", "nguoi": "person", "people": "person", "persons": "person", "名": "person",
    "人": "person", "명": "person", "lao dong": "worker", "nhan vien": "worker", "cong nhan": "worker",
    "workers": "worker", "employees": "worker", "staff": "worker", "员工": "worker", "工人": "worker",
    "社員": "worker", "従業員": "worker", "직원": "worker", "thanh vien": "member", "members": "member",
    "co dong": "shareholder", "shareholders": "shareholder", "股东": "shareholder", "phong": "room", "rooms": "room",
    "室": "room", "m2": "m2", "m²": "m2", "met vuong": "m2", "sqm": "m2", "xe": "vehicle", "vehicles": "vehicle",
    "trucks": "vehicle", "tang": "floor",
}  # fmt: skip


def sums(text: str) -> Iterator[Found]:
    """Money as a whole number and its currency: "2 tỷ rưỡi" is "2500000000 VND", "1tr5" is "1500000 VND"."""
    for match in _MONEY.finditer(text):
        unit, currency = fold(match["unit"] or ""), fold(match["currency"] or "")
        foreign = match["before"] is not None or unit in _FOREIGN or currency in _FOREIGN
        scale = _SCALE.get(unit, 1)
        if not (unit or foreign) or (match["words"] and scale == 1):
            continue
        written = match["digits"] or match["dollars"]
        value = _number(written, scaled=scale > 1) if written else _spoken(match["words"])
        if value is None:
            continue
        if match["rest"]:
            value += int(match["rest"]) / 10 ** len(match["rest"])
        if match["half"]:
            value += 0.5
        yield f"{round(value * scale)} {'USD' if foreign else 'VND'}", match.start(), match.end()


def counts(text: str) -> Iterator[Found]:
    """How many of what: "5 thành viên" is "5 member", "hai cổ đông" is "2 shareholder"."""
    for match in _COUNT.finditer(text):
        unit = _UNITS[fold(match["unit"])]
        if match["words"] is None:
            value: float | None = int(re.sub(r"[.,]", "", match["digits"]))
        elif _is_a_guess(text[: match.start()], match, unit):
            continue
        else:
            value = _spoken(match["words"])
        if value is not None:
            yield f"{int(value)} {unit}", match.start(), match.end()
    for match in _EASTERN_COUNT.finditer(text):
        number = _HAN.get(match["digits"]) or int(match["digits"])
        yield f"{number} {_UNITS[match['unit']]}", match.start(), match.end()


def _is_a_guess(before: str, match: re.Match[str], unit: str) -> bool:
    """The city's name, or a year: "mỗi năm người lao động nghỉ 12 ngày"."""
    words = fold(match["words"])
    if words == "hai" and unit == "room":
        return is_folded(match[0])
    return words == "nam" and _EVERY_YEAR.search(before) is not None


def _spoken(words: str) -> float | None:
    """ "mười lăm" is 15, "hai mươi" 20, "ba trăm" 300; None for words in an order that is no number."""
    total = latest = 0
    for word in words.lower().split():
        bare = fold(word)
        if word in ("nửa", "nua"):
            return 0.5
        if bare == "tram" or (bare == "muoi" and latest and word in ("mươi", "muoi")):
            total += max(latest, 1) * (100 if bare == "tram" else 10)
            latest = 0
            continue
        digit = _DIGIT_WORDS.get(word, _BARE_DIGITS.get(word, _ENGLISH.get(word)))
        if digit is None or (latest and latest != 10):
            return None
        latest += digit
    return float(total + latest)


def _number(written: str, *, scaled: bool) -> float:
    """Vietnamese groups by dots and marks decimals by a comma; before "tỷ" people write 1.5 as well."""
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", written):
        return float(written.replace(".", "").replace(",", "."))
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", written) and not scaled:
        return float(written.replace(",", ""))
    parts = re.split(r"[.,]", written)
    return float(".".join([parts[0], "".join(parts[1:])])) if len(parts) > 1 else float(written)
