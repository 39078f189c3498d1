"""What goes in and what comes out of a turn, whatever the platform.

No platform, no database, no wording.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.procedure import Language

MAX_UTTERANCE = 2_000
"""Characters of an utterance that are read; the rest is cut with a notice."""


class Kind(enum.StrEnum):
    """What the contact did."""

    TEXT = "text"
    CHOICE = "choice"
    """A button: `choice` holds its value, or `token` the opaque id that stands for the value."""
    COMMAND = "command"
    """A slash command such as `/start`: `text` holds its name without the slash."""
    UNSUPPORTED = "unsupported"
    """A photo, file, sticker, location…: we say politely that we read text only."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a contact is reached: a channel and the platform's id of the person there."""

    channel: str
    contact: str

    def __str__(self) -> str:
        return f"{self.channel}:{self.contact}"


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """One thing a contact did, verified and stored.

    `event_id` is unique within the channel: a second delivery of it has no effect. `position` orders
    the messages of one contact where the platform numbers them (Telegram's update_id). `sent_at` is aware.
    """

    address: Address
    event_id: str
    kind: Kind
    sent_at: datetime
    text: str = ""
    choice: str | None = None
    token: str | None = None
    position: int = 0
    language_hint: str | None = None


@dataclass(frozen=True, slots=True)
class Button:
    """A choice offered under a reply.

    `value` is our own meaning, e.g. `facet:fee:2.001583`; at most 200 characters.
    """

    title: str
    value: str
    url: str | None = None
    """Set where the button opens a page instead of saying something to us."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that comes with a reply: `path` is where our web app serves it, `content` is it in base64.

    A channel uploads the content, shows the file from its path, or gives a link, as its platform can.
    """

    title: str
    filename: str
    media_type: str
    path: str
    content: str
    page: str = ""
    """Path of the page that shows it with what belongs to it, where there is one."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply: `key` names the sentence in `data/wording`, `text` is it in the contact's language.

    The text is plain, with bare links; a channel that can show more (bold, links) may, none must.
    """

    key: str
    text: str
    language: Language
    buttons: tuple[Button, ...] = ()
    attachments: tuple[Attachment, ...] = ()

    def preceded_by(self, text: str) -> Reply:
        """The same reply with `text` above it."""
        return replace(self, text=f"{text}\n{self.text}")
