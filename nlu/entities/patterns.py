"""Patterns: codes and telephones recognised by their shape and then checked.

Each finder gives (value, start, end); `value` is normalised. The rules' sources stand with them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from bot.domain.vietnamese import fold

from .numbers import Found, counts, sums

_TELEPHONE = re.compile(r"(?<![\w.,-])(?:\(?\+?84\)?|\(?0)(?:[ .()-]{0,2}\d){8,10}(?![\w-]|[.,]\d)")
_TAX_CODE = re.compile(r"(?<![\w.,-])\d{10}(?:[ -]?\d{3})?(?![\w-]|[.,]\d)")
_TAX_WORD = re.compile(r"\b(?:mst|ma so thue|ma so doanh nghiep|tax code|tax id)\W{0,3}(?:\w+\W{1,2})?$")
_TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
_DOSSIER = re.compile(r"(?<![\w.])(?:\d{3}\.\d{2}\.\d{2}\.)?[GH]\d{2}(?:[.-]\d{1,3})*-\d{6}-\d{3,6}(?!\w)", re.I)
_APPOINTMENT = re.compile(r"(?<![\w.-])(?:HP-?)?(?=[0-9A-Z]*\d)(?=[0-9A-Z]*[A-Z])[0-9A-HJKMNP-TV-Z]{6}(?![\w.-])")


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
