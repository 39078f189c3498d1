"""Figures say what they claim to say, and what became worse is told."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.conversation.outcomes import Candidate, Outcome, Route, TurnResult
from bot.domain.procedure import Facet, Language
from bot.evaluating import TITLES, measure, publish
from bot.evaluation import history
from bot.evaluation.playing import differences
from bot.evaluation.report import Report, write_report
from bot.evaluation.scoring import Guess, calibration_error, score
from bot.evaluation.sets import Dialogue, Expected, SetBroken, read_set
from bot.evaluation.tables import table
from bot.headless import Headless

ROUTING = """
- {text: "xin chào buổi sáng nhé", intent: greet, language: vi}
- {text: "how much is a work permit", intent: ask_fee, language: en}
"""
RETRIEVAL = """
- {text: "phí cấp giấy phép lao động mới cho người nước ngoài", language: vi, codes: ["1.014199"], facet: fee}
- {text: "một câu cần cả danh mục", language: vi, codes: ["9.999999"], catalogue: true}
"""
REFUSALS = '- {text: "asdkjh qwoieu zxmnc", language: vi}'
FOLLOW_UPS = """
- name: a work permit's fee, then its time
  turns:
    - text: "phí làm giấy phép lao động mới cho chuyên gia nước ngoài là bao nhiêu"
      expect: {procedure: "1.014199", facet: fee, outcome: answered}
    - text: "thế còn thời gian?"
      expect: {procedure: "1.014199", facet: time}
- name: nothing of the kind
  turns:
    - choice: "facet:time:1.014199"
      expect: {facet: fee, outcome: refused_abuse}
