"""Intake: an update becomes an inbox row and a job, in one statement and so in one round trip."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import TextClause, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation.inbox import DOUBLE_TAP
from bot.conversation.messages import InboundMessage
from bot.conversation.rush import Rush

from .engine import at_once, is_database_away
from .jobs import DEFER
from .records import message_to_data

_WHO = """
WITH who AS (
    INSERT INTO contact (id, channel, external_id) VALUES (gen_random_uuid(), :channel, :contact)
    ON CONFLICT (channel, external_id) DO UPDATE SET last_seen_at = now(), unreachable_since = NULL
    RETURNING id
), opened AS (
    INSERT INTO conversation (id, contact_id) SELECT gen_random_uuid(), id FROM who
    ON CONFLICT (contact_id) DO NOTHING
    RETURNING id
), talk AS (
    SELECT id FROM opened
    UNION ALL
    SELECT conversation.id FROM conversation JOIN who ON conversation.contact_id = who.id
)"""

_PLAIN = ", fresh AS (SELECT id, 'pending' AS state FROM talk)"

_TAP = """, tap AS (
    UPDATE button SET used_at = now() FROM talk
    WHERE button.token = :token AND button.conversation_id = talk.id
      AND (button.used_at IS NULL OR button.used_at < now() - make_interval(secs => :double_tap))
    RETURNING button.token
), fresh AS (
    SELECT talk.id, CASE
        WHEN EXISTS (SELECT FROM tap) THEN 'pending'
        WHEN EXISTS (SELECT FROM button WHERE token = :token AND conversation_id = talk.id) THEN 'ignored'
        ELSE 'pending'
    END AS state
    FROM talk
)"""

_STORE = """, stored AS (
    INSERT INTO inbox (conversation_id, channel, event_id, position, payload, state, done_at)
    SELECT id, :channel, :event_id, :position, :payload, state, CASE state WHEN 'ignored' THEN now() END
    FROM fresh
    ON CONFLICT (channel, event_id) DO NOTHING
    RETURNING conversation_id, state
), asked AS (
    SELECT {defer} AS job FROM stored WHERE state = 'pending'
)
SELECT (SELECT count(*) FROM talk), (SELECT count(*) FROM asked WHERE job IS NOT NULL),
       (SELECT count(*) FROM stored WHERE state = 'pending')"""

_PAYLOAD = bindparam("payload", type_=JSONB)
AT_ONCE = 4
"""Messages stored at the same time. In a rush more of them would only open more connections, each dearer than
many messages, and leave none for turns and deliveries."""
_WITHOUT_DATABASE = (0.0, 0.2, 0.5, 1.0)
"""Seconds between attempts while the database is away; platforms wait a few seconds for our answer."""


def _statement(*, tap: bool, defer: bool) -> TextClause:
    middle = _TAP if tap else _PLAIN
    return text(_WHO + middle + _STORE.format(defer=DEFER if defer else "1")).bindparams(_PAYLOAD)


_STATEMENTS = {(tap, defer): _statement(tap=tap, defer=defer) for tap in (True, False) for defer in (True, False)}

_UNKNOWN = text(
    "WITH stored AS (INSERT INTO inbox (channel, event_id, payload, state, done_at)"
    " VALUES (:channel, :event_id, :payload, 'ignored', now())"
    " ON CONFLICT (channel, event_id) DO NOTHING RETURNING id) SELECT count(*) FROM stored"
).bindparams(_PAYLOAD)


class SqlIntake:
    """`Intake` in PostgreSQL; `rush` is told of every message."""

    def __init__(self, engine: AsyncEngine, rush: Rush | None = None) -> None:
        self._engine = at_once(engine)
        self._rush = rush or Rush()
        self._room = asyncio.Semaphore(AT_ONCE)

    async def accept(self, message: InboundMessage, *, defer: bool = True) -> bool:
        """As the port says. `defer=False` stores without asking the worker: the caller takes the turn."""
        self._rush.count()
        values: dict[str, Any] = {
            "channel": message.address.channel,
            "contact": message.address.contact,
            "event_id": message.event_id,
            "position": message.position,
            "payload": message_to_data(message),
        }
        if message.token is not None:
            values |= {"token": message.token, "double_tap": DOUBLE_TAP.total_seconds()}
        statement = _STATEMENTS[message.token is not None, defer]
        while True:
            talks, _jobs, accepted = await self._run(statement, values)
            if talks:
                return bool(accepted)
            # A stranger's first two messages came at once: the other made the conversation after
            # this statement had begun, so it could not see it. The next one will.

    async def accept_unknown(self, channel: str, event_id: str, payload: dict[str, Any]) -> bool:
        """As the port says."""
        values = {"channel": channel, "event_id": event_id, "payload": payload}
        (stored,) = await self._run(_UNKNOWN, values)
        return bool(stored)

    async def _run(self, statement: TextClause, values: dict[str, Any]) -> Sequence[Any]:
        """Run it, and once more and again while the database restarts: the unique event makes that safe."""
        for pause in _WITHOUT_DATABASE:
            try:
                async with self._room, self._engine.connect() as connection:
                    return (await connection.execute(statement, values)).one()
            except Exception as error:
                if not is_database_away(error):
                    raise
                await asyncio.sleep(pause)
        async with self._engine.connect() as connection:
            return (await connection.execute(statement, values)).one()

    async def defer_orphans(self, older_than: float) -> list[uuid.UUID]:
        """Ask the worker again for conversations with an update waiting `older_than` seconds and no job.

        Any number of processes may call this at once: each claims different rows.
        """
        async with self._engine.connect() as connection:
            rows = await connection.execute(_ORPHANS, {"seconds": older_than})
            return [row.conversation_id for row in rows]


_ORPHANS = text(
    f"""
WITH waiting AS (
    SELECT inbox.id, inbox.conversation_id FROM inbox
    WHERE inbox.state = 'pending' AND inbox.received_at < now() - make_interval(secs => :seconds)
      AND NOT EXISTS (
        SELECT FROM procrastinate_jobs AS job
        WHERE job.lock = inbox.conversation_id::text AND job.status IN ('todo', 'doing')
      )
    FOR UPDATE OF inbox SKIP LOCKED
    LIMIT 500
), orphan AS (SELECT DISTINCT conversation_id FROM waiting)
SELECT conversation_id, {DEFER} FROM orphan"""  # noqa: S608 - only our own constants
)
