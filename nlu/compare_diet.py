"""Compare our pipeline with Rasa's own default one (DIET) on the same training data and the same test set.

From the repository's root, on a machine with nothing else to do; DIET needs a minute and more for each of its
100 epochs:

    nlu/.venv/bin/python -m nlu.compare_diet                a table
    nlu/.venv/bin/python -m nlu.compare_diet --epochs 5     the same in minutes: DIET's training time is then carried
                                                            forward to 100 epochs, its accuracy is that of 5
    nlu/.venv/bin/python -m nlu.compare_diet --json FILE    also the figures

Each is trained in a process of its own from nothing (no vectors or models of earlier trainings), then served by
the same server and asked over HTTP, one utterance after another: time until it answers, memory, milliseconds a
parse, accuracy and macro F1 on `data/evaluation/routing.yml`.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from .examples import Example, routing_examples, training_examples
from .fingerprint import ROOT
from .scores import report

EPOCHS = 100
"""Of Rasa's default."""


def diet(epochs: int) -> dict[str, Any]:
    """What `rasa init` writes, without the parts that choose replies or overrule the classifier."""
    return {
        "recipe": "default.v1",
        "assistant_id": "diet",
        "language": "vi",
        "pipeline": [
            {"name": "WhitespaceTokenizer"},
            {"name": "RegexFeaturizer"},
            {"name": "LexicalSyntacticFeaturizer"},
            {"name": "CountVectorsFeaturizer"},
            {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
            {"name": "DIETClassifier", "epochs": epochs, "constrain_similarities": True},
            {"name": "EntitySynonymMapper"},
        ],
        "policies": [],
    }


_TRAINING = (
    "from nlu import quiet; from rasa.model_training import train_nlu; import sys; "
    "train_nlu(config=sys.argv[1], nlu_data=sys.argv[2], output=sys.argv[3], fixed_model_name='model')"
)
_WARM_UP = 20
_READY_WITHIN = 300.0
_GOALS = (("training_s", 10.0), ("parse_p50_ms", 5.0))
"""What must be so many times smaller than DIET's."""


def measure(config: Path, data: Path, folder: Path, test: Sequence[Example]) -> dict[str, Any]:
    """Train by `config` on `data` and ask. Raises `CalledProcessError` when Rasa fails."""
    cores = str(os.cpu_count())
    environment = {
        **os.environ,
        "XDG_CACHE_HOME": str(folder / "cache"),
        "TF_NUM_INTRAOP_THREADS": cores,
        "TF_ENABLE_ONEDNN_OPTS": "1",  # TensorFlow's own default; `quiet` says otherwise
        "OPENBLAS_NUM_THREADS": cores,
    }
    began = time.perf_counter()
    subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", _TRAINING, str(config), str(data), str(folder)],
        cwd=ROOT,
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    training = time.perf_counter() - began
    with _served(folder / "model.tar.gz") as (port, load, server):
        times, guesses = _asked(port, [example.text for example in test])
        memory = _memory(server)
    ordered = sorted(times)
    scores = report(test, guesses, guesses)["groups"]["all"]
    return {
        "training_s": training,
        "load_s": load,
        "memory_mib": memory,
        "parse_p50_ms": 1000 * ordered[len(ordered) // 2],
        "parse_p95_ms": 1000 * ordered[int(0.95 * len(ordered))],
        "accuracy": scores["accuracy"],
        "macro_f1": scores["macro_f1"],
    }


@contextmanager
def _served(model: Path) -> Iterator[tuple[int, float, int]]:
    """Port, seconds until it answered, process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "nlu.serve", "--model", str(model), "--port", str(port), "--with-parent"]
    began = time.perf_counter()
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                if server.poll() is not None or time.perf_counter() - began > _READY_WITHIN:
                    raise
                time.sleep(0.1)
        yield port, time.perf_counter() - began, server.pid
    finally:
        server.terminate()
        server.wait()


def _asked(port: int, texts: Sequence[str]) -> tuple[list[float], list[tuple[str, float]]]:
    """Seconds of each parse and what it gave."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    times: list[float] = []
    guesses: list[tuple[str, float]] = []
    for number, text in enumerate([*texts[:_WARM_UP], *texts]):
        asked = f"{text} " if number < _WARM_UP else text  # no parse is answered from memory
        began = time.perf_counter()
        connection.request("POST", "/model/parse", json.dumps({"text": asked}), {"Content-Type": "application/json"})
        answer = json.loads(connection.getresponse().read())
        if number >= _WARM_UP:
            times.append(time.perf_counter() - began)
            guesses.append((answer["intent"]["name"], answer["intent"]["confidence"]))
    connection.close()
    return times, guesses


def _memory(process: int) -> float:
    """Resident MiB; `ps` says it on Linux and macOS alike."""
    said = subprocess.run(["ps", "-o", "rss=", "-p", str(process)], capture_output=True, text=True, check=True)  # noqa: S603, S607
    return int(said.stdout) / 1024


def show(ours: dict[str, Any], default: dict[str, Any]) -> None:
    """Print both, and what the goals say."""
    print(f"{'':24}{'ours':>10}{'DIET':>10}")
    for name, value in ours.items():
        print(f"  {name.replace('_', ' '):22}{value:>10.3f}{default[name]:>10.3f}")
    for name, times in _GOALS:
        ratio = default[name] / ours[name]
        print(f"  {name.replace('_', ' ')}: {ratio:.1f} times, goal {times:g}: {'met' if ratio >= times else 'MISSED'}")
    print(f"  accuracy not lower: {'met' if ours['accuracy'] >= default['accuracy'] else 'MISSED'}")


def main() -> int:
    parser = argparse.ArgumentParser(prog="nlu.compare_diet", description="Compare with Rasa's default pipeline.")
    parser.add_argument("--json", type=Path, help="also write the figures here")
    parser.add_argument("--epochs", type=int, default=EPOCHS, help="of DIET's; fewer are carried forward to 100")
    options = parser.parse_args()
    test = routing_examples(ROOT / "data" / "evaluation" / "routing.yml")
    print(f"{len(training_examples(ROOT / 'data' / 'nlu'))} training utterances, {len(test)} asked", flush=True)
    figures = {}
    with tempfile.TemporaryDirectory(prefix="ctc-diet-") as folder:
        default = Path(folder) / "diet.yml"
        default.write_text(yaml.safe_dump(diet(options.epochs)), encoding="utf-8")
        for name, config in (("ours", ROOT / "config.yml"), ("diet", default)):
            own = Path(folder) / name
            own.mkdir()
            figures[name] = measure(config, ROOT / "data" / "nlu", own, test)
            print(f"  {name}: trained in {figures[name]['training_s']:.0f} s", flush=True)
    if options.epochs < EPOCHS:
        print(f"  DIET learnt for {options.epochs} of {EPOCHS} epochs; its training time is carried forward.")
        figures["diet"]["training_s"] *= EPOCHS / options.epochs
    show(figures["ours"], figures["diet"])
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
