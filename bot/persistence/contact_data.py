"""A contact's own data: shown to them, and deleted when they ask (Personal Data Protection Law, 2026)."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Executable, RowMapping, ScalarSelect, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.conversation.messages import Address
from bot.domain.booking.appointment import Change, State

from .appointment_records import CONTACT, note
from .booking_rows import AppointmentRow, ReminderRow, WaitingRow
from .engine import at_once
from .repositories import Conversations
from .rows import ButtonRow, ContactRow, ConversationRow, InboxRow, OutboxRow, UtteranceRow


class SqlContacts:
    """`Contacts` in PostgreSQL."""

    def __init__(self, connection: AsyncConnection, conversations: Conversations) -> None:
        self._connection = connection
        self._conversations = conversations

    async def erase(self, address: Address, now: datetime) -> None:
        """As the port says. Event ids stay, without content, so that an update sent again is still known;
        updates not answered yet stay whole. Of appointments only the time stays."""
        conversation = await self._conversations.of(address)
        await self._connection.execute(_locked(ConversationRow.id == conversation))
        await forget_appointments(self._connection, AppointmentRow.conversation_id == conversation, now)
        await self._connection.execute(delete(WaitingRow).where(WaitingRow.conversation_id == conversation))
        for row in (UtteranceRow, OutboxRow, ButtonRow):
            await self._connection.execute(delete(row).where(row.conversation_id == conversation))
        await self._connection.execute(
            update(InboxRow)
            .where(InboxRow.conversation_id == conversation, InboxRow.state != "pending")
            .values(payload={})
        )


async def erase_contact(engine: AsyncEngine, address: Address, now: datetime) -> bool:
    """Delete the contact and everything that hangs on it, the address too; False where it is unknown."""
    async with engine.begin() as connection:
        theirs = _conversations_of(address)
        contact = (ContactRow.channel == address.channel, ContactRow.external_id == address.contact)
        await connection.execute(select(ContactRow.id).where(*contact).with_for_update())
        await connection.execute(_locked(ConversationRow.id.in_(theirs)))
        await forget_appointments(connection, AppointmentRow.conversation_id.in_(theirs), now)
        found = await connection.execute(delete(ContactRow).where(*contact))
        return found.rowcount > 0


async def forget_appointments(connection: AsyncConnection, whose: ColumnElement[bool], now: datetime) -> None:
    """Cancel what is to come of these appointments at `now`, and delete from all of them who came."""
    row = AppointmentRow
    ended = (
        await connection.execute(
            update(row)
            .where(
                whose, (row.state == State.HELD.value) | (row.state == State.BOOKED.value), func.upper(row.during) > now
            )
            .values(state=State.CANCELLED.value, hold_until=None, version=row.version + 1, updated_at=now)
            .returning(row.id, row.version)
        )
    ).all()
    for id_, version in ended:
        await note(connection, id_, version, Change.CANCELLED, CONTACT, now, {"reason": "forgotten"})
    await connection.execute(
        update(ReminderRow)
        .where(ReminderRow.state == "due", ReminderRow.appointment_id.in_(select(row.id).where(whose)))
        .values(state="dropped", reason="cancelled", done_at=now)
    )
    await connection.execute(update(row).where(whose).values(name=None, telephone=None, tax_code=None, note=None))


def _locked(condition: ColumnElement[bool]) -> Executable:
    """The conversation before its appointments, and after its contact, as everybody locks them."""
    return select(ConversationRow.id).where(condition).with_for_update()


def _conversations_of(address: Address) -> ScalarSelect[uuid.UUID]:
    return (
        select(ConversationRow.id)
        .join(ContactRow, ContactRow.id == ConversationRow.contact_id)
        .where(ContactRow.channel == address.channel, ContactRow.external_id == address.contact)
        .scalar_subquery()
    )


async def export_contact(engine: AsyncEngine, address: Address) -> dict[str, Any]:
    """Everything we hold of a contact as JSON data: `{contact, conversation, utterances, updates,
    replies, appointments, waiting}`.

    Empty for an unknown address. Moments are ISO 8601 in UTC.
    """
    async with at_once(engine).connect() as connection:

        async def rows(statement: Executable) -> list[dict[str, Any]]:
            return [_plain(row) for row in (await connection.execute(statement)).mappings()]

        contacts = await rows(
            select(ContactRow.__table__).where(
                ContactRow.channel == address.channel, ContactRow.external_id == address.contact
            )
        )
        if not contacts:
            return {}
        (contact,) = contacts
        talks = await rows(
            select(
                ConversationRow.id, ConversationRow.language, ConversationRow.tracker, ConversationRow.updated_at
            ).where(ConversationRow.contact_id == contact["id"])
        )
        ids = [talk["id"] for talk in talks]
        return {
            "contact": contact,
            "conversation": talks[0] if talks else None,
            "utterances": await rows(
                select(UtteranceRow.said_at, UtteranceRow.text, UtteranceRow.language, UtteranceRow.outcome)
                .where(UtteranceRow.conversation_id.in_(ids))
                .order_by(UtteranceRow.id)
            ),
            "updates": await rows(
                select(InboxRow.received_at, InboxRow.payload, InboxRow.state)
                .where(InboxRow.conversation_id.in_(ids))
                .order_by(InboxRow.id)
            ),
            "replies": await rows(
                select(OutboxRow.created_at, OutboxRow.reply, OutboxRow.state)
                .where(OutboxRow.conversation_id.in_(ids))
                .order_by(OutboxRow.sequence)
            ),
            "appointments": await rows(
                select(
                    AppointmentRow.code,
                    AppointmentRow.service_key,
                    func.lower(AppointmentRow.during).label("starts_at"),
                    AppointmentRow.state,
                    AppointmentRow.procedure_code,
                    AppointmentRow.name,
                    AppointmentRow.telephone,
                    AppointmentRow.tax_code,
                    AppointmentRow.note,
                )
                .where(AppointmentRow.conversation_id.in_(ids))
                .order_by(func.lower(AppointmentRow.during))
            ),
            "waiting": await rows(
                select(WaitingRow.service_key, WaitingRow.first_on, WaitingRow.last_on, WaitingRow.state)
                .where(WaitingRow.conversation_id.in_(ids))
                .order_by(WaitingRow.id)
            ),
        }


def _plain(row: RowMapping) -> dict[str, Any]:
    return {name: _json(value) for name, value in row.items()}


def _json(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return value if isinstance(value, str | int | float | bool | dict | list | None) else str(value)
