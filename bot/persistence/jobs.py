"""Jobs: asking the worker, inside the caller's own transaction, to take a conversation's turns.

The queue lives in the same database; this speaks to its tables and functions and needs nothing of its code.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from .engine import at_once

QUEUE = "turns"
TASK = "take_turns"
ARGUMENT = "conversation_id"

HEARTBEAT = timedelta(seconds=3)
"""How often a worker says that it lives."""
SILENCE = timedelta(seconds=15)
"""A worker silent for so long is taken for dead, and its jobs are given to others. Should it live after
all, the compare-and-set that ends each turn still gives each update one effect."""

DEFER = f"""procrastinate_defer_jobs_v1(ARRAY[ROW(
    '{QUEUE}', '{TASK}', 0, conversation_id::text, NULL,
    jsonb_build_object('{ARGUMENT}', conversation_id::text), NULL
)]::procrastinate_job_to_defer_v1[])"""
"""An SQL expression that defers a job for a column `conversation_id`. The lock, one job of a conversation
at a time, is the conversation itself; a job with it must never be for later, or it holds up the others."""

ABSORB = "DELETE FROM procrastinate_jobs WHERE lock = :conversation ::text AND status = 'todo'"
"""Drops the jobs that wait behind the running one of a conversation. It answers their updates too: each was
committed with its job, so whoever sees the job sees the update. Left alone, they would run one a poll."""

_STALLED = text("""
WITH stalled AS (
    SELECT job.id FROM procrastinate_jobs AS job
    LEFT JOIN procrastinate_workers AS worker ON worker.id = job.worker_id
    WHERE job.status = 'doing'
      AND (worker.id IS NULL OR worker.last_heartbeat < now() - make_interval(secs => :silence))
    FOR UPDATE OF job SKIP LOCKED
)
SELECT count(procrastinate_retry_job_v2(id, now(), NULL, NULL, NULL)) FROM stalled""")


async def retry_stalled(engine: AsyncEngine, silence: timedelta = SILENCE) -> int:
    """Give the jobs of dead workers to living ones, and count them. Any number of callers is harmless."""
    async with at_once(engine).connect() as connection:
        count: int = (await connection.execute(_STALLED, {"silence": silence.total_seconds()})).scalar_one()
    return count
