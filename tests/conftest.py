"""What many tests share: one real PostgreSQL and one real Rasa, a fresh database for each test, the whole assistant."""

from __future__ import annotations

import asyncio
import itertools
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
import structlog
from psycopg import sql
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import nlu_server
from bot.app import parts
from bot.clients.rasa import RasaInterpreter
from bot.headless import Headless
from bot.nlu_server import NluServer
from bot.persistence.directory_seeding import seed
from bot.persistence.embedded import EmbeddedPostgres
from bot.persistence.engine import create_engine
from bot.persistence.migrations import migrate
from bot.settings import Settings
from bot.worker import prepare_schema
from tests.waiting import PATIENCE

_numbers = itertools.count(1)


@pytest.fixture(scope="session", autouse=True)
def plain_logs() -> None:
    """Tracebacks without colours and variables, which take a second each to draw."""
    console = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.processors.add_log_level, console])


@dataclass(frozen=True, slots=True)
class Database:
    """A migrated, empty database: its `postgresql://` URL and an engine on it."""

    url: str
    engine: AsyncEngine


@pytest.fixture
def server_folder() -> Iterator[Path]:
    """A folder for a server's data, below a short path.

    Not pytest's own: whenever another run begins, that one is closed to all but its owner, and where the
    tests run as root the server runs as somebody else.
    """
    with tempfile.TemporaryDirectory(prefix="ctc-") as folder:
        yield Path(folder) / "postgres"


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """A server of our own, without safety against power cuts."""
    with (
        tempfile.TemporaryDirectory(prefix="ctc-") as folder,
        EmbeddedPostgres(Path(folder) / "postgres", durable=False) as server,
    ):
        yield server


@pytest.fixture(scope="session")
def template(postgres: EmbeddedPostgres) -> str:
    """The name of a migrated database that others are copied from."""
    name = f"template_{os.getpid()}"
    _administer(postgres, "CREATE DATABASE {}", name)
    migrate(postgres.url_of(name))
    prepare_schema(postgres.url_of(name))
    return name


@pytest.fixture
async def database_url(postgres: EmbeddedPostgres, template: str) -> AsyncIterator[str]:
    """The URL of a migrated, empty database; dropped afterwards, whoever is still connected."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    await asyncio.to_thread(_administer, postgres, "CREATE DATABASE {} TEMPLATE {}", name, template)
    yield postgres.url_of(name)
    await asyncio.to_thread(_administer, postgres, "DROP DATABASE {} WITH (FORCE)", name)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A migrated, empty database."""
    engine = create_engine(database_url, pool=5)
    yield Database(database_url, engine)
    await engine.dispose()


@pytest.fixture(scope="session")
async def nlu(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[NluServer]:
    """The real Rasa server with the real model, one for all tests; the first ever start trains for some minutes."""
    folder: Path = tmp_path_factory.mktemp("nlu")
    async with nlu_server.own(Settings(var_dir=folder, rasa_url=None, rasa_port=0), print) as server:
        yield server


@pytest.fixture(scope="session")
async def interpreter(nlu: NluServer) -> AsyncIterator[RasaInterpreter]:
    """The client of that server."""
    client = RasaInterpreter(nlu.url, token=nlu.token, timeout=timedelta(seconds=PATIENCE))
    yield client
    await client.close()


@pytest.fixture(scope="session")
async def assistant(
    postgres: EmbeddedPostgres, template: str, nlu: NluServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Headless]:
    """The whole assistant without platforms: real database, understanding, index and content."""
    name = f"assistant_{os.getpid()}"
    await asyncio.to_thread(_administer, postgres, "CREATE DATABASE {} TEMPLATE {}", name, template)
    settings = Settings(var_dir=tmp_path_factory.mktemp("assistant"), rasa_timeout=timedelta(seconds=PATIENCE))
    async with parts(settings, postgres.url_of(name), nlu.url, nlu.token) as built:
        await seed(built.engine, settings.data_dir / "directory")
        await built.answerer.refresh()
        yield Headless(built, "test")


def _administer(server: EmbeddedPostgres, statement: str, *names: str) -> None:
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
