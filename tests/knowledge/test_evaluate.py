"""The figures are right on a handful of questions whose outcome is known."""

from __future__ import annotations

import json
from pathlib import Path

from bot.domain.procedure import Language
from knowledge.answerer import Answerer, Question, Verdict
from knowledge.evaluate import bench, evaluate

RETRIEVAL = """
- {text: "gia hạn giấy phép lao động cho sếp Nhật", language: vi, codes: ["1.014201"], style: colloquial}
- {text: "gia han giay phep lao dong", language: vi-folded, codes: ["0.000000"], style: short}
- {text: "trời hôm nay có nắng không", language: vi, codes: ["0.000000"], style: short}
- {text: "needs the whole catalogue", language: en, codes: ["1.001029"], catalogue: true}
"""
REFUSALS = """
- {text: "trời hôm nay có nắng không", language: vi}
- {text: "mở quán karaoke", language: vi}
"""


async def test_the_figures_count_what_happened(answerer: Answerer, tmp_path: Path) -> None:
    (tmp_path / "retrieval.yml").write_text(RETRIEVAL, encoding="utf-8")
    (tmp_path / "refusals.yml").write_text(REFUSALS, encoding="utf-8")
    found = await evaluate(answerer, tmp_path)
    scores = {score.kind: score for score in found.scores}
    assert scores["all"].questions == 3, "those that need the catalogue are left out"
    assert scores["all"].hit_at_1 == scores["all"].answered_right == 1 / 3
    assert scores["all"].answered_wrong == 1 / 3
    assert scores["all"].wrongly_refused == 1 / 3
    assert scores["vi"].hit_at_1 == 1 / 2
    assert scores["vi-folded"].hit_at_1 == 0
    assert found.refusals[0].refused == found.refusals[0].wrongly_answered == 1 / 2
    assert len(found.wrong) == 3
    assert json.loads(found.to_json())["refusals"][0]["questions"] == 2
    assert "hit@1" in found.table()


async def test_the_bench_gives_milliseconds(answerer: Answerer) -> None:
    figures = await bench(answerer, ["gia hạn giấy phép lao động", "mở quán karaoke", "mở quán karaoke"])
    assert figures.questions == 2
    assert 0 < figures.p50 <= figures.p95 < 5_000
    assert (await answerer.find(Question("mở quán karaoke", Language.VI))).verdict is Verdict.ANSWER
