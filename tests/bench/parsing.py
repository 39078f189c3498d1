"""How long the NLU takes for one utterance, over HTTP, one after another."""

from __future__ import annotations

import time
from collections.abc import Sequence

import httpx

from bot.nlu_server import NluServer

from .figures import Figure, percentile

_WARM_UP = 20


async def measure(server: NluServer, texts: Sequence[str]) -> list[Figure]:
    """Parse every text once. Raises `httpx.HTTPError`."""
    times: list[float] = []
    async with httpx.AsyncClient(base_url=server.url, timeout=30) as http:
        for number, text in enumerate([*texts[:_WARM_UP], *texts]):
            began = time.perf_counter()
            answer = await http.post("/model/parse", params={"token": server.token}, json={"text": text})
            answer.raise_for_status()
            if number >= _WARM_UP:
                times.append((time.perf_counter() - began) * 1000)
    name = f"parse over HTTP, {len(times)} utterances"
    return [Figure(f"{name}, p50", percentile(times, 0.5), "ms"), Figure(f"{name}, p95", percentile(times, 0.95), "ms")]
