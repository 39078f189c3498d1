"""Both environments are made once, and what is missing is said in plain words.

Runs the real program in a copy of the checkout's outline, with a small `uv` of our own in the PATH.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PYTHON = getattr(sys, "_base_executable", sys.executable)
UV = """#!/bin/sh
echo "$@" >> "$CALLS"
test -z "$UV_FAILS" || { echo "error: $UV_FAILS" >&2; exit 2; }
case "$*" in
  python*) exit 0 ;;
  *--project*) made=nlu/.venv ;;
  *) made=.venv ;;
esac
mkdir -p "$made/bin" && touch "$made/bin/python"
"""


class Machine:
    """A machine on which only what a test puts there is installed."""

    def __init__(self, folder: Path) -> None:
        self.checkout = folder / "checkout"
        self.programs = folder / "bin"
        self.home = folder / "home"
        self.calls_file = folder / "calls"
        for path in (self.checkout / "bot", self.checkout / "nlu", self.programs, self.home):
            path.mkdir(parents=True)
        for name in ("bot/__init__.py", "bot/bootstrap.py"):
            shutil.copy(ROOT / name, self.checkout / name)
        for name in ("uv.lock", "pyproject.toml", "nlu/uv.lock", "nlu/pyproject.toml"):
            (self.checkout / name).write_text("# made for a test\n")
        for name in ("mkdir", "touch"):
            self.install(name, f'#!/bin/sh\nexec {shutil.which(name)} "$@"\n')

    def install(self, name: str, program: str) -> None:
        path = self.programs / name
        path.write_text(program)
        path.chmod(0o755)

    def install_python_310(self, says: str = "True") -> Path:
        path = self.home / "versions" / "3.10.13" / "bin" / "python"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\necho {says}\n")
        path.chmod(0o755)
        return path

    def run(self, *arguments: str, before: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        """`python -m bot.bootstrap`; `before` is said to Python first."""
        start = "runpy.run_module('bot.bootstrap', run_name='__main__')"
        program = f"import runpy, sys; sys.argv[1:] = {list(arguments)!r}; {before}{start}"
        known = {"PATH": str(self.programs), "PYENV_ROOT": str(self.home), "CALLS": str(self.calls_file)}
        return subprocess.run(
            [PYTHON, "-c", program],
            cwd=self.checkout,
            env={**known, **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    def calls(self) -> list[str]:
        """What uv was asked, and the slate wiped."""
        said = self.calls_file.read_text().splitlines() if self.calls_file.exists() else []
        self.calls_file.unlink(missing_ok=True)
        return said


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    machine = Machine(tmp_path)
    machine.install("uv", UV)
    machine.install_python_310()
    return machine


def test_both_environments_are_made_and_then_left_alone(machine: Machine) -> None:
    done = machine.run()
    assert done.returncode == 0, done.stderr
    app, nlu = machine.calls()
    assert app.startswith("sync --frozen")
    assert "--no-dev" in app
    assert f"--python {machine.home / 'versions' / '3.10.13' / 'bin' / 'python'}" in nlu
    assert "installing Rasa's packages" in done.stderr

    again = machine.run()
    assert again.returncode == 0
    assert machine.calls() == []
    assert again.stderr == ""


def test_a_changed_lock_is_noticed(machine: Machine) -> None:
    machine.run()
    machine.calls()
    (machine.checkout / "nlu" / "uv.lock").write_text("# newer\n")
    machine.run()
    assert len(machine.calls()) == 1


def test_who_has_the_tools_of_development_has_all_that_running_needs(machine: Machine) -> None:
    machine.run("--dev")
    assert "--group dev" in machine.calls()[0]
    machine.run()
    assert machine.calls() == []


def test_running_first_and_developing_later_installs_the_tools(machine: Machine) -> None:
    machine.run()
    machine.calls()
    machine.run("--dev")
    assert ["--group dev" in call for call in machine.calls()] == [True]


def test_an_environment_that_was_deleted_is_made_again(machine: Machine) -> None:
    machine.run()
    machine.calls()
    shutil.rmtree(machine.checkout / ".venv")
    machine.run()
    assert len(machine.calls()) == 1


def test_an_old_python_is_told_what_to_install(machine: Machine) -> None:
    done = machine.run(before="sys.version_info = (3, 9, 2); ")
    assert done.returncode == 1
    assert "Python 3.11 or later is needed" in done.stderr
    assert "make run PYTHON=" in done.stderr
    assert "Traceback" not in done.stderr
    assert machine.calls() == []


def test_an_installation_that_fails_is_explained_and_not_remembered(machine: Machine) -> None:
    done = machine.run(UV_FAILS="no route to host")
    assert done.returncode == 1
    assert "is PyPI reachable, and a C compiler" in done.stderr
    assert "no route to host" in done.stderr
    assert "Traceback" not in done.stderr
    machine.calls()
    assert machine.run().returncode == 0
    assert len(machine.calls()) == 2


def test_without_python_310_uv_fetches_one(machine: Machine) -> None:
    shutil.rmtree(machine.home / "versions")
    assert machine.run().returncode == 0
    assert machine.calls()[1:] == [
        "python install --quiet 3.10",
        f"sync --frozen --quiet --project {machine.checkout / 'nlu'} --python 3.10",
    ]


def test_a_shim_that_only_looks_like_python_310_is_passed_over(machine: Machine) -> None:
    machine.install_python_310(says="pyenv: 3.10 is not set")
    assert machine.run().returncode == 0
    assert "python install --quiet 3.10" in machine.calls()


def test_where_python_cannot_make_environments_the_package_is_named(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    (machine.checkout / ".uv").write_text("in the way")
    done = machine.run()
    assert done.returncode == 1
    assert "apt install python3-venv" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_incomplete_checkout_is_named(machine: Machine) -> None:
    (machine.checkout / "uv.lock").unlink()
    done = machine.run()
    assert done.returncode == 1
    assert "uv.lock" in done.stderr
    assert "Traceback" not in done.stderr


def test_our_own_environment_does_not_leak_into_the_new_one(machine: Machine) -> None:
    machine.install("uv", UV.replace('echo "$@"', 'echo "$VIRTUAL_ENV$UV_PROJECT_ENVIRONMENT" "$@"'))
    machine.run(VIRTUAL_ENV="/elsewhere", UV_PROJECT_ENVIRONMENT="/elsewhere")
    assert "/elsewhere" not in " ".join(machine.calls())


def test_it_needs_nothing_but_the_standard_library() -> None:
    program = "import sys; sys.path.insert(0, '.'); import bot.bootstrap"
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    done = subprocess.run([PYTHON, "-S", "-c", program], cwd=ROOT, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
