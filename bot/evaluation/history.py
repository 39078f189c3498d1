"""History: the figures of every evaluation, a line each, and what became worse since the last one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SIZES = ("utterances", "questions", "turns")
"""How many were asked: where that differs, two figures cannot be compared."""
_LOWER_IS_BETTER = ("calibration_error", "answered_wrong", "wrongly_refused", "wrongly_answered", "wrongly_asked")
_SAY_NOTHING = ("asked_which", "asked_with_right_one", *_SIZES)
"""Neither more nor less of it is good in itself."""
NOTICEABLE = 0.005


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that became worse."""

    name: str
    before: float
    after: float
    size: int | None

    def __str__(self) -> str:
        among = f" (of {self.size})" if self.size is not None else ""
        return f"{self.name}: {self.before:.3f} → {self.after:.3f}{among}"


def worse(before: Mapping[str, Any], after: Mapping[str, Any], path: str = "") -> Iterator[Change]:
    """The figures of `after` that are worse than in `before`, where both were asked the same number of things."""
    size = next((after[name] for name in _SIZES if name in after), None)
    if size != next((before[name] for name in _SIZES if name in before), None):
        return
    for name, now in after.items():
        if name == "ablation":  # evidence that became worth more is no loss
            continue
        then = before.get(name)
        if isinstance(now, Mapping) and isinstance(then, Mapping):
            yield from worse(then, now, f"{path}{name}.")
        elif isinstance(now, int | float) and isinstance(then, int | float) and name not in _SAY_NOTHING:
            loss = now - then if name in _LOWER_IS_BETTER else then - now
            if loss > NOTICEABLE:
                yield Change(f"{path}{name}", then, now, size)


def last(file: Path) -> dict[str, Any] | None:
    """The newest line of `file`; None where there is none that can be read."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
        newest = json.loads(lines[-1])
    except (OSError, ValueError, IndexError):
        return None
    return newest if isinstance(newest, dict) else None


def entries(file: Path) -> list[dict[str, Any]]:
    """Every line of `file` that can be read, oldest first."""
    found: list[dict[str, Any]] = []
    for line in file.read_text(encoding="utf-8").splitlines() if file.exists() else ():
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict):
            found.append(entry)
    return found


def append(file: Path, line: Mapping[str, Any]) -> None:
    """Add a line. Raises `OSError`."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as out:
        out.write(json.dumps(line, ensure_ascii=False) + "\n")
