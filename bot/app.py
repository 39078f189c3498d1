"""The composition root: the only place where parts are built from settings and put together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import structlog
import yaml
from prometheus_client import Counter
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker

from bot.channels.dispatcher import Dispatcher
from bot.channels.port import Channel, Channels
from bot.clients.rasa import RasaInterpreter
from bot.conversation.booking.closing import ClosingNotices
from bot.conversation.booking.form import Booking
from bot.conversation.booking.managing import Managing
from bot.conversation.forms import Forms
from bot.conversation.messages import Address, InboundMessage, Reply
from bot.conversation.outcomes import TurnResult
from bot.conversation.ports import Interpreter
from bot.conversation.retelling import Retelling
from bot.conversation.rush import Rush
from bot.conversation.speaking import Speaker
from bot.conversation.turn import CITY_TIME, Turn, apology
from bot.conversation.wording import Wording
from bot.domain.errors import AssistantError
from bot.papers.links import Links
from bot.papers.particulars import Clerk
from bot.papers.signed import SignedPapers
from bot.persistence.appointment_book import SqlAppointmentBook
from bot.persistence.closing import SqlClosing
from bot.persistence.directory_seeding import seed
from bot.persistence.directory_store import read_departments
from bot.persistence.embedded import EmbeddedPostgres
from bot.persistence.engine import create_engine
from bot.persistence.inbox_queue import SqlInboxQueue
from bot.persistence.intake import SqlIntake
from bot.persistence.migrations import migrate
from bot.persistence.offices import SqlOffices
from bot.persistence.openings import SqlOpenings
from bot.persistence.outbox_queue import SqlOutboxQueue
from bot.persistence.procedure_store import SqlProcedureStore
from bot.persistence.recall import SqlRecall
from bot.persistence.unit_of_work import unit_of_work_factory
from bot.secret_key import secret_key
from bot.settings import Settings
from bot.when import read_when
from bot.worker import TurnTaker, prepare_schema
from knowledge.answerer import Answerer
from knowledge.directory import Directory
from knowledge.embeddings import E5Embeddings
from knowledge.index import PassageIndex
from knowledge.licences import Licences

if TYPE_CHECKING:
    from bot.clients.language_model import LanguageModel

log = structlog.get_logger(__name__)

_Read = TypeVar("_Read")

TYPING_AFTER = 0.4
"""Seconds; most turns are over before, and then the sign would only flicker."""

DEGRADED = Counter("ctc_turns_without_nlu", "Turns taken while the NLU did not answer.")
RETOLD = Counter("ctc_answers_retold", "Answers given to the language model, by how that ended.", ["result"])


@asynccontextmanager
async def database(settings: Settings) -> AsyncIterator[str]:
    """The URL of a migrated database: the one of the settings, or the embedded one, started and shared."""
    embedded: EmbeddedPostgres | None = None
    url = settings.database_url
    try:
        if url is None:
            embedded = EmbeddedPostgres(settings.var_dir / "postgres")
            url = await asyncio.to_thread(embedded.start)
        await asyncio.to_thread(_prepare, url)
        await _seed(url, settings.data_dir)
        yield url
    finally:
        if embedded is not None:
            await asyncio.to_thread(embedded.stop)


def _prepare(url: str) -> None:
    migrate(url)
    prepare_schema(url)


async def _seed(url: str, data: Path) -> None:
    """Departments, services, counters and hours of the files, where nobody edited them on a page."""
    engine = create_engine(url, pool=1)
    try:
        await seed(engine, data / "directory")
    finally:
        await engine.dispose()


class ContentBroken(AssistantError):
    """A file of `data/` that everything needs cannot be used; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Content:
    """What editors write: wording, licences, departments."""

    wording: Wording
    licences: Licences
    directory: Directory

    @classmethod
    def read(cls, folder: Path) -> Content:
        """Raises `WordingError` or `ContentBroken`."""
        return cls(
            Wording.read(folder / "wording"),
            _read(Licences.read, folder),
            _read(Directory.read, folder / "directory" / "departments.yml"),
        )


