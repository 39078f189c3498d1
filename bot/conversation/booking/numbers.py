"""Telephones and tax codes in what people write, right ones and those with a slip. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import phonenumbers

from bot.domain.vietnamese import fold

_RUN = re.compile(r"(?<!\d)(?<!\d[./:,-])(?:\(?\+\d{1,3}\)?|0|(?=84[ .-]?[235789]))(?:[ .\-()]{0,2}\d){5,14}")
_BARE_MOBILE = re.compile(r"(?<!\d)(?<!\d[./:,-])[35789]\d{8}(?!\d|[/:]\d)")
_CODE_RUN = re.compile(r"(?<!\d)(?<!\d[./:,-])\d(?:[ .-]?\d){6,13}(?!\d|[/:]\d)")
_TELEPHONE_WORD = re.compile(
    r"(?:\bsdt|\bso dt|\bdt|dien thoai|\btel|phone|mobile|\bcell|zalo|hotline|전화(?:번호)?|연락처|휴대폰|电话|手机|号码|電話(?:番号)?|携帯|番号)"
    r"\W{0,3}(?:[\w']{1,7}\W{1,2}){0,3}(?:[는은이가はが是为]\W?)?$"
)
_TAX_WORD = re.compile(
    r"(?:\bmst|ma so thue|ma so doanh nghiep|ma thue|\btax (?:code|id|number)|사업자|세금|税号|税码|税务|税番号|納税)\w{0,6}"
    r"\W{0,3}(?:[\w']{1,7}\W{1,2}){0,3}$"
)
_TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
_FULL_WIDTH = str.maketrans("０１２３４５６７８９＋－", "0123456789+-")


@dataclass(frozen=True, slots=True)
class Numbers:
    """What was read. The `wrong_…` are what was surely meant as one and is none. `rest` is the text with every
    number of these blanked, of the same length, so that nothing else reads a day or a name in them."""

    rest: str
    telephone: str | None = None
    """E.164."""
    tax_code: str | None = None
    wrong_telephone: str | None = None
    wrong_tax_code: str | None = None


def hear_numbers(text: str, *, asked: bool = False) -> Numbers:
    """The telephone and the tax code in `text`; `asked` where the contact was just asked for them."""
    rest = text.translate(_FULL_WIDTH)
    telephone = tax_code = wrong_telephone = wrong_tax_code = None
    for start, end, value in list(_tax_codes(rest)):
        if value is not None:
            tax_code = value
        else:
            wrong_tax_code = rest[start:end].strip()
        rest = _blanked(rest, start, end)
    for start, end, number in list(_telephones(rest, asked)):
        if number is not None:
            telephone = number
        else:
            wrong_telephone = rest[start:end].strip()
        rest = _blanked(rest, start, end)
    for match in list(_CODE_RUN.finditer(rest)):
        digits = re.sub(r"\D", "", match[0])
        if _checks(digits):
            tax_code = _written(digits)
            rest = _blanked(rest, *match.span())
        elif asked and len(digits) in (9, 10, 11, 13) and not telephone:
            wrong_telephone = match[0]
            rest = _blanked(rest, *match.span())
    return Numbers(rest, telephone, tax_code, wrong_telephone, wrong_tax_code)


def _blanked(text: str, start: int, end: int) -> str:
    return f"{text[:start]}{',' if end > start else ''}{' ' * (end - start - 1)}{text[end:]}"


def _tax_codes(text: str) -> Iterator[tuple[int, int, str | None]]:
    """The numbers said to be tax codes; None where the check digit says otherwise."""
    for match in _CODE_RUN.finditer(text):
        if _TAX_WORD.search(fold(text[: match.start()])):
            digits = re.sub(r"\D", "", match[0])
            yield match.start(), match.end(), _written(digits) if _checks(digits) else None


def _checks(digits: str) -> bool:
    """Whether these are a tax code: 10 digits of which the last checks the others, 3 more for a dependent unit, or
    the 12 of a personal number, which has stood for a person's tax code since July 2025 (circular 86/2024/TT-BTC)."""
    if len(digits) == 12:
        return digits[0] == "0"
    if len(digits) not in (10, 13):
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_TAX_WEIGHTS, digits[:9], strict=True))
    return 10 - total % 11 == int(digits[9])


def _written(digits: str) -> str:
    return f"{digits[:10]}-{digits[10:]}" if len(digits) == 13 else digits


def _telephones(text: str, asked: bool) -> Iterator[tuple[int, int, str | None]]:
    """Telephones with their place; None where there is one digit too few or too many."""
    for match in _RUN.finditer(text):
        if (found := _valid_head(text, match)) is not None:
            yield match.start(), *found
            continue
        digits = re.sub(r"\D", "", match[0])
        named = _TELEPHONE_WORD.search(fold(text[: match.start()])) is not None
        if named or ((asked or match[0][0] == "+") and len(digits) >= 7 and not _checks(digits)):
            yield match.start(), match.end(), None
    for match in _BARE_MOBILE.finditer(text):
        if asked or _TELEPHONE_WORD.search(fold(text[: match.start()])):
            number = _valid(f"0{match[0]}")
            if number is not None:
                yield match.start(), match.end(), number


def _valid_head(text: str, match: re.Match[str]) -> tuple[int, str] | None:
    """The longest beginning of a run of digits that is a telephone: an hour may follow it ("0912 345 678 9h")."""
    for end in range(match.end(), match.start() + 8, -1):
        if not text[end - 1].isdigit() or (end < len(text) and text[end].isdigit()):
            continue
        if (number := _valid(match[0][: end - match.start()])) is not None:
            return end, number
    return None


def _valid(written: str) -> str | None:
    digits = re.sub(r"[^\d+]", "", written)
    if digits.startswith("84"):
        digits = f"+{digits}"
    try:
        number = phonenumbers.parse(digits, "VN")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def show_telephone(number: str) -> str:
    """A telephone as it is written at home: "0912 345 678", others with their country."""
    parsed = phonenumbers.parse(number, "VN")
    shape = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(parsed, shape.NATIONAL if parsed.country_code == 84 else shape.INTERNATIONAL)
