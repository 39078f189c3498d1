"""Whom the clock writes to: read and locked within the transaction that writes."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation.messages import Address
from bot.domain.procedure import Language, Text

from .booking_rows import DepartmentRow
from .offices import text_of
from .rows import ContactRow, ConversationRow


@dataclass(frozen=True, slots=True)
class Contacted:
    """A conversation that may be written to, locked: whoever changes its appointments speaks before or after us."""

    conversation: uuid.UUID
    address: Address
    language: Language


class Busy(Exception):
    """A turn of the conversation is being written; look again at the next ring."""


async def contacted(connection: AsyncConnection, conversation: uuid.UUID | None) -> Contacted | None:
    """The conversation, locked until the transaction ends; None where nobody can be reached.

    Raises `Busy` instead of waiting: who waits while holding other rows may wait for ever.
    """
    if conversation is None:
        return None
    found = (
        await connection.execute(
            select(ContactRow.channel, ContactRow.external_id, ContactRow.unreachable_since, ConversationRow.language)
            .join(ConversationRow, ConversationRow.contact_id == ContactRow.id)
            .where(ConversationRow.id == conversation)
            .with_for_update(of=ConversationRow, skip_locked=True)
        )
    ).first()
    if found is None:
        raise Busy
    if found.unreachable_since is not None:
        return None
    return Contacted(conversation, Address(found.channel, found.external_id), Language(found.language))


async def department_name(connection: AsyncConnection, key: str) -> Text:
    """What a department is called."""
    record = (await connection.execute(select(DepartmentRow.record).where(DepartmentRow.key == key))).scalar_one()
    return text_of(record.get("name")) or Text(key)
