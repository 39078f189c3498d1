"""What may stand in the way of booking.

* BookingError
  x OpeningFull            every place at that time is taken; offer others
  x OpeningGone            it cannot be booked (any more); `why` says the reason
  x HoldLapsed             the place was kept too long; choose a time anew
  x AlreadyBooked          the contact has an appointment for this service; show it, offer to move it
  x TooManyAppointments    the contact or the telephone has as many as allowed
  x TooLateToChange        after the deadline only the department can change it
  x AppointmentOver        it was cancelled, served or missed
  x UnknownAppointment     no such code, or not this contact's
"""

from __future__ import annotations

import datetime as dt

from bot.domain.errors import AssistantError

from .openings import Why


class BookingError(AssistantError):
    """The family: a place could not be taken, kept, moved or given back."""


class OpeningFull(BookingError):
    def __init__(self, service: str, starts_at: dt.datetime) -> None:
        super().__init__(f"{service} at {starts_at.isoformat()} is full")
        self.service = service
        self.starts_at = starts_at


class OpeningGone(BookingError):
    def __init__(self, service: str, starts_at: dt.datetime, why: Why) -> None:
        super().__init__(f"{service} at {starts_at.isoformat()}: {why}")
        self.service = service
        self.starts_at = starts_at
        self.why = why


class HoldLapsed(BookingError):
    def __init__(self, code: str) -> None:
        super().__init__(f"the hold {code} has lapsed")
        self.code = code


class AlreadyBooked(BookingError):
    def __init__(self, code: str) -> None:
        super().__init__(f"{code} is booked already")
        self.code = code


class TooManyAppointments(BookingError):
    def __init__(self, limit: int) -> None:
        super().__init__(f"{limit} appointments are booked already")
        self.limit = limit


class TooLateToChange(BookingError):
    def __init__(self, code: str, until: dt.datetime) -> None:
        super().__init__(f"{code} could be changed until {until.isoformat()}")
        self.code = code
        self.until = until


class AppointmentOver(BookingError):
    def __init__(self, code: str, state: str) -> None:
        super().__init__(f"{code} is {state}")
        self.code = code
        self.state = state


class UnknownAppointment(BookingError):
    def __init__(self, code: str) -> None:
        super().__init__(f"no appointment {code}")
        self.code = code


class StaleAppointment(AssistantError):
    """Somebody changed the appointment since it was read: an error of ours, who changes it must lock it first."""

    def __init__(self, code: str, version: int) -> None:
        super().__init__(f"{code} has moved on from version {version}")
        self.code = code
        self.version = version
