"""How well days and hours are read, beside Duckling and dateparser, on
`data/evaluation/when.yml` and `when_chats.yml`.

python -m tests.bench.when                    ours alone, with every mistake
python -m tests.bench.when --peers            theirs too: installs them in an environment that is removed
python -m tests.bench.when --peers PYTHON     theirs, by the interpreter of an environment that has them

Peers are counted right where day and hour are; ours must also have the part of the day and the end of the
range right to count as "all". On texts that mean nothing, right is to find neither day nor hour.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
import venv
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from bot.domain.procedure import Language
from bot.when import read_when, to_data

from .when_set import Answer, Line, lines, without_marks

PEERS = ("pyduckling-native-phihos>=0.3,<0.4", "dateparser")


def ours(line: Line, text: str) -> tuple[Answer, float]:
    """Our answer, and the processor's milliseconds it took."""
    began = time.process_time()
    data = to_data(read_when(text, line.at, line.language))
    spent = (time.process_time() - began) * 1000
    return (data["date"], data["time"], data["part"], data["range_end"]), spent


def _print_ours(told: Sequence[tuple[str, Line, str]]) -> None:
    right: defaultdict[str, list[tuple[bool, bool]]] = defaultdict(list)
    spent: list[float] = []
    for way, line, text in told:
        got, took = ours(line, text)
        if line.language is Language.VI:
            spent.append(took)
        right[way].append((got == line.want, got[:2] == line.want[:2]))
        if got != line.want:
            print(f"  {way}: {text!r} means {line.want}, read {got}")
    for way, marks in right.items():
        whole, day_and_hour = (sum(column) / len(marks) for column in zip(*marks, strict=True))
        print(f"ours        {way:34} {len(marks):4}   all {whole:.3f}   day and hour {day_and_hour:.3f}")
    spent.sort()
    p50, p95 = spent[len(spent) // 2], spent[int(len(spent) * 0.95)]
    print(f"ours        processor time: p50 {p50:.2f} ms, p95 {p95:.2f} ms (goal 1)")


def _print_peers(python: Path, told: Sequence[tuple[str, Line, str]]) -> None:
    asked = "".join(json.dumps({"text": text, "at": line.at.isoformat()}) + "\n" for _, line, text in told)
    script = Path(__file__).with_name("when_peers.py")
    done = subprocess.run([str(python), str(script)], input=asked, text=True, capture_output=True, check=True)
    for name in ("duckling", "dateparser"):
        right: defaultdict[str, list[bool]] = defaultdict(list)
        spent: list[float] = []
        for (way, line, _), answer in zip(told, done.stdout.splitlines(), strict=True):
            day, hour, took = json.loads(answer)[name]
            right[way].append((day, hour) == line.want[:2])
            spent.append(took)
        for way, marks in right.items():
            print(f"{name:11} {way:34} {len(marks):4}   day and hour {sum(marks) / len(marks):.3f}")
        spent.sort()
        print(
            f"{name:11} processor time: p50 {spent[len(spent) // 2]:.2f} ms, p95 {spent[int(len(spent) * 0.95)]:.2f} ms"
        )


def told() -> list[tuple[str, Line, str]]:
    """Every line in each way it is put: as written, and without diacritics."""
    put = []
    for line in lines():
        kind = f"{line.seen} set, {'none' if line.means_nothing else 'some'}"
        if line.language is not Language.VI:
            put.append((f"{line.seen} set, {line.language.value}", line, line.text))
            continue
        put.append((f"{kind}, as written", line, line.text))
        if without_marks(line.text) != line.text:
            put.append((f"{kind}, without diacritics", line, without_marks(line.text)))
    return put


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", nargs="?", const=Path(), type=Path, metavar="PYTHON")
    arguments = parser.parse_args()
    everything = told()
    _print_ours(everything)
    if arguments.peers is None:
        return
    vietnamese = [one for one in everything if one[1].language is Language.VI]
    if arguments.peers != Path():
        _print_peers(arguments.peers, vietnamese)
        return
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder) / "bin" / "python"
        subprocess.run([str(python), "-m", "pip", "install", "-q", *PEERS], check=True, stdout=sys.stderr)
        _print_peers(python, vietnamese)


if __name__ == "__main__":
    main()
