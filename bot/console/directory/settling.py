"""After a closing: who is displaced is settled while the official waits, as far as that goes quickly."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Mapping

import structlog
from starlette.responses import Response

from bot.console.frame import Frame

log = structlog.get_logger(__name__)

Settle = Callable[[dt.datetime], Awaitable[Mapping[str, int]]]
PATIENCE = 10.0
"""Seconds; what is left then, the sweep does."""


async def settled(frame: Frame, settle: Settle, path: str) -> Response:
    """Settle, and go on to `path`, telling how many were moved and told."""
    try:
        async with asyncio.timeout(PATIENCE):
            done = await settle(frame.clock())
    except Exception:
        # The closing itself is written; the sweep tells everybody, and so the official is not asked to try again.
        log.exception("closing_left_to_the_sweep")
        return frame.redirect(path, flash="directory_settling_later")
    moved, informed, untold = (done.get(name, 0) for name in ("moved", "informed", "untold"))
    if untold:
        return frame.redirect(
            path, flash="directory_settled_untold", kind="bad", moved=moved, informed=informed, untold=untold
        )
    return frame.redirect(path, flash="directory_settled", moved=moved, informed=informed)
