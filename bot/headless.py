"""`bot ask` and `bot chat`: the real turn without a platform, for scripts, evaluation and tests.

The contract of `bot ask` (JSON lines in, one JSON line out for each) is in docs/architecture.md.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot import nlu_server
from bot.app import Parts, database, parts
from bot.channels.dispatcher import Dispatcher
from bot.channels.headless import HeadlessChannel
from bot.conversation.messages import Address, InboundMessage, Kind, Reply
from bot.conversation.outcomes import TurnResult
from bot.persistence.contact_data import erase_contact
from bot.settings import Settings

Say = Callable[[str], None]


class Asked(BaseModel):
    """One line of `bot ask`'s input."""

    model_config = ConfigDict(extra="ignore")

    conversation: str = Field(default="default", min_length=1, max_length=100)
    text: str | None = None
    choice: str | None = None
    at: AwareDatetime | None = None
    id: Any = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Asked:
        if self.text is None and self.choice is None:
            raise ValueError("either text or choice is needed")
        return self


class Headless:
    """Takes turns one after another, each accepted, committed and delivered like any other."""

    def __init__(self, assistant: Parts, channel: str) -> None:
        self._parts = assistant
        self._channel = channel
        self._dispatcher = Dispatcher(assistant.outbox, [HeadlessChannel(channel)])

    @property
    def parts(self) -> Parts:
        """What it is made of, for commands that measure its parts."""
        return self._parts

    async def send(self, message: InboundMessage) -> TurnResult:
        """Accept a message and take its turn now."""
        await self._parts.intake.accept(message, defer=False)
        result = await self._parts.turn.take(message)
        if (conversation := await self._parts.recall.conversation(message.address)) is not None:
            await self._dispatcher.deliver(conversation)
        return result

    async def say(self, conversation: str, text: str, at: datetime | None = None) -> TurnResult:
        """A text, or a slash command such as `/start`."""
        if text.startswith("/") and text[1:2].isalpha():
            return await self.send(self._message(conversation, Kind.COMMAND, at, text=text[1:]))
        return await self.send(self._message(conversation, Kind.TEXT, at, text=text))

    async def command(self, conversation: str, name: str) -> TurnResult:
        return await self.send(self._message(conversation, Kind.COMMAND, None, text=name))

    async def tap(self, conversation: str, value: str, at: datetime | None = None) -> TurnResult:
        """A button, by its value."""
        return await self.send(self._message(conversation, Kind.CHOICE, at, choice=value))

    async def forget(self, conversation: str, at: datetime | None = None) -> None:
        """Delete what we hold of a conversation, and that there was one."""
        await erase_contact(self._parts.engine, Address(self._channel, conversation), at or datetime.now(UTC))

    def _message(
        self, conversation: str, kind: Kind, at: datetime | None, *, text: str = "", choice: str | None = None
    ) -> InboundMessage:
        address = Address(self._channel, conversation)
        return InboundMessage(address, uuid.uuid4().hex, kind, at or datetime.now(UTC), text, choice)


@asynccontextmanager
async def headless(settings: Settings, channel: str, say: Say) -> AsyncIterator[Headless]:
    """The assistant without platforms: joins what runs on this machine, starts what does not."""
    async with (
        database(settings) as url,
        _nlu(settings, say) as server,
        parts(settings, url, server.url, server.token) as assistant,
    ):
        await assistant.answerer.refresh(_progress(say))
        yield Headless(assistant, channel)


@asynccontextmanager
async def _nlu(settings: Settings, say: Say) -> AsyncIterator[nlu_server.NluServer]:
    if (server := await nlu_server.find(settings)) is not None:
        yield server
        return
    async with nlu_server.own(settings, say) as server:
        yield server


def _progress(say: Say) -> Callable[[int, int], None]:
    last = [0.0]

    def tell(done: int, whole: int) -> None:
        if time.monotonic() - last[0] > 2:
            last[0] = time.monotonic()
            say(f"indexing the knowledge: {done} of {whole}")

    return tell


async def answer_line(assistant: Headless, line: str) -> dict[str, Any]:
    """The answer to one line of `bot ask`; a broken line gets an `error` instead of an answer."""
    try:
        asked = Asked.model_validate_json(line)
    except ValidationError as error:
        return {"error": "; ".join(f"{'.'.join(map(str, e['loc'])) or 'line'}: {e['msg']}" for e in error.errors())}
    began = time.perf_counter()
    if asked.choice is not None:
        result = await assistant.tap(asked.conversation, asked.choice, asked.at)
    else:
        result = await assistant.say(asked.conversation, asked.text or "", asked.at)
    return to_data(asked, result, (time.perf_counter() - began) * 1000)


def to_data(asked: Asked, result: TurnResult, elapsed_ms: float) -> dict[str, Any]:
    """One line of `bot ask`'s output."""
    heard = result.interpretation
    return {
        "id": asked.id,
        "conversation": asked.conversation,
        "language": result.language,
        "intent": heard.intent if heard else None,
        "confidence": round(heard.confidence, 4) if heard else None,
        "route": result.route,
        "outcome": result.outcome,
        "facet": result.facet,
        "procedures": [{"code": c.code, "title": c.title, "score": c.score} for c in result.candidates],
        "sources": [{"title": c.title, "url": c.url, "updated_at": c.updated_at} for c in result.citations],
        "replies": [
            {
                "key": r.key,
                "text": r.text,
                "buttons": [{"title": b.title, "value": b.url or b.value} for b in r.buttons],
                **_files(r),
            }
            for r in result.replies
        ],
        "slots": result.slots,
        "form": result.form,
        "asks": result.asks,
        "appointments": [
            {"code": a.code, "department": a.department, "starts_at": a.starts_at.isoformat(), "state": a.state}
            for a in result.appointments
        ],
        "escalation": None,
        "elapsed_ms": round(elapsed_ms, 1),
    }


def _files(reply: Reply) -> dict[str, Any]:
    files = [{"title": file.title, "media_type": file.media_type, "path": file.path} for file in reply.attachments]
    return {"attachments": files} if files else {}


def to_line(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False)
