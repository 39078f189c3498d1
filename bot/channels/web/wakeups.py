"""Wake-ups: an open stream is told at once that its visitor has a new reply.

Whoever writes the reply, in this process or another, notifies through PostgreSQL; one connection of this
process listens for all its streams. A lost notification costs time only: the streams also look by themselves.
"""

from __future__ import annotations

import asyncio
import enum
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import structlog
from prometheus_client import Gauge

from bot.domain.errors import AssistantError
from bot.persistence.engine import conninfo

log = structlog.get_logger(__name__)

NOTIFICATIONS = "ctc_web"
"""The PostgreSQL channel."""
STREAMS = Gauge("ctc_web_streams", "Open event streams of this process.")

MOST_STREAMS = 5_000
MOST_STREAMS_OF_ONE = 12
"""Of one visitor. A further one ends the oldest: a telephone that lost its network leaves dead streams behind."""
_PROBE_EVERY = 30.0
"""Seconds of silence after which the listening connection is tried."""
_LONGEST_PAUSE = 10.0


class News(enum.StrEnum):
    """What a notification says of a contact; its first letter goes over the wire."""

    REPLY = "r"
    TYPING = "t"


def notification(news: News, contact: str) -> str:
    """The payload that `Wakeups.heard` understands."""
    return f"{news}{contact}"


class TooManyStreams(AssistantError):
    """This process has as many streams as it can bear."""


class Waiter:
    """One open stream, waiting."""

    def __init__(self) -> None:
        self._news = asyncio.Event()
        self._typing = False
        self.closed = False

    async def wait(self, longest: float) -> None:
        """Return at news, when the stream must close, or after `longest` seconds."""
        try:
            async with asyncio.timeout(longest):
                await self._news.wait()
        except TimeoutError:
            return
        self._news.clear()

    def take_typing(self) -> bool:
        """Whether an answer was announced since this was last asked."""
        typing, self._typing = self._typing, False
        return typing

    def wake(self, *, typing: bool = False, closed: bool = False) -> None:
        self._typing = self._typing or typing
        self.closed = self.closed or closed
        self._news.set()


class Wakeups:
    """The waiting streams of this process. `listening` says whether notifications arrive."""

    def __init__(self) -> None:
        self._waiters: dict[str, list[Waiter]] = {}
        self._count = 0
        self._closed = False
        self.listening = False

    @contextmanager
    def waiting(self, contact: str) -> Iterator[Waiter]:
        """A waiter for news of `contact`. Raises `TooManyStreams`."""
        if self._count >= MOST_STREAMS:
            raise TooManyStreams(f"{self._count} streams")
        waiter = Waiter()
        waiter.closed = self._closed
        own = self._waiters.setdefault(contact, [])
        own.append(waiter)
        if len(own) > MOST_STREAMS_OF_ONE:
            own[-1 - MOST_STREAMS_OF_ONE].wake(closed=True)
        self._count += 1
        STREAMS.inc()
        try:
            yield waiter
        finally:
            STREAMS.dec()
            self._count -= 1
            own.remove(waiter)
            if not own:
                del self._waiters[contact]

    def heard(self, payload: str) -> None:
        """Wake the streams a notification is for."""
        for waiter in self._waiters.get(payload[1:], ()):
            waiter.wake(typing=payload[:1] == News.TYPING)

    def close(self) -> None:
        """End all streams and every later one at once: the server is stopping."""
        self._closed = True
        self._wake_all(closed=True)

    async def listen(self, url: str) -> None:
        """Listen on a connection of its own to the database at `url` until cancelled; survives its restarts."""
        pause = 0.5
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    conninfo(url), autocommit=True, connect_timeout=5
                ) as connection:
                    await connection.execute(f"LISTEN {NOTIFICATIONS}".encode())
                    self.listening = True
                    self._wake_all()  # there may have been news while nobody listened
                    pause = 0.5
                    await self._follow(connection)
            except (psycopg.Error, OSError) as error:
                log.warning("web_listener_interrupted", reason=type(error).__name__, again_in=pause)
            finally:
                self.listening = False
                self._wake_all()  # from now on they look by themselves
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _follow(self, connection: psycopg.AsyncConnection) -> None:
        while True:
            async for notify in connection.notifies(timeout=_PROBE_EVERY):
                self.heard(notify.payload)
            await connection.execute("SELECT 1")

    def _wake_all(self, *, closed: bool = False) -> None:
        for waiters in self._waiters.values():
            for waiter in waiters:
                waiter.wake(closed=closed)
