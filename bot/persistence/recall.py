"""Recall: what a turn must know before it thinks, read outside any transaction."""

from __future__ import annotations

import uuid

import structlog
from pydantic import ValidationError
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation.messages import Address
from bot.conversation.tracker import Owner, Tracker
from bot.domain.procedure import Language

from .engine import at_once
from .records import tracker_from_data
from .rows import ButtonRow, ContactRow, ConversationRow, UtteranceRow

log = structlog.get_logger(__name__)


class SqlRecall:
    """`Recall` in PostgreSQL."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = at_once(engine)

    async def tracker(self, address: Address) -> Tracker:
        """As the port says. Data that cannot be read any more is forgotten, and the loss is logged."""
        statement = (
            select(
                ConversationRow.id,
                ConversationRow.tracker,
                ConversationRow.owner,
                ConversationRow.language,
                ConversationRow.version,
            )
            .join(ContactRow, ContactRow.id == ConversationRow.contact_id)
            .where(ContactRow.channel == address.channel, ContactRow.external_id == address.contact)
        )
        async with self._engine.connect() as connection:
            row = (await connection.execute(statement)).first()
        if row is None:
            return Tracker(address=address)
        try:
            return tracker_from_data(address, row.tracker, owner=row.owner, language=row.language, version=row.version)
        except ValidationError as error:
            log.error("tracker_unreadable", conversation=str(row.id), problems=error.error_count())
            return Tracker(
                address=address,
                owner=Owner(row.owner),
                language=Language(row.language),
                version=row.version,
            )

    async def conversation(self, address: Address) -> uuid.UUID | None:
        """The id of the contact's conversation; None for a stranger."""
        statement = (
            select(ConversationRow.id)
            .join(ContactRow, ContactRow.id == ConversationRow.contact_id)
            .where(ContactRow.channel == address.channel, ContactRow.external_id == address.contact)
        )
        async with self._engine.connect() as connection:
            return (await connection.execute(statement)).scalar_one_or_none()

    async def choice(self, address: Address, token: str) -> str | None:
        """As the port says."""
        statement = (
            select(ButtonRow.value)
            .join(ConversationRow, ConversationRow.id == ButtonRow.conversation_id)
            .join(ContactRow, ContactRow.id == ConversationRow.contact_id)
            .where(
                ButtonRow.token == token,
                ContactRow.channel == address.channel,
                ContactRow.external_id == address.contact,
            )
        )
        async with self._engine.connect() as connection:
            return (await connection.execute(statement)).scalar_one_or_none()

    async def utterances_held(self, address: Address) -> int:
        """As the port says."""
        statement = (
            select(func.count(UtteranceRow.id))
            .join(ConversationRow, ConversationRow.id == UtteranceRow.conversation_id)
            .join(ContactRow, ContactRow.id == ConversationRow.contact_id)
            .where(ContactRow.channel == address.channel, ContactRow.external_id == address.contact)
        )
        async with self._engine.connect() as connection:
            return (await connection.execute(statement)).scalar_one()
