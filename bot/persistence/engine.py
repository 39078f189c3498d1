"""Engine: the pool of database connections of one process."""

from __future__ import annotations

import time

from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, InterfaceError, InvalidatePoolError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

SCHEMA_LOCK = 0x0C7C_0001
"""The advisory lock held while the schema changes, by every program that changes it."""
UNFLUSHED = "(SELECT set_config('synchronous_commit', 'off', true)) = 'off'"
"""An SQL condition, always true, that lets its transaction not wait for the disk. For what is only done again
when a power cut makes the database forget it: claims and attempts, never updates and replies."""
_TRUSTED = 1.0
"""Seconds for which a connection given back is taken to be alive."""


def sqlalchemy_url(url: str) -> URL:
    """`url` for SQLAlchemy with psycopg 3, whichever of the usual spellings it came in."""
    return make_url(url.replace("postgres://", "postgresql://", 1)).set(drivername="postgresql+psycopg")


def conninfo(url: str) -> str:
    """`url` as libpq itself reads it, for programs that use psycopg without SQLAlchemy."""
    return sqlalchemy_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def create_engine(url: str, *, pool: int = 10) -> AsyncEngine:
    """An engine with at most `pool` connections; in a rush callers wait, since opening more costs more.

    A connection that was idle is tried before use, so that a restarted database costs no turn. Errors hide
    the statement's values: they may be what a contact wrote.
    """
    engine = create_async_engine(
        sqlalchemy_url(url),
        pool_size=pool,
        max_overflow=0,
        pool_timeout=10,
        hide_parameters=True,
    )
    _try_when_idle(engine)
    return engine


def _try_when_idle(engine: AsyncEngine) -> None:
    """As SQLAlchemy's `pool_pre_ping`, but only after some idleness: under load it doubled the round trips."""
    dialect = engine.dialect

    @event.listens_for(engine.sync_engine, "checkin")
    def note_the_time(_connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
        record.info["idle_since"] = time.monotonic()

    @event.listens_for(engine.sync_engine, "checkout")
    def try_it(connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: PoolProxiedConnection) -> None:
        if time.monotonic() - record.info.get("idle_since", time.monotonic()) < _TRUSTED:
            return
        try:
            dialect.do_ping(connection)
        except dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error  # all of them are as old, and a new one is made


def at_once(engine: AsyncEngine) -> AsyncEngine:
    """The same pool, each statement its own transaction: saves two round trips for a single statement."""
    return engine.execution_options(isolation_level="AUTOCOMMIT")


def is_database_away(error: BaseException) -> bool:
    """Whether `error` says that the database cannot be reached, and not that a statement was wrong."""
    if isinstance(error, PoolTimeout):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated:
        return True
    state = getattr(error.orig, "sqlstate", None)
    if state is None:  # the connection broke before the server could say anything
        return isinstance(error, OperationalError | InterfaceError)
    return state[:2] in ("08", "53", "57") and state != "57014"  # 57014 is a cancelled statement
