"""The tables of officials: accounts, roles, sessions, and the audit trail. Every moment is aware and in UTC."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, CheckConstraint, ForeignKey, Identity, Index, Integer, String, Uuid, func
from sqlalchemy import (
    text as sql,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from .rows import Row


class OfficialRow(Row):
    """An official or administrator who may sign in."""

    __tablename__ = "official"
    __table_args__ = (
        CheckConstraint("role in ('official', 'administrator')", name="role"),
        CheckConstraint("login = lower(login)", name="login"),
    )

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=uuid.uuid4)
    login: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(16))
    language: Mapped[str] = mapped_column(String(2), server_default="vi")
    password_hash: Mapped[str] = mapped_column(String(200))
    """Argon2id."""
    must_change_password: Mapped[bool] = mapped_column(Boolean, server_default=sql("true"))
    totp_secret: Mapped[str | None] = mapped_column(String(400))
    """Encrypted with a key derived from the secret of the settings."""
    totp_confirmed_at: Mapped[datetime | None]
    totp_last_step: Mapped[int | None] = mapped_column(BigInteger)
    """The time step of the last code accepted: none is accepted twice."""
    failed_attempts: Mapped[int] = mapped_column(Integer, server_default="0")
    """Wrong tries in a row from browsers that were never in, wherever they were."""
    locked_until: Mapped[datetime | None]
    active: Mapped[bool] = mapped_column(Boolean, server_default=sql("true"))
    version: Mapped[int] = mapped_column(Integer, server_default="0")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class OfficialDepartmentRow(Row):
    """That an official works for a department; `head` may also change its hours, services and counters."""

    __tablename__ = "official_department"
    __table_args__ = (CheckConstraint("role in ('clerk', 'head')", name="role"),)

    official_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("official.id", ondelete="CASCADE"), primary_key=True)
    department_key: Mapped[str] = mapped_column(ForeignKey("department.key"), primary_key=True)
    role: Mapped[str] = mapped_column(String(16), server_default="clerk")


class OfficialSessionRow(Row):
    """A signed-in browser; only the hash of its token is kept."""

    __tablename__ = "official_session"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    official_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("official.id", ondelete="CASCADE"), index=True)
    csrf_token: Mapped[str] = mapped_column(String(64))
    second_factor: Mapped[bool] = mapped_column(Boolean, server_default=sql("false"))
    """Whether the second factor was given, where the role asks for one."""
    user_agent: Mapped[str] = mapped_column(String(200), server_default="")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_seen_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class SignInSourceRow(Row):
    """Where an official signs in from: a browser that was in before, or a network with wrong tries."""

    __tablename__ = "sign_in_source"

    official_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("official.id", ondelete="CASCADE"), primary_key=True)
    source: Mapped[str] = mapped_column(String(80), primary_key=True)
    """`browser:` and the hash of the browser's token, or `network:` and the keyed hash of its address."""
    failed_attempts: Mapped[int] = mapped_column(Integer, server_default="0")
    locked_until: Mapped[datetime | None]
    seen_at: Mapped[datetime]
    """When the browser was let in last, or the network tried."""


class AuditRow(Row):
    """Who did what to what; a trigger refuses to change or delete a row."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_object", "object_kind", "object_key"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=func.now(), index=True)
    actor: Mapped[str] = mapped_column(String(80))
    """The official's login, or `command line`."""
    action: Mapped[str] = mapped_column(String(64))
    object_kind: Mapped[str] = mapped_column(String(32))
    object_key: Mapped[str] = mapped_column(String(80))
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
