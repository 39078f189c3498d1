"""Helping an official back in: another password, the second factor anew, wrong tries forgotten, sessions ended.

Each with its audit entry in one transaction.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from . import credentials, sign_in_tries
from .audit import Entry, record
from .official_rows import OfficialRow
from .official_sessions import revoke_all
from .officials import Account
from .sign_in_sources import forget_browsers


async def reset_password(
    connection: AsyncConnection, account: Account, password_hash: str, *, actor: str, now: datetime
) -> None:
    """A one-time password in place of theirs; all sessions end."""
    await credentials.set_password(connection, account.id, password_hash, must_change=True)
    await revoke_all(connection, account.id, now=now)
    await record(connection, Entry(actor, "password_reset", "official", account.login))


async def reset_second_factor(connection: AsyncConnection, account: Account, *, actor: str, now: datetime) -> None:
    """Forget the second factor: it is set up anew at the next sign-in; all sessions end."""
    await connection.execute(
        update(OfficialRow)
        .where(OfficialRow.id == account.id)
        .values(totp_secret=None, totp_confirmed_at=None, totp_last_step=None)
    )
    await sign_in_tries.forgive_all(connection, account.id)
    await revoke_all(connection, account.id, now=now)
    await record(connection, Entry(actor, "second_factor_reset", "official", account.login))


async def unlock(connection: AsyncConnection, account: Account, *, actor: str) -> None:
    """Forget the wrong tries of everybody, so that whoever must wait may try at once."""
    await sign_in_tries.forgive_all(connection, account.id)
    await record(connection, Entry(actor, "account_unlocked", "official", account.login))


async def end_sessions(connection: AsyncConnection, account: Account, *, actor: str, now: datetime) -> None:
    """Sign them out everywhere; a browser that was lost is a stranger from now on."""
    await revoke_all(connection, account.id, now=now)
    await forget_browsers(connection, account.id)
    await record(connection, Entry(actor, "sessions_ended", "official", account.login))
