"""Evaluate the understanding: five folds over the training data, and a test set written apart from it.

From the repository's root:

    nlu/.venv/bin/python -m nlu.evaluate             a table
    nlu/.venv/bin/python -m nlu.evaluate --json      the same as JSON

Says how often the best intent is right (accuracy), the mean F1 over intents (macro F1), the same for
Vietnamese stripped of its diacritics, how well utterances out of scope are told apart, and how far the
probabilities are from the truth (expected calibration error, 10 bins). Variants of a held-out utterance
are held out with it. Texts of the test set that also occur in training are named and fail the run.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from . import quiet  # noqa: F401
from .examples import Example, overlapping, routing_examples, training_examples
from .fingerprint import ROOT
from .learning import embedding
from .scores import report
from .train import vectors_file

_SEED = 7


def cross_validation(examples: Sequence[Example], folds: int) -> dict[str, Any]:
    """The scores of examples each judged by a model that has not seen it."""
    import numpy as np
    from sklearn.model_selection import StratifiedKFold

    from .learning.recipe import Numbers, Recipe

    texts, truth = [e.text for e in examples], [e.intent for e in examples]
    numbers = Numbers.read(ROOT / "config.yml")
    judged: list[Example] = []
    guesses: list[tuple[str, float]] = []
    bare_guesses: list[tuple[str, float]] = []
    splits = StratifiedKFold(folds, shuffle=True, random_state=_SEED).split(np.zeros(len(texts)), truth)
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


def _print(title: str, scores: dict[str, Any]) -> None:
    print(f"\n{title}")
    print(f"  {'':24}{'utterances':>12}{'accuracy':>10}{'macro F1':>10}")
    for name, row in scores["groups"].items():
        print(f"  {name:24}{row['utterances']:>12}{row['accuracy']:>10.3f}{row['macro_f1']:>10.3f}")
    scope = scores["out_of_scope"]
    print(f"  out of scope: recall {scope['recall']:.3f}, precision {scope['precision']:.3f}")
    print(f"  expected calibration error: {scores['calibration_error']:.3f}")
    print("  weakest intents: " + ", ".join(f"{name} {f1:.2f}" for name, f1 in scores["weakest"]))


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
                _print(title, results[name])
        if not test:
            print(f"\nNo test set at {options.test_set}.")
        if shared:
            print("\nIn the test set and in training: " + "; ".join(shared))
    return 1 if shared else 0


if __name__ == "__main__":
    sys.exit(main())
