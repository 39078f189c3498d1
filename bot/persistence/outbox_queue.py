"""The outbox as the dispatcher sees it: the head of a conversation's queue, claimed, settled, put off.

Only the oldest undelivered reply of a conversation can be claimed, so a later one never overtakes it.
A claim is one compare-and-set: of two claimants one gets the reply, the other nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from pydantic import ValidationError
from sqlalchemy import TextClause, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.types import Text

from bot.conversation.messages import Address, Reply

from .engine import UNFLUSHED, at_once
from .records import reply_from_data

log = structlog.get_logger(__name__)

CLAIM_LASTS = timedelta(seconds=30)
"""After this a claim whose holder died is open to others; a delivery must be over well before."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A reply that is ours to deliver. `attempt` counts from 1; `again` says it may have arrived before."""

    id: int
    conversation: uuid.UUID
    address: Address
    sequence: int
    reply: Reply
    tokens: tuple[str, ...]
    attempt: int
    again: bool
    age: timedelta
    since_last: timedelta | None
    """Time since the last reply to this contact; None where this is the first."""
    unreachable: bool


_UNDELIVERED = "('pending', 'sending', 'uncertain', 'failed')"

_DUE = """(
    (o.state IN ('pending', 'uncertain') AND o.not_before <= now())
    OR (o.state = 'sending' AND o.claimed_at < now() - make_interval(secs => :claim_lasts))
    OR (o.state = 'failed' AND EXISTS (
        SELECT FROM inbox WHERE inbox.conversation_id = o.conversation_id AND inbox.received_at > o.claimed_at
    ))
)"""

_CHANNELS = bindparam("channels", type_=ARRAY(Text()))

_CLAIM = text(
    f"""
WITH head AS (
    SELECT id, state FROM outbox
    WHERE conversation_id = :conversation AND state IN {_UNDELIVERED}
    ORDER BY sequence LIMIT 1
)
UPDATE outbox AS o SET state = 'sending', attempt = o.attempt + 1, claimed_at = now()
FROM head, conversation, contact
WHERE o.id = head.id AND conversation.id = o.conversation_id AND contact.id = conversation.contact_id
  AND contact.channel = ANY(:channels) AND {_DUE} AND {UNFLUSHED}
RETURNING o.id, o.sequence, o.reply, o.attempt, head.state AS before, contact.channel, contact.external_id,
    extract(epoch FROM now() - o.created_at)::float AS age, contact.unreachable_since IS NOT NULL AS unreachable,
    extract(epoch FROM now() - (
        SELECT last.sent_at FROM outbox AS last
        WHERE last.conversation_id = o.conversation_id AND last.state = 'sent'
        ORDER BY last.sequence DESC LIMIT 1
    ))::float AS since_last"""  # noqa: S608 - only our own constants
).bindparams(_CHANNELS)

_HEADS_DUE = text(
    f"""
SELECT o.conversation_id FROM outbox AS o
JOIN conversation ON conversation.id = o.conversation_id
JOIN contact ON contact.id = conversation.contact_id
WHERE o.state IN {_UNDELIVERED} AND contact.channel = ANY(:channels) AND {_DUE}
  AND NOT EXISTS (
    SELECT FROM outbox AS earlier WHERE earlier.conversation_id = o.conversation_id
      AND earlier.sequence < o.sequence AND earlier.state IN {_UNDELIVERED}
  )
ORDER BY o.not_before LIMIT :limit"""  # noqa: S608 - only our own constants
).bindparams(_CHANNELS)

_MINE = "WHERE id = :id AND state = 'sending' AND attempt = :attempt"

_SENT = text(
    f"""
UPDATE outbox SET state = 'sent', sent_at = now(), platform_id = :platform_id, error = NULL
{_MINE} AND {UNFLUSHED}"""  # noqa: S608 - only our own constants
)

_PUT_OFF = text(
    f"""
UPDATE outbox SET state = :state, not_before = now() + make_interval(secs => :delay), error = :error,
    attempt = attempt - :uncounted {_MINE}"""  # noqa: S608 - only our own constants
)

