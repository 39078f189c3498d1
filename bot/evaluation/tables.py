"""Tables: figures by group, as plain text for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_HEADINGS = {
    "out_of_scope_recall": "oos recall",
    "out_of_scope_precision": "oos precision",
    "calibration_error": "calib. error",
    "asked_with_right_one": "… with right one",
}


def table(title: str, groups: Mapping[str, Mapping[str, Any]]) -> str:
    """One line a group, one column a figure; a dash where a figure means nothing."""
    names = list(dict.fromkeys(name for figures in groups.values() for name in figures if name != "kind"))
    headings = [_HEADINGS.get(name, name.replace("_", " ")) for name in names]
    widths = [max(len(heading), 7) for heading in headings]
    first = max(len(group) for group in groups)
    lines = [title, "  " + " " * first + "".join(f"  {h:>{w}}" for h, w in zip(headings, widths, strict=True))]
    for group, figures in groups.items():
        cells = (f"  {_cell(figures.get(name)):>{width}}" for name, width in zip(names, widths, strict=True))
        lines.append(f"  {group:<{first}}" + "".join(cells))
    return "\n".join(lines)


def _cell(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:.3f}" if isinstance(value, float) else str(value)
