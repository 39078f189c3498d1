"""The channel of `bot ask` and `bot chat`: replies are read from the turn itself, so delivery is done at once."""

from __future__ import annotations

from bot.conversation.messages import Address

from .port import Capabilities, OutboundReply


class HeadlessChannel:
    """Delivers nothing; marks replies as delivered, since the caller has them already."""

    capabilities = Capabilities(
        max_text=1_000_000, max_buttons=100, max_button_title=1_000, opens_links=True, retries_are_safe=True
    )

    def __init__(self, name: str) -> None:
        self.name = name

    async def deliver(self, outbound: OutboundReply) -> str | None:
        return None

    async def show_typing(self, address: Address) -> None:
        return None
