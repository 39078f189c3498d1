"""Repositories: what one turn writes, on the one connection of its transaction."""

from __future__ import annotations

import secrets
import uuid
from datetime import UTC, datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation.messages import Address, InboundMessage, Reply
from bot.conversation.outcomes import TurnResult
from bot.conversation.tracker import Tracker
from bot.domain.errors import DuplicateMessage, StaleTracker

from .records import candidates_to_data, interpretation_to_data, reply_to_data, tracker_to_data
from .rows import ButtonRow, ContactRow, ConversationRow, InboxRow, OutboxRow, UtteranceRow


class Conversations:
    """Which conversation an address has, found once a transaction and made where there is none."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._known: dict[Address, uuid.UUID] = {}

    def remember(self, address: Address, conversation: uuid.UUID) -> None:
        self._known[address] = conversation

    async def of(self, address: Address) -> uuid.UUID:
        """The id of the conversation with `address`."""
        if (known := self._known.get(address)) is not None:
            return known
        contact = (
            await self._connection.execute(
                upsert(ContactRow)
                .values(channel=address.channel, external_id=address.contact)
                .on_conflict_do_update(index_elements=["channel", "external_id"], set_={"last_seen_at": func.now()})
                .returning(ContactRow.id)
            )
        ).scalar_one()
        await self._connection.execute(upsert(ConversationRow).values(contact_id=contact).on_conflict_do_nothing())
        found = (
            await self._connection.execute(select(ConversationRow.id).where(ConversationRow.contact_id == contact))
        ).scalar_one()
        self._known[address] = found
        return found


class SqlInbox:
    """`Inbox` in PostgreSQL. `finished` is the id of the row that this transaction finished."""

    def __init__(self, connection: AsyncConnection, conversations: Conversations) -> None:
        self._connection = connection
        self._conversations = conversations
        self.finished: int | None = None

    async def claim(self, message: InboundMessage) -> None:
        """As the port says; a second claim of the same update waits for the first to end."""
        row = (
            await self._connection.execute(
                select(InboxRow.id)
                .where(
                    InboxRow.channel == message.address.channel,
                    InboxRow.event_id == message.event_id,
                    InboxRow.state == "pending",
                )
                .with_for_update()
            )
        ).first()
        if row is None:
            raise DuplicateMessage(message.address.channel, message.event_id)

    async def finish(self, message: InboundMessage, result: TurnResult) -> None:
        """As the port says; the compare-and-set of pending to done is what gives each update one effect."""
        row = (
            await self._connection.execute(
                update(InboxRow)
                .where(
                    InboxRow.channel == message.address.channel,
                    InboxRow.event_id == message.event_id,
                    InboxRow.state == "pending",
                )
                .values(state="done", outcome=result.outcome.value, done_at=func.now())
                .returning(InboxRow.id, InboxRow.conversation_id)
            )
        ).first()
        if row is None:
            raise DuplicateMessage(message.address.channel, message.event_id)
        self.finished = row.id
        if row.conversation_id is not None:
            self._conversations.remember(message.address, row.conversation_id)


class SqlTrackers:
    """`Trackers` in PostgreSQL."""

    def __init__(self, connection: AsyncConnection, conversations: Conversations) -> None:
        self._connection = connection
        self._conversations = conversations

    async def save(self, tracker: Tracker) -> None:
        """As the port says; `tracker.version` becomes the new one."""
        conversation = await self._conversations.of(tracker.address)
        version = (
            await self._connection.execute(
                update(ConversationRow)
                .where(ConversationRow.id == conversation, ConversationRow.version == tracker.version)
                .values(
                    tracker=tracker_to_data(tracker),
                    owner=tracker.owner.value,
                    language=tracker.language.value,
                    version=ConversationRow.version + 1,
                    updated_at=func.now(),
                )
                .returning(ConversationRow.version)
            )
        ).scalar_one_or_none()
        if version is None:
            raise StaleTracker(str(conversation), tracker.version)
        tracker.version = version


class SqlOutbox:
    """`Outbox` in PostgreSQL."""

    def __init__(self, connection: AsyncConnection, conversations: Conversations, inbox: SqlInbox) -> None:
        self._connection = connection
        self._conversations = conversations
        self._inbox = inbox

    async def add(self, address: Address, replies: tuple[Reply, ...]) -> None:
        """As the port says. The row lock on the conversation keeps two writers' numbers apart."""
        if not replies:
            return
        conversation = await self._conversations.of(address)
        after = (
            await self._connection.execute(
                update(ConversationRow)
                .where(ConversationRow.id == conversation)
                .values(next_sequence=ConversationRow.next_sequence + len(replies))
                .returning(ConversationRow.next_sequence)
            )
        ).scalar_one()
        buttons: list[dict[str, object]] = []
        rows: list[dict[str, object]] = []
        for sequence, reply in enumerate(replies, start=after - len(replies)):
            tokens = [secrets.token_urlsafe(9) for _ in reply.buttons]
            buttons += (
                {"token": token, "conversation_id": conversation, "value": button.value}
                for token, button in zip(tokens, reply.buttons, strict=True)
                if button.url is None
            )
            rows.append(
                {
                    "conversation_id": conversation,
                    "sequence": sequence,
                    "inbox_id": self._inbox.finished,
                    "reply": reply_to_data(reply, tokens),
                }
            )
        await self._connection.execute(insert(OutboxRow), rows)
        if buttons:
            await self._connection.execute(insert(ButtonRow), buttons)


class SqlUtterances:
    """`Utterances` in PostgreSQL."""

    def __init__(self, connection: AsyncConnection, conversations: Conversations, inbox: SqlInbox) -> None:
        self._connection = connection
        self._conversations = conversations
        self._inbox = inbox

    async def record(self, message: InboundMessage, text: str, result: TurnResult, elapsed_ms: float) -> None:
        """As the port says; `text` must be redacted already."""
        heard = result.interpretation
        await self._connection.execute(
            insert(UtteranceRow).values(
                conversation_id=await self._conversations.of(message.address),
                inbox_id=self._inbox.finished,
                said_at=min(message.sent_at, datetime.now(UTC)),
                text=text,
                language=result.language.value,
                intent=heard.intent if heard else None,
                confidence=heard.confidence if heard else 0.0,
                degraded=heard.degraded if heard else False,
                interpretation=interpretation_to_data(heard),
                route=result.route.value if result.route else None,
                outcome=result.outcome.value,
                facet=result.facet.value if result.facet else None,
                procedures=candidates_to_data(result.candidates),
                elapsed_ms=elapsed_ms,
            )
        )
