"""Server-sent events: one visitor's replies as they come, from the last one the page has.

Each event carries the whole reply; its id is where to go on after a broken connection. Comments keep
proxies from closing a silent stream.
"""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.persistence.engine import is_database_away

from .replies import PAGE, SqlReplies, StoredReply
from .wakeups import Waiter, Wakeups

log = structlog.get_logger(__name__)

KEEP_ALIVE = 15.0
"""Seconds between two signs of life; proxies commonly close after 60."""
LOOK_EVERY = 2.0
"""Seconds between two looks while no notifications arrive."""


async def event_stream(
    replies: SqlReplies, wakeups: Wakeups, waiter: Waiter, contact: str, after: int
) -> AsyncIterator[bytes]:
    """The stream's bytes, until the waiter is closed. `waiter` must be `wakeups`' and wait for `contact`."""
    yield b": hello\n\n"
    last_sign = time.monotonic()
    while not waiter.closed:
        found = await _read(replies, contact, after)
        for reply in found:
            after = reply.id
            yield encode(reply)
        if waiter.take_typing() and not found:
            yield b"event: typing\ndata: {}\n\n"
        if len(found) == PAGE:
            continue
        if time.monotonic() - last_sign >= KEEP_ALIVE:
            yield b": still here\n\n"
            last_sign = time.monotonic()
        await waiter.wait(KEEP_ALIVE if wakeups.listening else LOOK_EVERY)


def encode(reply: StoredReply) -> bytes:
    """A reply as one event."""
    data = json.dumps(reply.to_data(), ensure_ascii=False)
    return f"id: {reply.id}\nevent: reply\ndata: {data}\n\n".encode()


async def _read(replies: SqlReplies, contact: str, after: int) -> list[StoredReply]:
    try:
        return await replies.after(contact, after)
    except SQLAlchemyError as error:
        if not is_database_away(error):
            raise
        log.warning("web_stream_waits_for_database", reason=type(error).__name__)
        return []
