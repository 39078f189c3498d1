"""A visitor without a browser: what the page does, over HTTP."""

from __future__ import annotations

import json
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx


class Visitor:
    """One visitor of the web chat."""

    def __init__(self, http: httpx.AsyncClient, token: str) -> None:
        self._http = http
        self.token = token

    @classmethod
    async def arrive(cls, http: httpx.AsyncClient) -> Visitor:
        response = await http.post("/chat/visitors")
        assert response.status_code == 201
        return cls(http, response.json()["token"])

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "Accept-Language": "vi"}

    async def send(self, client_id: str | None = None, **body: Any) -> httpx.Response:
        return await self.post({"client_id": client_id or str(uuid.uuid4()), **body})

    async def post(self, body: Any) -> httpx.Response:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return await self._http.post("/chat/messages", content=content, headers=self.headers)

    async def history(self, after: int = 0) -> list[dict[str, Any]]:
        response = await self._http.get("/chat/history", params={"after": after}, headers=self.headers)
        assert response.status_code == 200
        found: list[dict[str, Any]] = response.json()["replies"]
        return found

    @asynccontextmanager
    async def events(self, after: int = 0, last: int | None = None) -> AsyncIterator[AsyncIterator[tuple[str, Any]]]:
        """The open stream: pairs of event and data. `last` is what a browser itself says it has."""
        headers = self.headers if last is None else self.headers | {"Last-Event-ID": str(last)}
        async with self._http.stream("GET", "/chat/events", params={"after": after}, headers=headers) as response:
            assert response.status_code == 200
            yield _events(response)

    async def hear(self, count: int, after: int = 0) -> list[dict[str, Any]]:
        """The next `count` replies after the one with id `after`, from a stream of their own."""
        heard: list[dict[str, Any]] = []
        async with self.events(after) as events:
            async for kind, data in events:
                if kind == "reply":
                    heard.append(data)
                if len(heard) == count:
                    break
        return heard


async def _events(response: httpx.Response) -> AsyncIterator[tuple[str, Any]]:
    kind = ""
    async for line in response.aiter_lines():
        name, _, value = line.partition(": ")
        if name == "event":
            kind = value
        elif name == "data":
            yield kind, json.loads(value)
