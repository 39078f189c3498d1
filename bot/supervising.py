"""Children of the assistant: started, watched, started again when they die, and stopped cleanly."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 30.0
"""Seconds between two starts of a child that keeps dying; doubled each time."""
PATIENCE = 10.0
"""Seconds a child has to stop by itself."""


class Child:
    """A process we keep alive. `ready` says whether it does its work yet."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        folder: Path,
        log_file: Path,
        environment: Mapping[str, str],
        ready: Callable[[], Awaitable[bool]],
        first_pause: float = FIRST_PAUSE,
        patience: float = PATIENCE,
    ) -> None:
        self.name = name
        self._command = command
        self._folder = folder
        self._log_file = log_file
        self._environment = environment
        self._ready = ready
        self._first_pause = first_pause
        self._patience = patience
        self._process: asyncio.subprocess.Process | None = None
        self.restarts = 0

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None and self._process.returncode is None else None

    async def keep(self) -> None:
        """Run the child until cancelled; then stop it."""
        pause = self._first_pause
        try:
            while True:
                began = time.monotonic()
                code: int | str
                try:
                    process = await self._start()
                    code = await process.wait()
                    self._end_group(process.pid)  # what it had started would keep its port
                except OSError as error:  # the program is not there, or no memory for it
                    code = error.strerror or "cannot start"
                if time.monotonic() - began > LONGEST_PAUSE * 2:
                    pause = self._first_pause
                self.restarts += 1
                log.warning("child_died", child=self.name, code=code, again_in=pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
        finally:
            await asyncio.shield(self.stop())

    async def wait_until_ready(self, within: float) -> bool:
        """Whether the child did its work within so many seconds."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            if await self._ready():
                return True
            await asyncio.sleep(0.25)
        return False

    async def stop(self) -> None:
        """Ask the child to stop, then make it, with all it has started."""
        process, self._process = self._process, None
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), self._patience)
        self._end_group(process.pid)
        await process.wait()

    @staticmethod
    def _end_group(leader: int) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS says so of a group that is gone
            os.killpg(leader, signal.SIGKILL)

    async def _start(self) -> asyncio.subprocess.Process:
        self._log_file.parent.mkdir(parents=True, exist_ok=True)
        with self._log_file.open("ab") as out:
            # A group of its own: Ctrl-C then reaches us alone, and we stop the child in order.
            process = self._process = await asyncio.create_subprocess_exec(
                *self._command,
                cwd=self._folder,
                env={**os.environ, **self._environment},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        log.info("child_started", child=self.name, pid=process.pid)
        return process


def free_port(host: str = "127.0.0.1") -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def port_is_taken(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False
