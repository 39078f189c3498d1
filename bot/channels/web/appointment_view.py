"""What the page of an appointment shows its holder, and what they may still do there. Pure."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.booking.appointment import Appointment, State

LINK_LASTS = timedelta(days=31)
"""After the appointment; then its page is gone."""


class Standing(enum.StrEnum):
    """How an appointment stands for its holder, who needs fewer words for it than an official."""

    BOOKED = "booked"
    ATTENDING = "attending"
    ARRIVED = "arrived"
    CANCELLED = "cancelled"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class View:
    """An appointment as its page sees it at one moment. `until` is when it may last be cancelled here."""

    standing: Standing
    holder: str | None
    until: datetime
    may_cancel: bool

    @property
    def is_ahead(self) -> bool:
        """Whether the holder still needs the code, the calendar and the documents."""
        return self.standing in (Standing.BOOKED, Standing.ATTENDING, Standing.ARRIVED)

    @property
    def may_change(self) -> bool:
        return self.standing in (Standing.BOOKED, Standing.ATTENDING)


def view(appointment: Appointment, now: datetime) -> View:
    """How `appointment` stands at `now`."""
    standing = _standing(appointment, now)
    return View(
        standing=standing,
        holder=masked(appointment.details.name) if appointment.details is not None else None,
        until=appointment.change_until,
        may_cancel=standing in (Standing.BOOKED, Standing.ATTENDING) and not appointment.is_too_late_to_change(now),
    )


def is_gone(appointment: Appointment, now: datetime) -> bool:
    """Whether its page is no longer shown."""
    return now > appointment.ends_at + LINK_LASTS


def masked(name: str) -> str:
    """A name of which only its owner recognises the rest: `N. V. A.`"""
    return " ".join(f"{word[0].upper()}." for word in name.split()[:6])


def _standing(appointment: Appointment, now: datetime) -> Standing:
    match appointment.state:
        case State.CANCELLED:
            return Standing.CANCELLED
        case State.ARRIVED:
            return Standing.ARRIVED
        case State.BOOKED if now < appointment.ends_at:
            return Standing.ATTENDING if appointment.attending else Standing.BOOKED
        case _:
            return Standing.OVER
