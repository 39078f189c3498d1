"""A burst of updates: how fast each is accepted, and whether every one was answered exactly once."""

from __future__ import annotations

from collections.abc import Iterator

from .figures import Figure, percentile
from .platform import Platform

A_SECOND = 200.0
GOAL_P99 = 50.0


async def measure(platform: Platform, texts: Iterator[str], *, seconds: float) -> list[Figure]:
    """Accepting is timed from the moment an update was due: what a stalled webhook keeps waiting counts in full."""
    volley = await platform.fire(texts, a_second=A_SECOND, seconds=seconds)
    await platform.settle(volley, patience=60)
    times = [(volley.accepted[contact] - volley.due[contact]) * 1000 for contact in volley.accepted]
    late = [(volley.sent[contact] - volley.due[contact]) * 1000 for contact in volley.sent]
    last = max((max(moments) for moments in volley.answers.values()), default=0.0)
    name = f"webhook at {A_SECOND:.0f} a second"
    return [
        Figure(f"{name}: how many", len(volley.due), "updates"),
        Figure(f"{name}: accepted, p50", percentile(times, 0.5), "ms"),
        Figure(f"{name}: accepted, p99", percentile(times, 0.99), "ms", GOAL_P99),
        Figure(f"{name}: of that the bench's own lateness, p99", percentile(late, 0.99), "ms"),
        Figure(f"{name}: not accepted", len(volley.refused), "updates", 0),
        Figure(f"{name}: never answered", len(volley.unanswered), "updates", 0),
        Figure(f"{name}: answered more than once", len(volley.doubled), "updates", 0),
        Figure(f"{name}: until the last was answered", last - min(volley.due.values()), "s"),
    ]
