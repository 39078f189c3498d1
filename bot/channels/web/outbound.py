"""The web channel: the reply is in the outbox already, so delivering it is telling the open pages to look."""

from __future__ import annotations

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.errors import PlatformDown
from bot.channels.port import Capabilities, OutboundReply
from bot.conversation.messages import Address
from bot.persistence.engine import at_once, is_database_away

from .inbound import NAME
from .wakeups import NOTIFICATIONS, News, notification

log = structlog.get_logger(__name__)

_NOTIFY = text("SELECT pg_notify(:channel, :payload)")


class WebChannel:
    """`Channel` of the web chat. A page that is closed reads the reply when it comes back."""

    name = NAME
    capabilities = Capabilities(
        max_text=100_000,
        max_buttons=24,
        max_button_title=200,
        opens_links=True,
        retries_are_safe=True,
    )

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = at_once(engine)

    async def deliver(self, outbound: OutboundReply) -> str | None:
        """As the port says. Raises `PlatformDown` while the database is away."""
        try:
            await self._notify(News.REPLY, outbound.address)
        except SQLAlchemyError as error:
            if not is_database_away(error):
                raise
            raise PlatformDown(type(error).__name__, perhaps_delivered=False) from error
        return None

    async def show_typing(self, address: Address) -> None:
        """As the port says."""
        try:
            await self._notify(News.TYPING, address)
        except SQLAlchemyError as error:
            log.info("web_typing_not_shown", reason=type(error).__name__)

    async def _notify(self, news: News, address: Address) -> None:
        values = {"channel": NOTIFICATIONS, "payload": notification(news, address.contact)}
        async with self._engine.connect() as connection:
            await connection.execute(_NOTIFY, values)
