"""How well questions find their procedure, and how well what is not ours is refused.

Reads `data/evaluation/retrieval.yml` and `refusals.yml`, asks the real answerer, and gives a table by
language and figures for machines. Nothing may be trained on those files.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import quantiles
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from bot.domain.procedure import Language

from .answerer import Answerer, Finding, Question, Verdict

T = TypeVar("T", bound=BaseModel)


class AskedData(BaseModel):
    """A question and every code that answers it well; `catalogue` where the full catalogue is needed."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    text: str = Field(min_length=1)
    language: str
    codes: tuple[str, ...] = Field(min_length=1)
    style: str = "colloquial"
    catalogue: bool = False


class RefusedData(BaseModel):
    """A question that must not be answered with a procedure."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Score:
    """Figures of one kind of questions. Shares are 0..1; `mrr` is the mean reciprocal rank."""

    kind: str
    questions: int
    hit_at_1: float
    hit_at_3: float
    mrr: float
    answered_right: float
    answered_wrong: float
    asked_which: float
    asked_with_right_one: float
    """Share of all questions that were answered by asking, the right one among the options."""
    wrongly_refused: float


@dataclass(frozen=True, slots=True)
class RefusalScore:
    """Figures of the questions that are not ours."""

    kind: str
    questions: int
    refused: float
    wrongly_answered: float
    wrongly_asked: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All figures, and the questions that went wrong: (text, wanted, verdict, the codes found)."""

    scores: tuple[Score, ...]
    refusals: tuple[RefusalScore, ...]
    wrong: tuple[tuple[str, tuple[str, ...], Verdict, tuple[str, ...]], ...]
    sureness: tuple[tuple[float, bool], ...] = ()
    """For every question, also those that are not ours: the best candidate's probability, and whether it is right."""

    def to_json(self) -> str:
        """The figures without the questions."""
        figures = {"retrieval": [asdict(s) for s in self.scores], "refusals": [asdict(s) for s in self.refusals]}
        return json.dumps(figures, ensure_ascii=False, indent=2)

    def table(self) -> str:
        """The figures for people to read, one kind a line."""
        lines = ["kind             n  hit@1  hit@3    MRR  right  wrong  asked (right in)  refused"]
        lines += [
            f"{s.kind:14} {s.questions:4}  {s.hit_at_1:5.3f}  {s.hit_at_3:5.3f}  {s.mrr:5.3f}  "
            f"{s.answered_right:5.3f}  {s.answered_wrong:5.3f}  {s.asked_which:5.3f} ({s.asked_with_right_one:5.3f})"
            f"     {s.wrongly_refused:5.3f}"
            for s in self.scores
        ]
        lines += ["", "not ours         n  refused  wrongly answered  wrongly asked"]
        lines += [
            f"{s.kind:14} {s.questions:4}    {s.refused:5.3f}             {s.wrongly_answered:5.3f}"
            f"          {s.wrongly_asked:5.3f}"
            for s in self.refusals
        ]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Bench:
    """How long finding takes, in milliseconds, over `questions` of them."""

    questions: int
    procedures: int
    p50: float
    p95: float


async def evaluate(answerer: Answerer, folder: Path, *, full_catalogue: bool = False) -> Evaluation:
    """Ask every question of `folder`. Those that need the full catalogue only where it is said to be there.

    Raises `OSError`, `yaml.YAMLError`, `ValidationError`.
    """
    asked = [
        each
        for each in _read(folder / "retrieval.yml", TypeAdapter(list[AskedData]))
        if full_catalogue or not each.catalogue
    ]
    answers = [(each, await _ask(answerer, each)) for each in asked]
    others = _read(folder / "refusals.yml", TypeAdapter(list[RefusedData]))
    refused = [(each, await _ask(answerer, each)) for each in others]
    return Evaluation(
        tuple(
            _score(kind, [pair for pair in answers if kind in _kinds(pair[0])])
            for kind in dict.fromkeys(k for place in range(4) for a in asked for k in _kinds(a)[place : place + 1])
        ),
        tuple(
            _refusal_score(kind, [found for each, found in refused if kind in ("all", each.language)])
            for kind in ("all", *sorted({each.language for each, _ in refused}))
        ),
        tuple(
            (each.text, each.codes, found.verdict, _codes(found)[:3])
            for each, found in answers
            if found.verdict is Verdict.NOTHING or _rank(each, found) != 1
        )
        + tuple(
            (each.text, (), found.verdict, _codes(found)[:1])
            for each, found in refused
            if found.verdict is not Verdict.NOTHING
        ),
        tuple((_sureness(found), _rank(each, found) == 1) for each, found in answers)
        + tuple((_sureness(found), False) for _, found in refused),
    )


async def bench(answerer: Answerer, texts: Sequence[str]) -> Bench:
    """Find for each of `texts` once, one after another: a second time its vector would be known already."""
    times: list[float] = []
    for text in dict.fromkeys(texts):
        began = time.perf_counter()
        await answerer.find(Question(text))
        times.append((time.perf_counter() - began) * 1000)
    cuts = quantiles(times, n=20)
    return Bench(len(times), answerer.size, cuts[9], cuts[18])


def _read(path: Path, adapter: TypeAdapter[list[T]]) -> list[T]:
    return adapter.validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))


async def _ask(answerer: Answerer, each: AskedData | RefusedData) -> Finding:
    return await answerer.find(Question(each.text, Language(each.language.split("-")[0])))


def _score(kind: str, pairs: Sequence[tuple[AskedData, Finding]]) -> Score:
    ranks = [_rank(each, found) for each, found in pairs]
    verdicts = [found.verdict for _, found in pairs]
    answered = [r for r, verdict in zip(ranks, verdicts, strict=True) if verdict is Verdict.ANSWER]
    asked = [(each, found) for each, found in pairs if found.verdict is Verdict.ASK_WHICH]
    count = len(pairs) or 1
    return Score(
        kind,
        len(pairs),
        sum(rank == 1 for rank in ranks) / count,
        sum(rank is not None and rank <= 3 for rank in ranks) / count,
        sum(1 / rank for rank in ranks if rank) / count,
        sum(rank == 1 for rank in answered) / count,
        sum(rank != 1 for rank in answered) / count,
        len(asked) / count,
        sum(bool(set(each.codes) & set(found.options)) for each, found in asked) / count,
        verdicts.count(Verdict.NOTHING) / count,
    )


def _refusal_score(kind: str, found: Sequence[Finding]) -> RefusalScore:
    verdicts = [each.verdict for each in found]
    count = len(verdicts) or 1
    return RefusalScore(
        kind,
        len(verdicts),
        verdicts.count(Verdict.NOTHING) / count,
        verdicts.count(Verdict.ANSWER) / count,
        verdicts.count(Verdict.ASK_WHICH) / count,
    )


def _kinds(each: AskedData) -> tuple[str, ...]:
    """The lines of the table that `each` counts in."""
    return ("all", "catalogue" if each.catalogue else "city", each.language, each.style)


def _rank(each: AskedData, found: Finding) -> int | None:
    """The place of the first right candidate, from 1; None where it is not among them."""
    return next((i for i, code in enumerate(_codes(found), start=1) if code in each.codes), None)


def _sureness(found: Finding) -> float:
    return found.candidates[0].score if found.candidates else 0.0


def _codes(found: Finding) -> tuple[str, ...]:
    return tuple(match.procedure.code for match in found.candidates)
