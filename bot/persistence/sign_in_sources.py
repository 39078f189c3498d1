"""Where officials sign in from: browsers that were in before, and networks; each with its own count of wrong tries.

A browser is known by a random token of its own, of which only the hash is kept (OWASP's device cookies); a network
by a keyed hash of its address, for a day.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from .official_rows import SignInSourceRow
from .official_sessions import key_of

KNOWN_FOR = timedelta(days=180)
"""A browser that was not used to sign in for so long is a stranger again."""
_NETWORK_KEPT_FOR = timedelta(days=1)
NETWORKS = "network:"
_BROWSERS = "browser:"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a try comes from. `network`: a hash of its address; `browser`: the token it was given when it was in."""

    network: str
    browser: str | None = None

    @property
    def network_key(self) -> str:
        return f"{NETWORKS}{self.network}"


@dataclass(frozen=True, slots=True)
class Counted:
    """What is kept of a source."""

    source: str
    tries: int
    locked_until: datetime | None
    seen_at: datetime


async def known_browser(
    connection: AsyncConnection, official: UUID, token: str | None, now: datetime
) -> Counted | None:
    """What is counted for a browser in which `official` was in before; None for any other."""
    if token is None:
        return None
    found = await counted(connection, official, _key(token))
    return found if found is not None and found.seen_at > now - KNOWN_FOR else None


async def counted(connection: AsyncConnection, official: UUID, source: str) -> Counted | None:
    """What is counted for a source, by its key."""
    row = SignInSourceRow
    wanted = select(row.source, row.failed_attempts, row.locked_until, row.seen_at)
    found = await connection.execute(wanted.where(row.official_id == official, row.source == source))
    kept = found.one_or_none()
    return None if kept is None else Counted(*kept)


async def count(
    connection: AsyncConnection, official: UUID, source: str, tries: int, until: datetime | None, now: datetime
) -> None:
    """Keep the count of a source; networks of yesterday are forgotten by the way."""
    values: dict[str, Any] = {"failed_attempts": tries, "locked_until": until}
    if source.startswith(NETWORKS):
        values |= {"seen_at": now}
        await _forget(connection, official, SignInSourceRow.source.startswith(NETWORKS), now - _NETWORK_KEPT_FOR)
    await connection.execute(
        insert(SignInSourceRow)
        .values(official_id=official, source=source, **({"seen_at": now} | values))
        .on_conflict_do_update(index_elements=["official_id", "source"], set_=values)
    )


async def know_browser(connection: AsyncConnection, official: UUID, token: str | None, *, now: datetime) -> str:
    """Remember the browser that was just let in; its token, a new one where nobody was ever in with `token`."""
    if token is None or not await connection.scalar(
        select(func.count()).select_from(SignInSourceRow).where(SignInSourceRow.source == _key(token))
    ):
        token = secrets.token_urlsafe(32)
    await connection.execute(
        insert(SignInSourceRow)
        .values(official_id=official, source=_key(token), seen_at=now)
        .on_conflict_do_update(index_elements=["official_id", "source"], set_={"seen_at": now})
    )
    await _forget(connection, official, SignInSourceRow.source.startswith(_BROWSERS), now - KNOWN_FOR)
    return token


async def forget_browsers(connection: AsyncConnection, official: UUID, *, but: str | None = None) -> None:
    """Every browser is a stranger again, `but` the one with this token."""
    row = SignInSourceRow
    which = row.source.startswith(_BROWSERS) & (row.source != _key(but or ""))
    await connection.execute(delete(row).where(row.official_id == official, which))


async def _forget(connection: AsyncConnection, official: UUID, which: Any, before: datetime) -> None:
    row = SignInSourceRow
    await connection.execute(delete(row).where(row.official_id == official, which, row.seen_at < before))


def _key(token: str) -> str:
    return f"{_BROWSERS}{key_of(token)}"
