"""Updates as Telegram writes them, and an intake that remembers what it was given."""

from __future__ import annotations

from typing import Any

from bot.conversation.messages import InboundMessage

Data = dict[str, Any]
LAN: Data = {"id": 1001, "is_bot": False, "first_name": "Lan", "language_code": "vi"}
SENT = 1_790_000_000
"""21 September 2026, as Telegram dates messages: seconds since 1970."""


def a_message(text: str | None = "xin chào", /, **details: Any) -> Data:
    """The Bot API's `Message` in a private chat."""
    written = {} if text is None else {"text": text}
    return {"message_id": 5, "from": LAN, "chat": {"id": 1001, "type": "private"}, "date": SENT} | written | details


def an_update(number: int = 77, /, **content: Any) -> Data:
    return {"update_id": number, **(content or {"message": a_message()})}


def a_tap(data: str | None = "tok3n", **details: Any) -> Data:
    """The Bot API's `CallbackQuery`."""
    query = {"id": "4382bfdwdsb323b2d9", "from": LAN, "chat_instance": "1", "message": a_message("Phí?")}
    return query | ({} if data is None else {"data": data}) | details


class FakeIntake:
    """An inbox in memory that keeps the promises of the real one; `trouble` is raised by the next calls."""

    def __init__(self, *trouble: Exception) -> None:
        self.messages: dict[str, InboundMessage] = {}
        self.unknown: dict[str, Data] = {}
        self._trouble = list(trouble)

    async def accept(self, message: InboundMessage) -> bool:
        self._stumble()
        if message.event_id in self.messages or message.event_id in self.unknown:
            return False
        self.messages[message.event_id] = message
        return True

    async def accept_unknown(self, channel: str, event_id: str, payload: Data) -> bool:
        self._stumble()
        if event_id in self.messages or event_id in self.unknown:
            return False
        self.unknown[event_id] = payload
        return True

    def _stumble(self) -> None:
        if self._trouble:
            raise self._trouble.pop(0)
