"""`bot directory` run as a command, on a real database."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from bot.settings import ROOT
from knowledge.offices_checking import FILES
from tests.conftest import Database


def run(database: Database, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"CTC_DATABASE_URL": database.url, "CTC_VAR_DIR": str(folder / "var")}
    return subprocess.run(
        [sys.executable, "-m", "bot", "directory", *words], env=environment, cwd=ROOT, capture_output=True, text=True,
        timeout=300, check=False,
    )  # fmt: skip


def test_the_directory_goes_out_and_comes_in_again_unless_it_is_broken(database: Database, tmp_path: Path) -> None:
    out = tmp_path / "out"
    written = run(database, tmp_path, "export", str(out))
    assert written.returncode == 0, written.stderr
    assert sorted(file.name for file in out.iterdir()) == sorted(FILES)
    taken = run(database, tmp_path, "import", str(out))
    assert taken.returncode == 0, taken.stderr
    assert "0 new, 0 changed" in taken.stdout + taken.stderr
    services = out / "services.yml"
    services.write_text(services.read_text().replace("duration_minutes: 60", "duration_minutes: 600", 1))
    refused = run(database, tmp_path, "import", str(out))
    assert refused.returncode != 0
    assert "duration_minutes" in refused.stdout + refused.stderr
    assert "Traceback" not in refused.stderr
