"""Appointments nobody came to: put down as missed on the evening of their day, where no official did it before."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from .engine import at_once

_MISS = text("""
WITH over AS (
    SELECT id FROM appointment
    WHERE state = 'booked' AND upper(during) <= :now AND :now >= (
        date_trunc('day', upper(during) AT TIME ZONE 'Asia/Ho_Chi_Minh') + interval '20 hours'
    ) AT TIME ZONE 'Asia/Ho_Chi_Minh'
    LIMIT 500 FOR UPDATE SKIP LOCKED
), missed AS (
    UPDATE appointment SET state = 'missed', version = version + 1, updated_at = :now
    FROM over WHERE appointment.id = over.id
    RETURNING appointment.id, appointment.version
), noted AS (
    INSERT INTO appointment_change (appointment_id, version, change, actor, at)
    SELECT id, version, 'missed', 'clock', :now FROM missed
)
SELECT count(*) FROM missed""")
"""At eight in the evening every counter is closed and every official had time to say who came."""


async def miss(engine: AsyncEngine, now: datetime) -> int:
    """Put down who did not come, and count them. Any number of callers is harmless."""
    async with at_once(engine).connect() as connection:
        count: int = (await connection.execute(_MISS, {"now": now})).scalar_one()
    return count
