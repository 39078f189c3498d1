"""The web app: the chat, the health pages, and whatever routes other parts bring along.

Built by the composition root from parts it hands in; holds no globals and opens nothing when built.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence

from fastapi import APIRouter, FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.limiting import RateLimiter
from bot.conversation.inbox import Intake
from bot.conversation.wording import Wording
from bot.secret_key import secret_key
from bot.settings import Settings

from .admission import Admission
from .chat import Chat
from .headers import SecurityHeaders
from .health import Check, health_router
from .pages import Pages
from .replies import SqlReplies
from .visitors import Visitors
from .wakeups import Wakeups


def create_web_app(
    *,
    settings: Settings,
    database_url: str,
    engine: AsyncEngine,
    intake: Intake,
    wording: Wording,
    checks: Sequence[Check] = (),
    routers: Sequence[APIRouter] = (),
    wakeups: Wakeups | None = None,
) -> FastAPI:
    """The web app; its lifespan keeps one connection that listens for new replies.

    Give the same `wakeups` to `WebServer`, so that open streams end when the server stops. Raises
    `NotAnOrigin` where `web_allowed_origins` is wrong.
    """
    awake = wakeups if wakeups is not None else Wakeups()

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        listener = asyncio.create_task(awake.listen(database_url), name="web listener")
        try:
            yield
        finally:
            awake.close()
            listener.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await listener

    app = FastAPI(title="Cùng Thành Công", lifespan=lifespan, openapi_url=None, docs_url=None, redoc_url=None)
    https = (settings.public_url or "").startswith("https://")
    app.add_middleware(SecurityHeaders, https=https)
    chat = Chat(
        visitors=Visitors(secret_key(settings)),
        admission=Admission(
            RateLimiter(settings.rate_per_contact),
            RateLimiter(settings.rate_per_address),
            trust_proxy=settings.trust_proxy,
        ),
        intake=intake,
        replies=SqlReplies(engine),
        wakeups=awake,
        wording=wording,
    )
    pages = Pages(wording, demonstration=settings.demonstration, allowed_origins=settings.web_allowed_origins)
    for router in (health_router(checks), chat.router(), pages.router(), *routers):
        app.include_router(router)
    return app
