"""Figures are what they say, and the bench measures everything it promises, in a short run."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from bot.nlu_server import NluServer
from bot.settings import ROOT
from tests.bench.figures import Figure, percentile


@pytest.mark.parametrize(("share", "expected"), [(0.5, 50), (0.95, 95), (0.99, 99), (1.0, 100), (0.0, 1)])
def test_a_percentile_is_a_value_that_was_measured(share: float, expected: int) -> None:
    assert percentile(list(range(100, 0, -1)), share) == expected


def test_nothing_measured_has_no_percentile() -> None:
    with pytest.raises(ValueError, match="nothing was measured"):
        percentile([], 0.5)


def test_a_goal_is_met_up_to_the_goal_itself() -> None:
    assert Figure("turn", 60.0, "ms", 60.0).met is True
    assert Figure("turn", 60.1, "ms", 60.0).met is False
    assert Figure("memory", 300.0, "MiB").met is None
    assert "MISSED" in Figure("turn", 60.1, "ms", 60.0).line()


@pytest.fixture
def small_content(tmp_path: Path) -> Path:
    """The content with the procedures of one sector only: its index is built in a moment."""
    folder = tmp_path / "data"
    for name in ("wording", "directory", "retrieval", "evaluation", "procedures/labour"):
        shutil.copytree(ROOT / "data" / name, folder / name)
    (folder / "lay").mkdir()
    shutil.copy(ROOT / "data" / "lay" / "labour.yml", folder / "lay")
    for name in ("licences.yml", "conditional_lines.yml", "diacritics.json"):
        shutil.copy(ROOT / "data" / name, folder)
    return folder


async def test_a_short_run_measures_everything(nlu: NluServer, small_content: Path, tmp_path: Path) -> None:
    out = tmp_path / "bench.json"
    environment = {"CTC_DATA_DIR": str(small_content), "CTC_RASA_URL": nlu.url, "CTC_RASA_TOKEN": nlu.token}
    command = [sys.executable, "-m", "tests.bench", "--quick", "--json", str(out)]
    run = await asyncio.create_subprocess_exec(
        *command,
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await asyncio.wait_for(run.communicate(), 300)
    assert run.returncode == 0, said.decode()
    figures = json.loads(out.read_text(encoding="utf-8"))["figures"]
    names = [figure["name"] for figure in figures]
    assert len(names) == len(set(names))
    for promised in ("retrieval", "first answer", "parse over HTTP", "turn at 10", "webhook at 200", "memory of app"):
        assert any(promised in name for name in names), promised
    lost = {figure["name"]: figure["value"] for figure in figures if figure["goal"] == 0}
    assert len(lost) == 5
    assert not any(lost.values()), lost
