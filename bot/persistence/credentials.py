"""What an official proves who they are with: tries and their lock, passwords, second factors.

A try is counted before it is judged, in one statement, so that a hundred tries at once are not a hundred free ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import DateTime, case, func, literal, null, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.elements import ColumnElement

from .official_rows import OfficialRow

TRIES = 5
"""Wrong tries before the first lock."""
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
    tries: int
    """Wrong ones in a row, this one included."""


async def begin_try(connection: AsyncConnection, login: str, *, now: datetime) -> Try | None:
    """Count a try of `login`. None where there is no such active account, or while it is locked."""
    tries = OfficialRow.failed_attempts + 1
    statement = (
        update(OfficialRow)
        .where(
            OfficialRow.login == login,
            OfficialRow.active,
            OfficialRow.locked_until.is_(None) | (OfficialRow.locked_until <= now),
        )
        .values(
            failed_attempts=tries,
            locked_until=_lock_after(tries, now),
        )
        .returning(
            OfficialRow.id,
            OfficialRow.login,
            OfficialRow.role,
            OfficialRow.password_hash,
            OfficialRow.must_change_password,
            OfficialRow.totp_secret,
            OfficialRow.totp_confirmed_at,
            OfficialRow.totp_last_step,
            OfficialRow.failed_attempts,
        )
    )
    row = (await connection.execute(statement)).one_or_none()
    return None if row is None else Try(*row)


def _lock_after(tries: ColumnElement[int], now: datetime) -> ColumnElement[datetime | None]:
    """Until when an account is locked after so many wrong tries in a row."""
    moment = DateTime(timezone=True)
    doubled = [min(FIRST_LOCK * 2**n, LONGEST_LOCK) for n in range(8)]
    return case(
        (tries < TRIES, null()),
        *((tries == TRIES + n, literal(now + length, moment)) for n, length in enumerate(doubled)),
        else_=literal(now + LONGEST_LOCK, moment),
    )


async def forgive(connection: AsyncConnection, official: UUID) -> None:
    """All was right: no try is counted any more."""
    await connection.execute(
        update(OfficialRow).where(OfficialRow.id == official).values(failed_attempts=0, locked_until=None)
    )


async def uncount(connection: AsyncConnection, tried: Try) -> None:
    """The password was right but a code is still asked for: this try is taken back, those before it stay.

    A lock goes only where this try itself set it: passwords given meanwhile must not free wrong codes from theirs.
    """
    await connection.execute(
        update(OfficialRow)
        .where(OfficialRow.id == tried.official)
        .values(
            failed_attempts=func.greatest(OfficialRow.failed_attempts - 1, 0),
            locked_until=case((OfficialRow.failed_attempts == tried.tries, null()), else_=OfficialRow.locked_until),
        )
    )


async def kept_hash(connection: AsyncConnection, official: UUID) -> str | None:
    """The password's hash as it is now, which stays so until the transaction ends; None for who is not active."""
    kept: str | None = await connection.scalar(
        select(OfficialRow.password_hash).where(OfficialRow.id == official, OfficialRow.active).with_for_update()
    )
    return kept


async def set_password(connection: AsyncConnection, official: UUID, kept: str, *, must_change: bool) -> None:
    """Keep another hash; an account that was locked is open again.

    A second factor that was shown but not confirmed is forgotten: whoever knew the old password may have seen it.
    """
    await connection.execute(
        update(OfficialRow)
        .where(OfficialRow.id == official)
        .values(
            password_hash=kept,
            must_change_password=must_change,
            failed_attempts=0,
            locked_until=None,
            totp_secret=case((OfficialRow.totp_confirmed_at.is_(None), null()), else_=OfficialRow.totp_secret),
        )
    )


async def rehash(connection: AsyncConnection, official: UUID, before: str, kept: str) -> None:
    """The same password, hashed with today's parameters; nothing where it was changed meanwhile."""
    await connection.execute(
        update(OfficialRow)
        .where(OfficialRow.id == official, OfficialRow.password_hash == before)
        .values(password_hash=kept)
    )


async def pending_secret(connection: AsyncConnection, official: UUID, fresh: str) -> str | None:
    """The sealed secret to be confirmed, `fresh` where there was none; None where one is confirmed already."""
    await connection.execute(
        update(OfficialRow)
        .where(OfficialRow.id == official, OfficialRow.totp_confirmed_at.is_(None), OfficialRow.totp_secret.is_(None))
        .values(totp_secret=fresh)
    )
    kept: str | None = await connection.scalar(
        select(OfficialRow.totp_secret).where(OfficialRow.id == official, OfficialRow.totp_confirmed_at.is_(None))
    )
    return kept


async def replace_secret(connection: AsyncConnection, official: UUID, fresh: str) -> None:
    """Another sealed secret to be confirmed."""
    await connection.execute(
        update(OfficialRow)
        .where(OfficialRow.id == official, OfficialRow.totp_confirmed_at.is_(None))
        .values(totp_secret=fresh)
    )


async def confirm_second_factor(
    connection: AsyncConnection, official: UUID, sealed: str, step: int, *, now: datetime
) -> bool:
    """The first code was right: from now on one is asked for."""
    done = await connection.execute(
        update(OfficialRow)
        .where(OfficialRow.id == official, OfficialRow.totp_confirmed_at.is_(None), OfficialRow.totp_secret == sealed)
        .values(totp_confirmed_at=now, totp_last_step=step, failed_attempts=0, locked_until=None)
    )
    return done.rowcount == 1


async def use_step(connection: AsyncConnection, official: UUID, step: int) -> bool:
    """Use up the code of `step`; whether it was still unused."""
    done = await connection.execute(
        update(OfficialRow)
        .where(
            OfficialRow.id == official,
            OfficialRow.totp_last_step.is_(None) | (OfficialRow.totp_last_step < step),
        )
        .values(totp_last_step=step)
    )
    return done.rowcount == 1
