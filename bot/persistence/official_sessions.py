"""Signed-in browsers: begun, recognised, renewed, revoked. Only the hash of a session's token is stored."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.sql.elements import ColumnElement

from bot.domain.official import Official, Role, Session

from .engine import at_once
from .official_rows import OfficialDepartmentRow, OfficialRow, OfficialSessionRow

IDLE = timedelta(minutes=30)
"""Without a request for so long, a session ends (OWASP: 15 to 30 minutes)."""
WHOLE = timedelta(hours=12)
"""However busy, a session ends: a working day."""
HALF = timedelta(minutes=10)
"""For taking the second step."""
_NOTED = timedelta(minutes=1)
"""How exactly the last request is known; more exact would write with every page."""


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session as its list shows it."""

    key: str
    user_agent: str
    created_at: datetime
    last_seen_at: datetime
    second_factor: bool


def key_of(token: str) -> str:
    """What is stored of a token: 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def _alive(now: datetime) -> ColumnElement[bool]:
    return (
        OfficialSessionRow.revoked_at.is_(None)
        & (OfficialSessionRow.expires_at > now)
        & (OfficialSessionRow.last_seen_at > now - IDLE)
    )


async def begin(
    connection: AsyncConnection, official: UUID, *, now: datetime, user_agent: str, whole: bool, second_factor: bool
) -> str:
    """A new session's token; `whole`: nothing more is asked for, else it lasts only for the second step."""
    token = secrets.token_urlsafe(32)
    await connection.execute(
        insert(OfficialSessionRow).values(
            token_hash=key_of(token),
            official_id=official,
            csrf_token=secrets.token_urlsafe(32),
            second_factor=second_factor,
            user_agent=user_agent[:200],
            created_at=now,
            last_seen_at=now,
            expires_at=now + (WHOLE if whole else HALF),
        )
    )
    return token


async def revoke_one(connection: AsyncConnection, official: UUID, key: str, *, now: datetime) -> bool:
    """End one session of `official`; whether there was one."""
    done = await connection.execute(
        update(OfficialSessionRow)
        .where(
            OfficialSessionRow.official_id == official,
            OfficialSessionRow.token_hash == key,
            OfficialSessionRow.revoked_at.is_(None),
        )
        .values(revoked_at=now)
    )
    return done.rowcount == 1


async def revoke_all(connection: AsyncConnection, official: UUID, *, now: datetime, but: str | None = None) -> int:
    """End every session of `official`, `but` one; how many there were."""
    done = await connection.execute(
        update(OfficialSessionRow)
        .where(
            OfficialSessionRow.official_id == official,
            OfficialSessionRow.revoked_at.is_(None),
            OfficialSessionRow.token_hash != (but or ""),
        )
        .values(revoked_at=now)
    )
    return done.rowcount


class SqlSessions:
    """Reads sessions."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = at_once(engine)

    async def recognise(self, token: str, *, now: datetime, is_used: bool = True) -> Official | None:
        """Whose session `token` opens, where it is alive and they are active; `is_used`: which keeps it alive."""
        key = key_of(token)
        departments = (
            select(func.jsonb_object_agg(OfficialDepartmentRow.department_key, OfficialDepartmentRow.role))
            .where(OfficialDepartmentRow.official_id == OfficialRow.id)
            .scalar_subquery()
        )
        statement = (
            select(
                OfficialRow.id,
                OfficialRow.login,
                OfficialRow.name,
                OfficialRow.role,
                OfficialRow.language,
                OfficialRow.must_change_password,
                OfficialRow.totp_confirmed_at,
                OfficialSessionRow.csrf_token,
                OfficialSessionRow.second_factor,
                OfficialSessionRow.last_seen_at,
                departments.label("departments"),
            )
            .join(OfficialRow, OfficialRow.id == OfficialSessionRow.official_id)
            .where(OfficialSessionRow.token_hash == key, OfficialRow.active, _alive(now))
        )
        async with self._engine.connect() as connection:
            row = (await connection.execute(statement)).one_or_none()
            if row is None:
                return None
            if is_used and now - row.last_seen_at > _NOTED:
                await connection.execute(
                    update(OfficialSessionRow).where(OfficialSessionRow.token_hash == key).values(last_seen_at=now)
                )
        return Official(
            id=row.id,
            login=row.login,
            name=row.name,
            role=Role(row.role),
            language=row.language,
            departments=row.departments or {},
            session=Session(key, row.csrf_token, row.second_factor),
            must_change_password=row.must_change_password,
            has_second_factor=row.totp_confirmed_at is not None,
        )

    async def of(self, official: UUID, *, now: datetime) -> list[OpenSession]:
        """The sessions of `official` that are alive, the last used first."""
        statement = (
            select(
                OfficialSessionRow.token_hash,
                OfficialSessionRow.user_agent,
                OfficialSessionRow.created_at,
                OfficialSessionRow.last_seen_at,
                OfficialSessionRow.second_factor,
            )
            .where(OfficialSessionRow.official_id == official, _alive(now))
            .order_by(OfficialSessionRow.last_seen_at.desc())
        )
        async with self._engine.connect() as connection:
            return [OpenSession(*row) for row in await connection.execute(statement)]
