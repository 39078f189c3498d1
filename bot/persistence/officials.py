"""Accounts of officials as they are read. What changes them is in `account_changes`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.domain.errors import AssistantError
from bot.domain.official import Part, Role

from .booking_rows import DepartmentRow
from .engine import at_once
from .official_rows import OfficialDepartmentRow, OfficialRow, OfficialSessionRow, SignInSourceRow


class OfficialError(AssistantError):
    """An account cannot be as was asked."""


class NoSuchOfficial(OfficialError):
    """No account has this login or id."""


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
    """Until when somebody must wait who tried wrong: a browser, a network, or all that were never in."""
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
        locked = (
            select(func.max(SignInSourceRow.locked_until))
            .where(SignInSourceRow.official_id == OfficialRow.id)
            .scalar_subquery()
        )
        statement = (
            select(
                OfficialRow.__table__,
                departments.label("departments"),
                seen.label("seen"),
                func.greatest(OfficialRow.locked_until, locked).label("locked"),
            )
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
        row.locked,
        row.version,
        row.departments or {},
        row.seen,
    )


def _name(record: Mapping[str, Any], language: str) -> str | None:
    names = record.get("name")
    return (names.get(language) or names.get("vi")) if isinstance(names, Mapping) else None
