"""A few kept-open HTTP connections, as cheap as can be: what measures must not itself be what is slow."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Self


class Lines:
    """At most `count` connections to one address on this machine, opened before they are needed."""

    def __init__(self, host: str, port: int, count: int) -> None:
        self._host = host
        self._port = port
        self._count = count
        # The last one used is the next one used, so that a server's patience with idle ones is seldom tried.
        self._free: asyncio.LifoQueue[_Line] = asyncio.LifoQueue()

    async def __aenter__(self) -> Self:
        for _ in range(self._count):
            self._free.put_nowait(_Line(*await asyncio.open_connection(self._host, self._port)))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        while not self._free.empty():
            await self._free.get_nowait().close()

    async def post(self, path: str, body: bytes, headers: dict[str, str]) -> int:
        """The answer's code; waits for a free connection first. Raises `OSError` or `EOFError`."""
        line = await self._free.get()
        if line.was_closed:
            await line.close()
            line = _Line(*await asyncio.open_connection(self._host, self._port))
        try:
            return await line.post(path, self._host, body, headers)
        except (OSError, EOFError):
            await line.close()
            raise
        finally:
            self._free.put_nowait(line)


class _Line:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def post(self, path: str, host: str, body: bytes, headers: dict[str, str]) -> int:
        head = [f"POST {path} HTTP/1.1", f"Host: {host}", f"Content-Length: {len(body)}"]
        head += [f"{name}: {value}" for name, value in {"Content-Type": "application/json", **headers}.items()]
        self._writer.write("\r\n".join([*head, "", ""]).encode() + body)
        await self._writer.drain()
        answer = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        for line in answer[1:]:
            name, _, value = line.partition(":")
            if name.lower() == "content-length":
                await self._reader.readexactly(int(value))
        return int(answer[0].split()[1])

    @property
    def was_closed(self) -> bool:
        """Whether the server has hung up meanwhile."""
        return self._reader.at_eof() or self._writer.is_closing()

    async def close(self) -> None:
        self._writer.close()
        try:
            await self._writer.wait_closed()
        except OSError:
            return
