"""Accounts of officials: added, changed, switched off. Each change and its audit entry are one transaction."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.domain.errors import AssistantError
from bot.domain.official import Part, Role

from . import credentials
from .audit import Entry, record
from .booking_rows import DepartmentRow
from .engine import at_once
from .official_rows import OfficialDepartmentRow, OfficialRow, OfficialSessionRow
from .official_sessions import revoke_all

LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{1,79}")


class OfficialError(AssistantError):
    """An account cannot be as was asked."""


class LoginTaken(OfficialError):
    """Somebody has this login already."""


class BadLogin(OfficialError):
    """Two to eighty of a-z, 0-9, dot, dash, underscore and @."""


class NoSuchDepartment(OfficialError):
    """No department has this key."""


class NoSuchOfficial(OfficialError):
    """No account has this login or id."""


class LastAdministrator(OfficialError):
    """Without this account nobody could administer any more."""


class ChangedMeanwhile(OfficialError):
    """Somebody else changed the account since it was shown."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account as administrators see it."""

    id: UUID
    login: str
    name: str
    role: Role
    language: str
    active: bool
    must_change_password: bool
    second_factor: bool
    locked_until: datetime | None
    version: int
    departments: Mapping[str, Part]
    last_seen_at: datetime | None

    @property
    def facts(self) -> dict[str, Any]:
        """What the audit trail may know of it."""
        return {"role": str(self.role), "language": self.language, "departments": dict(self.departments)}


async def are_there_any(connection: AsyncConnection) -> bool:
    """Whether an account was ever made."""
    return (await connection.execute(select(OfficialRow.id).limit(1))).first() is not None


async def add(
    connection: AsyncConnection,
    *,
    login: str,
    name: str,
    role: Role,
    password_hash: str,
    must_change_password: bool,
    departments: Mapping[str, Part],
    language: str,
    actor: str,
) -> UUID:
    """A new account. Raises `BadLogin`, `LoginTaken`, `NoSuchDepartment`."""
    if not LOGIN.fullmatch(login):
        raise BadLogin(login)
    await _check(connection, departments)
    official = uuid.uuid4()
    try:
        await connection.execute(
            insert(OfficialRow).values(
                id=official,
                login=login,
                name=name,
                role=str(role),
                language=language,
                password_hash=password_hash,
                must_change_password=must_change_password,
            )
        )
    except IntegrityError as error:
        raise LoginTaken(login) from error
    await _assign(connection, official, departments)
    after: dict[str, Any] = {"role": str(role), "language": language, "departments": dict(departments)}
    await record(connection, Entry(actor, "account_added", "official", login, None, after))
    return official


async def change(
    connection: AsyncConnection,
    account: Account,
    *,
    name: str,
    role: Role,
    language: str,
    departments: Mapping[str, Part],
    actor: str,
    now: datetime,
) -> None:
    """What they are called, may do and read in; another role or department ends their sessions.

    Raises `ChangedMeanwhile`, `LastAdministrator`, `NoSuchDepartment`.
    """
    if account.role is Role.ADMINISTRATOR and role is not Role.ADMINISTRATOR:
        await _another_administrator(connection, account)
    await _check(connection, departments)
    done = await connection.execute(
        update(OfficialRow)
        .where(OfficialRow.id == account.id, OfficialRow.version == account.version)
        .values(name=name, role=str(role), language=language, version=account.version + 1)
    )
    if done.rowcount != 1:
        raise ChangedMeanwhile(account.login)
    await connection.execute(delete(OfficialDepartmentRow).where(OfficialDepartmentRow.official_id == account.id))
    await _assign(connection, account.id, departments)
    after: dict[str, Any] = {"role": str(role), "language": language, "departments": dict(departments)}
    before = account.facts
    changed = {fact for fact in after if before[fact] != after[fact]}
    if changed & {"role", "departments"}:
        await revoke_all(connection, account.id, now=now)
    old = {fact: before[fact] for fact in sorted(changed)}
    new: dict[str, Any] = {fact: after[fact] for fact in sorted(changed)}
    if name != account.name:
        new |= {"name_changed": True}  # that, but not how: names are nothing for a trail that is kept for ever
    if new:
        await record(connection, Entry(actor, "account_changed", "official", account.login, old, new))


