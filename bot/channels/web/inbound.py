"""What the page sends becomes an inbound message.

`{"client_id": uuid, "text": …}` says something, `{…, "token": …}` taps a button, `{…, "language": "ko"}`
chooses a language. The page makes the `client_id`, so that sending again never says a thing twice.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot.conversation.choices import SetLanguage
from bot.conversation.messages import Address, InboundMessage, Kind
from bot.domain.errors import AssistantError
from bot.domain.procedure import Language

NAME = "web"
"""The channel's name, in addresses and in the settings of the dispatcher."""
_COMMAND = re.compile(r"/([a-z_]{1,32})(?:\s+(.*))?", re.IGNORECASE | re.DOTALL)


class Unreadable(AssistantError):
    """The page, or somebody in its stead, sent what makes no sense."""


class _Sent(BaseModel):
    model_config = ConfigDict(extra="ignore")

    client_id: UUID
    text: str | None = None
    token: str | None = Field(default=None, pattern=r"^[A-Za-z0-9_-]{1,24}$")
    language: Language | None = None
    language_hint: str | None = Field(default=None, max_length=35)

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if sum(part is not None for part in (self.text, self.token, self.language)) != 1:
            raise ValueError("exactly one of text, token and language is needed")
        if self.text is not None and not _clean(self.text):
            raise ValueError("empty text")
        return self


def read_message(body: bytes, contact: str, now: datetime) -> InboundMessage:
    """The message in a request's body. Raises `Unreadable`."""
    try:
        sent = _Sent.model_validate_json(body)
    except ValidationError as error:
        raise Unreadable(f"{error.error_count()} problems") from error
    address = Address(NAME, contact)
    # The contact is part of the id: nobody can use up another visitor's ids.
    event_id = f"{contact}:{sent.client_id}"
    hint = sent.language_hint
    if sent.token is not None:
        return InboundMessage(address, event_id, Kind.CHOICE, now, token=sent.token, language_hint=hint)
    if sent.language is not None:
        choice = str(SetLanguage(sent.language))
        return InboundMessage(address, event_id, Kind.CHOICE, now, choice=choice, language_hint=hint)
    text = _clean(sent.text or "")
    if (command := _COMMAND.fullmatch(text)) is not None:
        said = " ".join(part for part in command.groups() if part)
        return InboundMessage(address, event_id, Kind.COMMAND, now, text=said, language_hint=hint)
    return InboundMessage(address, event_id, Kind.TEXT, now, text=text, language_hint=hint)


def client_id_of(event_id: str | None) -> str | None:
    """The page's own id of the message that was stored as `event_id`."""
    return event_id.partition(":")[2] or None if event_id is not None else None


def _clean(text: str) -> str:
    # PostgreSQL stores no NUL in text or jsonb.
    return text.replace("\x00", "").strip()
