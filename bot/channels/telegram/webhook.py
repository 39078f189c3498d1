"""Webhook: Telegram brings an update, and hears 200 only once it is stored.

What Telegram does after another answer decides ours: it brings the update again for up to 24 hours, and
holds the chat's later ones back meanwhile. So only what may go better next time is refused:

* 403 wrong or missing secret, counted; not Telegram, and nothing was read
* 413 over `MOST_BYTES`, 400 no JSON: Telegram sends neither
* 200 stored; also an update of an unknown kind or shape, stored as ignored
* 503 the database is away; 500 a fault of ours: Telegram keeps the update for us
"""

from __future__ import annotations

import hmac
import json

import structlog
from fastapi import APIRouter, Request, Response

from bot.channels.limiting import NO_WAIT, RateLimiter
from bot.persistence.engine import is_database_away

from .receiving import UPDATES, Receiver

log = structlog.get_logger(__name__)

PATH = "/channels/telegram/webhook"
MOST_BYTES = 1_048_576
"""Far above any update: a text has at most 4,096 characters."""
_SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name


def webhook_router(receiver: Receiver, secret: str) -> APIRouter:
    """The route Telegram calls; `secret` is what `setWebhook` was told."""
    router = APIRouter()
    warnings = RateLimiter(1)  # the counter counts all of them; the log need not grow with an attack

    @router.post(PATH, include_in_schema=False)
    async def receive(request: Request) -> Response:
        if not hmac.compare_digest(request.headers.get(_SECRET, "").encode(), secret.encode()):
            UPDATES.labels("wrong_secret").inc()
            if warnings.take("") == NO_WAIT:
                log.warning("webhook_secret_wrong")
            return Response(status_code=403)
        body = await _read(request)
        if body is None:
            UPDATES.labels("too_large").inc()
            return Response(status_code=413)
        try:
            update = json.loads(body)
        except (ValueError, RecursionError):
            UPDATES.labels("no_json").inc()
            return Response(status_code=400)
        try:
            await receiver.receive(update)
        except Exception as error:
            if not is_database_away(error):
                log.exception("update_not_stored")
                return Response(status_code=500)
            log.warning("update_not_stored", reason=type(error).__name__)
            return Response(status_code=503)
        return Response(status_code=200)

    return router


async def _read(request: Request) -> bytes | None:
    """The body; None where it is too large, as soon as that is known."""
    stated = request.headers.get("content-length", "")
    if stated.isdecimal() and int(stated) > MOST_BYTES:
        return None
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            return None
    return bytes(body)
