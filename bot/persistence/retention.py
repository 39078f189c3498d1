"""Retention: what is older than the city needs it is deleted."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from .engine import at_once

_BATCH = 2_000
"""Rows deleted in one transaction, so that no lock is held long."""

_OLD = {
    "utterance": "said_at < now() - make_interval(days => :days)",
    "outbox": "created_at < now() - make_interval(days => :days)",
    "button": "created_at < now() - make_interval(days => :days)",
    "inbox": "received_at < now() - make_interval(days => :days) AND state <> 'pending'",
    "official_session": "expires_at < now() - make_interval(days => :days)",
    # Who has been silent for so long is forgotten, with what their conversation remembers.
    # Not who still is expected or waits: they would never be reminded.
    "contact": "last_seen_at < now() - make_interval(days => :days) AND NOT EXISTS ("
    "SELECT FROM conversation c WHERE c.contact_id = contact.id AND ("
    "EXISTS (SELECT FROM appointment a WHERE a.conversation_id = c.id AND a.state IN ('held', 'booked', 'arrived'))"
    " OR EXISTS (SELECT FROM waiting w WHERE w.conversation_id = c.id AND w.state IN ('waiting', 'offered'))))",
}


_OLD_PEOPLE = """
    UPDATE appointment SET name = NULL, telephone = NULL, tax_code = NULL, note = NULL
    WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM appointment
        WHERE upper(during) < now() - make_interval(days => :days)
          AND (name IS NOT NULL OR telephone IS NOT NULL OR tax_code IS NOT NULL OR note IS NOT NULL)
        LIMIT :batch FOR UPDATE SKIP LOCKED))
"""
"""Of an old appointment only the time stays, for the statistics; who came is forgotten."""


async def delete_old(engine: AsyncEngine, keep: timedelta) -> dict[str, int]:
    """Delete what is older than `keep`, and count the rows by table; old appointments only lose their names.

    Any number of callers is harmless.
    """
    deleted = dict.fromkeys(_OLD, 0)
    for table, condition in _OLD.items():
        statement = text(
            f"DELETE FROM {table} WHERE ctid = ANY(ARRAY("  # noqa: S608 - only our own constants
            f"SELECT ctid FROM {table} WHERE {condition} LIMIT {_BATCH} FOR UPDATE SKIP LOCKED))"
        )
        while True:
            async with at_once(engine).connect() as connection:
                count = (await connection.execute(statement, {"days": keep.days})).rowcount
            deleted[table] += count
            if count < _BATCH:
                break
    deleted["appointment"] = await _forget_people(engine, keep)
    return deleted


async def _forget_people(engine: AsyncEngine, keep: timedelta) -> int:
    forgotten = 0
    while True:
        async with at_once(engine).connect() as connection:
            count = (await connection.execute(text(_OLD_PEOPLE), {"days": keep.days, "batch": _BATCH})).rowcount
        forgotten += count
        if count < _BATCH:
            return forgotten
