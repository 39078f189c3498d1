"""Scores: how good guessed intents are, overall and by language. Plain numbers, no model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from bot.domain.vietnamese import fold, is_folded

from .examples import Example
from .learning.reading import writing

Guess = tuple[str, float]
"""An intent and its probability."""

_NAMES = {
    "vi": "Vietnamese",
    "bare": "Vietnamese, unaccented",
    "en": "English",
    "ko": "Korean",
    "ja": "Japanese",
    "zh": "Chinese",
}
_WAYS: dict[str | None, str] = {"vi-folded": "bare"}  # the test set's name for it
_SCOPE = "out_of_scope"


def report(examples: Sequence[Example], guesses: Sequence[Guess], bare_guesses: Sequence[Guess]) -> dict[str, Any]:
    """`bare_guesses` are those for the same utterances without diacritics, counted for Vietnamese only."""
    truth, named = [e.intent for e in examples], [name for name, _ in guesses]
    groups = {"all": _group(truth, guesses)}
    written = [_WAYS.get(e.language, e.language) or writing(e.text) for e in examples]
    for kind in sorted(set(written), key=lambda kind: list(_NAMES).index(kind) if kind in _NAMES else 99):
        rows = [i for i, own in enumerate(written) if own == kind]
        groups[_NAMES.get(kind, kind)] = _group([truth[i] for i in rows], [guesses[i] for i in rows])
    accented = [i for i, e in enumerate(examples) if not is_folded(e.text) and fold(e.text).isascii()]
    if accented:
        groups["Vietnamese, stripped"] = _group([truth[i] for i in accented], [bare_guesses[i] for i in accented])
    mistakes = Counter((name, true) for name, true in zip(named, truth, strict=True) if name != true)
    return {
        "groups": groups,
        "weakest": sorted(_f1(truth, named).items(), key=lambda item: item[1])[:6],
        "confused": [(name, true, count) for (name, true), count in mistakes.most_common(6)],
    }


def calibration_error(right: Sequence[bool], probability: Sequence[float], bins: int = 10) -> float:
    """Mean distance of stated probability and share right, over equally wide bins (Naeini and others, 2015)."""
    error = 0.0
    for step in range(bins):
        low, high = step / bins, (step + 1) / bins
        rows = [i for i, p in enumerate(probability) if low < p <= high or (step == 0 and p == 0)]
        if rows:
            stated = sum(probability[i] for i in rows) / len(rows)
            share = sum(right[i] for i in rows) / len(rows)
            error += abs(stated - share) * len(rows) / len(probability)
    return error


def _group(truth: Sequence[str], guesses: Sequence[Guess]) -> dict[str, Any]:
    named = [name for name, _ in guesses]
    f1 = _f1(truth, named)
    right = [t == n for t, n in zip(truth, named, strict=True)]
    found = sum(t == n == _SCOPE for t, n in zip(truth, named, strict=True))
    return {
        "utterances": len(truth),
        "accuracy": sum(right) / len(truth),
        "macro_f1": sum(f1.values()) / len(f1),
        "recall": found / truth.count(_SCOPE) if _SCOPE in truth else None,
        "precision": found / named.count(_SCOPE) if _SCOPE in named else None,
        "calibration": calibration_error(right, [p for _, p in guesses]),
    }


def _f1(truth: Sequence[str], named: Sequence[str]) -> dict[str, float]:
    """By intent that occurs in `truth`."""
    right = Counter(t for t, n in zip(truth, named, strict=True) if t == n)
    true, guessed = Counter(truth), Counter(named)
    return {name: 2 * right[name] / (true[name] + guessed[name]) for name in true}
