"""Changes of officials' accounts: added, changed, switched off. Helping somebody back in is in `account_help`.

Each change and its audit entry are one transaction.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.official import Part, Role

from . import sign_in_tries
from .audit import Entry, record
from .booking_rows import DepartmentRow
from .official_rows import OfficialDepartmentRow, OfficialRow
from .official_sessions import revoke_all
from .officials import Account, OfficialError
from .sign_in_sources import forget_browsers

LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{1,79}")


class LoginTaken(OfficialError):
    """Somebody has this login already."""


class BadLogin(OfficialError):
    """Two to eighty of a-z, 0-9, dot, dash, underscore and @."""


class NoSuchDepartment(OfficialError):
    """No department has this key."""


class LastAdministrator(OfficialError):
    """Without this account nobody could administer any more."""


class ChangedMeanwhile(OfficialError):
    """Somebody else changed the account since it was shown."""


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
        .values(active=active, version=OfficialRow.version + 1)
    )
    if done.rowcount != 1:
        return
    await sign_in_tries.forgive_all(connection, account.id)
    await forget_browsers(connection, account.id)
    await revoke_all(connection, account.id, now=now)
    action = "account_reactivated" if active else "account_deactivated"
    await record(
        connection, Entry(actor, action, "official", account.login, {"active": not active}, {"active": active})
    )


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
