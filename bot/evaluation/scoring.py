"""Scoring: how good guessed intents are, for any group of utterances. Plain numbers, no model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.conversation.interpretation import OUT_OF_SCOPE

_BINS = 10


@dataclass(frozen=True, slots=True)
class Guess:
    """What was heard in an utterance of `language` that means `truth`; `probability` is the NLU's own, 0..1."""

    text: str
    language: str
    truth: str
    intent: str | None
    probability: float
    route_is_right: bool

    @property
    def right(self) -> bool:
        return self.intent == self.truth


@dataclass(frozen=True, slots=True)
class Scores:
    """Shares are 0..1. `macro_f1` is the mean F1 of the intents that occur; `route_accuracy` counts an intent
    as right where it leads to the same place. Out of scope is None where no utterance is, or none was called so."""

    utterances: int
    accuracy: float
    macro_f1: float
    route_accuracy: float
    out_of_scope_recall: float | None
    out_of_scope_precision: float | None
    calibration_error: float


def score(guesses: Sequence[Guess]) -> Scores:
    """The scores of at least one guess."""
    return Scores(
        utterances=len(guesses),
        accuracy=_share(sum(guess.right for guess in guesses), len(guesses)) or 0.0,
        macro_f1=_macro_f1(guesses),
        route_accuracy=_share(sum(guess.route_is_right for guess in guesses), len(guesses)) or 0.0,
        out_of_scope_recall=_share(_right(guesses, OUT_OF_SCOPE), _true(guesses, OUT_OF_SCOPE)),
        out_of_scope_precision=_share(_right(guesses, OUT_OF_SCOPE), _called(guesses, OUT_OF_SCOPE)),
        calibration_error=calibration_error(guesses),
    )


def calibration_error(guesses: Sequence[Guess]) -> float:
    """Mean distance of stated probability and share right, over equally wide bins (Naeini and others, 2015)."""
    bins: dict[int, list[Guess]] = {}
    for guess in guesses:
        bins.setdefault(min(int(guess.probability * _BINS), _BINS - 1), []).append(guess)
    gaps = (abs(sum(guess.probability - guess.right for guess in within)) for within in bins.values())
    return sum(gaps) / max(1, len(guesses))


def _macro_f1(guesses: Sequence[Guess]) -> float:
    intents = {guess.truth for guess in guesses}
    f1 = [2 * _right(guesses, name) / (_true(guesses, name) + _called(guesses, name)) for name in intents]
    return sum(f1) / max(1, len(f1))


def _right(guesses: Sequence[Guess], intent: str) -> int:
    return sum(guess.truth == guess.intent == intent for guess in guesses)


def _true(guesses: Sequence[Guess], intent: str) -> int:
    return sum(guess.truth == intent for guess in guesses)


def _called(guesses: Sequence[Guess], intent: str) -> int:
    return sum(guess.intent == intent for guess in guesses)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
