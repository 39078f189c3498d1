"""One turn of the booking form: whom it is with, when it happens, and what the form has noted so far."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from bot.conversation.speaking import Speaker
from bot.conversation.tracker import Tracker
from bot.domain.booking.appointment import Appointment
from bot.domain.booking.offices import CITY_TIME

from .wishing import SLOTS as WISH
from .wishing import forget, wish_for

FORM = "booking"
MATTER = ("service", "procedure", "group")
HELD = ("hold", "at", "hold_until")
OFFERED = ("offered", "options")
PERSON = ("name", "telephone", "tax_code")
ASIDE = "aside"
"""The number of the turn in which the form was set aside."""


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
        forget(self.slots, (*MATTER, *WISH, *HELD, *OFFERED, ASIDE))

    def set_aside(self) -> None:
        """The form is closed, and can be gone on with."""
        self.slots[ASIDE] = str(self.tracker.turns)
        self.tracker.form = self.tracker.asks = None

    def reopen(self) -> None:
        """The form is open: gone on with where it was set aside, else anew."""
        if self.tracker.form != FORM and not self.is_aside:
            self.begin_anew()
        self.slots.pop(ASIDE, None)
        self.tracker.form = FORM

    @property
    def is_aside(self) -> bool:
        return self.tracker.form is None and ASIDE in self.slots

    @property
    def was_just_set_aside(self) -> bool:
        """Whether this is the turn after it."""
        return self.is_aside and self.slots[ASIDE] == str(self.tracker.turns - 1)

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

    def keep(self, held: Appointment) -> None:
        """A place is held; its time is now what is wished for."""
        local = held.starts_at.astimezone(CITY_TIME)
        wish_for(self.slots, local)
        self.slots["hold"], self.slots["at"] = held.code, local.isoformat(timespec="minutes")
        if held.hold_until is not None:
            self.slots["hold_until"] = held.hold_until.astimezone(CITY_TIME).isoformat(timespec="seconds")
        forget(self.slots, OFFERED)

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
