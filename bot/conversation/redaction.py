"""Hides what identifies a person before a text is kept or logged."""

from __future__ import annotations

import re

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_DIGITS = re.compile(r"(?<![\w.])\+?\d(?:[ .\-()]{0,2}\d){7,17}(?!\w)")
_PHONE = re.compile(r"^(?:\+?84|0)\d{8,10}$")


def redact(text: str) -> str:
    """`text` with e-mail addresses, telephones, tax codes and identity numbers replaced by their kind.

    Any run of 9 to 18 digits counts: a wrong guess of the kind costs nothing, a number kept does.
    Amounts of money written with dots ("20.000.000 đồng") stay, they identify nobody.
    """
    return _DIGITS.sub(_name_digits, _EMAIL.sub("[email]", text))


def _name_digits(match: re.Match[str]) -> str:
    written = match.group()
    digits = re.sub(r"[^\d+]", "", written)
    if re.fullmatch(r"\d{1,3}(?:\.000)+|\d{1,3}(?:[.,]\d{3})+", written):
        return written
    if _PHONE.match(digits):
        return "[telephone]"
    bare = digits.lstrip("+")
    if len(bare) == 12:
        return "[identity number]"
    if len(bare) in (10, 13):
        return "[tax code]"
    return "[number]" if len(bare) >= 9 else written
