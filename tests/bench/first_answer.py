"""The time from the command to the first answer over the web chat, as a newcomer's browser would get it."""

from __future__ import annotations

import asyncio
import time
import uuid

import httpx

from .assistant import Assistant, NotStarted
from .figures import Figure

GOAL = 40.0
_QUESTION = "mở quán cà phê cần giấy tờ gì"
_PATIENCE = 180.0


async def measure(assistant: Assistant) -> list[Figure]:
    """Ask as soon as the doors are open, and again when the understanding is warm. Raises `NotStarted`."""
    name = f"from `{assistant.name}`"
    await assistant.wait_for("/healthz")
    figures = [Figure(f"{name} to open doors", time.monotonic() - assistant.began, "s")]
    await _ask(assistant)
    figures.append(Figure(f"{name} to the first answer", time.monotonic() - assistant.began, "s", GOAL))
    await assistant.wait_for("/readyz")
    await _ask(assistant)
    figures.append(Figure(f"{name} to an answer with Rasa warm too", time.monotonic() - assistant.began, "s", GOAL))
    return figures


async def _ask(assistant: Assistant) -> None:
    """A new visitor's question, until its reply is there. Raises `NotStarted`."""
    async with httpx.AsyncClient(base_url=assistant.address, timeout=10) as http:
        token = (await http.post("/chat/visitors")).raise_for_status().json()["token"]
        http.headers["Authorization"] = f"Bearer {token}"
        message = {"client_id": str(uuid.uuid4()), "text": _QUESTION}
        (await http.post("/chat/messages", json=message)).raise_for_status()
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            assistant.check()
            if (await http.get("/chat/history")).raise_for_status().json()["replies"]:
                return
            await asyncio.sleep(0.05)
    raise NotStarted("a question in the web chat got no answer")
