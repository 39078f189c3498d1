"""Runs the assistant: everything in one process (`bot up`), or one part of it (`serve`, `work`, `schedule`)."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Any

import structlog

from bot import nlu_server
from bot.app import Parts, database, parts
from bot.conversation.booking.reminding import Reminding
from bot.domain.errors import AssistantError
from bot.gateways import Gateways
from bot.settings import Settings
from bot.supervising import port_is_taken
from bot.worker import run_worker
from scheduler.jobs import Sweep, booking_sweeps, sweeps
from scheduler.runner import run_scheduler

log = structlog.get_logger(__name__)

Say = Callable[[str], None]
SHORTEST_SECRET = 32


class CannotStart(AssistantError):
    """The settings do not allow a start; the message says which, and what to do."""


def check(settings: Settings) -> None:
    """Raises `CannotStart` for settings that are unsafe or cannot work."""
    secret = settings.secret_key.get_secret_value()
    if not settings.demonstration and (secret.startswith("demonstration") or len(secret) < SHORTEST_SECRET):
        raise CannotStart(f"CTC_SECRET_KEY must be a secret of at least {SHORTEST_SECRET} characters of your own")
    if settings.telegram_token is not None and settings.telegram_mode == "webhook":
        if settings.telegram_secret is None:
            raise CannotStart("CTC_TELEGRAM_MODE=webhook needs CTC_TELEGRAM_SECRET")
        if settings.public_url is None:
            raise CannotStart("CTC_TELEGRAM_MODE=webhook needs CTC_PUBLIC_URL, the https address the world reaches")


async def up(settings: Settings, say: Say) -> None:
    """Everything on this machine, until SIGINT or SIGTERM."""
    began = time.monotonic()
    check(settings)
    if port_is_taken(settings.host, settings.port):
        raise CannotStart(f"port {settings.port} is taken by another program; choose one with CTC_PORT=8090")
    async with AsyncExitStack() as stack:
        say("1/4 database: starting PostgreSQL")
        url = await stack.enter_async_context(database(settings))
        say("2/4 understanding: checking the trained model")
        server = await stack.enter_async_context(_nlu(settings, say))
        say("3/4 knowledge: reading procedures")
        assistant = await stack.enter_async_context(parts(settings, url, server.url, server.token))
        await refresh(assistant, say)
        say("4/4 channels: opening the doors")
        gateways = Gateways(assistant, server)
        dispatcher = assistant.dispatcher(gateways.channels)
        try:
            await _until_stopped(
                gateways.serve(),
                gateways.poll(),
                run_worker(url, assistant.taker(gateways.channels, dispatcher), concurrency=settings.workers),
                run_scheduler(_sweeps(assistant, dispatcher.deliver_due)),
                _announce(gateways, server, say, began),
            )
        finally:
            say("stopping")
            await dispatcher.drain(5)
            await gateways.close()
    say("stopped")


async def serve(settings: Settings, say: Say) -> None:
    """The web app and the webhooks only."""
    check(settings)
    async with _process(settings, say) as (assistant, server):
        await refresh(assistant, say)
        gateways = Gateways(assistant, server)
        try:
            await _until_stopped(gateways.serve(), gateways.poll(), _reload(assistant))
        finally:
            await gateways.close()


async def work(settings: Settings, say: Say) -> None:
    """The worker only: takes turns and delivers replies."""
    check(settings)
    async with _process(settings, say) as (assistant, server):
        await refresh(assistant, say)
        gateways = Gateways(assistant, server)
        dispatcher = assistant.dispatcher(gateways.channels)
        say("taking turns")
        try:
            await _until_stopped(
                run_worker(assistant.url, assistant.taker(gateways.channels, dispatcher), concurrency=settings.workers),
                _reload(assistant),
            )
        finally:
            await dispatcher.drain()
            await gateways.close()


async def schedule(settings: Settings, say: Say) -> None:
    """The sweeps only."""
    check(settings)
    async with _process(settings, say) as (assistant, server):
        gateways = Gateways(assistant, server)
        dispatcher = assistant.dispatcher(gateways.channels)
        say("ringing the sweeps")
        try:
            await _until_stopped(run_scheduler(_sweeps(assistant, dispatcher.deliver_due)))
        finally:
            await gateways.close()


async def refresh(assistant: Parts, say: Say) -> None:
    """Read procedures and index what changed, telling how far it is and which files are broken."""
    last = [0.0]

    def tell(done: int, whole: int) -> None:
        if time.monotonic() - last[0] > 2:
            last[0] = time.monotonic()
            say(f"  indexing: {done} of {whole} passages")

    await assistant.refresh_directory()
    report = await assistant.answerer.refresh(tell)
    for broken in report.broken:
        say(f"  left out {broken.path.name}: {broken.reason}")
    if report.moved_aside is not None:
        say(f"  the index was damaged; it was moved to {report.moved_aside} and built anew")
    say(f"  {report.procedures} procedures can be asked about")


@asynccontextmanager
async def _process(settings: Settings, say: Say) -> AsyncIterator[tuple[Parts, nlu_server.NluServer]]:
    server = await nlu_server.find(settings)
    if server is None:
        raise CannotStart("no Rasa server answers; set CTC_RASA_URL, or run everything with `bot up`")
    async with database(settings) as url, parts(settings, url, server.url, server.token) as assistant:
        yield assistant, server


@asynccontextmanager
async def _nlu(settings: Settings, say: Say) -> AsyncIterator[nlu_server.NluServer]:
    """The Rasa server: the one of the settings, or a child that warms up while the rest is prepared."""
    if settings.rasa_url is not None:
        yield nlu_server.NluServer(settings.rasa_url, settings.rasa_token.get_secret_value())
        return
    model = await asyncio.to_thread(nlu_server.train, settings, lambda line: say(f"  {line}"))
    keeper, server = nlu_server.child(settings, model)
    task = asyncio.create_task(keeper.keep(), name="rasa")
    nlu_server.publish(settings, server)
    try:
        yield server
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def _sweeps(assistant: Parts, deliver_due: Callable[[], Coroutine[Any, Any, object]]) -> list[Any]:
    return [
        *sweeps(
            assistant.engine,
            deliver_due=deliver_due,
            refresh_index=lambda: _refresh(assistant),
            keep=timedelta(days=assistant.settings.retention_days),
        ),
        *booking_sweeps(
            assistant.engine, Reminding(assistant.content.wording, assistant.papers, assistant.answerer.procedure)
        ),
        Sweep("settle_displaced", timedelta(seconds=20), assistant.settle_displaced),
    ]


async def _refresh(assistant: Parts) -> None:
    """Read again what others may have changed: the departments and the procedures."""
    await assistant.refresh_directory()
    await assistant.answerer.refresh()


async def _reload(assistant: Parts) -> None:
    """Notice, in processes without sweeps, that the knowledge changed."""
    while True:
        await asyncio.sleep(60)
        try:
            await _refresh(assistant)
        except Exception:
            log.exception("knowledge_refresh_failed")


async def _announce(gateways: Gateways, server: nlu_server.NluServer, say: Say, began: float) -> None:
    """Print the addresses once the web app listens, and say when the understanding is warm."""
    await gateways.listening()
    for line in gateways.addresses():
        say(line)
    while not await server.answers():
        await asyncio.sleep(0.5)
    say(f"ready after {time.monotonic() - began:.0f} seconds; Ctrl-C stops")
    await asyncio.Event().wait()


async def _until_stopped(*work: Coroutine[Any, Any, None]) -> None:
    """Run all of `work` until a signal, or until one part fails; then stop the others in order."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    tasks = [asyncio.create_task(part) for part in work]
    stopped = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait([*tasks, stopped], return_when=asyncio.FIRST_COMPLETED)
        if not stopped.done():
            for task in tasks:
                if task.done():
                    task.result()  # raises what ended it
    finally:
        stopped.cancel()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, stopped, return_exceptions=True)
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
