"""Figures: what was measured, the goal it has, and whether the goal was met."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number. `goal` is the highest value that is still good; None where there is none."""

    name: str
    value: float
    unit: str
    goal: float | None = None

    @property
    def met(self) -> bool | None:
        """None where there is no goal."""
        return None if self.goal is None else self.value <= self.goal

    def line(self) -> str:
        """For people to read."""
        said = f"  {self.name:<58}{_number(self.value):>9} {self.unit:<8}"
        if self.goal is None:
            return said.rstrip()
        return f"{said}goal ≤ {self.goal:g} {self.unit}: {'met' if self.met else 'MISSED'}"

    def to_data(self) -> dict[str, Any]:
        return {**asdict(self), "value": round(self.value, 3), "met": self.met}


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of `values` that at least `share` (0..1) of them do not exceed. Raises `ValueError` for none."""
    if not values:
        raise ValueError("nothing was measured")
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 1000 or value == int(value) else f"{value:.1f}"
