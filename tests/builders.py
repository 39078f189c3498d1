"""Builders: the things tests talk about, with everything that does not matter filled in."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

from bot.conversation.messages import Address, Button, InboundMessage, Kind, Reply
from bot.conversation.outcomes import Outcome, Route, TurnResult
from bot.domain.procedure import Language

_numbers = itertools.count(1)


def an_address(contact: str | None = None, channel: str = "echo") -> Address:
    """Someone on a channel; another person each time unless named."""
    return Address(channel, contact or f"contact-{next(_numbers)}")


def a_message(
    text: str = "xin chào",
    *,
    address: Address | None = None,
    event_id: str | None = None,
    kind: Kind = Kind.TEXT,
    token: str | None = None,
    choice: str | None = None,
    position: int = 0,
) -> InboundMessage:
    """A message; another event each time unless named."""
    return InboundMessage(
        address=address or an_address(),
        event_id=event_id or f"event-{next(_numbers)}",
        kind=kind,
        sent_at=datetime.now(UTC),
        text=text,
        token=token,
        choice=choice,
        position=position,
    )


def a_reply(text: str = "dạ vâng ạ", *, buttons: tuple[str, ...] = (), key: str = "echo") -> Reply:
    """A reply; `buttons` are their values."""
    return Reply(key, text, Language.VI, tuple(Button(value.title(), value) for value in buttons))


def a_result(*replies: Reply) -> TurnResult:
    """How an ordinary turn ended."""
    return TurnResult(Language.VI, None, Route.SMALLTALK, Outcome.CONVERSED, replies)
