"""Service: the Telegram channel of one process, put together from settings."""

from __future__ import annotations

from fastapi import APIRouter

from bot.conversation.inbox import Intake
from bot.conversation.wording import Wording
from bot.settings import Settings

from .client import Client
from .outbound import TelegramChannel
from .polling import Patience, Poller
from .receiving import Receiver
from .setup import Webhook, introduce
from .webhook import PATH, webhook_router


class TelegramService:
    """What the composition root needs: `channel` to deliver by, `router` to mount, `run` to keep running.

    `router` is None where updates are polled for. Raises `TelegramMisconfigured`.
    """

    def __init__(
        self, settings: Settings, intake: Intake, wording: Wording, *, patience: Patience | None = None
    ) -> None:
        if settings.telegram_token is None:
            raise ValueError("Telegram is off: there is no token")
        self._wording = wording
        self._patience = patience
        self._client = Client(settings.telegram_token.get_secret_value(), settings.telegram_api_url)
        self._receiver = Receiver(intake, self._client.bot, wording, per_minute=settings.rate_per_contact)
        self._webhook = _webhook(settings)
        self.channel = TelegramChannel(self._client.bot, home=settings.public_url)
        self.router: APIRouter | None = (
            webhook_router(self._receiver, self._webhook.secret) if self._webhook is not None else None
        )

    async def run(self) -> None:
        """Tell Telegram how to reach us; when polling, go on asking for updates until cancelled."""
        await introduce(self._client.bot, self._wording, self._webhook, self._patience)
        if self._webhook is None:
            await Poller(self._client, self._receiver, self._patience).run()

    async def close(self) -> None:
        """Finish what is under way and close the connections; after `run` was cancelled."""
        await self._receiver.close()
        await self._client.close()


def _webhook(settings: Settings) -> Webhook | None:
    if settings.telegram_mode == "polling":
        return None
    secret = settings.telegram_secret.get_secret_value() if settings.telegram_secret is not None else ""
    return Webhook((settings.public_url or "").rstrip("/") + PATH, secret)
