"""Inbound: Telegram's JSON of an update becomes a message of a turn, or is ignored with a reason.

Pure, and never raises: whatever arrives, something is made of it. The library's own parser is not used,
since it refuses a whole batch for one update that it cannot read, and writes it to the log.

Groups and channels are ignored: an answer there would show one contact's business to all.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.conversation.messages import MAX_UTTERANCE, Address, InboundMessage, Kind

CHANNEL = "telegram"
ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
"""What we ask Telegram for."""
MOST_STORED = 4 * MAX_UTTERANCE
"""Characters of a text that are stored; Telegram itself allows half of it."""
_LARGEST = 2**63 - 1
_MOST_DATA = 64
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@\w{1,64})?(?:\s+(.*))?", re.DOTALL)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
_SERVICE = re.compile(
    r"(pinned_message|message_auto_delete_timer_changed|proximity_alert_triggered|write_access_allowed"
    r"|users?_shared|chat_shared|chat_background_set|boost_added|connected_website|passport_data"
    r"|(forum|general_forum)_topic_\w+|video_chat_\w+|(new|left|delete|group|migrate)_\w+"
    r"|\w*_payment|\w*gift\w*|suggested_post_\w+|paid_message_price_changed|direct_message_price_changed)"
)
"""Fields of messages that nobody wrote: Telegram tells of an event in the chat."""


@dataclass(frozen=True, slots=True)
class Ignored:
    """An update that needs no turn. `payload` holds names of fields and ids, nothing a person wrote."""

    event_id: str
    reason: str
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Update:
    """What was read: a message or the reason for none, and the tap that Telegram wants confirmed."""

    content: InboundMessage | Ignored
    tap: str | None = None


def read_update(data: object, now: datetime) -> Update:
    """The meaning of one update; `now` (aware) stands where the update carries no moment of its own.

    An update without a usable number is known by a digest of itself, so that it is stored once as well.
    """
    update = _mapping(data)
    number = update.get("update_id")
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number <= _LARGEST:
        return Update(Ignored(_digest(data), "malformed", {"fields": _fields(update)}))
    reader = _Reader(number, now)
    if "message" in update:
        return Update(reader.message(_mapping(update["message"])))
    if "callback_query" in update:
        query = _mapping(update["callback_query"])
        return Update(reader.tap(query), tap=_identifier(query.get("id")))
    kinds = sorted(str(name)[:64] for name in update if name != "update_id")
    reason = kinds[0] if len(kinds) == 1 and kinds[0] in ALLOWED_UPDATES else "unknown"
    return Update(reader.ignored(reason, update))


@dataclass(frozen=True, slots=True)
class _Reader:
    number: int
    now: datetime

    def message(self, message: Mapping[str, Any]) -> InboundMessage | Ignored:
        """Something written, sent or shared in a chat."""
        sender = _mapping(message.get("from"))
        address = _private(message)
        if address is None:
            return self.ignored("not_private", message)
        if sender.get("is_bot") is True:
            return self.ignored("from_bot", message)
        kind, text = Kind.UNSUPPORTED, ""
        event_id = str(self.number)
        if (written := message.get("text", message.get("caption"))) is not None and isinstance(written, str):
            kind, text = Kind.TEXT, _clean(written)
            if "text" in message and (command := _COMMAND.fullmatch(text.strip())) is not None:
                kind, text = Kind.COMMAND, " ".join(filter(None, (command[1].lower(), command[2])))
        elif any(_SERVICE.fullmatch(str(name)) for name in message):
            return self.ignored("service", message)
        elif (album := _identifier(message.get("media_group_id"))) is not None:
            event_id = f"album:{album}"  # ten pictures at once deserve one answer, not ten
        return InboundMessage(
            address=address,
            event_id=event_id,
            kind=kind,
            sent_at=self._moment(message.get("date")),
            text=text[:MOST_STORED],
            position=self.number,
            language_hint=_language(sender),
        )

    def tap(self, query: Mapping[str, Any]) -> InboundMessage | Ignored:
        """A button was tapped. The message below which it stood tells the chat; old ones come without."""
        sender = _mapping(query.get("from"))
        message = _mapping(query.get("message"))
        data = query.get("data")
        address = _private(message) if message else _address(sender.get("id"))
        if address is None:
            return self.ignored("not_private", query)
        if not isinstance(data, str) or not data or len(data.encode("utf-8", "replace")) > _MOST_DATA:
            return self.ignored("no_data", query)
        return InboundMessage(
            address=address,
            event_id=str(self.number),
            kind=Kind.CHOICE,
            sent_at=self.now,
            token=_clean(data),
            position=self.number,
            language_hint=_language(sender),
        )

    def ignored(self, reason: str, content: Mapping[str, Any]) -> Ignored:
        return Ignored(str(self.number), reason, {"reason": reason, "fields": _fields(content)})

    def _moment(self, seconds: object) -> datetime:
        try:
            moment = datetime.fromtimestamp(seconds, UTC)  # type: ignore[arg-type]
        except (TypeError, ValueError, OverflowError, OSError):
            return self.now
        return min(moment, self.now)


def _private(message: Mapping[str, Any]) -> Address | None:
    chat = _mapping(message.get("chat"))
    return _address(chat.get("id")) if chat.get("type") == "private" else None


def _address(number: object) -> Address | None:
    if not isinstance(number, int) or isinstance(number, bool) or abs(number) > _LARGEST:
        return None
    return Address(CHANNEL, str(number))


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _identifier(value: object) -> str | None:
    return value if isinstance(value, str) and re.fullmatch(r"[\w-]{1,64}", value, re.ASCII) else None


def _language(sender: Mapping[str, Any]) -> str | None:
    code = sender.get("language_code")
    return code if isinstance(code, str) and _LANGUAGE.fullmatch(code) else None


def _clean(text: str) -> str:
    """The text in composed letters, without what PostgreSQL cannot store: zero and halves of pairs."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return unicodedata.normalize("NFC", whole.replace("\x00", ""))


def _fields(content: Mapping[str, Any]) -> list[str]:
    return sorted(_clean(str(name))[:64] for name in content)[:64]


def _digest(data: object) -> str:
    return "digest:" + hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()[:40]
