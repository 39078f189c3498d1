"""Server: the fake Telegram on a port, in the caller's own event loop."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import socket
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Self

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Route

from .api import Api, Call
from .chats import Chat, World
from .failures import Failure, Kind
from .people import Person
from .simulation import routes
from .updates import Updates

TOKEN = "123456:FAKE-TOKEN-for-tests"


class QuietServer(uvicorn.Server):
    """Leaves the process's signals alone."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class FakeTelegram:
    """Telegram on `127.0.0.1`; `async with` starts and stops it. Port 0 takes a free one."""

    def __init__(self, *, port: int = 0, token: str = TOKEN) -> None:
        self.token = token
        self.world = World()
        self.updates = Updates()
        self.api = Api(token, self.world, self.updates)
        self._people: dict[int, Person] = {}
        self._numbers = itertools.count(1001)
        self._port = port
        self._socket: socket.socket | None = None
        self._server: QuietServer | None = None
        self._serving: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        """The address to give as `CTC_TELEGRAM_API_URL`."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def calls(self) -> list[Call]:
        """Every call of the Bot API so far."""
        return self.api.calls

    def calls_of(self, method: str) -> list[Call]:
        return [call for call in self.calls if call.method == method.lower()]

    def person(self, number: int | None = None, *, language: str | None = "vi") -> Person:
        """The person of that number; another one each time where none is given."""
        number = next(self._numbers) if number is None else number
        if number not in self._people:
            chat = self.world.chat(number, language=language)
            self._people[number] = Person(self.world, self.updates, chat)
        return self._people[number]

    def group(self, number: int = -1001, *, is_forum: bool = False) -> Chat:
        """A group with the bot in it."""
        return self.world.chat(number, kind="supergroup", name="Phòng Đăng ký kinh doanh", is_forum=is_forum)

    def fail(self, kind: Kind, method: str = "sendMessage", **details: Any) -> None:
        """Order trouble for the next call of `method` ("*" for any)."""
        self.order(Failure(kind, method, **details))

    def order(self, failure: Failure) -> None:
        self.api.failures.order(failure)

    async def start(self) -> None:
        """Begin to listen."""
        self._socket = socket.create_server(("127.0.0.1", self._port))
        self._port = self._socket.getsockname()[1]
        app = Starlette(
            routes=[
                Route("/bot{token}/{method}", self.api.answer, methods=["GET", "POST"]),
                Route("/file/bot{token}/files/{name}", self.api.file),
                *routes(self),
            ]
        )
        config = uvicorn.Config(app, log_config=None, log_level="critical", lifespan="off", timeout_graceful_shutdown=1)
        self._server = QuietServer(config)
        self._serving = asyncio.create_task(self._server.serve(sockets=[self._socket]))
        while not self._server.started:
            await asyncio.sleep(0.005)

    async def stop(self) -> None:
        """Stop listening; what was said stays known, and `start` may be called again on the same port."""
        if self._server is not None and self._serving is not None and self._socket is not None:
            self._server.should_exit = self._server.force_exit = True  # a long poll need not end first
            await self._serving
            self._socket.close()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.updates.close()
        await self.stop()