"""


@pytest.fixture
def sets(tmp_path: Path) -> Path:
    """A small folder of evaluation sets."""
    for name, content in (
        ("routing", ROUTING),
        ("retrieval", RETRIEVAL),
        ("refusals", REFUSALS),
        ("followups", FOLLOW_UPS),
    ):
        (tmp_path / f"{name}.yml").write_text(content, encoding="utf-8")
    (tmp_path / "held_out").mkdir()
    (tmp_path / "held_out" / "routing.yml").write_text('- {text: "cảm ơn em", intent: thank, language: vi}', "utf-8")
    return tmp_path


def a_guess(truth: str, intent: str, probability: float = 1.0) -> Guess:
    return Guess("một câu", "vi", truth, intent, probability, truth == intent)


def test_scores_are_those_reckoned_by_hand() -> None:
    scores = score(
        [
            a_guess("ask_fee", "ask_fee"),
            a_guess("ask_fee", "out_of_scope"),
            a_guess("out_of_scope", "out_of_scope"),
            a_guess("greet", "greet"),
        ]
    )
    assert scores.accuracy == 0.75
    assert scores.macro_f1 == pytest.approx((2 / 3 + 2 / 3 + 1) / 3)
    assert (scores.out_of_scope_recall, scores.out_of_scope_precision) == (1.0, 0.5)


def test_where_nothing_is_out_of_scope_its_recall_means_nothing() -> None:
    scores = score([a_guess("greet", "greet")])
    assert (scores.out_of_scope_recall, scores.out_of_scope_precision) == (None, None)


def test_certainty_in_what_is_half_wrong_is_badly_calibrated() -> None:
    assert calibration_error([a_guess("greet", "greet", 1.0), a_guess("greet", "thank", 1.0)]) == 0.5
    assert calibration_error([a_guess("greet", "greet", 0.5), a_guess("greet", "thank", 0.5)]) == 0.0
    assert calibration_error([a_guess("greet", "thank", 0.3), a_guess("greet", "greet", 0.9)]) == pytest.approx(0.2)


def test_a_turn_is_wrong_only_in_what_was_expected_of_it() -> None:
    came = TurnResult(
        Language.VI, None, Route.ANSWER, Outcome.ANSWERED, (), Facet.FEE, (Candidate("1.014199", "Cấp giấy phép", 0.9),)
    )
    assert differences(Expected(procedure="1.014199"), came) == []
    assert differences(Expected(facet=Facet.TIME, outcome=Outcome.ANSWERED), came) == ["facet fee instead of time"]


def test_what_became_worse_is_named_and_what_became_better_is_not() -> None:
    before = {"finding": {"vi": {"questions": 10, "hit_at_1": 0.9, "answered_wrong": 0.1, "mrr": 0.8}}}
    after = {"finding": {"vi": {"questions": 10, "hit_at_1": 0.8, "answered_wrong": 0.2, "mrr": 0.9}}}
    assert [str(change) for change in history.worse(before, after)] == [
        "finding.vi.hit_at_1: 0.900 → 0.800 (of 10)",
        "finding.vi.answered_wrong: 0.100 → 0.200 (of 10)",
    ]


def test_figures_over_another_set_are_not_compared() -> None:
    before = {"routing": {"vi": {"utterances": 10, "accuracy": 0.9}}}
    after = {"routing": {"vi": {"utterances": 11, "accuracy": 0.1}, "en": {"utterances": 5, "accuracy": 0.1}}}
    assert list(history.worse(before, after)) == []


def test_the_second_evaluation_is_compared_with_the_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = tmp_path / "var" / "history.jsonl"
    for accuracy in (0.9, 0.7):
        figures: dict[str, Any] = {"routing": {"all": {"utterances": 100, "accuracy": accuracy}}}
        publish(Report(figures=figures, procedures=5), kept, None)
    said = capsys.readouterr().out
    assert "The first figures" in said
    assert "routing.all.accuracy: 0.900 → 0.700 (of 100)" in said
    assert len(kept.read_text(encoding="utf-8").splitlines()) == 2


def test_a_damaged_history_is_no_obstacle(tmp_path: Path) -> None:
    kept = tmp_path / "history.jsonl"
    kept.write_text('{"figures": {"rou', encoding="utf-8")
    assert history.last(kept) is None


def test_a_figure_that_means_nothing_is_a_dash() -> None:
    assert table("Intents", {"vi": {"accuracy": 0.5, "out_of_scope_recall": None}}).splitlines()[-1].split() == [
        "vi",
        "0.500",
        "-",
    ]


def test_a_missing_set_is_no_mistake_and_a_broken_one_is(tmp_path: Path) -> None:
    assert read_set(tmp_path / "followups.yml", Dialogue) is None
    (tmp_path / "followups.yml").write_text("- {name: no turns, turns: []}", encoding="utf-8")
    with pytest.raises(SetBroken, match=r"followups\.yml"):
        read_set(tmp_path / "followups.yml", Dialogue)


async def test_every_set_is_measured_by_the_real_parts(assistant: Headless, sets: Path, tmp_path: Path) -> None:
    report = await measure(assistant, sets, lambda _: None)
    assert set(report.figures) == {
        "routing",
        "finding",
        "refusals",
        "questions",
        "refused",
        "follow_ups",
        "held_out routing",
        "ablation",
    }
    assert report.figures["routing"]["all"]["accuracy"] == 1.0
    assert report.figures["routing"]["vi-stripped"]["utterances"] == 1
    assert report.figures["finding"]["all"] == report.figures["finding"]["all"] | {"questions": 1, "hit_at_1": 1.0}
    assert report.figures["questions"]["vi"] == {
        "questions": 1,
        "procedure_first": 1.0,
        "facet_right": 1.0,
        "both_right": 1.0,
        "wrongly_refused": 0.0,
    }
    assert report.figures["refused"]["all"] == {"questions": 1, "wrongly_answered": 0.0, "wrongly_asked": 0.0}
    assert report.figures["held_out routing"]["all"]["utterances"] == 1
    assert report.figures["ablation"]["nothing"] == {"questions": 1, "hit_at_1": 1.0, "hit_at_3": 1.0}
    assert {"all of meaning", "all of words", "lay questions", "diacritics as typed"} <= set(report.figures["ablation"])
    assert report.figures["refusals"]["all"]["refused"] == 1.0
    assert report.figures["follow_ups"]["later turns"] == {"turns": 1, "right": 1.0}
    assert report.figures["follow_ups"]["whole dialogues"] == {"turns": 2, "right": 0.5}
    assert [line.split(" · ")[0] for line in report.wrong["follow_ups"]] == ["nothing of the kind"]
    publish(report, tmp_path / "history.jsonl", tmp_path / "figures.json")
    assert json.loads((tmp_path / "figures.json").read_text(encoding="utf-8"))["figures"] == report.figures


def test_a_report_shows_its_tables_its_pictures_and_the_past(tmp_path: Path) -> None:
    guesses = [a_guess("ask_fee", "ask_fee"), a_guess("ask_fee", "greet", 0.4), a_guess("greet", "greet")]
    sureness = [(0.9, True), (0.8, True), (0.3, False)]
    figures: dict[str, Any] = {"routing": {"all": {"utterances": 3, "macro_f1": 0.7}}}
    report = Report(figures=figures, procedures=5, guesses=guesses, sureness=sureness)
    past = [{"at": "2026-11-20", "figures": {"routing": {"all": {"macro_f1": 0.5}}}}]
    page = write_report(report, TITLES, past, tmp_path / "evaluation")
    text = page.read_text(encoding="utf-8")
    assert "0.700" in text
    assert "| 2026-11-20 | 0.500 |" in text
    pictures = re.findall(r"\((.+\.png)\)", text)
    assert len(pictures) == 3
    assert all((page.parent / name).read_bytes().startswith(b"\x89PNG") for name in pictures)


async def test_an_evaluation_leaves_no_utterance_behind(assistant: Headless, sets: Path) -> None:
    async def utterances() -> int:
        async with assistant.parts.engine.connect() as connection:
            return int((await connection.execute(text("SELECT count(*) FROM utterance"))).scalar_one())

    before = await utterances()
    await measure(assistant, sets, lambda _: None)
    assert await utterances() == before


async def test_without_any_set_nothing_is_measured_and_that_is_said(assistant: Headless, tmp_path: Path) -> None:
    said: list[str] = []
    assert (await measure(assistant, tmp_path / "none", said.append)).figures == {}
    assert len(said) == 4
