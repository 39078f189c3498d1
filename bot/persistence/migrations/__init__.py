"""Migrations: the tables of `rows` as a history of revisions, applied when the assistant starts.

A new revision is drafted against a migrated database, then read and corrected by hand:
`python -m bot.persistence.migrations postgresql://… "what changes"`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from bot.persistence.engine import SCHEMA_LOCK, sqlalchemy_url


def migrate(url: str) -> None:
    """Bring the database at `url` to the newest revision. Idempotent; a second process waits for the first.

    Blocks; call it in a thread. Raises `sqlalchemy.exc.SQLAlchemyError`.
    """
    engine = create_engine(sqlalchemy_url(url), poolclass=NullPool)
    try:
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": SCHEMA_LOCK})
            command.upgrade(_configuration(connection), "head")
    finally:
        engine.dispose()


def draft(url: str, message: str) -> None:
    """Write a new revision file from what `rows` has and the database at `url` lacks."""
    engine = create_engine(sqlalchemy_url(url), poolclass=NullPool)
    with engine.connect() as connection:
        command.revision(_configuration(connection), message, autogenerate=True)


def _configuration(connection: Connection) -> Config:
    config = Config()
    # Alembic reads "%" in options as interpolation.
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "m%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config


if __name__ == "__main__":
    draft(sys.argv[1], sys.argv[2])
