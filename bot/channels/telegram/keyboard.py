"""Keyboard: buttons laid out in rows that a phone shows without cutting their titles. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from bot.channels.fitting import FittedButton

_ROW = 36
"""Width of a row on a narrow phone, in Latin letters."""
_EDGE = 4
"""Width a button needs beside its title."""
_MOST_IN_ROW = 3


def rows(buttons: Sequence[FittedButton]) -> list[list[FittedButton]]:
    """The buttons in their order, short ones side by side."""
    laid: list[list[FittedButton]] = []
    for button in buttons:
        if laid and _fits([*laid[-1], button]):
            laid[-1].append(button)
        else:
            laid.append([button])
    return laid


def _fits(row: Sequence[FittedButton]) -> bool:
    # Buttons of a row are equally wide, so the widest title decides.
    widest = max(_width(button.title) for button in row)
    return len(row) <= _MOST_IN_ROW and len(row) * (widest + _EDGE) <= _ROW


def _width(title: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in title)
