"""How long it takes to find a procedure, embedding included, one question after another."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.answerer import Answerer
from knowledge.evaluate import bench

from .figures import Figure

GOAL = 25.0


async def measure(answerer: Answerer, texts: Sequence[str]) -> list[Figure]:
    """Find for each of `texts` once."""
    await bench(answerer, texts[:20])  # the first ones pay for what is loaded late
    found = await bench(answerer, texts[20:])
    name = f"retrieval among {found.procedures} procedures"
    return [Figure(f"{name}, p50", found.p50, "ms"), Figure(f"{name}, p95", found.p95, "ms", GOAL)]
