"""Migrations make exactly the tables that the code speaks of, however many processes start at once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from bot.persistence import booking_rows, official_rows  # noqa: F401 - their tables join the metadata
from bot.persistence.embedded import EmbeddedPostgres
from bot.persistence.engine import sqlalchemy_url
from bot.persistence.migrations import migrate
from bot.persistence.rows import Row
from bot.worker import prepare_schema


@pytest.fixture
def empty_url(postgres: EmbeddedPostgres) -> Iterator[str]:
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE empty")
        yield postgres.url_of("empty")
        connection.execute("DROP DATABASE empty WITH (FORCE)")


def test_the_migrated_tables_are_those_of_the_code(database_url: str) -> None:
    engine = create_engine(sqlalchemy_url(database_url))
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_server_default": True,
                "include_name": lambda name, kind, _: kind != "table" or not name.startswith("procrastinate_"),
            },
        )
        assert compare_metadata(context, Row.metadata) == []
    engine.dispose()


async def test_two_processes_may_migrate_at_once(empty_url: str) -> None:
    def prepare() -> None:
        migrate(empty_url)
        prepare_schema(empty_url)

    await asyncio.gather(*(asyncio.to_thread(prepare) for _ in range(3)))
    with psycopg.connect(empty_url) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("0003",)]
        assert connection.execute("SELECT count(*) FROM procrastinate_jobs").fetchone() == (0,)
