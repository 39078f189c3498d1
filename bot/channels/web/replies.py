"""The stored replies of one visitor, read from the outbox in the order they were written.

The page asks for what follows the last reply it has, so nothing is lost over a broken connection and
nothing comes twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.persistence.engine import at_once

from .inbound import NAME, client_id_of

PAGE = 100
"""Replies read at once."""


@dataclass(frozen=True, slots=True)
class StoredReply:
    """A reply as the page shows it. `answers` is the page's own id of the message it answers."""

    id: int
    """Grows within a conversation, and goes on growing after the contact's data were deleted."""
    sequence: int
    key: str
    text: str
    language: str
    buttons: tuple[dict[str, str], ...]
    """Each with `title` and either `token` or `url`."""
    attachments: tuple[dict[str, str], ...]
    """Each with `title`, `media_type`, `path` and `page`; the page fetches the content from the path."""
    at: datetime
    answers: str | None

    def to_data(self) -> dict[str, Any]:
        """As JSON data for the page."""
        return {
            "id": self.id,
            "sequence": self.sequence,
            "key": self.key,
            "text": self.text,
            "language": self.language,
            "buttons": list(self.buttons),
            "attachments": list(self.attachments),
            "at": self.at.isoformat(),
            "answers": self.answers,
        }


# Ids follow commits within a conversation: whoever writes replies holds the conversation's row first.
_REPLIES = """
SELECT outbox.id, outbox.sequence, outbox.reply, outbox.created_at, inbox.event_id
FROM contact JOIN conversation ON conversation.contact_id = contact.id
JOIN outbox ON outbox.conversation_id = conversation.id
LEFT JOIN inbox ON inbox.id = outbox.inbox_id
WHERE contact.channel = :channel AND contact.external_id = :contact
  AND outbox.state <> 'superseded' AND outbox.id > :after
ORDER BY outbox.id {direction} LIMIT :limit"""

_FORWARD = text(_REPLIES.format(direction="ASC"))
_BACKWARD = text(_REPLIES.format(direction="DESC"))


class SqlReplies:
    """Reads the outbox."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = at_once(engine)

    async def after(self, contact: str, after: int) -> list[StoredReply]:
        """At most `PAGE` replies that follow the one with id `after`, oldest first."""
        return await self._read(_FORWARD, contact, after)

    async def latest(self, contact: str, after: int = 0) -> list[StoredReply]:
        """The newest `PAGE` replies that follow the one with id `after`, oldest first."""
        return (await self._read(_BACKWARD, contact, after))[::-1]

    async def _read(self, statement: Any, contact: str, after: int) -> list[StoredReply]:
        values = {"channel": NAME, "contact": contact, "after": after, "limit": PAGE}
        async with self._engine.connect() as connection:
            return [_reply(row) for row in await connection.execute(statement, values)]


def _reply(row: Any) -> StoredReply:
    data = row.reply
    return StoredReply(
        id=row.id,
        sequence=row.sequence,
        key=str(data.get("key", "")),
        text=str(data.get("text", "")),
        language=str(data.get("language", "vi")),
        buttons=tuple(_button(button) for button in data.get("buttons", ())),
        attachments=tuple(
            {name: str(file.get(name, "")) for name in ("title", "media_type", "path", "page")}
            for file in data.get("attachments", ())
        ),
        at=row.created_at,
        answers=client_id_of(row.event_id),
    )


def _button(data: dict[str, Any]) -> dict[str, str]:
    title = str(data.get("title", ""))
    url = data.get("url")
    if isinstance(url, str):
        # Anything else, such as javascript:, is no page to open.
        return {"title": title, "url": url} if url.startswith(("https://", "http://")) else {"title": title}
    return {"title": title, "token": str(data.get("token", ""))}
