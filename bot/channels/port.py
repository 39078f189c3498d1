"""What a channel is: what its platform can do, and a way to deliver one reply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from bot.conversation.messages import Address, Reply


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a platform can carry, as data, so that no code asks which platform it is.

    Lengths are in characters (code points after NFC), never bytes.
    """

    max_text: int
    max_buttons: int
    max_button_title: int
    opens_links: bool
    """Whether a button may open a page."""
    retries_are_safe: bool
    """Whether the platform drops a second delivery of the same reply by itself."""
    min_interval: timedelta = timedelta(0)
    """Shortest time between two replies to one contact."""
    sends_files: frozenset[str] = frozenset()
    """Media types it carries as files; of any other file the contact gets the link."""
    max_caption: int = 1024
    """Of the words beside a file."""


@dataclass(frozen=True, slots=True)
class OutboundReply:
    """A stored reply on its way out.

    `tokens` stands for the buttons, in order; `sequence` counts within the conversation.
    """

    id: int
    address: Address
    sequence: int
    reply: Reply
    tokens: tuple[str, ...]


class Channel(Protocol):
    """A platform we speak through."""

    name: str
    capabilities: Capabilities

    async def deliver(self, outbound: OutboundReply) -> str | None:
        """Deliver one reply and give the platform's id of it. Raises a `DeliveryError`."""
        ...

    async def show_typing(self, address: Address) -> None:
        """Tell the contact that an answer is on its way; failures are the channel's own affair."""
        ...


Channels = Sequence[Channel]
