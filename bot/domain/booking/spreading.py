"""Spreading: a few out of many, so that they are a choice and not six neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

APART = 30
"""Minutes that openings near a wished hour are apart, as long as there are others."""


def chunks(every: Sequence[T], count: int) -> list[T]:
    """The first of each of `count` equal parts; all of them where they are not more."""
    if len(every) <= count:
        return list(every)
    return [every[number * len(every) // count] for number in range(count)]


def evenly(every: Sequence[T], count: int) -> list[T]:
    """`count` of them at equal distances, with the first and the last."""
    if len(every) <= count or count < 2:
        return list(every[:count])
    return [every[round(number * (len(every) - 1) / (count - 1))] for number in range(count)]


def near(minutes: Sequence[int], wished: int, count: int) -> list[int]:
    """Those nearest to `wished`, apart from one another where enough are left; in order of time."""
    picked: list[int] = []
    nearest = sorted(minutes, key=lambda minute: (abs(minute - wished), minute))
    for minute in nearest:
        if len(picked) < count and all(abs(minute - other) >= APART for other in picked):
            picked.append(minute)
    for minute in nearest:
        if len(picked) < count and minute not in picked:
            picked.append(minute)
    return sorted(picked)
