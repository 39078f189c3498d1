"""Children are kept alive, and nothing of them is left when they are stopped."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import psutil

from bot.supervising import Child, free_port, port_is_taken
from tests.waiting import PATIENCE, until

SLEEPER = "import time; time.sleep(600)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
)
WITH_A_CHILD = f"""
import subprocess, sys, time
print(subprocess.Popen([sys.executable, "-c", {STUBBORN!r}]).pid, flush=True)
time.sleep(600)
"""


async def _yes() -> bool:
    return True


def a_child(tmp_path: Path, *command: str, patience: float = 0.3) -> Child:
    return Child(
        "test",
        command,
        folder=tmp_path,
        log_file=tmp_path / "log" / "child.log",
        environment={"WHO": "child"},
        ready=_yes,
        first_pause=0.05,
        patience=patience,
    )


def python(code: str) -> Sequence[str]:
    return (sys.executable, "-c", code)


@asynccontextmanager
async def kept(child: Child) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(child.keep())
    try:
        yield task
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def lives(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def first_line(path: Path) -> str:
    return (path.read_text().splitlines() or [""])[0] if path.exists() else ""


async def test_a_child_killed_with_kill_9_is_started_again(tmp_path: Path) -> None:
    child = a_child(tmp_path, *python(SLEEPER))
    async with kept(child):
        await until(lambda: child.pid is not None)
        first = child.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        await until(lambda: child.pid not in (None, first))
        assert child.restarts == 1
        assert not lives(first)


async def test_stopping_ends_the_whole_process_group(tmp_path: Path) -> None:
    child = a_child(tmp_path, *python(WITH_A_CHILD))
    log = tmp_path / "log" / "child.log"
    async with kept(child):
        await until(lambda: "up" in (log.read_text() if log.exists() else ""))
        leader, grandchild = child.pid, int(first_line(log))
        assert leader is not None
        assert lives(leader)
        assert lives(grandchild)
    await until(lambda: not lives(leader) and not lives(grandchild))
    assert child.pid is None


async def test_what_a_dead_child_had_started_does_not_outlive_it(tmp_path: Path) -> None:
    child = a_child(tmp_path, *python(WITH_A_CHILD))
    log = tmp_path / "log" / "child.log"
    async with kept(child):
        await until(lambda: "up" in (log.read_text() if log.exists() else ""))
        leader, grandchild = child.pid, int(first_line(log))
        assert leader is not None
        os.kill(leader, signal.SIGKILL)
        await until(lambda: not lives(grandchild))


async def test_a_child_that_will_not_stop_is_made_to(tmp_path: Path) -> None:
    child = a_child(tmp_path, *python(STUBBORN))
    log = tmp_path / "log" / "child.log"
    async with kept(child):
        await until(lambda: "up" in first_line(log))
        stubborn = child.pid
        assert stubborn is not None
    assert not lives(stubborn)


async def test_a_child_that_stops_by_itself_is_not_waited_for(tmp_path: Path) -> None:
    child = a_child(tmp_path, *python(SLEEPER), patience=2 * PATIENCE)
    async with kept(child):
        await until(lambda: child.pid is not None)
        began = time.monotonic()
    assert time.monotonic() - began < PATIENCE


async def test_a_child_that_keeps_dying_is_tried_ever_more_rarely(tmp_path: Path) -> None:
    child = a_child(tmp_path, *python("raise SystemExit(3)"))
    async with kept(child):
        await until(lambda: child.restarts >= 2)
        began = time.monotonic()
        await until(lambda: child.restarts >= 4)
        assert time.monotonic() - began >= 0.15  # the pauses are 0.05, 0.1, 0.2 …


async def test_a_program_that_is_not_there_does_not_end_the_watch(tmp_path: Path) -> None:
    child = a_child(tmp_path, str(tmp_path / "nothing"))
    async with kept(child) as watch:
        await until(lambda: child.restarts >= 2)
        assert not watch.done()


async def test_ctrl_c_reaches_us_and_not_the_child(tmp_path: Path) -> None:
    child = a_child(tmp_path, *python(SLEEPER))
    async with kept(child):
        await until(lambda: child.pid is not None)
        assert child.pid is not None
        assert os.getpgid(child.pid) == child.pid != os.getpgrp()


async def test_a_child_sees_our_environment_and_its_own(tmp_path: Path) -> None:
    child = a_child(tmp_path, *python("import os; print(os.environ['WHO'], 'PATH' in os.environ, flush=True)"))
    async with kept(child):
        await until(lambda: first_line(tmp_path / "log" / "child.log") == "child True")


async def test_readiness_is_waited_for_and_no_longer(tmp_path: Path) -> None:
    child = a_child(tmp_path, *python(SLEEPER))
    assert await child.wait_until_ready(1)
    assert not await child.wait_until_ready(0)


def test_a_port_in_use_is_seen() -> None:
    import socket

    port = free_port()
    assert not port_is_taken("127.0.0.1", port)
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        assert port_is_taken("127.0.0.1", port)
