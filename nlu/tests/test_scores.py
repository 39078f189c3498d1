"""Scores and overlap, on numbers one can check by hand."""

from __future__ import annotations

import pytest

from nlu.examples import Example, overlapping
from nlu.scores import calibration_error, report


def test_scores_by_hand() -> None:
    examples = [
        Example("phí bao nhiêu", "ask_fee"),
        Example("how much is the fee", "ask_fee"),
        Example("thời tiết", "out_of_scope"),
        Example("mấy ngày", "ask_time"),
    ]
    guesses = [("ask_fee", 0.9), ("ask_fee", 0.8), ("ask_fee", 0.6), ("ask_time", 0.7)]
    scores = report(examples, guesses, guesses)
    assert scores["groups"]["all"]["accuracy"] == 0.75
    assert scores["groups"]["all"]["macro_f1"] == pytest.approx((0.8 + 0 + 1) / 3)
    assert scores["groups"]["English"]["utterances"] == 1
    assert scores["groups"]["Vietnamese, stripped"]["utterances"] == 3
    assert scores["groups"]["all"]["recall"] == 0
    assert scores["groups"]["all"]["precision"] is None  # nothing was called out of scope
    assert scores["groups"]["English"]["recall"] is None
    assert scores["confused"] == [("ask_fee", "out_of_scope", 1)]


def test_calibration_error_is_zero_when_probabilities_are_true_and_large_when_boastful() -> None:
    assert calibration_error([True] * 8 + [False] * 2, [0.8] * 10) == pytest.approx(0)
    assert calibration_error([False] * 10, [0.95] * 10) == pytest.approx(0.95)


def test_a_text_of_the_test_set_is_recognised_in_training_whatever_its_dress() -> None:
    training = [Example("Phí bao nhiêu?", "ask_fee")]
    test = [Example("phi bao  nhieu", "ask_fee"), Example("phí gì", "ask_fee")]
    assert overlapping(test, training) == ["phi bao  nhieu"]
