"""Training as the app runs it: cached by its inputs, and never a broken model behind."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from rasa.core.agent import load_agent

from nlu.examples import training_examples
from nlu.fingerprint import ROOT, fingerprint
from nlu.learning.recipe import Numbers, Recipe

DATA = """version: "3.1"
nlu:
- intent: ask_fee
  examples: |
    - phí bao nhiêu
    - lệ phí đăng ký hết bao nhiêu tiền
    - how much is the fee
- intent: ask_time
  examples: |
    - bao lâu thì xong
    - mất mấy ngày
    - how long does it take
- intent: greet
  examples: |
    - xin chào
    - chào em
    - hello there
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "few.yml").write_text(DATA, encoding="utf-8")
    return folder


def _training(data: Path, tmp_path: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", "nlu.train", "--data", str(data), "--out", str(tmp_path / "out")],
        cwd=ROOT,
        env={**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def _models(tmp_path: Path) -> list[Path]:
    return list(tmp_path.rglob("*.tar.gz"))


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_killed_training_leaves_no_model_and_the_next_one_succeeds(
    data: Path, tmp_path: Path, how: signal.Signals
) -> None:
    with _training(data, tmp_path) as run:
        assert run.stdout is not None
        for line in run.stdout:
            if "1/3" in line:  # the longest step: on so little data the last is over before a signal arrives
                run.send_signal(how)
                break
        run.stdout.read()
    assert run.returncode != 0
    assert [path for path in _models(tmp_path) if "half-" not in str(path)] == []

    if how is signal.SIGTERM:
        assert list(tmp_path.rglob("half-*")) == []
        return
    first, _ = _training(data, tmp_path).communicate()
    second, _ = _training(data, tmp_path).communicate()
    model = Path(first.splitlines()[-1])
    assert model.name == f"{fingerprint(ROOT, data)}.tar.gz"
    assert second.splitlines() == [f"Understanding: the model {model.name} is up to date.", str(model)]

    model.unlink()
    third, _ = _training(data, tmp_path).communicate()
    assert "comes from the cache" in third
    assert model.is_file()


def test_the_fingerprint_follows_every_input(data: Path) -> None:
    before = fingerprint(ROOT, data)
    assert fingerprint(ROOT, data) == before
    (data / "few.yml").write_text(DATA.replace("xin chào", "kính chào"), encoding="utf-8")
    assert fingerprint(ROOT, data) != before


def test_rasa_and_the_recipe_of_the_evaluation_agree(data: Path, tmp_path: Path) -> None:
    said, _ = _training(data, tmp_path).communicate()
    agent = asyncio.run(load_agent(model_path=said.splitlines()[-1]))
    examples = training_examples(data)
    recipe = Recipe(Numbers.read(ROOT / "config.yml")).fit([e.text for e in examples], [e.intent for e in examples])
    for text in ("het bao nhieu tien", "How long?", "xin chào ad", "费用"):
        heard = asyncio.run(agent.parse_message(text))
        expected = dict(zip(recipe.intents, recipe.probabilities([text])[0], strict=True))
        assert {each["name"]: each["confidence"] for each in heard["intent_ranking"]} == pytest.approx(
            expected, abs=1e-4
        )
