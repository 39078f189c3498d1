"""Numbers in words, one to fifty-nine: "hai mươi lăm", "hăm lăm", "mười một"."""

from __future__ import annotations

from bot.domain.vietnamese import fold

_UNITS = {
    "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "nhăm": 5,
    "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9,
}  # fmt: skip
_TENS = {"hai": 20, "ba": 30, "bốn": 40, "năm": 50}

_UNIT = "một|hai|ba|bốn|tư|năm|lăm|nhăm|sáu|bảy|bẩy|tám|chín"
_COUNT = "một|hai|ba|bốn|năm|sáu|bảy|bẩy|tám|chín"
_COMPOSED = rf"(?:hai|ba|bốn|năm) mươi(?: (?:mốt|{_UNIT}))?|hăm (?:mốt|{_UNIT})|(?:hai|ba) (?:mốt|lăm|nhăm)"

WORDS = rf"{_COMPOSED}|mười(?: (?:{_UNIT}))?|{_COUNT}"
"""A number in words, for a `Pattern`."""
LONG_WORDS = rf"{_COMPOSED}|mười(?: (?:{_UNIT}))?"
"""The same from ten on, which is hardly anything but a number."""
NUMBER = rf"\d{{1,2}}(?!\d)|{WORDS}"


def _values() -> dict[str, int]:
    values = {fold(word): value for word, value in _UNITS.items()}
    for word, unit in _UNITS.items():
        values[fold(f"mười {word}")] = 10 + unit
        values[fold(f"hăm {word}")] = 20 + unit
        values[fold(f"hai {word}")] = 20 + unit
        for ten, tens in _TENS.items():
            values[fold(f"{ten} mươi {word}")] = tens + unit
            if word in ("mốt", "lăm", "nhăm"):
                values[fold(f"{ten} {word}")] = tens + unit
    values[fold("mười")] = 10
    for ten, tens in _TENS.items():
        values[fold(f"{ten} mươi")] = tens
    return values


_VALUES = _values()


def value(written: str) -> int:
    """The number `written` in digits or words, with diacritics or without."""
    return int(written) if written.isdecimal() else _VALUES[fold(written)]
