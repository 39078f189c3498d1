"""The report of an evaluation: `report.md` with its tables, its pictures beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .scoring import Guess
from .tables import table


@dataclass(slots=True)
class Report:
    """Figures by part and group, what went wrong in words, and how many procedures were known.

    `guesses` and `sureness` are what the pictures are drawn from: of all sets together, also those held out.
    """

    figures: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    wrong: dict[str, list[str]] = field(default_factory=dict)
    procedures: int = 0
    guesses: list[Guess] = field(default_factory=list)
    sureness: list[tuple[float, bool]] = field(default_factory=list)

    def to_data(self) -> dict[str, Any]:
        """What is kept of it."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        return {"at": now, "procedures": self.procedures, "figures": self.figures}


def write_report(report: Report, titles: Mapping[str, str], history: Sequence[Mapping[str, Any]], folder: Path) -> Path:
    """Write report and pictures into `folder`; the page. Raises `OSError`, `ImportError` without matplotlib."""
    from . import pictures  # the pictures need matplotlib, which only developers install

    folder.mkdir(parents=True, exist_ok=True)
    lines = [
        "# Evaluation",
        "",
        f"{report.to_data()['at']}, {report.procedures} procedures known.",
    ]
    for name, groups in report.figures.items():
        lines += ["", "```text", table(titles[name], groups), "```"]
    if report.guesses:
        pictures.confusion(report.guesses, folder / "confusion.png")
        pictures.reliability(report.guesses, folder / "reliability.png")
        lines += ["", "![What is taken for what](confusion.png)", "", "![Calibration](reliability.png)"]
    if report.sureness:
        pictures.risk_coverage(report.sureness, folder / "risk-coverage.png")
        lines += ["", "![Risk and coverage](risk-coverage.png)"]
    lines += ["", "## Earlier evaluations", "", *_past(history)]
    page = folder / "report.md"
    page.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return page


_KEPT = (
    ("intents, macro F1", "routing", "all", "macro_f1"),
    ("out of scope, recall", "routing", "all", "out_of_scope_recall"),
    ("finding, hit@1", "finding", "all", "hit_at_1"),
    ("finding, hit@3", "finding", "all", "hit_at_3"),
    ("whole turn, procedure first", "questions", "all", "procedure_first"),
    ("not ours but answered", "refused", "all", "wrongly_answered"),
    ("later turns right", "follow_ups", "later turns", "right"),
)
_MOST = 20


def _past(history: Sequence[Mapping[str, Any]]) -> list[str]:
    lines = ["| when | " + " | ".join(title for title, *_ in _KEPT) + " |", "|---" * (len(_KEPT) + 1) + "|"]
    for entry in history[-_MOST:]:
        cells = []
        for _, part, group, name in _KEPT:
            value = entry.get("figures", {}).get(part, {}).get(group, {}).get(name)
            cells.append(f"{value:.3f}" if isinstance(value, float) else "–")
        lines.append(f"| {entry.get('at')} | " + " | ".join(cells) + " |")
    return lines
