"""What lies round the console's pages: errors nobody foresaw, requests that are too large, pages nobody may keep."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY = 8 * 1024 * 1024
"""Bytes of a request: the directory's files with room to spare. Forms are read before anybody is recognised."""


class Caught:
    """ASGI: an error nobody foresaw becomes a page with an incident."""

    def __init__(self, app: ASGIApp, page: Callable[[Request, Exception], Awaitable[Response]]) -> None:
        self._app = app
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def note(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, note)
        except Exception as error:
            if begun or scope["type"] != "http":
                raise
            response = await self._page(Request(scope, receive), error)
            await response(scope, receive, send)


class Bounded:
    """ASGI: a request larger than any form of ours is not read to its end."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        received = 0
        state = scope.setdefault("state", {})

        async def count() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > LARGEST_BODY:
                state["too_large"] = True  # FastAPI makes a plain 400 of whatever is raised while it reads a form
                raise HTTPException(413)
            return message

        await self._app(scope, count, send)


class Unkept:
    """ASGI: no page of the console is kept by a browser or a proxy, but for static files."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def say_so(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, say_so)
