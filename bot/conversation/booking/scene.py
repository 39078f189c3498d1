"""What the conversation about an appointment that exists looks into, and the turn it happens in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from bot.conversation.ports import AppointmentBook, Offices, Openings, Papers, TimeReader
from bot.conversation.speaking import Speaker
from bot.conversation.tracker import Tracker
from knowledge.answerer import Answerer
from knowledge.directory import Directory

from . import wishing
from .exchange import FORM, Exchange
from .matters import Matters

MOVING, CANCELLING, FINDING = "moving", "cancelling", "finding"
"""The forms, as the tracker names them."""
FORMS = frozenset({MOVING, CANCELLING, FINDING})
SLOTS = ("appointment", "new_hold", "wanted", "shift", "same_hour", "weekday")
"""What they remember: the code, the hold of a new time, the route to go on with; of a wish how much later it is to be,
that only the day is to change, that the day was named by its weekday alone. The rest is in the slots of wishing."""


@dataclass(frozen=True, slots=True)
class Around:
    book: AppointmentBook
    openings: Openings
    offices: Offices
    read_time: TimeReader
    directory: Directory
    papers: Papers
    matters: Matters
    answerer: Answerer


@dataclass(frozen=True, slots=True)
class Scene:
    """One turn: whom we speak with, in which language, when, and what can be looked into."""

    tracker: Tracker
    speaker: Speaker
    now: dt.datetime
    around: Around

    @property
    def slots(self) -> dict[str, str]:
        return self.tracker.slots

    def open(self, form: str, asks: str, **slots: str) -> None:
        """Let `form` ask for `asks`, remembering `slots` and no others but the wish."""
        self._forget()
        self.tracker.form, self.tracker.asks = form, asks
        self.tracker.slots |= slots

    @property
    def exchange(self) -> Exchange:
        """The turn as the booking form sees it, to share its questions."""
        return Exchange(self.tracker, self.speaker, self.now)

    def close(self) -> None:
        """No form is open, and its slots are empty."""
        if self.tracker.form == FORM:
            self.exchange.leave()
        self.tracker.form = self.tracker.asks = None
        self._forget()
        wishing.forget(self.tracker.slots, wishing.SLOTS)

    def _forget(self) -> None:
        for slot in SLOTS:
            self.tracker.slots.pop(slot, None)
