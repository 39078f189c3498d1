"""Hides what identifies a person before a text is kept or logged."""

from __future__ import annotations

import re

_EMAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_PASSPORT = r"(?<![\w-])[A-Z]{1,2}\d{7,8}(?!\w)"
# Letters may stand on either side ("sđt0912345678nhé"); only further digits would make it another number.
_DIGITS = r"(?<!\d)(?:\(\+?\d{1,4}\)|\+?\d)(?:(?:[ .\-–_()]{0,3}|,)\d){6,}(?!\d)"
_MONEY = r"(?i:đồng|dong|đ|vnđ|vnd|usd|đô|동|원|越南盾|元|円|ドン)(?![\w/])"
_ALONE = r"(?![ .,\-–_]{0,3}\d(?!\d?[:h]))"
"""No further digits, unless of an hour: what looks like a day or a sum may be the head of a telephone."""
_KEPT = (
    r"(?<!\d)\d{3}\.\d{2}\.\d{2}\.\w{3,4}-\d{6}-\d{4,6}(?!\d)",  # a dossier, 000.00.01.H24-250101-0001
    r"(?<!\d)[1-9]\.\d{6}(?:\.\d{3}\.\d{2}\.\d{2}\.H\d{2})?(?![.\-]?\d)",  # a procedure, 2.001583
    rf"(?<!\d)(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]){_ALONE}",  # a day, 2026-11-23
    rf"(?<!\d)(?:0?[1-9]|[12]\d|3[01])[.-](?:0?[1-9]|1[0-2])[.-](?:19|20)\d\d{_ALONE}",  # 23.11.2026
    r"(?<!\d)(?:0?[1-9]|[12]\d|3[01])/(?:0?[1-9]|1[0-2])/(?:19|20)\d\d(?!\d)",
    r"(?<!\w)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?!\w)",  # the ids of our own rows
    r"(?<!\w)(?=[0-9a-f]*[a-f])[0-9a-f]{16,64}(?!\w)",
    rf"(?<![\d.])[1-9]\d*(?:[ .,]\d{{3}})*(?:,\d+)?\s?{_MONEY}",
    rf"(?<![\d.])(?!84\.)[1-9]\d{{0,2}}(?:[.,]\d{{3}})+{_ALONE}",  # 20.000.000, whatever is counted
)
_FOUND = re.compile(f"(?P<email>{_EMAIL})|(?P<kept>{'|'.join(_KEPT)})|(?P<passport>{_PASSPORT})|(?P<digits>{_DIGITS})")
_PHONE = re.compile(r"(?:\+?84|0)\d{8,10}")
SHORTEST = 9
"""Digits; a shorter number (a day, a room, a form) identifies nobody by itself."""


def redact(text: str) -> str:
    """`text` with e-mail addresses, telephones, tax codes, identity and passport numbers replaced by their kind.

    Any run of nine digits or more counts: a wrong guess of the kind costs nothing, a number kept does.
    Amounts of money, days, the codes of procedures and dossiers and our own ids stay, they name nobody.
    """
    return _FOUND.sub(_name, text)


def _name(match: re.Match[str]) -> str:
    if match.lastgroup == "kept":
        return match.group()
    if match.lastgroup != "digits":
        return "[email]" if match.lastgroup == "email" else "[passport number]"
    digits = re.sub(r"[^\d+]", "", match.group())
    bare = digits.lstrip("+")
    if len(bare) < SHORTEST:
        return match.group()
    if _PHONE.fullmatch(digits):
        return "[telephone]"
    if len(bare) == 12:
        return "[identity number]"
    return "[tax code]" if len(bare) in (10, 13) else "[number]"
