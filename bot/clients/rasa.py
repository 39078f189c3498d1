"""The NLU over HTTP: Rasa's `POST /model/parse`, with a breaker so that a dead server costs no turn its wait."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Annotated

import httpx
from pydantic import BaseModel, Field, ValidationError

from bot.conversation.interpretation import Entity, Interpretation
from bot.conversation.ports import InterpreterDown

FAILURES_TO_OPEN = 3
"""Failures in a row after which the server is left alone for a while."""
AT_ONCE = 4
"""Requests on their way at a time. Rasa parses one after the other: in a burst the last of many would wait
longer than the timeout and look like a failure."""
REST = 5.0
"""Seconds it is left alone; then one turn tries again while the others still go without."""

_Probability = Annotated[float, Field(ge=0, le=1.001)]  # sums of floats may pass 1 by a hair


class _Intent(BaseModel):
    name: str | None
    confidence: _Probability


class _Entity(BaseModel):
    entity: str
    value: str
    start: int = Field(ge=0)
    end: int


class _Parsed(BaseModel):
    intent: _Intent
    intent_ranking: tuple[_Intent, ...] = ()
    entities: tuple[_Entity, ...] = ()


class RasaInterpreter:
    """`Interpreter` over a Rasa server."""

    def __init__(
        self, url: str, *, token: str = "", timeout: timedelta, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._client = httpx.AsyncClient(base_url=url, timeout=timeout.total_seconds())
        self._timeout = timeout.total_seconds()
        self._parameters = {"token": token} if token else {}
        self._clock = clock
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._failures = 0
        self._rests_until = 0.0

    async def interpret(self, text: str) -> Interpretation:
        """Raises `InterpreterDown`."""
        asked = _harmless(text)
        if not asked.strip():
            return Interpretation(text=text, intent=None, confidence=0.0)
        async with self._gate:
            parsed = await self._parse(asked)
        return Interpretation(
            text=text,
            intent=parsed.intent.name,
            confidence=parsed.intent.confidence,
            ranking=tuple((i.name, i.confidence) for i in parsed.intent_ranking if i.name is not None),
            entities=tuple(
                Entity(e.entity, e.value, e.start, e.end) for e in parsed.entities if e.start < e.end <= len(text)
            ),
        )

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()

    async def _parse(self, text: str) -> _Parsed:
        if self._clock() < self._rests_until:
            raise InterpreterDown("the server is left alone after failures")
        if self._failures >= FAILURES_TO_OPEN:
            self._rests_until = self._clock() + REST  # this turn tries; those beside it need not wait
        try:
            # httpx counts its timeout anew for each piece that arrives; a turn counts it once.
            async with asyncio.timeout(self._timeout):
                answer = await self._client.post("/model/parse", json={"text": text}, params=self._parameters)
            answer.raise_for_status()
            parsed = _Parsed.model_validate_json(answer.content)
        except (httpx.HTTPError, TimeoutError, ValidationError) as error:
            self._note_failure()
            raise InterpreterDown(type(error).__name__) from error
        self._failures, self._rests_until = 0, 0.0
        return parsed

    def _note_failure(self) -> None:
        self._failures += 1
        if self._failures >= FAILURES_TO_OPEN:
            self._rests_until = self._clock() + REST


def _harmless(text: str) -> str:
    """`text` of the same length that Rasa reads as words.

    A leading slash is Rasa's own language ("/deny" *is* the intent deny, with certainty), which is not for
    contacts to speak. Half a surrogate pair cannot be sent.
    """
    stripped = text.lstrip()
    if stripped.startswith("/"):
        lead = len(text) - len(stripped.lstrip("/ \t\r\n"))
        text = " " * lead + text[lead:]
    return text.encode("utf-8", "replace").decode("utf-8")
