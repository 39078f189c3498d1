"""Chats: who is there, what was said, and what a person sees on the screen."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, field
from typing import Any

Data = dict[str, Any]

BOT: Data = {"id": 7_000_000_001, "is_bot": True, "first_name": "Fake bot", "username": "fake_ctc_bot"}


@dataclass(slots=True)
class Chat:
    """A chat and its messages by id. `kind` is private, group, supergroup or channel."""

    id: int
    kind: str = "private"
    name: str = "Người dùng"
    language: str | None = "vi"
    is_forum: bool = False
    blocked: bool = False
    deactivated: bool = False
    messages: dict[int, Data] = field(default_factory=dict)
    actions: list[str] = field(default_factory=list)
    topics: dict[int, str] = field(default_factory=dict)
    confirmed_taps: list[Data] = field(default_factory=list)
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def as_data(self) -> Data:
        """The Bot API's `Chat`."""
        if self.kind == "private":
            return {"id": self.id, "type": self.kind, "first_name": self.name}
        return {"id": self.id, "type": self.kind, "title": self.name} | ({"is_forum": True} if self.is_forum else {})

    def person(self) -> Data:
        """The Bot API's `User` of a private chat's other side."""
        user = {"id": abs(self.id), "is_bot": False, "first_name": self.name}
        return user | ({"language_code": self.language} if self.language else {})

    def add(self, sender: Data, content: Data) -> Data:
        """Keep a new message and give it its number and date."""
        number = next(self.numbers)
        message = {
            "message_id": number,
            "from": sender,
            "chat": self.as_data(),
            "date": int(time.time()),
            **content,
        }
        self.messages[number] = message
        return message


@dataclass(slots=True)
class World:
    """Everything outside the bot: chats, files, commands, taps that wait to be confirmed."""

    chats: dict[int, Chat] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[Data]] = field(default_factory=dict)
    taps: dict[str, tuple[int, float]] = field(default_factory=dict)
    """Chat and moment of each tap, by the callback query's id."""
    tap_lasts: float = 15.0
    """Seconds in which a tap can be confirmed."""

    def chat(self, chat_id: int, **details: Any) -> Chat:
        """The chat of that id, made where there is none."""
        if chat_id not in self.chats:
            self.chats[chat_id] = Chat(chat_id, **details)
        return self.chats[chat_id]
