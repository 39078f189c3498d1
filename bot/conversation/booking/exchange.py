"""One turn of the booking form: whom it is with, when it happens, and what the form has noted so far."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from bot.conversation.speaking import Speaker
from bot.conversation.tracker import Tracker

from .wishing import SLOTS as WISH
from .wishing import forget

FORM = "booking"
MATTER = ("service", "procedure", "group")
HELD = ("hold", "at", "hold_until")
OFFERED = ("offered", "options")
PERSON = ("name", "telephone", "tax_code")


@dataclass(frozen=True, slots=True)
class Exchange:
    tracker: Tracker
    speaker: Speaker
    now: dt.datetime

    @property
    def slots(self) -> dict[str, str]:
        return self.tracker.slots

    def ask(self, slot: str) -> None:
        """The form waits for `slot`."""
        self.tracker.form, self.tracker.asks = FORM, slot

    def begin_anew(self) -> None:
        """Forget another booking's matter and time; who comes is kept, to be proposed again."""
        forget(self.slots, (*MATTER, *WISH, *HELD, *OFFERED))

    def leave(self) -> None:
        """The form is done with."""
        self.begin_anew()
        self.tracker.form = self.tracker.asks = None

    def change_matter(self, service: str, procedure: str | None = None, group: str | None = None) -> None:
        """What the appointment is for, and side questions are about; a place held for another service is no longer
        what is wanted."""
        if self.slots.get("service") != service:
            forget(self.slots, ("at",))
        forget(self.slots, (*MATTER, *OFFERED))
        self.slots["service"] = service
        if procedure is not None:
            self.slots["procedure"] = procedure
            self.tracker.subject = procedure
        if group is not None:
            self.slots["group"] = group

    @property
    def held_at(self) -> dt.datetime | None:
        """The start of the opening that is held."""
        at = self.slots.get("at")
        return dt.datetime.fromisoformat(at) if at is not None and "hold" in self.slots else None

    @property
    def hold_until(self) -> dt.datetime | None:
        until = self.slots.get("hold_until")
        return dt.datetime.fromisoformat(until) if until is not None else None

    @property
    def offered(self) -> tuple[dt.datetime, ...]:
        """The openings last offered, as shown."""
        return tuple(dt.datetime.fromisoformat(each) for each in self.slots.get("offered", "").split(",") if each)

    @property
    def knows_the_person(self) -> bool:
        return "name" in self.slots and "telephone" in self.slots
