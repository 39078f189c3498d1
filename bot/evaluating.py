"""`bot evaluate`: how well the assistant understands and finds, as tables, as JSON, and against the last time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import typer
import yaml
from pydantic import ValidationError

from bot.evaluation import hearing, history
from bot.evaluation.playing import Played, play_dialogues, play_questions, play_refusals
from bot.evaluation.report import Report, write_report
from bot.evaluation.sets import Asked, Dialogue, Refused, Said, SetBroken, read_set
from bot.evaluation.tables import table
from bot.headless import Headless, headless
from bot.settings import Settings
from knowledge.ablation import ablate
from knowledge.answerer import Answerer
from knowledge.evaluate import RefusalScore, Score
from knowledge.evaluate import evaluate as evaluate_finding

Say = Callable[[str], None]

CHANNEL = "evaluate"
REPORT = "evaluation"
"""The folder of the report, below `var_dir`."""
HISTORY = "evaluation-history.jsonl"
"""Below `var_dir`, a line for each evaluation: `{"at", "procedures", "figures"}`."""
_PATIENCE = timedelta(seconds=30)
"""For one parse: the figures must not depend on how busy the machine is."""
_PARTS = {
    "routing": "Understanding: intents of utterances, by the NLU that serves",
    "finding": "Finding: the procedure a question is about",
    "refusals": "What is not ours, at finding alone",
    "questions": "The same questions through the whole turn",
    "refused": "What is not ours, through the whole turn",
    "follow_ups": "Dialogues: turns that lean on earlier ones",
}
_HELD_OUT = "held_out"
"""The folder of the sets nothing was ever tuned on; their parts are named so too."""
_ABLATION = "ablation"
TITLES = {
    **_PARTS,
    **{f"{_HELD_OUT} {name}": f"Held out. {title}" for name, title in _PARTS.items()},
    _ABLATION: "Finding with one kind of evidence set to nought (all questions of both sets)",
}


async def evaluate(settings: Settings, say: Say, json_out: Path | None) -> None:
    """Measure, print, keep, compare, write the report. Raises `SetBroken`, `InterpreterDown`, what a start raises."""
    patient = settings.model_copy(update={"rasa_timeout": _PATIENCE})
    async with headless(patient, CHANNEL, say) as assistant:
        report = await measure(assistant, settings.data_dir / "evaluation", say)
    past = history.entries(settings.var_dir / HISTORY)
    publish(report, settings.var_dir / HISTORY, json_out)
    try:
        page = write_report(report, TITLES, past, settings.var_dir / REPORT)
    except ImportError:
        say("no pictures: matplotlib is not installed (make evaluate brings it)")
    else:
        say(f"report with pictures: {page}")


def publish(report: Report, kept: Path, json_out: Path | None) -> None:
    """Print the tables and what is worse than the last of `kept`; keep the figures there. Raises `OSError`."""
    for name, groups in report.figures.items():
        typer.echo(f"\n{table(TITLES[name], groups)}")
    _compare(kept, report)
    if json_out is not None:
        data = report.to_data() | {"wrong": report.wrong}
        json_out.write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


async def measure(assistant: Headless, folder: Path, say: Say) -> Report:
    """Every measurement for which `folder` has a set, then those of its held-out sets.

    Raises `SetBroken`, `InterpreterDown`.
    """
    report = Report(procedures=assistant.parts.answerer.size)
    await _measure(assistant, folder, "", report, say)
    if (folder / _HELD_OUT).is_dir():
        await _measure(assistant, folder / _HELD_OUT, f"{_HELD_OUT} ", report, say)
    asked = [each for place in (folder, folder / _HELD_OUT) for each in read_set(place / "retrieval.yml", Asked) or ()]
    retriever = assistant.parts.answerer.retriever
    if asked and retriever is not None:
        say("what each kind of evidence is worth")
        known = [(e.text, e.language, e.codes) for e in asked if any(map(assistant.parts.answerer.procedure, e.codes))]
        report.figures[_ABLATION] = await asyncio.to_thread(ablate, retriever, known)
    return report


async def _measure(assistant: Headless, folder: Path, prefix: str, report: Report, say: Say) -> None:
    answerer = assistant.parts.answerer

    def keep(part: str, played: Played) -> None:
        report.figures[prefix + part], report.wrong[prefix + part] = played

    if said := _read(folder / "routing.yml", Said, say):
        say(f"{prefix}understanding: {len(said)} utterances")
        guesses = await hearing.hear(assistant.parts.interpreter, said)
        keep("routing", Played(hearing.figures(guesses), hearing.mistakes(guesses)))
        report.guesses += [guess for guess in guesses if guess.language != hearing.STRIPPED]
    if asked := _read(folder / "retrieval.yml", Asked, say):
        full = knows_catalogue(answerer, asked)
        say(f"{prefix}finding: among {answerer.size} procedures{'' if full else '; the catalogue is not imported'}")
        if (folder / "refusals.yml").exists():
            await _find(answerer, folder, prefix, report, full_catalogue=full)
        questions = [each for each in asked if full or not each.catalogue]
        say(f"{prefix}questions through the whole turn: {len(questions)}")
        keep("questions", await play_questions(assistant, questions))
    if refused := _read(folder / "refusals.yml", Refused, say):
        say(f"{prefix}what is not ours through the whole turn: {len(refused)}")
        keep("refused", await play_refusals(assistant, refused))
    if dialogues := _read(folder / "followups.yml", Dialogue, say):
        say(f"{prefix}dialogues: {len(dialogues)}")
        keep("follow_ups", await play_dialogues(assistant, dialogues))


def knows_catalogue(answerer: Answerer, asked: Sequence[Asked]) -> bool:
    """Whether nearly every question that needs the full catalogue has its procedure there (codes come and go)."""
    needed = [any(answerer.procedure(code) for code in each.codes) for each in asked if each.catalogue]
    return bool(needed) and sum(needed) > 0.9 * len(needed)


async def _find(answerer: Answerer, folder: Path, prefix: str, report: Report, *, full_catalogue: bool) -> None:
    try:
        found = await evaluate_finding(answerer, folder, full_catalogue=full_catalogue)
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise SetBroken(f"{folder}: {error}") from error
    report.figures[f"{prefix}finding"] = _by_kind(found.scores)
    report.figures[f"{prefix}refusals"] = _by_kind(found.refusals)
    report.sureness += found.sureness
    report.wrong[f"{prefix}finding"] = [
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
