"""Pictures of an evaluation: what is taken for what, how risk falls with caution, how honest probabilities are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from .scoring import Guess

mpl.use("Agg")

_INK = "#17324d"
_ACCENT = "#c8102e"
_WIDE = 11
_BINS = 10


def confusion(guesses: Sequence[Guess], path: Path) -> None:
    """A confusion matrix of the intents: rows are the truth, columns what was heard, shares of the row."""
    names = sorted({guess.truth for guess in guesses} | {guess.intent for guess in guesses if guess.intent})
    places = {name: place for place, name in enumerate(names)}
    counts = np.zeros((len(names), len(names)))
    for (truth, heard), count in Counter((guess.truth, guess.intent) for guess in guesses).items():
        if heard is not None:
            counts[places[truth], places[heard]] = count
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure = Figure(figsize=(_WIDE, _WIDE), layout="constrained")
    axes = figure.add_subplot()
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=8)
    axes.set_yticks(range(len(names)), names, fontsize=8)
    for row, column in zip(*np.nonzero(counts), strict=True):
        shade = "white" if shares[row, column] > 0.5 else _INK
        axes.text(column, row, str(int(counts[row, column])), ha="center", va="center", fontsize=7, color=shade)
    axes.set_xlabel("heard")
    axes.set_ylabel("meant")
    axes.set_title(f"Intents of {len(guesses)} utterances")
    figure.savefig(path, dpi=110)


def risk_coverage(sureness: Sequence[tuple[float, bool]], path: Path) -> None:
    """How many of those answered are wrong (risk) if only the surest share (coverage) were answered."""
    ordered = sorted(sureness, key=lambda pair: -pair[0])
    wrong = np.cumsum([not right for _, right in ordered])
    answered = np.arange(1, len(ordered) + 1)
    figure = Figure(figsize=(8, 5), layout="constrained")
    axes = figure.add_subplot()
    axes.plot(answered / len(ordered), wrong / answered, color=_INK, linewidth=2)
    axes.axhline(0.03, color=_ACCENT, linewidth=1, linestyle="--")
    axes.annotate("3 %", (0.01, 0.033), color=_ACCENT, fontsize=9)
    axes.set_xlabel("coverage: share of questions answered, the surest first")
    axes.set_ylabel("risk: share of those answered wrongly")
    axes.set_xlim(0, 1)
    axes.set_ylim(0, None)
    axes.set_title(f"Finding: risk and coverage over {len(ordered)} questions, also those that are not ours")
    figure.savefig(path, dpi=110)


def reliability(guesses: Sequence[Guess], path: Path) -> None:
    """Stated probability against the share that was right, over ten bins; the size of a point is its number."""
    figure = Figure(figsize=(6, 6), layout="constrained")
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1], color="#999999", linewidth=1)
    for low in range(_BINS):
        within = [g for g in guesses if min(int(g.probability * _BINS), _BINS - 1) == low]
        if within:
            stated = sum(g.probability for g in within) / len(within)
            right = sum(g.right for g in within) / len(within)
            axes.scatter([stated], [right], s=20 + len(within), color=_INK)
    axes.set_xlabel("stated probability")
    axes.set_ylabel("share that was right")
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.set_title("Calibration of intents")
    figure.savefig(path, dpi=110)