_END = text(f"UPDATE outbox SET state = :state, error = :error {_MINE}")  # noqa: S608

_SUPERSEDE = text(
    f"UPDATE outbox SET state = 'superseded' WHERE conversation_id = :conversation AND state IN {_UNDELIVERED}"  # noqa: S608
)

_UNREACHABLE = text(
    "UPDATE contact SET unreachable_since = coalesce(unreachable_since, now()) FROM conversation"
    " WHERE conversation.id = :conversation AND contact.id = conversation.contact_id"
)


class SqlOutboxQueue:
    """The undelivered replies."""

    def __init__(self, engine: AsyncEngine, *, claim_lasts: timedelta = CLAIM_LASTS) -> None:
        self._engine = engine
        self._at_once = at_once(engine)
        self._claim_lasts = claim_lasts.total_seconds()

    async def claim(self, conversation: uuid.UUID, channels: Sequence[str]) -> Claim | None:
        """The next reply of a conversation on one of `channels`; None where none is due or another has it."""
        values = {"conversation": conversation, "channels": list(channels), "claim_lasts": self._claim_lasts}
        while True:
            async with self._at_once.connect() as connection:
                row = (await connection.execute(_CLAIM, values)).first()
                if row is None:
                    return None
                try:
                    reply, tokens = reply_from_data(row.reply)
                    break
                except (ValidationError, KeyError, TypeError):
                    log.error("reply_unreadable", outbox=row.id)
                    mine = {"id": row.id, "attempt": row.attempt, "state": "dead", "error": "unreadable"}
                    await connection.execute(_END, mine)
        return Claim(
            id=row.id,
            conversation=conversation,
            address=Address(row.channel, row.external_id),
            sequence=row.sequence,
            reply=reply,
            tokens=tokens,
            attempt=row.attempt,
            again=row.before in ("sending", "uncertain"),
            age=timedelta(seconds=row.age),
            since_last=None if row.since_last is None else timedelta(seconds=row.since_last),
            unreachable=row.unreachable,
        )

    async def due(self, channels: Sequence[str], limit: int = 500) -> list[uuid.UUID]:
        """Conversations whose next reply can be claimed now, the longest waiting first."""
        values = {"channels": list(channels), "claim_lasts": self._claim_lasts, "limit": limit}
        async with self._at_once.connect() as connection:
            return list((await connection.execute(_HEADS_DUE, values)).scalars())

    async def sent(self, claim: Claim, platform_id: str | None) -> None:
        """The platform has it."""
        await self._settle(_SENT, claim, platform_id=platform_id)

    async def put_off(
        self, claim: Claim, delay: timedelta, error: str, *, uncertain: bool = False, counts: bool = True
    ) -> None:
        """Try again after `delay`; `counts=False` where the attempt was not the reply's fault."""
        state = "uncertain" if uncertain or claim.again else "pending"
        values = {"state": state, "delay": delay.total_seconds(), "error": error[:300], "uncounted": int(not counts)}
        await self._settle(_PUT_OFF, claim, **values)

    async def wait_for_contact(self, claim: Claim, error: str) -> None:
        """Try again when the contact has written."""
        await self._settle(_END, claim, state="failed", error=error[:300])

    async def give_up(self, claim: Claim, error: str) -> None:
        """Never try again; the next reply may go."""
        await self._settle(_END, claim, state="dead", error=error[:300])

    async def leave(self, claim: Claim, error: str) -> None:
        """The contact cannot be reached: this reply is dead, what waits behind it is moot."""
        async with self._engine.begin() as connection:
            await connection.execute(
                _END, {"id": claim.id, "attempt": claim.attempt, "state": "dead", "error": error[:300]}
            )
            await connection.execute(_SUPERSEDE, {"conversation": claim.conversation})
            await connection.execute(_UNREACHABLE, {"conversation": claim.conversation})

    async def _settle(self, statement: TextClause, claim: Claim, **values: object) -> None:
        async with self._at_once.connect() as connection:
            await connection.execute(statement, {"id": claim.id, "attempt": claim.attempt, **values})