async def switch(connection: AsyncConnection, account: Account, *, active: bool, actor: str, now: datetime) -> None:
    """Deactivate or bring back. Raises `LastAdministrator`."""
    if not active:
        await _another_administrator(connection, account)  # whose role may have changed since it was read
    done = await connection.execute(
        update(OfficialRow)
        .where(OfficialRow.id == account.id, OfficialRow.active.is_(not active))
        .values(active=active, version=OfficialRow.version + 1, failed_attempts=0, locked_until=None)
    )
    if done.rowcount != 1:
        return
    await revoke_all(connection, account.id, now=now)
    action = "account_reactivated" if active else "account_deactivated"
    await record(
        connection, Entry(actor, action, "official", account.login, {"active": not active}, {"active": active})
    )


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
        .values(totp_secret=None, totp_confirmed_at=None, totp_last_step=None, failed_attempts=0, locked_until=None)
    )
    await revoke_all(connection, account.id, now=now)
    await record(connection, Entry(actor, "second_factor_reset", "official", account.login))


class SqlOfficials:
    """Reads accounts."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = at_once(engine)

    async def all(self) -> list[Account]:
        """Every account, by login."""
        return await self._read()

    async def get(self, official: UUID) -> Account:
        """Raises `NoSuchOfficial`."""
        found = await self._read(OfficialRow.id == official)
        if not found:
            raise NoSuchOfficial(str(official))
        return found[0]

    async def named(self, login: str) -> Account:
        """Raises `NoSuchOfficial`."""
        found = await self._read(OfficialRow.login == login.lower())
        if not found:
            raise NoSuchOfficial(login)
        return found[0]

    async def departments(self, language: str) -> list[tuple[str, str]]:
        """Key and name of every active department."""
        async with self._engine.connect() as connection:
            rows = await connection.execute(
                select(DepartmentRow.key, DepartmentRow.record).where(DepartmentRow.active).order_by(DepartmentRow.key)
            )
            return [(row.key, _name(row.record, language) or row.key) for row in rows]

    async def _read(self, *wanted: Any) -> list[Account]:
        departments = (
            select(func.jsonb_object_agg(OfficialDepartmentRow.department_key, OfficialDepartmentRow.role))
            .where(OfficialDepartmentRow.official_id == OfficialRow.id)
            .scalar_subquery()
        )
        seen = (
            select(func.max(OfficialSessionRow.last_seen_at))
            .where(OfficialSessionRow.official_id == OfficialRow.id)
            .scalar_subquery()
        )
        statement = (
            select(OfficialRow.__table__, departments.label("departments"), seen.label("seen"))
            .where(*wanted)
            .order_by(OfficialRow.login)
        )
        async with self._engine.connect() as connection:
            return [_account(row) for row in await connection.execute(statement)]


def _account(row: Row[Any]) -> Account:
    return Account(
        row.id,
        row.login,
        row.name,
        Role(row.role),
        row.language,
        row.active,
        row.must_change_password,
        row.totp_confirmed_at is not None,
        row.locked_until,
        row.version,
        row.departments or {},
        row.seen,
    )


def _name(record: Mapping[str, Any], language: str) -> str | None:
    names = record.get("name")
    return (names.get(language) or names.get("vi")) if isinstance(names, Mapping) else None


async def _check(connection: AsyncConnection, departments: Mapping[str, Part]) -> None:
    known: Sequence[str] = (await connection.scalars(select(DepartmentRow.key))).all()
    for key in departments:
        if key not in known:
            raise NoSuchDepartment(f"no department {key}; there are: {', '.join(sorted(known)) or 'none yet'}")


async def _assign(connection: AsyncConnection, official: UUID, departments: Mapping[str, Part]) -> None:
    for key, part in departments.items():
        await connection.execute(
            insert(OfficialDepartmentRow).values(official_id=official, department_key=key, role=part)
        )


async def _another_administrator(connection: AsyncConnection, account: Account) -> None:
    """Raises `LastAdministrator`. Two administrators who remove each other at once wait for one another here."""
    left = await connection.scalars(
        select(OfficialRow.id)
        .where(OfficialRow.role == str(Role.ADMINISTRATOR), OfficialRow.active)
        .order_by(OfficialRow.id)
        .with_for_update()
    )
    if set(left) == {account.id}:
        raise LastAdministrator(account.login)
