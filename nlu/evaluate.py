"""Evaluate the understanding: five folds over the training data, and a test set written apart from it.

From the repository's root:

    nlu/.venv/bin/python -m nlu.evaluate             a table
    nlu/.venv/bin/python -m nlu.evaluate --json      the same as JSON

Says by way of writing, and for Vietnamese stripped of its diacritics, how often the best intent is right
(accuracy), the mean F1 over intents (macro F1), how many utterances out of scope are told (recall) and how many
of those called so are (precision), and how far the probabilities are from the truth (expected calibration
error, 10 bins). An utterance, its variants and its own spelling without diacritics are held out together.
Texts of the test set that also occur in training are named and fail the run.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from . import quiet  # noqa: F401
from .examples import Example, bare, overlapping, routing_examples, training_examples
from .fingerprint import ROOT
from .learning import embedding
from .scores import report
from .train import vectors_file

_SEED = 7


def cross_validation(examples: Sequence[Example], folds: int) -> dict[str, Any]:
    """The scores of examples each judged by a model that has seen neither it nor its unaccented copy."""
    import numpy as np
    from sklearn.model_selection import StratifiedGroupKFold

    from .learning.recipe import Numbers, Recipe

    texts, truth = [e.text for e in examples], [e.intent for e in examples]
    numbers = Numbers.read(ROOT / "config.yml")
    judged: list[Example] = []
    guesses: list[tuple[str, float]] = []
    bare_guesses: list[tuple[str, float]] = []
    split = StratifiedGroupKFold(folds, shuffle=True, random_state=_SEED)
    splits = split.split(np.zeros(len(texts)), truth, [bare(text) for text in texts])
    for number, (train, held) in enumerate(splits, start=1):
        print(f"  fold {number} of {folds} ...", file=sys.stderr, flush=True)
        recipe = Recipe(numbers).fit([texts[i] for i in train], [truth[i] for i in train])
        judged += [examples[i] for i in held]
        guesses += _best(recipe, [texts[i] for i in held])
        bare_guesses += _best(recipe, [_bare(texts[i]) for i in held])
    return report(judged, guesses, bare_guesses)


def routing(test: Sequence[Example], training: Sequence[Example]) -> dict[str, Any]:
    """The scores on a test set of a model trained on all of `training`."""
    from .learning.recipe import Numbers, Recipe

    numbers = Numbers.read(ROOT / "config.yml")
    recipe = Recipe(numbers).fit([e.text for e in training], [e.intent for e in training])
    texts = [e.text for e in test]
    return report(test, _best(recipe, texts), _best(recipe, [_bare(text) for text in texts]))


def _best(recipe: Any, texts: Sequence[str]) -> list[tuple[str, float]]:
    rows = recipe.probabilities(texts)
    return [(recipe.intents[row.argmax()], float(row.max())) for row in rows]


def _bare(text: str) -> str:
    from bot.domain.vietnamese import fold

    return fold(text)


def show(title: str, scores: dict[str, Any]) -> None:
    """Print `scores` as a table."""
    print(f"\n{title}")
    heads = ("utterances", "accuracy", "macro F1", "out of scope: recall", "precision", "calibration error")
    print(" " * 26 + "".join(f"{head:>{len(head) + 2}}" for head in heads))
    for name, row in scores["groups"].items():
        cells = (
            row["utterances"],
            *(row[key] for key in ("accuracy", "macro_f1", "recall", "precision", "calibration")),
        )
        shown = [f"{cell:.3f}" if isinstance(cell, float) else "-" if cell is None else str(cell) for cell in cells]
        print(f"  {name:24}" + "".join(f"{cell:>{len(head) + 2}}" for cell, head in zip(shown, heads, strict=True)))
    print("  weakest intents: " + ", ".join(f"{name} {f1:.2f}" for name, f1 in scores["weakest"]))
    print("  taken for another most: " + ", ".join(f"{a} for {b} {n}" for a, b, n in scores["confused"]))


def main() -> int:
    parser = argparse.ArgumentParser(prog="nlu.evaluate", description="Measure the understanding.")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--folds", type=int, default=5, help="0 skips the cross-validation")
    parser.add_argument("--test-set", type=Path, default=ROOT / "data" / "evaluation" / "routing.yml")
    options = parser.parse_args()
    training = training_examples(ROOT / "data" / "nlu")
    test = routing_examples(options.test_set) if options.test_set.exists() else []
    shared = overlapping(test, training)
    results: dict[str, Any] = {"overlap": shared}
    embedding.remember(vectors_file())
    if options.folds:
        results["cross_validation"] = cross_validation(training, options.folds)
    if test:
        results["routing"] = routing(test, training)
    if options.json:
        print(json.dumps(results, ensure_ascii=False, indent=2))
    else:
        for name, title in (("cross_validation", "Cross-validation on data/nlu"), ("routing", "Test set")):
            if name in results:
                show(title, results[name])
        if not test:
            print(f"\nNo test set at {options.test_set}.")
        if shared:
            print("\nIn the test set and in training: " + "; ".join(shared))
    return 1 if shared else 0


if __name__ == "__main__":
    sys.exit(main())
