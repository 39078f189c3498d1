"""What a conversation remembers between turns."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.procedure import Facet, Language

from .messages import Address


class Owner(enum.StrEnum):
    """Who speaks with the contact now."""

    BOT = "bot"
    OFFICIAL = "official"


@dataclass(frozen=True, slots=True)
class Pending:
    """A question the bot asked and waits to hear answered: which of these procedures was meant?"""

    question: str
    """The wording key or group key of the question."""
    options: tuple[str, ...]
    """Procedure codes, in the order shown."""
    facet: Facet
    utterance: str


@dataclass(slots=True)
class Tracker:
    """The memory of one conversation. `version` guards against two turns writing at once."""

    address: Address
    language: Language = Language.VI
    language_chosen: bool = False
    """Set when the contact chose the language; then we stop guessing it from each utterance."""
    owner: Owner = Owner.BOT
    subject: str | None = None
    """Code of the procedure last spoken of."""
    facet: Facet | None = None
    pending: Pending | None = None
    slots: dict[str, str] = field(default_factory=dict)
    form: str | None = None
    asks: str | None = None
    proven: dict[str, datetime] = field(default_factory=dict)
    """Codes of others' appointments whose telephone the contact named, and until when that counts."""
    wrong_telephones: list[datetime] = field(default_factory=list)
    """When a telephone was named that did not fit."""
    turns: int = 0
    version: int = 0

    def forgotten(self) -> Tracker:
        """What stays after the contact had everything deleted: when they named a wrong telephone (not which), or
        deleting would let them guess on for ever."""
        return Tracker(self.address, self.language, wrong_telephones=self.wrong_telephones, version=self.version)
