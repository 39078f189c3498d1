"""The chat's requests: a visitor's token, what they say, and their replies as a stream or all at once.

Bearer tokens and no cookies, so a foreign site can send nothing in a visitor's name.
"""

from __future__ import annotations

import math
from collections.abc import AsyncIterator
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Annotated

import structlog
from fastapi import APIRouter, Query, Request
from prometheus_client import Counter
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from bot.conversation.inbox import Intake
from bot.conversation.wording import Wording
from bot.persistence.engine import is_database_away

from .admission import Admission
from .events import event_stream
from .inbound import Unreadable, read_message
from .languages import asked_for
from .replies import SqlReplies
from .visitors import UnknownVisitor, Visitors
from .wakeups import TooManyStreams, Waiter, Wakeups

log = structlog.get_logger(__name__)

MESSAGES = Counter("ctc_web_messages", "Messages sent by pages, by what became of them.", ["result"])

LARGEST_BODY = 64 * 1024
_NO_STORE = {"Cache-Control": "no-store"}
_STREAM_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}  # nginx would hold events back
After = Annotated[int, Query(ge=0, le=2**63 - 1)]


class Chat:
    """Answers the page's requests; refusals carry a sentence in the page's language."""

    def __init__(
        self,
        *,
        visitors: Visitors,
        admission: Admission,
        intake: Intake,
        replies: SqlReplies,
        wakeups: Wakeups,
        wording: Wording,
    ) -> None:
        self._visitors = visitors
        self._admission = admission
        self._intake = intake
        self._replies = replies
        self._wakeups = wakeups
        self._wording = wording

    def router(self) -> APIRouter:
        router = APIRouter(prefix="/chat")
        router.add_api_route("/visitors", self.welcome, methods=["POST"])
        router.add_api_route("/messages", self.send, methods=["POST"])
        router.add_api_route("/history", self.history, methods=["GET"])
        router.add_api_route("/events", self.events, methods=["GET"])
        return router

    async def welcome(self, request: Request) -> Response:
        """201 with a new visitor's token."""
        if wait := self._admission.wait(request):
            return self._refuse(request, 429, "too_many", seconds=wait.total_seconds())
        return JSONResponse({"token": self._visitors.welcome()}, 201, headers=_NO_STORE)

    async def send(self, request: Request) -> Response:
        """202 once the message is stored; `accepted` is false where it was stored before."""
        response, result = await self._send(request)
        MESSAGES.labels(result).inc()
        return response

    async def history(self, request: Request, after: After = 0) -> Response:
        """The newest replies after the one with id `after`, oldest first."""
        try:
            found = await self._replies.latest(self._contact(request), after)
        except UnknownVisitor:
            return self._refuse(request, 401, "web_unknown_visitor")
        except SQLAlchemyError as error:
            return self._unavailable(request, error)
        return JSONResponse({"replies": [reply.to_data() for reply in found]}, headers=_NO_STORE)

    async def events(self, request: Request, after: After = 0) -> Response:
        """Replies as server-sent events; `Last-Event-ID` goes before `after`."""
        last = request.headers.get("last-event-id", "")
        if last.isascii() and last.isdigit() and int(last) < 2**63:
            after = int(last)
        held = ExitStack()
        try:
            contact = self._contact(request)
            waiter = held.enter_context(self._wakeups.waiting(contact))
        except UnknownVisitor:
            return self._refuse(request, 401, "web_unknown_visitor")
        except TooManyStreams:
            return self._refuse(request, 503, "web_unavailable", seconds=10)
        return _Stream(self._stream(waiter, contact, after), held)

    def _stream(self, waiter: Waiter, contact: str, after: int) -> AsyncIterator[bytes]:
        return event_stream(self._replies, self._wakeups, waiter, contact, after)

    async def _send(self, request: Request) -> tuple[Response, str]:
        try:
            contact = self._contact(request)
        except UnknownVisitor:
            return self._refuse(request, 401, "web_unknown_visitor"), "unknown_visitor"
        if wait := self._admission.wait(request, contact):
            return self._refuse(request, 429, "too_many", seconds=wait.total_seconds()), "too_many"
        body = await _body(request)
        if body is None:
            return self._refuse(request, 413, "web_too_large"), "too_large"
        try:
            message = read_message(body, contact, datetime.now(UTC))
        except Unreadable:
            return self._refuse(request, 400, "web_unreadable"), "unreadable"
        try:
            accepted = await self._intake.accept(message)
        except SQLAlchemyError as error:
            return self._unavailable(request, error), "unavailable"
        return JSONResponse({"accepted": accepted}, 202, headers=_NO_STORE), "accepted" if accepted else "repeated"

    def _contact(self, request: Request) -> str:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            raise UnknownVisitor("no bearer token")
        return self._visitors.recognise(token.strip())

    def _unavailable(self, request: Request, error: SQLAlchemyError) -> Response:
        if not is_database_away(error):
            raise error
        log.warning("web_database_away", reason=type(error).__name__)
        return self._refuse(request, 503, "web_unavailable", seconds=2)

    def _refuse(self, request: Request, status: int, key: str, *, seconds: float | None = None) -> Response:
        headers = dict(_NO_STORE)
        if seconds is not None:
            headers["Retry-After"] = str(max(1, math.ceil(seconds)))
        if status == 401:
            headers["WWW-Authenticate"] = "Bearer"
        language = asked_for(request.headers.get("accept-language"))
        return JSONResponse({"error": key, "text": self._wording.say(key, language)}, status, headers=headers)


class _Stream(StreamingResponse):
    """Gives the waiter back however the stream ends, begun or not."""

    def __init__(self, content: AsyncIterator[bytes], held: ExitStack) -> None:
        super().__init__(content, media_type="text/event-stream", headers=_STREAM_HEADERS)
        self._held = held

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._held:
            await super().__call__(scope, receive, send)


async def _body(request: Request) -> bytes | None:
    """The request's body; None where it is larger than we read."""
    received = bytearray()
    async for chunk in request.stream():
        received += chunk
        if len(received) > LARGEST_BODY:
            return None
    return bytes(received)
