"""`bot evaluate`: every measurement of understanding and finding, as tables, as JSON, and against the last time."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import typer
import yaml
from pydantic import ValidationError

from bot.conversation.ports import Interpreter
from bot.conversation.routing import ROUTE_OF, route
from bot.domain.vietnamese import fold, is_folded
from bot.evaluation import history
from bot.evaluation.playing import Played, play_dialogues, play_questions
from bot.evaluation.scoring import Guess, confusions, score
from bot.evaluation.sets import Asked, Dialogue, Said, SetBroken, read_set
from bot.headless import Headless, headless
from bot.settings import Settings
from knowledge.answerer import Answerer
from knowledge.evaluate import Evaluation
from knowledge.evaluate import evaluate as evaluate_retrieval

Say = Callable[[str], None]
Figures = dict[str, dict[str, Any]]

CHANNEL = "evaluate"
FOLDED = "vi, stripped"
"""The accented Vietnamese utterances once more, without their diacritics."""
_PATIENCE = timedelta(seconds=30)
"""For one parse: figures must not depend on how busy the machine is."""


async def evaluate(settings: Settings, say: Say, json_out: Path | None) -> None:
    """Measure, print, keep, compare. Raises `SetBroken`, `InterpreterDown`, and what a start raises."""
    folder = settings.data_dir / "evaluation"
    said = _present(folder / "routing.yml", read_set(folder / "routing.yml", Said), say)
    asked = _present(folder / "retrieval.yml", read_set(folder / "retrieval.yml", Asked), say)
    dialogues = _present(folder / "followups.yml", read_set(folder / "followups.yml", Dialogue), say)
    figures: dict[str, Figures] = {}
    wrong: dict[str, list[str]] = {}
    async with headless(settings.model_copy(update={"rasa_timeout": _PATIENCE}), CHANNEL, say) as assistant:
        parts = assistant.parts
        if said:
            say(f"understanding: {len(said)} utterances")
            guesses = await hear(parts.interpreter, said)
            figures["routing"], wrong["routing"] = _routing(guesses)
        if asked and (folder / "refusals.yml").exists():
            full = knows_catalogue(parts.answerer, asked)
            say(f"finding: among {parts.answerer.size} procedures" + ("" if full else "; the catalogue is not imported"))
            found = await _retrieval(parts.answerer, folder, full_catalogue=full)
            figures |= {"retrieval": _by_kind(found.scores), "refusals": _by_kind(found.refusals)}
            wrong["retrieval"] = [f"{text}: {wanted or 'refuse'}, {verdict} {got}" for text, wanted, verdict, got in found.wrong]
            await _through_turns(assistant, "questions", [a for a in asked if full or not a.catalogue], say, figures, wrong)
        if dialogues:
            say(f"follow-ups: {len(dialogues)} dialogues")
            played = await play_dialogues(assistant, dialogues)
            figures["follow_ups"], wrong["follow_ups"] = dict(played.figures), played.wrong
    for name, table in figures.items():
        typer.echo(table_of(name, table))
    _keep(settings.var_dir / "evaluation-history.jsonl", figures, wrong, json_out)


async def hear(interpreter: Interpreter, said: Sequence[Said]) -> list[Guess]:
    """What the NLU makes of each utterance, and of accented Vietnamese without its diacritics, in a group apart.

    Raises `InterpreterDown`.
    """
    stripped = [
        each.model_copy(update={"text": fold(each.text), "language": FOLDED})
        for each in said
        if each.language == "vi" and not is_folded(each.text)
    ]
    guesses: list[Guess] = []
    for each in (*said, *stripped):
        heard = await interpreter.interpret(each.text)
        right_way = route(heard) is ROUTE_OF.get(each.intent)
        guesses.append(Guess(each.text, each.language, each.intent, heard.intent, heard.confidence, right_way))
    return guesses
