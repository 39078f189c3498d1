"""Makes both environments from a bare Python: `python3 -m bot.bootstrap [--dev]`.

Standard library only, since nothing is installed yet. Says in plain words what is missing. Started again
it is done in a moment: a stamp remembers what was installed.
"""

from __future__ import annotations

import glob
import hashlib
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST = (3, 11)
NLU_PYTHON = (3, 10)


class Missing(Exception):
    """Something this machine lacks; the message says what to do."""


def say(text: str) -> None:
    sys.stderr.write(f"· {text}\n")
    sys.stderr.flush()


def main(arguments: list[str]) -> int:
    dev = "--dev" in arguments
    try:
        if sys.version_info < OLDEST:
            raise Missing(
                f"Python {OLDEST[0]}.{OLDEST[1]} or later is needed, this is {sys.version.split()[0]}.\n"
                "  Install it, or name it: make run PYTHON=python3.12"
            )
        uv = find_uv()
        prepare_app(uv, dev=dev)
        prepare_nlu(uv)
    except Missing as missing:
        sys.stderr.write(f"\nCannot go on: {missing}\n")
        return 1
    except OSError as error:  # a file of the checkout is missing, the disk is full, the folder is read-only
        sys.stderr.write(f"\nCannot go on: {error.strerror or error}: {error.filename or ROOT}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nstopped; started again it goes on from here\n")
        return 130
    return 0


def find_uv() -> Path:
    """uv from the PATH, or our own copy of it from PyPI."""
    if (found := shutil.which("uv")) is not None:
        return Path(found)
    own = ROOT / ".uv" / "bin" / "uv"
    if not own.exists():
        say("fetching uv, which makes the environments")
        try:
            venv.create(ROOT / ".uv", with_pip=True, clear=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise Missing(
                f"this Python cannot make environments ({error}); on Debian: apt install python3-venv"
            ) from error
        run(
            [str(ROOT / ".uv" / "bin" / "python"), "-m", "pip", "install", "-q", "uv"],
            "uv could not be fetched from PyPI",
        )
    return own


def prepare_app(uv: Path, *, dev: bool) -> None:
    """The app's environment in `.venv`, from `uv.lock`."""
    groups = ["--group", "dev"] if dev else ["--no-dev", "--inexact"]
    python = getattr(sys, "_base_executable", None) or sys.executable
    stamp = Stamp(ROOT / ".venv", ROOT / "uv.lock", ROOT / "pyproject.toml", "dev" if dev else "")
    if stamp.holds() or (not dev and Stamp(ROOT / ".venv", ROOT / "uv.lock", ROOT / "pyproject.toml", "dev").holds()):
        return
    say("installing the assistant's packages (about a minute the first time)")
    command = [str(uv), "sync", "--frozen", "--quiet", "--python", python, *groups]
    run(command, "the packages could not be installed; is PyPI reachable, and a C compiler (cc) installed?")
    stamp.write()


def prepare_nlu(uv: Path) -> None:
    """The NLU's environment in `nlu/.venv`: Rasa needs Python 3.10."""
    folder = ROOT / "nlu"
    stamp = Stamp(folder / ".venv", folder / "uv.lock", folder / "pyproject.toml", "")
    if stamp.holds():
        return
    python = next(pythons_310(), None)
    if python is None:
        say("fetching Python 3.10, which Rasa needs")
        run(
            [str(uv), "python", "install", "--quiet", "3.10"], "Python 3.10 is needed for Rasa and could not be fetched"
        )
        python = "3.10"
    say("installing Rasa's packages (one or two minutes the first time)")
    command = [str(uv), "sync", "--frozen", "--quiet", "--project", str(folder), "--python", python]
    run(command, "Rasa's packages could not be installed; is PyPI reachable?")
    stamp.write()


def pythons_310() -> Iterator[str]:
    """Interpreters of Python 3.10 that really run; pyenv's own paths first, since its shims may refuse."""
    home = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    known = sorted(glob.glob(str(home / "versions" / "3.10.*" / "bin" / "python")), reverse=True)  # noqa: PTH207
    if (on_path := shutil.which("python3.10")) is not None:
        known.append(on_path)
    for candidate in known:
        asked = [candidate, "-c", "import sys; print(sys.version_info[:2] == (3, 10))"]
        said = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603 - fixed words
        if said.returncode == 0 and said.stdout.strip() == "True":
            yield candidate


class Stamp:
    """Remembers that an environment was made from these files."""

    def __init__(self, environment: Path, lock: Path, project: Path, kind: str) -> None:
        digest = hashlib.sha256(lock.read_bytes() + project.read_bytes() + str(ROOT).encode())
        self._value = digest.hexdigest()
        self._path = environment / f".made-from{'-' + kind if kind else ''}"
        self._python = environment / "bin" / "python"

    def holds(self) -> bool:
        return self._python.exists() and self._path.exists() and self._path.read_text() == self._value

    def write(self) -> None:
        self._path.write_text(self._value)


def run(command: list[str], otherwise: str) -> None:
    """Run a command from the project's root. Raises `Missing` with its words where it fails."""
    environment = {
        key: value for key, value in os.environ.items() if key not in ("VIRTUAL_ENV", "UV_PROJECT_ENVIRONMENT")
    }
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        raise Missing(f"{otherwise}\n{(done.stderr or done.stdout).strip()[-1500:]}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
