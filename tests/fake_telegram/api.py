"""API: the Bot API over HTTP, with a record of every call and with ordered failures."""

from __future__ import annotations

import asyncio
import json
import re
import time
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import Receive, Scope, Send

from .chats import World
from .failures import Failure, Failures
from .methods import Methods, Parameters
from .refusals import Refused, too_many
from .requests import parameters
from .updates import Updates

_TOKEN = re.compile(r"\d+:[\w-]{10,}")


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a method; `answer` is the code it got, 0 where it got none."""

    method: str
    parameters: Parameters
    at: float
    answer: int


class Api:
    """Answers `/bot<token>/<method>`."""

    def __init__(self, token: str, world: World, updates: Updates) -> None:
        self.failures = Failures()
        self.calls: list[Call] = []
        self.most_per_second: int | None = None
        """Messages a second above which Telegram answers 429; None for no limit."""
        self._token = token
        self._world = world
        self._methods = Methods(world, updates)
        self._sent: list[float] = []

    async def answer(self, request: Request) -> Response:
        name = request.path_params["method"].lower()
        failure = self.failures.next(name)
        began = time.monotonic()
        asked: Parameters = {}
        try:
            asked = await parameters(request)
            response = await self._do(request.path_params["token"], name, asked, failure)
        except Refused as refused:
            response = _refusal(refused)
        self.calls.append(Call(name, asked, began, response.status_code))
        return response

    async def file(self, request: Request) -> Response:
        content = self._world.files.get(request.path_params["name"])
        if request.path_params["token"] != self._token or content is None:
            return Response(status_code=404)
        return Response(content, media_type="application/octet-stream")

    async def _do(self, token: str, name: str, asked: Parameters, failure: Failure | None) -> Response:
        method = self._methods.named(name)
        if not _TOKEN.fullmatch(token) or method is None:
            raise Refused(404, "Not Found")
        if token != self._token:
            raise Refused(401, "Unauthorized")
        if failure is not None and failure.comes_before:
            return _fail_before(failure)
        if name in ("sendmessage", "sendphoto", "senddocument"):
            self._keep_pace()
        response = JSONResponse({"ok": True, "result": await method(asked)})
        return response if failure is None else await _fail_after(failure, bytes(response.body))

    def _keep_pace(self) -> None:
        now = time.monotonic()
        self._sent = [at for at in self._sent if now - at < 1]
        if self.most_per_second is not None and len(self._sent) >= self.most_per_second:
            raise too_many(1)
        self._sent.append(now)


def _fail_before(failure: Failure) -> Response:
    if failure.kind == "throttle":
        return _refusal(too_many(int(failure.seconds)))
    if failure.kind == "error":
        return _refusal(Refused(failure.code, failure.description))
    return HTMLResponse(f"<html><h1>{failure.code}</h1></html>", status_code=failure.code)


async def _fail_after(failure: Failure, body: bytes) -> Response:
    if failure.kind == "page":
        return HTMLResponse("<html><h1>Welcome</h1></html>")
    if failure.kind == "truncate":
        return Response(body[: len(body) // 2], media_type="application/json")
    if failure.kind == "drop":
        return _BrokenOff(body)
    await asyncio.sleep(failure.seconds)
    return Response(body, media_type="application/json")


class _BrokenOff(Response):
    """Promises a body and closes the connection instead."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def _refusal(refused: Refused) -> Response:
    answer: dict[str, Any] = {"ok": False, "error_code": refused.code, "description": refused.description}
    if refused.parameters:
        answer["parameters"] = refused.parameters
    return Response(json.dumps(answer), status_code=refused.code, media_type="application/json")
