"""The Rasa server as our child: trained when its inputs changed, started, and found again by other commands."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import secrets
import subprocess
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx

from bot.domain.errors import AssistantError
from bot.settings import ROOT, Settings
from bot.supervising import Child, free_port

PYTHON = ROOT / "nlu" / ".venv" / "bin" / "python"
READY_WITHIN = 180.0
"""Seconds; it takes about 15 on two idle cores."""


class NluMissing(AssistantError):
    """The NLU's environment is not there or its training failed; the message says what to do."""


@dataclass(frozen=True, slots=True)
class NluServer:
    """Where a Rasa server answers."""

    url: str
    token: str

    async def answers(self) -> bool:
        """Whether it has loaded its model and answers."""
        try:
            async with httpx.AsyncClient(timeout=2) as client:
                return (await client.get(self.url)).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False


def train(settings: Settings, say: Callable[[str], None]) -> Path:
    """The model of today's inputs, trained now if need be. Blocks up to some minutes. Raises `NluMissing`."""
    if not PYTHON.exists():
        raise NluMissing("Rasa's environment is missing; `python3 -m bot.bootstrap` makes it")
    command = [str(PYTHON), "-m", "nlu.train", "--out", str(settings.var_dir / "models")]
    last = ""
    # Errors go to a file: a pipe nobody reads meanwhile would fill up and stop the training.
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8") as errors,
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=errors, text=True) as run,  # noqa: S603
    ):
        for line in run.stdout or ():
            if last:
                say(last)
            last = line.strip()
        run.wait()
        errors.seek(0)
        complaint = errors.read().strip()
    if run.returncode != 0 or not Path(last).is_file():
        raise NluMissing(f"training failed: {(complaint or last)[-800:]}")
    return Path(last)


def child(settings: Settings, model: Path) -> tuple[Child, NluServer]:
    """A Rasa server of our own on a free port; it ends when we end, however we end."""
    port = settings.rasa_port or free_port()
    server = NluServer(f"http://127.0.0.1:{port}", secrets.token_urlsafe(24))
    command = [str(PYTHON), "-m", "nlu.serve", "--model", str(model), "--port", str(port), "--with-parent"]
    keeper = Child(
        "rasa",
        command,
        folder=ROOT,
        log_file=settings.var_dir / "log" / "rasa.log",
        environment={"RASA_TOKEN": server.token},
        ready=server.answers,
    )
    return keeper, server


def publish(settings: Settings, server: NluServer) -> None:
    """Let other commands of this machine use our server; the file is for our own account only."""
    path = _address_file(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(f".{os.getpid()}")
    half.touch(mode=0o600)
    half.write_text(json.dumps(asdict(server)), encoding="utf-8")
    half.replace(path)


async def find(settings: Settings) -> NluServer | None:
    """The server named by the settings, or one that another command of this machine runs."""
    if settings.rasa_url is not None:
        return NluServer(settings.rasa_url, settings.rasa_token.get_secret_value())
    try:
        data = json.loads(await asyncio.to_thread(_address_file(settings).read_text, encoding="utf-8"))
        server = NluServer(str(data["url"]), str(data["token"]))
    except (OSError, ValueError, KeyError):
        return None
    return server if await server.answers() else None


def _address_file(settings: Settings) -> Path:
    return settings.var_dir / "run" / "rasa.json"


@asynccontextmanager
async def own(settings: Settings, say: Callable[[str], None]) -> AsyncIterator[NluServer]:
    """A Rasa server for as long as the block lasts. Raises `NluMissing`."""
    model = await asyncio.to_thread(train, settings, say)
    keeper, server = child(settings, model)
    task = asyncio.create_task(keeper.keep())
    try:
        say("starting the understanding (about 15 seconds)")
        if not await keeper.wait_until_ready(READY_WITHIN):
            raise NluMissing(f"Rasa does not answer; see {settings.var_dir / 'log' / 'rasa.log'}")
        yield server
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
