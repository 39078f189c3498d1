"""People: someone with Telegram on the telephone, who writes, taps, and reads what the bot says."""

from __future__ import annotations

import asyncio
import time
import uuid
from dataclasses import dataclass
from typing import Any

from tests.waiting import PATIENCE

from .chats import BOT, Chat, Data, World
from .updates import Updates


@dataclass(frozen=True, slots=True)
class Seen:
    """A message of the bot as it stands on the screen; `rows` are the titles of its buttons."""

    number: int
    text: str
    rows: tuple[tuple[str, ...], ...]
    data: Data

    @property
    def titles(self) -> list[str]:
        return [title for row in self.rows for title in row]


class Person:
    """One person in the private chat with the bot. What they do gives the number of its update."""

    def __init__(self, world: World, updates: Updates, chat: Chat) -> None:
        self._world = world
        self._updates = updates
        self.chat = chat
        self._read = 0

    @property
    def id(self) -> int:
        return self.chat.id

    def says(self, text: str, **details: Any) -> int:
        """Write a text, a command too."""
        content: Data = {"text": text, **details}
        if text.startswith("/"):
            content["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]
        return self._sends(content)

    def sends(self, **content: Any) -> int:
        """Send anything else: `photo=[…]`, `sticker={…}`, `caption="…"`."""
        return self._sends(content)

    def sends_photo(self, caption: str | None = None, **details: Any) -> int:
        file_id = f"file-{uuid.uuid4().hex}"
        self._world.files[file_id] = b"\xff\xd8 a picture"
        photo = {"file_id": file_id, "file_unique_id": file_id[-8:], "width": 90, "height": 90}
        return self._sends({"photo": [photo]} | ({"caption": caption} if caption else {}) | details)

    def edits(self, text: str) -> int | None:
        """Change the own last text."""
        message = next(m for m in reversed(self.chat.messages.values()) if m["from"] != BOT and "text" in m)
        message |= {"text": text, "edit_date": int(time.time())}
        return self._updates.add(edited_message=dict(message))

    def taps(self, title: str) -> int:
        """Tap the newest button of that title."""
        for message in reversed(self.chat.messages.values()):
            for row in message.get("reply_markup", {}).get("inline_keyboard", []):
                for button in row:
                    if button["text"] == title:
                        return self.taps_data(button["callback_data"], message)
        raise AssertionError(f"there is no button {title!r} among {[seen.titles for seen in self.sees]}")

    def taps_data(self, data: str, message: Data | None = None) -> int:
        """Tap a button that carries `data`, even one that was never shown."""
        query = uuid.uuid4().hex
        self._world.taps[query] = (self.chat.id, time.monotonic())
        content: Data = {"id": query, "from": self.chat.person(), "chat_instance": "1", "data": data}
        number = self._updates.add(callback_query=content | ({"message": dict(message)} if message else {}))
        assert number is not None, "the bot does not want to know of taps"
        return number

    def blocks(self) -> None:
        """Block the bot, as far as Telegram tells it."""
        self._changes("member", "kicked")
        self.chat.blocked = True

    def unblocks(self) -> None:
        self.chat.blocked = False
        self._changes("kicked", "member")

    @property
    def sees(self) -> list[Seen]:
        """Everything the bot has said here, as it stands now."""
        return [_seen(message) for message in self.chat.messages.values() if message["from"] == BOT]

    async def hears(self, count: int = 1, *, within: float = PATIENCE) -> list[Seen]:
        """The next `count` messages of the bot; fails where they do not come `within` seconds."""
        until = time.monotonic() + within
        while len(self.sees) < self._read + count:
            if time.monotonic() > until:
                raise AssertionError(f"heard only {len(self.sees) - self._read} of {count} messages")
            await asyncio.sleep(0.01)
        heard = self.sees[self._read : self._read + count]
        self._read += count
        return heard

    def _sends(self, content: Data) -> int:
        message = self.chat.add(self.chat.person(), content)
        number = self._updates.add(message=dict(message))
        assert number is not None, "the bot does not want to know of messages"
        return number

    def _changes(self, before: str, after: str) -> None:
        self._updates.add(
            my_chat_member={
                "chat": self.chat.as_data(),
                "from": self.chat.person(),
                "date": int(time.time()),
                "old_chat_member": _member(before),
                "new_chat_member": _member(after),
            }
        )


def _seen(message: Data) -> Seen:
    keyboard = message.get("reply_markup", {}).get("inline_keyboard", [])
    rows = tuple(tuple(button["text"] for button in row) for row in keyboard)
    return Seen(message["message_id"], str(message.get("text") or message.get("caption") or ""), rows, message)


def _member(status: str) -> Data:
    return {"user": BOT, "status": status} | ({"until_date": 0} if status == "kicked" else {})
