"""A scripted OpenAI-compatible server: it says what it was told to, or fails as it was told to."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any


class FakeModel:
    """Speaks `POST /v1/chat/completions`. `says` makes the text from the data the model was given.

    `status`, `body`, `waits` (seconds before the answer), `drips` (between its bytes) and `endless` make trouble.
    """

    def __init__(self) -> None:
        self.says: Callable[[Mapping[str, Any]], str | None] = lambda data: "…"
        self.status = 200
        self.body: bytes | None = None
        self.waits = self.drips = 0.0
        self.endless = False
        self.port = 0
        self.requests: list[dict[str, Any]] = []
        self.heads: list[str] = []

    @property
    def url(self) -> str:
        """The address to give as `CTC_MODEL_URL`."""
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def given(self) -> list[dict[str, Any]]:
        """The data of each request: question and facts."""
        return [json.loads(request["messages"][-1]["content"]) for request in self.requests]

    def say(self, text: str | None) -> None:
        """The same text, whatever is asked."""
        self.says = lambda data: text

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            length = next(int(x.split(":")[1]) for x in head.splitlines() if x.lower().startswith("content-length"))
            self.heads.append(head)
            self.requests.append(json.loads(await reader.readexactly(length)))
            await asyncio.sleep(self.waits)
            body = self._answer() if self.body is None else self.body
            size = 10**9 if self.endless else len(body)
            writer.write(
                f"HTTP/1.1 {self.status} X\r\nContent-Type: application/json\r\nContent-Length: {size}\r\n"
                f"Connection: close\r\n\r\n".encode()
            )
            while self.endless:
                writer.write(b" " * 65_536)
                await writer.drain()
            for at in range(0, len(body), 60):
                writer.write(body[at : at + 60])
                await writer.drain()
                await asyncio.sleep(self.drips)
        writer.close()

    def _answer(self) -> bytes:
        message = {"role": "assistant", "content": self.says(self.given[-1])}
        answer = {
            "id": "1",
            "object": "chat.completion",
            "created": 1,
            "model": "scripted",
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
        }
        return json.dumps(answer).encode()


@asynccontextmanager
async def fake_model() -> AsyncIterator[FakeModel]:
    """A running server on a free port."""
    model = FakeModel()
    server = await asyncio.start_server(model.serve, "127.0.0.1", 0)
    model.port = server.sockets[0].getsockname()[1]
    try:
        yield model
    finally:
        server.close()
        await server.wait_closed()
