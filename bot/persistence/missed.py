"""Appointments whose day is over and that nobody marked: missed, or served where the contact had arrived."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from .engine import at_once

_BATCH = 500
_SETTLE = text(f"""
WITH over AS (
    SELECT id FROM appointment
    WHERE state IN ('booked', 'arrived') AND upper(during) <= :now AND :now >= (
        date_trunc('day', upper(during) AT TIME ZONE 'Asia/Ho_Chi_Minh') + interval '20 hours'
    ) AT TIME ZONE 'Asia/Ho_Chi_Minh'
    LIMIT {_BATCH} FOR UPDATE SKIP LOCKED
), settled AS (
    UPDATE appointment SET state = CASE state WHEN 'arrived' THEN 'served' ELSE 'missed' END,
        version = version + 1, updated_at = :now
    FROM over WHERE appointment.id = over.id
    RETURNING appointment.id, appointment.version, appointment.state
), noted AS (
    INSERT INTO appointment_change (appointment_id, version, change, actor, at)
    SELECT id, version, state, 'clock', :now FROM settled
)
SELECT count(*) FROM settled""")  # noqa: S608 - only our own constants
"""At eight in the evening every counter is closed and every official had time to say who came."""


async def miss(engine: AsyncEngine, now: datetime) -> int:
    """Settle every appointment of the past, and count them. Any number of callers is harmless."""
    total = 0
    while True:
        async with at_once(engine).connect() as connection:
            count: int = (await connection.execute(_SETTLE, {"now": now})).scalar_one()
        total += count
        if count < _BATCH:
            return total
