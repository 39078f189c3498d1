"""Hearing: what the NLU that serves makes of utterances, asked over the same way as by a turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from bot.conversation.ports import Interpreter
from bot.conversation.routing import ROUTE_OF, route
from bot.domain.vietnamese import fold, is_folded

from .scoring import Guess, score
from .sets import Said

STRIPPED = "vi-stripped"
"""The group of accented Vietnamese utterances once more, without their diacritics; not part of "all"."""


async def hear(interpreter: Interpreter, said: Sequence[Said]) -> list[Guess]:
    """A guess for each utterance, then for each accented Vietnamese one stripped. Raises `InterpreterDown`."""
    stripped = [
        each.model_copy(update={"text": fold(each.text), "language": STRIPPED})
        for each in said
        if each.language == "vi" and not is_folded(each.text)
    ]
    guesses: list[Guess] = []
    for each in (*said, *stripped):
        heard = await interpreter.interpret(each.text)
        right_way = route(heard) is ROUTE_OF.get(each.intent)
        guesses.append(Guess(each.text, each.language, each.intent, heard.intent, heard.confidence, right_way))
    return guesses


def figures(guesses: Sequence[Guess]) -> dict[str, dict[str, Any]]:
    """The scores of all, and by language."""
    plain = [guess for guess in guesses if guess.language != STRIPPED]
    groups = {"all": plain}
    for language in dict.fromkeys(guess.language for guess in guesses):
        groups[language] = [guess for guess in guesses if guess.language == language]
    return {name: asdict(score(group)) for name, group in groups.items() if group}


def mistakes(guesses: Sequence[Guess]) -> list[str]:
    """What was misheard, in words."""
    return [f"{g.text}: {g.truth}, heard as {g.intent} ({g.probability:.2f})" for g in guesses if not g.right]
