"""`bot evaluate`: how well the assistant understands and finds, as tables, as JSON, and against the last time."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import typer
import yaml
from pydantic import ValidationError

from bot.evaluation import hearing, history
from bot.evaluation.playing import play_dialogues, play_questions
from bot.evaluation.sets import Asked, Dialogue, Said, SetBroken, read_set
from bot.evaluation.tables import table
from bot.headless import Headless, headless
from bot.settings import Settings
from knowledge.answerer import Answerer
from knowledge.evaluate import RefusalScore, Score
from knowledge.evaluate import evaluate as evaluate_finding

Say = Callable[[str], None]

CHANNEL = "evaluate"
HISTORY = "evaluation-history.jsonl"
"""Below `var_dir`, a line for each evaluation: `{"at", "procedures", "figures"}`."""
_PATIENCE = timedelta(seconds=30)
"""For one parse: the figures must not depend on how busy the machine is."""
_TITLES = {
    "routing": "Understanding: intents of utterances, by the NLU that serves",
    "finding": "Finding: the procedure a question is about",
    "refusals": "What is not ours, at finding alone",
    "questions": "The same questions through the whole turn",
    "follow_ups": "Dialogues: turns that lean on earlier ones",
}


@dataclass(slots=True)
class Report:
    """Figures by part and group, what went wrong in words, and how many procedures were known."""

    figures: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    wrong: dict[str, list[str]] = field(default_factory=dict)
    procedures: int = 0

    def to_data(self) -> dict[str, Any]:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        return {"at": now, "procedures": self.procedures, "figures": self.figures}


async def evaluate(settings: Settings, say: Say, json_out: Path | None) -> None:
    """Measure, print, keep, compare. Raises `SetBroken`, `InterpreterDown`, and what a start raises."""
    patient = settings.model_copy(update={"rasa_timeout": _PATIENCE})
    async with headless(patient, CHANNEL, say) as assistant:
        report = await measure(assistant, settings.data_dir / "evaluation", say)
    publish(report, settings.var_dir / HISTORY, json_out)


def publish(report: Report, kept: Path, json_out: Path | None) -> None:
    """Print the tables and what is worse than the last of `kept`; keep the figures there. Raises `OSError`."""
    for name, groups in report.figures.items():
        typer.echo(f"\n{table(_TITLES[name], groups)}")
    _compare(kept, report)
    if json_out is not None:
        data = report.to_data() | {"wrong": report.wrong}
        json_out.write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


async def measure(assistant: Headless, folder: Path, say: Say) -> Report:
    """Every measurement for which `folder` has a set. Raises `SetBroken`, `InterpreterDown`."""
    answerer = assistant.parts.answerer
    report = Report(procedures=answerer.size)
    if said := _read(folder / "routing.yml", Said, say):
        say(f"understanding: {len(said)} utterances")
        guesses = await hearing.hear(assistant.parts.interpreter, said)
        report.figures["routing"], report.wrong["routing"] = hearing.figures(guesses), hearing.mistakes(guesses)
    if asked := _read(folder / "retrieval.yml", Asked, say):
        full = knows_catalogue(answerer, asked)
        say(f"finding: among {answerer.size} procedures{'' if full else '; the catalogue is not imported'}")
        if (folder / "refusals.yml").exists():
            await _find(answerer, folder, report, full_catalogue=full)
        questions = [each for each in asked if full or not each.catalogue]
        say(f"questions through the whole turn: {len(questions)}")
        report.figures["questions"], report.wrong["questions"] = await play_questions(assistant, questions)
    if dialogues := _read(folder / "followups.yml", Dialogue, say):
        say(f"dialogues: {len(dialogues)}")
        report.figures["follow_ups"], report.wrong["follow_ups"] = await play_dialogues(assistant, dialogues)
    return report


def knows_catalogue(answerer: Answerer, asked: Sequence[Asked]) -> bool:
    """Whether nearly every question that needs the full catalogue has its procedure there (codes come and go)."""
    needed = [any(answerer.procedure(code) for code in each.codes) for each in asked if each.catalogue]
    return bool(needed) and sum(needed) > 0.9 * len(needed)


async def _find(answerer: Answerer, folder: Path, report: Report, *, full_catalogue: bool) -> None:
    try:
        found = await evaluate_finding(answerer, folder, full_catalogue=full_catalogue)
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise SetBroken(f"{folder}: {error}") from error
    report.figures["finding"] = _by_kind(found.scores)
    report.figures["refusals"] = _by_kind(found.refusals)
    report.wrong["finding"] = [
        f"{text}: {' or '.join(wanted) or 'refuse'}, not {verdict} {' '.join(codes)}".strip()
        for text, wanted, verdict, codes in found.wrong
    ]


def _by_kind(scores: Sequence[Score] | Sequence[RefusalScore]) -> dict[str, dict[str, Any]]:
    return {score.kind: {name: value for name, value in asdict(score).items() if name != "kind"} for score in scores}


def _read(path: Path, kind: Any, say: Say) -> list[Any]:
    entries = read_set(path, kind)
    if entries is None:
        say(f"there is no {path}: not measured")
    return entries or []


def _compare(file: Path, report: Report) -> None:
    """Say what is worse than the last time, and keep this time's figures."""
    before = history.last(file)
    history.append(file, report.to_data())
    if before is None:
        typer.echo(f"\nThe first figures; later ones are compared with them ({file})")
        return
    if before.get("procedures") != report.procedures:
        typer.echo(f"\nThe knowledge has changed: {before.get('procedures')} procedures then, {report.procedures} now")
    changes = list(history.worse(before.get("figures", {}), report.figures))
    typer.echo(f"\nWorse than on {before.get('at')}:" if changes else f"\nNothing is worse than on {before.get('at')}")
    for change in changes:
        typer.echo(f"  {change}")