def _read(reader: Callable[[Path], _Read], path: Path) -> _Read:
    try:
        return reader(path)
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise ContentBroken(f"{path}: {error}") from error


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of one process, built once."""

    settings: Settings
    url: str
    engine: AsyncEngine
    content: Content
    store: SqlProcedureStore
    answerer: Answerer
    interpreter: Interpreter
    intake: SqlIntake
    turn: Turn
    inbox: SqlInboxQueue
    outbox: SqlOutboxQueue
    recall: SqlRecall
    rush: Rush
    papers: SignedPapers

    def dispatcher(self, channels: Channels) -> Dispatcher:
        return Dispatcher(self.outbox, channels)

    def taker(self, channels: Channels, dispatcher: Dispatcher) -> TurnTaker:
        """What answers waiting updates; a turn that takes a while shows the contact that we are typing."""
        by_name = {channel.name: channel for channel in channels}

        async def take(message: InboundMessage) -> TurnResult:
            channel = by_name.get(message.address.channel)
            typing = asyncio.create_task(_show_typing_later(channel, message.address)) if channel else None
            try:
                return await self.turn.take(message)
            finally:
                if typing is not None:
                    typing.cancel()

        return TurnTaker(self.inbox, take, self.apologise, dispatcher.soon, self.rush)

    async def refresh_directory(self) -> None:
        """Departments as the administrators keep them now, for the answers of this process."""
        departments, broken = await read_departments(self.engine)
        if broken:
            log.error("departments_broken", keys=broken)
        if departments:
            self.content.directory.adopt(departments)

    def closing(self) -> SqlClosing:
        """What moves or tells those who are booked at a time that was closed."""
        return SqlClosing(self.engine, ClosingNotices(self.content.wording, self.papers))

    async def settle_displaced(self) -> dict[str, int]:
        """A sweep: move or tell whoever a closing left."""
        return dict(await self.closing().settle(datetime.now(UTC)))

    async def apologise(self, message: InboundMessage, incident: str) -> tuple[Reply, ...]:
        """What a contact hears when a turn failed for good."""
        tracker = await self.recall.tracker(message.address)
        today: date = message.sent_at.astimezone(CITY_TIME).date()
        return apology(Speaker(self.content.wording, tracker.language, today), incident).replies


async def _show_typing_later(channel: Channel, address: Address) -> None:
    await asyncio.sleep(TYPING_AFTER)
    try:
        await channel.show_typing(address)
    except Exception:
        # A missing sign costs the contact nothing; the reply itself is what must arrive.
        log.warning("typing_not_shown", channel=channel.name, exc_info=True)


def knowledge(settings: Settings, engine: AsyncEngine) -> tuple[SqlProcedureStore, Answerer]:
    """The procedures and what finds them; nothing is read before `Answerer.refresh`."""
    store = SqlProcedureStore(async_sessionmaker(engine))
    embeddings = E5Embeddings()
    index = PassageIndex(embeddings, settings.var_dir / "chroma", settings.chroma_url)
    return store, Answerer(store, settings.data_dir, index, embeddings)


def _language_model(settings: Settings) -> LanguageModel | None:
    if settings.model_url is None or settings.model_name is None:
        return None
    # Its libraries take two seconds to import, which only those pay who switch it on.
    from bot.clients.language_model import LanguageModel

    return LanguageModel(
        settings.model_url,
        settings.model_name,
        key=settings.model_key.get_secret_value(),
        timeout=settings.model_timeout,
    )


def _papers(settings: Settings, content: Content, answerer: Answerer) -> SignedPapers:
    links = Links(secret_key(settings), settings.public_url)
    return SignedPapers(links, Clerk(content.wording, content.directory, answerer.procedure), content.wording)


def _forms(engine: AsyncEngine, content: Content, answerer: Answerer, papers: SignedPapers) -> Forms:
    offices, openings, book = SqlOffices(engine), SqlOpenings(engine), SqlAppointmentBook(engine)
    booking = Booking(
        offices=offices,
        openings=openings,
        book=book,
        papers=papers,
        answerer=answerer,
        directory=content.directory,
        read_time=read_when,
    )
    managing = Managing(
        offices=offices,
        openings=openings,
        book=book,
        papers=papers,
        answerer=answerer,
        directory=content.directory,
        read_time=read_when,
        booking=booking,
    )
    return Forms((managing, booking))  # an opening chosen while an appointment is moved is its new time


@asynccontextmanager
async def parts(settings: Settings, url: str, rasa_url: str, rasa_token: str) -> AsyncIterator[Parts]:
    """Everything a process needs to take turns, on a migrated database at `url`."""
    content = await asyncio.to_thread(Content.read, settings.data_dir)
    engine = create_engine(url, pool=settings.database_pool)
    interpreter = RasaInterpreter(rasa_url, token=rasa_token, timeout=settings.rasa_timeout)
    model = _language_model(settings)
    try:
        store, answerer = knowledge(settings, engine)
        recall = SqlRecall(engine)
        rush = Rush()
        papers = _papers(settings, content, answerer)
        turn = Turn(
            interpreter=interpreter,
            answerer=answerer,
            licences=content.licences,
            directory=content.directory,
            wording=content.wording,
            recall=recall,
            unit_of_work=unit_of_work_factory(engine),
            retention_days=settings.retention_days,
            forms=_forms(engine, content, answerer, papers),
            retelling=Retelling(model, lambda result: RETOLD.labels(result).inc()),
            on_degraded=DEGRADED.inc,
        )
        yield Parts(
            settings,
            url,
            engine,
            content,
            store,
            answerer,
            interpreter,
            SqlIntake(engine, rush),
            turn,
            SqlInboxQueue(engine),
            SqlOutboxQueue(engine),
            recall,
            rush,
            papers,
        )
    finally:
        await interpreter.close()
        if model is not None:
            await model.close()
        await engine.dispose()
