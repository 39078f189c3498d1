"""Playing: questions and dialogues through the real turn, as contacts who are forgotten afterwards."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from bot.conversation.outcomes import Outcome, Route, TurnResult
from bot.headless import Headless

from .sets import Asked, Dialogue, DialogueTurn, Expected, Refused

_SUBSTANCE = frozenset({Route.ANSWER, Route.LICENCE})
"""Where a procedure is told of; a refusal, a greeting or a hotline is no answer to what is not ours."""


class Played(NamedTuple):
    """Figures by group, and what went wrong in words."""

    figures: dict[str, dict[str, Any]]
    wrong: list[str]


class Marks(NamedTuple):
    """What became of one question."""

    procedure: bool
    facet: bool
    refused: bool


async def play_questions(assistant: Headless, asked: Sequence[Asked]) -> Played:
    """Each question as a contact's first: is the right procedure first, and its right facet shown? Shares, 0..1."""
    rows: dict[str, list[Marks]] = defaultdict(list)
    wrong: list[str] = []
    for each in asked:
        (result,) = await _converse(assistant, [DialogueTurn(text=each.text, expect=Expected())])
        code = result.candidates[0].code if result.candidates else None
        refused = result.outcome not in (Outcome.ANSWERED, Outcome.CLARIFIED, Outcome.UNANSWERABLE_NO_FACT)
        marks = Marks(code in each.codes, each.facet is None or result.facet is each.facet, refused)
        if not (marks.procedure and marks.facet):
            wanted = f"{' or '.join(each.codes)} {each.facet or ''}".strip()
            wrong.append(f"{each.text}: {wanted}, not {code} {result.facet} ({result.outcome})")
        for group in ("all", each.language, each.style):
            rows[group].append(marks)
    return Played({group: _question_figures(marks) for group, marks in rows.items()}, wrong)


async def play_refusals(assistant: Headless, refused: Sequence[Refused]) -> Played:
    """Each question that is not ours as a contact's first: nothing may be answered. Shares, 0..1."""
    rows: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    wrong: list[str] = []
    for each in refused:
        (result,) = await _converse(assistant, [DialogueTurn(text=each.text, expect=Expected())])
        told = result.outcome in (Outcome.ANSWERED, Outcome.UNANSWERABLE_NO_FACT)
        answered = told and result.route in _SUBSTANCE
        if answered:
            wrong.append(f"{each.text}: {result.route} {[c.code for c in result.candidates[:1]]}")
        for group in ("all", each.language):
            rows[group].append((answered, result.outcome is Outcome.CLARIFIED and result.route in _SUBSTANCE))
    return Played({group: _refusal_figures(marks) for group, marks in rows.items()}, wrong)


async def play_dialogues(assistant: Headless, dialogues: Sequence[Dialogue]) -> Played:
    """Each dialogue from its first turn; later turns lean on earlier ones, right or wrong. Shares, 0..1."""
    first: list[bool] = []
    later: list[bool] = []
    whole: list[bool] = []
    wrong: list[str] = []
    for dialogue in dialogues:
        results = await _converse(assistant, dialogue.turns)
        marks: list[bool] = []
        for turn, result in zip(dialogue.turns, results, strict=True):
            faults = differences(turn.expect, result)
            marks.append(not faults)
            if faults:
                wrong.append(f"{dialogue.name} · {turn.text or turn.choice}: {'; '.join(faults)}")
        first.append(marks[0])
        later += marks[1:]
        whole.append(all(marks))
    groups = {"first turns": first, "later turns": later, "whole dialogues": whole}
    return Played({name: {"turns": len(m), "right": sum(m) / len(m)} for name, m in groups.items() if m}, wrong)


def differences(expected: Expected, result: TurnResult) -> list[str]:
    """What of `expected` did not come, in words."""
    came: dict[str, Any] = {
        "procedure": result.candidates[0].code if result.candidates else None,
        "facet": result.facet,
        "outcome": result.outcome,
        "route": result.route,
    }
    wanted = expected.model_dump(exclude_none=True)
    return [f"{name} {came[name]} instead of {value}" for name, value in wanted.items() if came[name] != value]


async def _converse(assistant: Headless, turns: Sequence[DialogueTurn]) -> list[TurnResult]:
    conversation = uuid.uuid4().hex
    try:
        return [
            await assistant.tap(conversation, turn.choice)
            if turn.choice is not None
            else await assistant.say(conversation, turn.text or "")
            for turn in turns
        ]
    finally:
        # The administrators' list of what contacts asked must not fill with our own questions.
        await assistant.forget(conversation)


def _refusal_figures(marks: Sequence[tuple[bool, bool]]) -> dict[str, float]:
    return {
        "questions": len(marks),
        "wrongly_answered": sum(answered for answered, _ in marks) / len(marks),
        "wrongly_asked": sum(asked for _, asked in marks) / len(marks),
    }


def _question_figures(marks: Sequence[Marks]) -> dict[str, float]:
    count = len(marks)
    return {
        "questions": count,
        "procedure_first": sum(each.procedure for each in marks) / count,
        "facet_right": sum(each.facet for each in marks) / count,
        "both_right": sum(each.procedure and each.facet and not each.refused for each in marks) / count,
        "wrongly_refused": sum(each.refused for each in marks) / count,
    }
