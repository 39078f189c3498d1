"""About how long everybody in the queue of a department still waits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from bot.domain.booking.visiting import USUAL, waiting_time

OPEN_WITHIN = dt.timedelta(hours=1)
"""A counter that called somebody so recently counts as open."""


def estimate_waits(
    rows: list[Mapping[str, Any]], queue: list[int], lengths: Mapping[str, dt.timedelta], now: dt.datetime
) -> tuple[dict[int, dt.timedelta], dt.timedelta]:
    """About how long each visit of the queue still waits, and somebody who comes now."""
    visits = {row["v_id"]: row for row in rows if row["v_id"] is not None}
    open_counters = {
        row["v_counter_id"]
        for row in visits.values()
        if row["v_called_at"] is not None and row["v_called_at"] > now - OPEN_WITHIN
    }

    def length(row: Mapping[str, Any]) -> dt.timedelta:
        return lengths.get(row["v_service_key"] or "", USUAL)

    # who is at a counter now is half done on average
    ahead = [length(row) / 2 for row in visits.values() if row["v_state"] == "called"]
    # a counter that is open and free takes the next one at once
    free = max(len(open_counters), 1) > len(ahead)
    waits = {}
    for visit in queue:
        waits[visit] = dt.timedelta() if free and visit == queue[0] else waiting_time(ahead, len(open_counters))
        if visit in visits:
            ahead.append(length(visits[visit]))
    return waits, waiting_time(ahead, len(open_counters))
