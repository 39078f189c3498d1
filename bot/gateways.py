"""The doors of a process: the web app, Telegram where it is set, and the channels replies leave by."""

from __future__ import annotations

import asyncio
import contextlib
import functools
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from fastapi import APIRouter
from sqlalchemy import text

from bot.app import Parts
from bot.channels.limiting import RateLimiter
from bot.channels.port import Channel
from bot.channels.telegram.service import TelegramService
from bot.channels.web.admission import network_of
from bot.channels.web.app import create_web_app
from bot.channels.web.appointments import AppointmentPages
from bot.channels.web.health import Check
from bot.channels.web.outbound import WebChannel
from bot.channels.web.serving import WebServer
from bot.channels.web.wakeups import Wakeups
from bot.console.console import Console
from bot.console.desk.pages import add_desk
from bot.console.directory.part import add_directory
from bot.console.wording import ConsoleWording
from bot.conversation.booking.page_notices import PageNotices
from bot.nlu_server import NluServer
from bot.persistence.appointment_links import SqlLinkedAppointments
from bot.persistence.linked_changes import SqlLinkedChanges
from bot.secret_key import secret_key


class _Server(WebServer):
    """The web server within a process that handles its signals itself."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _now() -> datetime:
    return datetime.now(UTC)


class Gateways:
    """Every platform this process speaks through. `clock` is the time by which appointments' pages are shown."""

    def __init__(self, assistant: Parts, nlu: NluServer, *, clock: Callable[[], datetime] = _now) -> None:
        self._parts = assistant
        self._clock = clock
        self._nlu = nlu
        settings = assistant.settings
        self._telegram = (
            TelegramService(settings, assistant.intake, assistant.content.wording)
            if settings.telegram_token is not None
            else None
        )
        self.channels: list[Channel] = [WebChannel(assistant.engine)]
        if self._telegram is not None:
            self.channels.append(self._telegram.channel)
        self._server: _Server | None = None
        self._opened = asyncio.Event()

    async def serve(self) -> None:
        """The web app, until cancelled."""
        wakeups = Wakeups()
        routers: list[APIRouter] = [self._appointment_pages().router(), self._console().router()]
        if self._telegram is not None and self._telegram.router is not None:
            routers.append(self._telegram.router)
        settings = self._parts.settings
        web = create_web_app(
            settings=settings,
            database_url=self._parts.url,
            engine=self._parts.engine,
            intake=self._parts.intake,
            wording=self._parts.content.wording,
            checks=[
                Check("database", works=self._database_answers),
                Check("index", works=self._index_is_loaded),
                Check("nlu", works=self._nlu.answers, needed=False),
            ],
            routers=routers,
            wakeups=wakeups,
        )
        self._server = _Server(web, wakeups, host=settings.host, port=settings.port)
        serving = asyncio.create_task(self._server.serve())
        try:
            while not self._server.started and not serving.done():
                await asyncio.sleep(0.05)
            self._opened.set()
            await asyncio.shield(serving)
        except asyncio.CancelledError:
            self._server.should_exit = True
            await serving
            raise

    async def poll(self) -> None:
        """Telegram's side of the talk, until cancelled: registers the bot, then polls where polling is set."""
        if self._telegram is not None:
            await self._telegram.run()
        await asyncio.Event().wait()

    async def listening(self) -> None:
        """Wait until the web app accepts connections."""
        await self._opened.wait()

    def addresses(self) -> list[str]:
        """Where a person finds us, a line each."""
        settings = self._parts.settings
        host = "localhost" if settings.host in ("127.0.0.1", "0.0.0.0", "::") else settings.host  # noqa: S104 - compared
        lines = [f"web chat:  http://{host}:{settings.port}/", f"health:    http://{host}:{settings.port}/readyz"]
        lines.append(f"console:   http://{host}:{settings.port}/console/ (first account: bot official add)")
        if self._telegram is not None:
            lines.append(f"telegram:  {settings.telegram_mode}")
        else:
            lines.append("telegram:  off (set CTC_TELEGRAM_TOKEN to turn it on)")
        return lines

    async def close(self) -> None:
        if self._telegram is not None:
            await self._telegram.close()

    def _appointment_pages(self) -> AppointmentPages:
        return AppointmentPages(
            papers=self._parts.papers,
            appointments=SqlLinkedAppointments(self._parts.engine),
            changes=SqlLinkedChanges(self._parts.engine, PageNotices(self._parts.content.wording)),
            wording=self._parts.content.wording,
            clock=self._clock,
        )

    def _console(self) -> Console:
        """The pages of officials and administrators; each part is added here."""
        settings = self._parts.settings
        console = Console(
            engine=self._parts.engine,
            wording=ConsoleWording.read(settings.data_dir / "console"),
            secret=secret_key(settings),
            # Tries to sign in, a minute from one network: an office that comes to work at eight fits.
            limiter=RateLimiter(20, burst=40),
            network_of=functools.partial(network_of, trust_proxy=settings.trust_proxy),
            public_url=settings.public_url,
            demonstration=settings.demonstration,
        )
        add_desk(console, self._parts.content.wording, self._parts.papers.links.scanned, secret_key(settings))
        add_directory(console, self._parts.engine, self._parts.closing().settle)
        return console

    async def _database_answers(self) -> bool:
        async with self._parts.engine.connect() as connection:
            await connection.execute(text("SELECT 1"))
        return True

    async def _index_is_loaded(self) -> bool:
        return self._parts.answerer.size > 0
