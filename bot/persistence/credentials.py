"""What an official proves who they are with: passwords and second factors. Tries are in `sign_in_tries`."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import case, null, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from .official_rows import OfficialRow
from .sign_in_tries import forgive_all


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
            totp_secret=case((OfficialRow.totp_confirmed_at.is_(None), null()), else_=OfficialRow.totp_secret),
        )
    )
    await forgive_all(connection, official)


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
        .values(totp_confirmed_at=now, totp_last_step=step)
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
