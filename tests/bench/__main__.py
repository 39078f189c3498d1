"""Measures the assistant in one run and prints each figure beside its goal; `var/bench.json` keeps them.

python -m tests.bench                          everything, some minutes
python -m tests.bench --quick                  the same with little load, to see that it works
python -m tests.bench --catalogue FILE         with the full catalogue imported first

Everything runs on this machine in a folder that is removed afterwards: an assistant of its own, a fake
Telegram, no network beyond 127.0.0.1. A Rasa server named by CTC_RASA_URL is used instead of an own one.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psutil
from pydantic import SecretStr

from bot import log, nlu_server
from bot.app import database, knowledge
from bot.domain.errors import AssistantError
from bot.importing import import_file
from bot.persistence.engine import create_engine
from bot.settings import ROOT, Settings
from bot.supervising import free_port
from tests.fake_telegram import FakeTelegram
from tests.fake_telegram.server import TOKEN

from . import bursts, finding, first_answer, openings, parsing, turns
from .assistant import Assistant, NotStarted
from .figures import Figure
from .platform import Platform
from .usage import memory
from .utterances import endless, mixed, questions

_SECRET = "bench-secret-0123456789"
_BUSY = 0.5
"""Load for each processor above which the figures say little."""


@dataclass(slots=True)
class Board:
    """Figures, shown as they come."""

    figures: list[Figure] = field(default_factory=list)

    def add(self, figures: Iterable[Figure]) -> None:
        for figure in figures:
            print(figure.line(), flush=True)
            self.figures.append(figure)


async def bench(options: argparse.Namespace, folder: Path) -> Board:
    """The whole run, with everything it writes below `folder`. Raises `AssistantError`, `NotStarted`."""
    board = Board()
    board.add(await openings.alone())
    async with FakeTelegram() as telegram:
        settings, environment = _settings(folder, telegram.url)
        await _prepare(settings, options, board)
        said = mixed(settings.data_dir / "evaluation")
        texts = endless(said)
        async with Assistant(settings, environment) as assistant:
            platform = Platform(telegram, settings.port, assistant.check)
            board.add(await first_answer.measure(assistant))
            await platform.is_registered()
            server = await nlu_server.find(settings)
            assert server is not None
            board.add(await parsing.measure(server, said[: 50 if options.quick else 400]))
            board.add(await turns.measure(assistant, platform, texts, seconds=4 if options.quick else 30))
            board.add(await bursts.measure(platform, texts, seconds=0.5 if options.quick else 5))
            board.add(memory(assistant))
    return board


async def _prepare(settings: Settings, options: argparse.Namespace, board: Board) -> None:
    """What a first run leaves behind: the model, the database, the index; and how fast that index is."""
    if settings.rasa_url is None:
        await asyncio.to_thread(nlu_server.train, settings, _say)
    if options.catalogue is not None:
        await import_file(settings, options.catalogue, "compact", _say)
    async with database(settings) as url:
        engine = create_engine(url)
        try:
            _, answerer = knowledge(settings, engine)
            await answerer.refresh()
            asked = questions(settings.data_dir / "evaluation")
            board.add(await finding.measure(answerer, asked[: 50 if options.quick else None]))
        finally:
            await engine.dispose()


def _settings(folder: Path, telegram_url: str) -> tuple[Settings, dict[str, str]]:
    """Defaults but for what must be our own, and the environment that says the same to a child."""
    if (usual := Settings()).database_url is not None or usual.chroma_url is not None:
        raise NotStarted("CTC_DATABASE_URL or CTC_CHROMA_URL is set: the bench writes to storage of its own only")
    port = free_port()
    own = {
        "CTC_VAR_DIR": str(folder),
        "CTC_HOST": "127.0.0.1",
        "CTC_PORT": str(port),
        "CTC_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "CTC_TELEGRAM_MODE": "webhook",
        "CTC_TELEGRAM_TOKEN": TOKEN,
        "CTC_TELEGRAM_SECRET": _SECRET,
        "CTC_TELEGRAM_API_URL": telegram_url,
    }
    settings = Settings(
        var_dir=folder,
        host="127.0.0.1",
        port=port,
        public_url=own["CTC_PUBLIC_URL"],
        telegram_mode="webhook",
        telegram_token=SecretStr(TOKEN),
        telegram_secret=SecretStr(_SECRET),
        telegram_api_url=telegram_url,
    )
    return settings, {**os.environ, **own}


@contextmanager
def _folder(chosen: Path | None) -> Iterator[Path]:
    if chosen is not None:
        chosen.mkdir(parents=True, exist_ok=True)
        yield chosen.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="ctc-bench-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _machine() -> dict[str, object]:
    names = Path("/proc/cpuinfo")
    found = names.read_text().splitlines() if names.exists() else []
    model = next((line.partition(":")[2].strip() for line in found if line.startswith("model name")), "unknown")
    return {
        "processor": model,
        "processors": os.cpu_count() or 1,
        "memory_gib": round(psutil.virtual_memory().total / 2**30),
        "load_before": round(os.getloadavg()[0], 2),
        "python": sys.version.split()[0],
        "loop_ms": round(_loop_ms()),
    }


def _loop_ms() -> float:
    """Processor time of a fixed piece of Python: tells a slow or shared processor from a slow program."""
    began = time.process_time()
    for _ in range(2_000_000):
        pass
    return (time.process_time() - began) * 1000


def _say(text: str) -> None:
    print(f"· {text}", file=sys.stderr, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.bench", description="Measure speed and memory in one run.")
    parser.add_argument("--quick", action="store_true", help="little load: shows that the bench works")
    parser.add_argument("--catalogue", type=Path, help="a catalogue (compact form) to import first")
    parser.add_argument("--folder", type=Path, help="keep database and index here, for the next run to go on with")
    parser.add_argument("--json", type=Path, default=ROOT / "var" / "bench.json", help="where the figures are kept")
    options = parser.parse_args()
    log.configure("WARNING", as_json=False)
    machine = _machine()
    print(", ".join(f"{name}: {value}" for name, value in machine.items()))
    if os.getloadavg()[0] > _BUSY * (os.cpu_count() or 1):
        print("The machine is busy with other work: these figures will be worse than it can do.")
    try:
        with _folder(options.folder) as folder:
            board = asyncio.run(bench(options, folder))
    except (AssistantError, NotStarted) as error:
        print(f"Cannot go on: {error}", file=sys.stderr)
        return 1
    missed = [figure.name for figure in board.figures if figure.met is False]
    print(f"{len(missed)} of {sum(figure.goal is not None for figure in board.figures)} goals missed")
    options.json.parent.mkdir(parents=True, exist_ok=True)
    kept = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "quick": options.quick,
        "machine": machine,
        "figures": [figure.to_data() for figure in board.figures],
    }
    options.json.write_text(json.dumps(kept, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    print(f"kept in {options.json}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
