"""The assistant under measurement: the real program in a folder of its own, started, watched and stopped."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx
import psutil

from bot.persistence.embedded import EmbeddedPostgres
from bot.settings import ROOT, Settings

_PATIENCE = 180.0
"""Seconds until it must have opened its doors."""


class NotStarted(Exception):
    """The assistant ended or did not open its doors; the message holds the end of its log."""


class Assistant:
    """`make run` (or `bot up` where the environments were not made by make), with `settings` in its environment."""

    def __init__(self, settings: Settings, environment: dict[str, str]) -> None:
        self.settings = settings
        self.address = f"http://127.0.0.1:{settings.port}"
        self.name, self._command = _command()
        self._environment = environment
        self._log = settings.var_dir / "up.log"
        self._process: asyncio.subprocess.Process | None = None
        self.began = 0.0

    async def __aenter__(self) -> Self:
        self.began = time.monotonic()
        with self._log.open("wb") as out:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                cwd=ROOT,
                env=self._environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process is not None
        group = self._process.pid
        for number, patience in ((signal.SIGINT, 40), (signal.SIGTERM, 15), (signal.SIGKILL, 5)):
            if self._process.returncode is not None:
                break
            os.killpg(group, number)  # as Ctrl-C does
            try:
                await asyncio.wait_for(self._process.wait(), patience)
            except TimeoutError:
                continue
        await asyncio.to_thread(EmbeddedPostgres(self.settings.var_dir / "postgres").halt)

    async def wait_for(self, path: str, within: float = _PATIENCE) -> None:
        """Wait until `path` answers 200 with the state ok. Raises `NotStarted`."""
        async with httpx.AsyncClient(base_url=self.address, timeout=5) as http:
            until = time.monotonic() + within
            while time.monotonic() < until:
                self.check()
                try:
                    answer = await http.get(path)
                    if answer.status_code == httpx.codes.OK and answer.json().get("state", "ok") == "ok":
                        return
                except httpx.HTTPError:
                    pass
                await asyncio.sleep(0.1)
        raise NotStarted(f"{path} is not well after {within:.0f} s:\n{self._end_of_log()}")

    def check(self) -> None:
        """Raises `NotStarted` where the program has ended."""
        if self._process is None or self._process.returncode is not None:
            raise NotStarted(self._end_of_log())

    def processes(self) -> Iterator[tuple[str, psutil.Process]]:
        """Each of its processes with the part it belongs to: app, Rasa or PostgreSQL."""
        assert self._process is not None
        own = psutil.Process(self._process.pid)
        for process in [own, *own.children(recursive=True)]:
            words = process.cmdline()
            if "nlu.serve" in words:
                yield "Rasa", process
            elif any(Path(word).name == "bot" for word in words[:3]) and "up" in words:
                yield "app", process
        pid_file = self.settings.var_dir / "postgres" / "postmaster.pid"
        if pid_file.exists():
            postmaster = psutil.Process(int(pid_file.read_text().split()[0]))
            for process in [postmaster, *postmaster.children(recursive=True)]:
                yield "PostgreSQL", process

    def _end_of_log(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")[-3000:]


def _command() -> tuple[str, list[str]]:
    """The command, as people call it and as it is run."""
    # Only where make made the environments is there nothing left for it to do, as on a newcomer's second run.
    if (ROOT / ".venv" / ".made-from-dev").exists() and (ROOT / "nlu" / ".venv" / ".made-from").exists():
        return "make run", ["make", "--no-print-directory", "run"]
    return "bot up", [str(ROOT / ".venv" / "bin" / "bot"), "up"]
