"""Waiting for what something else does: until it is so, however slow the machine is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

PATIENCE = 60.0
"""Seconds; generous, since only a test that fails waits so long."""


async def until(so: Callable[[], object], within: float = PATIENCE) -> None:
    """Return as soon as `so()` holds. Raises `TimeoutError` where it never does."""
    async with asyncio.timeout(within):
        while not so():
            await asyncio.sleep(0.01)
