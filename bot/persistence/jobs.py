"""Jobs: asking the worker, inside the caller's own transaction, to take a conversation's turns.

The queue lives in the same database; this calls its SQL function and so needs nothing of its code.
"""

from __future__ import annotations

QUEUE = "turns"
TASK = "take_turns"
ARGUMENT = "conversation_id"

DEFER = f"""procrastinate_defer_jobs_v1(ARRAY[ROW(
    '{QUEUE}', '{TASK}', 0, conversation_id::text, NULL,
    jsonb_build_object('{ARGUMENT}', conversation_id::text), NULL
)]::procrastinate_job_to_defer_v1[])"""
"""An SQL expression that defers a job for a column `conversation_id`. The lock, one job of a conversation
at a time, is the conversation itself; a job with it must never be for later, or it holds up the others."""
