"""Tries to sign in and what slows them, so that guessing takes for ever and nobody else's guessing keeps one out.

A browser that was in before has a count of its own. Every other try is counted for its network, and for the account,
which is held back last: one stranger locks out themself, many strangers the strangers. A try is counted before it is
judged, under the lock of the account's row, so that a hundred at once are not a hundred free ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import case, delete, func, null, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from .official_rows import OfficialRow, SignInSourceRow
from .sign_in_sources import NETWORKS, Source, count, counted, known_browser

TRIES = 5
"""Wrong tries from one browser or network before its first lock."""
TRIES_OF_STRANGERS = 25
"""Wrong tries from all networks before every browser that was never in must wait."""
FIRST_LOCK = timedelta(minutes=1)
LONGEST_LOCK = timedelta(hours=1)
"""Each further wrong try doubles the lock, up to this."""


@dataclass(frozen=True, slots=True)
class Try:
    """A try that may be judged, and what to judge it by."""

    official: UUID
    login: str
    role: str
    password_hash: str
    must_change_password: bool
    totp_secret: str | None
    totp_confirmed_at: datetime | None
    totp_last_step: int | None
    source: str
    """The browser or network it is counted for."""
    tries: int
    """Wrong ones in a row from there, this one included."""
    of_strangers: int | None
    """Wrong ones in a row from everywhere; None for a browser that was in before."""

    @property
    def locks(self) -> bool:
        """Whether this one, if it is wrong, holds back those that follow."""
        return self.tries >= TRIES or (self.of_strangers or 0) >= TRIES_OF_STRANGERS


async def begin_try(connection: AsyncConnection, login: str, source: Source, *, now: datetime) -> Try | None:
    """Count a try of `login`. None where there is no such active account, or while it must wait."""
    row = (await connection.execute(_ACCOUNT.where(OfficialRow.login == login).with_for_update())).one_or_none()
    if row is None:
        return None
    so_far = await known_browser(connection, row.id, source.browser, now)
    of_strangers = None
    if so_far is None:
        if _must_wait(row.locked_until, now):
            return None
        of_strangers = row.failed_attempts + 1
        so_far = await counted(connection, row.id, source.network_key)
    if so_far is not None and _must_wait(so_far.locked_until, now):
        return None
    key = source.network_key if so_far is None else so_far.source
    tries = 1 if so_far is None else so_far.tries + 1
    await count(connection, row.id, key, tries, lock_after(tries, TRIES, now), now)
    if of_strangers is not None:
        until = lock_after(of_strangers, TRIES_OF_STRANGERS, now)
        await _set(connection, row.id, failed_attempts=of_strangers, locked_until=until)
    return Try(*row[:8], source=key, tries=tries, of_strangers=of_strangers)


def lock_after(tries: int, free: int, now: datetime) -> datetime | None:
    """Until when the next try must wait after so many wrong ones, of which fewer than `free` cost nothing."""
    return now + min(FIRST_LOCK * 2 ** min(tries - free, 10), LONGEST_LOCK) if tries >= free else None


async def uncount(connection: AsyncConnection, tried: Try) -> None:
    """The password was right but a code is still asked for: this try is taken back, those before it stay.

    A lock goes only where this try itself set it: passwords given meanwhile must not free wrong codes from theirs.
    """
    if tried.of_strangers is not None:
        await _set(connection, tried.official, **_one_less(OfficialRow, tried.of_strangers))
    await _set_source(connection, tried, **_one_less(SignInSourceRow, tried.tries))


async def forgive(connection: AsyncConnection, tried: Try) -> None:
    """All was right: no wrong try from there is counted any more.

    What strangers tried stays counted when a browser lets somebody in that was in before.
    """
    if tried.of_strangers is not None:
        await _set(connection, tried.official, failed_attempts=0, locked_until=None)
    await _set_source(connection, tried, failed_attempts=0, locked_until=None)


async def forgive_all(connection: AsyncConnection, official: UUID) -> None:
    """Wrong tries from everywhere are forgotten; browsers that were in before stay known."""
    await _set(connection, official, failed_attempts=0, locked_until=None)
    whose = SignInSourceRow.official_id == official
    await connection.execute(delete(SignInSourceRow).where(whose, SignInSourceRow.source.startswith(NETWORKS)))
    await connection.execute(update(SignInSourceRow).where(whose).values(failed_attempts=0, locked_until=None))


_ACCOUNT = select(
    OfficialRow.id,
    OfficialRow.login,
    OfficialRow.role,
    OfficialRow.password_hash,
    OfficialRow.must_change_password,
    OfficialRow.totp_secret,
    OfficialRow.totp_confirmed_at,
    OfficialRow.totp_last_step,
    OfficialRow.failed_attempts,
    OfficialRow.locked_until,
).where(OfficialRow.active)


async def _set(connection: AsyncConnection, official: UUID, **values: Any) -> None:
    await connection.execute(update(OfficialRow).where(OfficialRow.id == official).values(**values))


async def _set_source(connection: AsyncConnection, tried: Try, **values: Any) -> None:
    row = SignInSourceRow
    this = (row.official_id == tried.official) & (row.source == tried.source)
    await connection.execute(update(row).where(this).values(**values))


def _must_wait(until: datetime | None, now: datetime) -> bool:
    return until is not None and until > now


def _one_less(table: type[OfficialRow] | type[SignInSourceRow], tries: int) -> dict[str, Any]:
    return {
        "failed_attempts": func.greatest(table.failed_attempts - 1, 0),
        "locked_until": case((table.failed_attempts == tries, null()), else_=table.locked_until),
    }
