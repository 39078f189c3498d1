"""The inbox: an update is stored once, and a conversation's updates are answered one after another."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Protocol

from .messages import InboundMessage

DOUBLE_TAP = timedelta(seconds=10)
"""A second tap on the same button within this time is the same tap, though the platform may send it as
another event; later the contact means it again."""


class Intake(Protocol):
    """Where channels hand in what a platform sent, before they answer the platform."""

    async def accept(self, message: InboundMessage) -> bool:
        """Store `message` durably and have its turn taken soon.

        False where it changes nothing: the event came before, or it is a double tap.
        """
        ...

    async def accept_unknown(self, channel: str, event_id: str, payload: dict[str, Any]) -> bool:
        """Store an event of a kind we do not know, and do nothing; False where it came before."""
        ...
