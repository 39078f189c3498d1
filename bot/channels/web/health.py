"""Health pages: is the process alive, can it serve, and its figures.

`/healthz` answers whatever else is broken. `/readyz` asks every part; a part that is not needed to serve
(the NLU: turns go on without it) makes the answer `degraded`, a needed one makes it 503.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import structlog
from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import JSONResponse, Response

log = structlog.get_logger(__name__)

PATIENCE = 2.0
"""Seconds a part has to answer."""


@dataclass(frozen=True, slots=True)
class Check:
    """A part of the assistant: `works` says whether it does; `needed` whether we can serve without it."""

    name: str
    works: Callable[[], Awaitable[bool]]
    needed: bool = True


def health_router(checks: Sequence[Check]) -> APIRouter:
    """`/healthz`, `/readyz` and `/metrics`."""
    router = APIRouter()

    @router.get("/healthz")
    async def healthz() -> JSONResponse:
        return JSONResponse({"alive": True})

    @router.get("/readyz")
    async def readyz() -> JSONResponse:
        states = await asyncio.gather(*(_state(check) for check in checks))
        ready = all(state == "ok" for check, state in zip(checks, states, strict=True) if check.needed)
        state = "down" if not ready else "ok" if all(state == "ok" for state in states) else "degraded"
        parts = {check.name: said for check, said in zip(checks, states, strict=True)}
        return JSONResponse({"state": state, "parts": parts}, 200 if ready else 503)

    @router.get("/metrics")
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router


async def _state(check: Check) -> str:
    try:
        async with asyncio.timeout(PATIENCE):
            works = await check.works()
    except Exception as error:
        log.warning("part_does_not_answer", part=check.name, reason=type(error).__name__)
        works = False
    return "ok" if works else "down" if check.needed else "degraded"
