"""The tables. Every moment is aware and stored in UTC."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    UniqueConstraint,
    Uuid,
    func,
)
from sqlalchemy import (
    text as sql,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Row(DeclarativeBase):
    """The base of all tables; names of constraints are stable so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: DateTime(timezone=True), dict[str, Any]: JSONB, list[Any]: JSONB}  # noqa: RUF012


class ContactRow(Row):
    """A person on one channel address."""

    __tablename__ = "contact"
    __table_args__ = (UniqueConstraint("channel", "external_id"),)

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=uuid.uuid4)
    channel: Mapped[str] = mapped_column(String(32))
    external_id: Mapped[str] = mapped_column(String(128))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_seen_at: Mapped[datetime] = mapped_column(server_default=func.now())
    unreachable_since: Mapped[datetime | None]


class ConversationRow(Row):
    """What is remembered of the talk with a contact."""

    __tablename__ = "conversation"
    __table_args__ = (CheckConstraint("owner in ('bot', 'official')", name="owner"),)

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=uuid.uuid4)
    contact_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), unique=True)
    owner: Mapped[str] = mapped_column(String(16), server_default="bot")
    language: Mapped[str] = mapped_column(String(2), server_default="vi")
    tracker: Mapped[dict[str, Any]] = mapped_column(server_default=sql("'{}'::jsonb"))
    version: Mapped[int] = mapped_column(Integer, server_default="0")
    next_sequence: Mapped[int] = mapped_column(Integer, server_default="1")
    """The next number for the outbox; taken in the transaction that writes the replies."""
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())


class InboxRow(Row):
    """An update a platform handed us, accepted exactly once."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("channel", "event_id"),
        CheckConstraint("state in ('pending', 'done', 'ignored', 'dead')", name="state"),
        Index(
            "ix_inbox_pending",
            "conversation_id",
            "position",
            "id",
            postgresql_where=sql("state = 'pending'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    conversation_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("conversation.id", ondelete="CASCADE"), index=True
    )
    """Null for an event of an unknown kind: stored, answered 200 and left alone."""
    channel: Mapped[str] = mapped_column(String(32))
    event_id: Mapped[str] = mapped_column(String(160))
    position: Mapped[int] = mapped_column(BigInteger, server_default="0")
    payload: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(16), server_default="pending")
    attempts: Mapped[int] = mapped_column(Integer, server_default="0")
    outcome: Mapped[str | None] = mapped_column(String(48))
    received_at: Mapped[datetime] = mapped_column(server_default=func.now())
    done_at: Mapped[datetime | None]


class OutboxRow(Row):
    """A reply to be delivered, in order within its conversation."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("conversation_id", "sequence"),
        CheckConstraint(
            "state in ('pending', 'sending', 'sent', 'uncertain', 'failed', 'dead', 'superseded')",
            name="state",
        ),
        Index(
            "ix_outbox_undelivered",
            "conversation_id",
            "sequence",
            postgresql_where=sql("state in ('pending', 'sending', 'uncertain', 'failed')"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    sequence: Mapped[int] = mapped_column(Integer)
    inbox_id: Mapped[int | None] = mapped_column(ForeignKey("inbox.id", ondelete="SET NULL"), index=True)
    reply: Mapped[dict[str, Any]]
    """The reply as data, each button with its token."""
    state: Mapped[str] = mapped_column(String(16), server_default="pending")
    attempt: Mapped[int] = mapped_column(Integer, server_default="0")
    not_before: Mapped[datetime] = mapped_column(server_default=func.now())
    claimed_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    sent_at: Mapped[datetime | None]
    platform_id: Mapped[str | None] = mapped_column(String(160))
    error: Mapped[str | None] = mapped_column(String(300))


class ButtonRow(Row):
    """What a button's opaque token stands for."""

    __tablename__ = "button"

    token: Mapped[str] = mapped_column(String(24), primary_key=True)
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), index=True)
    value: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now(), index=True)
    used_at: Mapped[datetime | None]


class UtteranceRow(Row):
    """What a contact said (redacted) and what was made of it; administrators label these."""

    __tablename__ = "utterance"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    conversation_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("conversation.id", ondelete="CASCADE"), index=True
    )
    inbox_id: Mapped[int | None] = mapped_column(ForeignKey("inbox.id", ondelete="SET NULL"), unique=True)
    said_at: Mapped[datetime] = mapped_column(server_default=func.now(), index=True)
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(2))
    intent: Mapped[str | None] = mapped_column(String(48))
    confidence: Mapped[float] = mapped_column(Float, server_default="0")
    degraded: Mapped[bool] = mapped_column(Boolean, server_default=sql("false"))
    interpretation: Mapped[dict[str, Any]]
    route: Mapped[str | None] = mapped_column(String(24))
    outcome: Mapped[str] = mapped_column(String(48), index=True)
    facet: Mapped[str | None] = mapped_column(String(16))
    procedures: Mapped[list[Any]] = mapped_column(server_default=sql("'[]'::jsonb"))
    elapsed_ms: Mapped[float] = mapped_column(Float)
    label: Mapped[str | None] = mapped_column(String(48))
    labelled_by: Mapped[str | None] = mapped_column(String(80))
    labelled_at: Mapped[datetime | None]


class ProcedureRow(Row):
    """An administrative procedure, ours or imported; `record` is the whole of it."""

    __tablename__ = "procedure"
    __table_args__ = (CheckConstraint("origin in ('city', 'catalogue')", name="origin"),)

    code: Mapped[str] = mapped_column(String(48), primary_key=True)
    origin: Mapped[str] = mapped_column(String(16), primary_key=True)
    """Both may hold the same code: the city's record then wins, the catalogue's is its background."""
    title: Mapped[str] = mapped_column(Text)
    record: Mapped[dict[str, Any]]
    digest: Mapped[str] = mapped_column(String(64))
    updated_on: Mapped[date | None] = mapped_column(Date)
    imported_at: Mapped[datetime] = mapped_column(server_default=func.now())
