"""How long a turn takes at an even pace: from the update, and from its acceptance, to the reply's arrival."""

from __future__ import annotations

from collections.abc import Iterator

from .assistant import Assistant
from .figures import Figure, percentile
from .platform import Platform
from .usage import processor_time

A_SECOND = 10.0
GOAL_P50 = 60.0
GOAL_P95 = 150.0


async def measure(assistant: Assistant, platform: Platform, texts: Iterator[str], *, seconds: float) -> list[Figure]:
    """Ten turns a second for so long, each of another contact, after some that warm the assistant up."""
    await platform.settle(await platform.fire(texts, a_second=A_SECOND, seconds=3), patience=30)
    before = processor_time(assistant)
    volley = await platform.fire(texts, a_second=A_SECOND, seconds=seconds)
    await platform.settle(volley, patience=30)
    after = processor_time(assistant)
    first = {contact: min(moments) for contact, moments in volley.answers.items()}
    accepted = [(first[c] - volley.accepted[c]) * 1000 for c in first.keys() & volley.accepted.keys()]
    whole = [(first[c] - volley.due[c]) * 1000 for c in first]
    name = f"turn at {A_SECOND:.0f} a second"
    return [
        Figure(f"{name}: how many", len(volley.due), "turns"),
        Figure(f"{name}: accepted to delivered, p50", percentile(accepted, 0.5), "ms", GOAL_P50),
        Figure(f"{name}: accepted to delivered, p95", percentile(accepted, 0.95), "ms", GOAL_P95),
        Figure(f"{name}: sent to us to delivered, p50", percentile(whole, 0.5), "ms", GOAL_P50),
        Figure(f"{name}: sent to us to delivered, p95", percentile(whole, 0.95), "ms", GOAL_P95),
        Figure(f"{name}: not accepted", len(volley.refused), "turns", 0),
        Figure(f"{name}: without an answer", len(volley.unanswered), "turns", 0),
        *(
            Figure(f"{name}: processor time each, {part}", (used - before[part]) * 1000 / len(volley.due), "ms")
            for part, used in after.items()
        ),
    ]
