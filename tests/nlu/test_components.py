"""The components' own tests, run where Rasa lives: in the NLU's Python 3.10 environment."""

from __future__ import annotations

import subprocess

from bot.nlu_server import PYTHON
from bot.settings import ROOT


def test_the_components_pass_their_tests() -> None:
    run = subprocess.run(
        [PYTHON, "-m", "pytest", "-q", "nlu/tests", "-c", "nlu/pyproject.toml", "--rootdir", "nlu"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]
