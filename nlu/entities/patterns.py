"""Patterns: codes, numbers and sums recognised by their shape and then checked.

Each finder gives (value, start, end); `value` is normalised. The rules' sources stand with them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from bot.domain.vietnamese import fold

Found = tuple[str, int, int]

_TELEPHONE = re.compile(r"(?<![\w.,-])(?:\(?\+?84\)?|\(?0)(?:[ .()-]{0,2}\d){8,10}(?![\w-]|[.,]\d)")
_TAX_CODE = re.compile(r"(?<![\w.,-])\d{10}(?:[ -]?\d{3})?(?![\w-]|[.,]\d)")
_TAX_WORD = re.compile(r"\b(?:mst|ma so thue|ma so doanh nghiep|tax code|tax id)\W{0,3}(?:\w+\W{1,2})?$")
_TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
_DOSSIER = re.compile(r"(?<![\w.])(?:\d{3}\.\d{2}\.\d{2}\.)?[GH]\d{2}(?:[.-]\d{1,3})*-\d{6}-\d{3,6}(?!\w)", re.I)
_APPOINTMENT = re.compile(r"(?<![\w.-])(?:HP-?)?(?=[0-9A-Z]*\d)(?=[0-9A-Z]*[A-Z])[0-9A-HJKMNP-TV-Z]{6}(?![\w.-])")
_MONEY = re.compile(
    r"(?<![\w.,/-])(\d+(?:[.,]\d+)*)\s*(tỷ|ty|tỉ|ti|triệu|trieu|tr|củ|cu|nghìn|nghin|ngàn|ngan|k|đồng|dong|vnđ|vnd|đ"
    r"|usd|\$|billion|million|thousand)(\d{1,3})?(?!\w)"
    r"(?:\s*(đồng|dong|vnđ|vnd|đ|usd)(?!\w))?",
    re.I,
)
_COUNT = re.compile(
    r"(?<![\w.,/-])(\d{1,6}|\d{1,3}(?:[.,]\d{3})+)\s*"
    r"(người|nguoi|lao động|lao dong|nhân viên|nhan vien|thành viên|thanh vien"
    r"|cổ đông|co dong|phòng|phong|m2|m²|mét vuông|met vuong|xe|tầng|tang|people|workers|employees|members|shareholders"
    r"|rooms|sqm|vehicles|trucks|名|人|명|室)(?!\w)",
    re.I,
)
_SCALE = {
    "ty": 10**9, "ti": 10**9, "billion": 10**9, "trieu": 10**6, "tr": 10**6, "cu": 10**6, "million": 10**6,
    "nghin": 10**3, "ngan": 10**3, "k": 10**3, "thousand": 10**3,
}  # fmt: skip
_UNITS = {
    "nguoi": "person", "people": "person", "名": "person", "人": "person", "명": "person",
    "lao dong": "worker", "nhan vien": "worker", "workers": "worker", "employees": "worker",
    "thanh vien": "member", "members": "member", "co dong": "shareholder", "shareholders": "shareholder",
    "phong": "room", "rooms": "room", "室": "room", "m2": "m2", "m²": "m2", "met vuong": "m2", "sqm": "m2",
    "xe": "vehicle", "vehicles": "vehicle", "trucks": "vehicle", "tang": "floor",
}  # fmt: skip


def telephones(text: str) -> Iterator[Found]:
    """Vietnamese numbers as +84…: mobile 9 digits after the 0, landline 10 (decision 2036/QĐ-BTTTT)."""
    for match in _TELEPHONE.finditer(text):
        if _TAX_WORD.search(fold(text[: match.start()])) and is_tax_code(re.sub(r"\D", "", match[0])):
            continue  # codes of Hồ Chí Minh City begin like a mobile number
        digits = re.sub(r"\D", "", match[0])
        national = digits[2:] if digits.startswith("84") else digits[1:]
        if re.fullmatch(r"[35789]\d{8}|2\d{9}", national):
            yield f"+84{national}", match.start(), match.end()


def tax_codes(text: str) -> Iterator[Found]:
    """10 digits, the last a check digit, and 3 more for a dependent unit (circular 105/2020/TT-BTC)."""
    for match in _TAX_CODE.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        if is_tax_code(digits[:10]):
            value = digits if len(digits) == 10 else f"{digits[:10]}-{digits[10:]}"
            yield value, match.start(), match.end()


def is_tax_code(digits: str) -> bool:
    """Whether the tenth digit is 10 minus the weighted sum of the others modulo 11."""
    if len(digits) != 10:
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_TAX_WEIGHTS, digits[:9], strict=True))
    return 10 - total % 11 == int(digits[9])


def dossier_codes(text: str) -> Iterator[Found]:
    """The national one-stop system's receipt: unit, day, number (decree 61/2018/NĐ-CP): H24.12-251124-0001."""
    for match in _DOSSIER.finditer(text):
        day = match[0].rsplit("-", 2)[1]
        if 1 <= int(day[2:4]) <= 12 and 1 <= int(day[4:6]) <= 31:
            yield match[0].upper(), match.start(), match.end()


def appointment_codes(text: str) -> Iterator[Found]:
    """Six letters and digits in capitals, both kinds, none of I, L, O, U that one misreads."""
    for match in _APPOINTMENT.finditer(text):
        yield match[0][-6:], match.start(), match.end()


def sums(text: str) -> Iterator[Found]:
    """Money as a whole number and its currency: "2 tỷ" is "2000000000 VND", "1tr5" is "1500000 VND"."""
    for match in _MONEY.finditer(text):
        number, unit, rest, currency = match[1], fold(match[2]), match[3], fold(match[4] or "")
        scale = _SCALE.get(unit, 1)
        value = _number(number, scaled=scale > 1)
        if rest:
            value += int(rest) / 10 ** len(rest)
        foreign = "usd" in (unit, currency) or unit == "$"
        yield f"{round(value * scale)} {'USD' if foreign else 'VND'}", match.start(), match.end()


def counts(text: str) -> Iterator[Found]:
    """How many of what: "5 thành viên" is "5 member"."""
    for match in _COUNT.finditer(text):
        yield f"{int(re.sub(r'[.,]', '', match[1]))} {_UNITS[fold(match[2])]}", match.start(), match.end()


def _number(written: str, *, scaled: bool) -> float:
    """Vietnamese groups by dots and marks decimals by a comma; before "tỷ" people write 1.5 as well."""
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", written):
        return float(written.replace(".", "").replace(",", "."))
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", written) and not scaled:
        return float(written.replace(",", ""))
    parts = re.split(r"[.,]", written)
    return float(".".join([parts[0], "".join(parts[1:])])) if len(parts) > 1 else float(written)


Finders = tuple[tuple[str, Callable[[str], Iterator[Found]]], ...]

CODES: Finders = (
    ("dossier_code", dossier_codes),
    ("telephone", telephones),
    ("tax_code", tax_codes),
    ("appointment_code", appointment_codes),
)
"""In order of trust: where two overlap, the earlier one stands."""
NUMBERS: Finders = (("money", sums), ("count", counts))
"""Trusted less than a name: in "công ty TNHH 1 thành viên" nothing is counted."""
