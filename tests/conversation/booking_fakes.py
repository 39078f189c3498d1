"""A small office in memory for the booking form: real rules of openings, one counter a service, a book that forgets
what was not committed."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from collections.abc import Iterator
from copy import copy
from dataclasses import replace
from types import TracebackType
from typing import Self, cast

from bot.conversation.messages import Address, Attachment
from bot.conversation.ports import Appointments, UnitOfWork
from bot.domain.booking.appointment import HOLD, Appointment, Details, State
from bot.domain.booking.errors import (
    AlreadyBooked,
    AppointmentOver,
    HoldLapsed,
    OpeningFull,
    OpeningGone,
    TooManyAppointments,
    UnknownAppointment,
)
from bot.domain.booking.occupancy import Occupancy, Taken
from bot.domain.booking.offering import offer
from bot.domain.booking.offices import CITY_TIME, Counter, Hours, Service
from bot.domain.booking.openings import Offer, Why, Wish
from bot.domain.booking.schedule import Schedule
from bot.domain.booking.waiting import Waiting
from bot.domain.procedure import Language, Text

from .fakes import FakeStorage, FakeUnitOfWork

KARAOKE, RULES, STOCK_COMPANY = "1.001029", "2.001955", "2.002043"
CULTURE, LABOUR, COMPANY, FINANCE = "karaoke", "labour_rules", "company", "finance_general"
MOST = 3
"""Appointments of one contact."""
_SPANS = ((dt.time(8), dt.time(11, 30)), (dt.time(13, 30), dt.time(17)))


def a_service(key: str, department: str, title: str, *procedures: str, demonstration: bool = True) -> Service:
    return Service(
        key,
        department,
        Text(title),
        dt.timedelta(minutes=30),
        dt.timedelta(minutes=60),
        dt.timedelta(days=30),
        dt.timedelta(hours=2),
        procedures,
        (Text("Căn cước"),),
        demonstration=demonstration,
    )


class Book:
    """Who has which place: what a database would hold, and the reading of it."""

    def __init__(self) -> None:
        self.services = {
            service.key: service
            for service in (
                a_service(CULTURE, "culture_sports_tourism", "Giấy phép karaoke", KARAOKE),
                a_service(LABOUR, "home_affairs", "Nội quy lao động", RULES, demonstration=False),
                a_service(COMPANY, "finance", "Thành lập doanh nghiệp", STOCK_COMPANY),
                a_service(FINANCE, "finance", "Nộp hồ sơ"),
            )
        }
        self.counters = {key: number for number, key in enumerate(self.services, 1)}
        self.rows: dict[str, tuple[Address, Appointment]] = {}
        self._codes = (f"CDE{number}" for number in itertools.count(100))

    def counter(self, service: str) -> Counter:
        number = self.counters[service]
        department = self.services[service].department
        return Counter(number, f"counter-{number}", department, Text(f"Quầy {number}"), None, (service,))

    def taken(self, now: dt.datetime) -> Iterator[Appointment]:
        for _, each in self.rows.values():
            if each.state is State.BOOKED or (each.state is State.HELD and not _has_lapsed(each, now)):
                yield each

    def new_code(self) -> str:
        return next(self._codes)

    def states(self, address: Address) -> list[tuple[dt.datetime, State]]:
        """What this contact has and had, in order."""
        return [(each.starts_at, each.state) for owner, each in self.rows.values() if owner == address]

    def take_away(self, service: str, starts_at: dt.datetime, now: dt.datetime) -> None:
        """Somebody else books it."""
        somebody = Address("echo", uuid.uuid4().hex)
        held = FakeAppointments(self).place(somebody, service, starts_at, now, None)
        self.rows[held.code] = (somebody, replace(held, state=State.BOOKED))


class FakeOffices:
    def __init__(self, book: Book) -> None:
        self._book = book

    async def services(self) -> tuple[Service, ...]:
        return tuple(self._book.services.values())


class FakeOpenings:
    """The real offer for a wish, from the rules and the places taken in memory."""

    def __init__(self, storage: BookingStorage) -> None:
        self._storage = storage

    async def near(self, service: str, wish: Wish, now: dt.datetime, *, limit: int = 6) -> Offer:
        book = self._storage.book
        if service not in book.services:
            return Offer(service, why=Why.NOT_OFFERED)
        number = book.counters[service]
        hours = [Hours(number, weekday, *span) for weekday in range(5) for span in _SPANS]
        schedule = Schedule(book.services[service], [book.counter(service)], hours)
        occupied = [
            Taken(each.counter.id, 1, int(each.starts_at.timestamp()), int(each.ends_at.timestamp()))
            for each in book.taken(now)
        ]
        return offer(schedule, Occupancy(occupied), wish, now, limit=limit)


class FakeAppointmentBook:
    """Reads what was committed."""

    def __init__(self, storage: BookingStorage) -> None:
        self._storage = storage

    async def of(self, address: Address, now: dt.datetime) -> tuple[Appointment, ...]:
        rows = self._storage.book.rows.values()
        return tuple(each for owner, each in rows if owner == address and each.state is State.BOOKED)

    async def found(self, code: str) -> Appointment | None:
        row = self._storage.book.rows.get(code)
        return row[1] if row is not None else None

    async def held(self, address: Address, code: str, now: dt.datetime) -> Appointment | None:
        owner, each = self._storage.book.rows.get(code, (None, None))
        if owner != address or each is None or each.state is not State.HELD or _has_lapsed(each, now):
            return None
        return each

    async def waiting(self, address: Address) -> tuple[Waiting, ...]:
        return ()


class NoPapers:
    """An assistant without files and pages."""

    def of(self, appointment: Appointment, language: Language) -> tuple[Attachment, ...]:
        return ()

    def link(self, appointment: Appointment) -> str:
        return ""


class FakeAppointments:
    """Holds, books and gives back; the rest of the port is not played."""

    def __init__(self, book: Book) -> None:
        self._book = book

    async def hold(
        self,
        address: Address,
        service: str,
        starts_at: dt.datetime,
        now: dt.datetime,
        *,
        procedure: str | None = None,
        instead_of: str | None = None,
        **_: object,
    ) -> Appointment:
        own = [each for owner, each in self._book.rows.values() if owner == address and each.state is State.BOOKED]
        for each in own:
            if each.service.key == service:
                raise AlreadyBooked(each.code)
        if len(own) >= MOST:
            raise TooManyAppointments(MOST)
        if instead_of is not None:
            await self.release(address, instead_of, now)
        return self.place(address, service, starts_at, now, procedure)

    def place(
        self, address: Address, service: str, starts_at: dt.datetime, now: dt.datetime, procedure: str | None
    ) -> Appointment:
        if starts_at < now + self._book.services[service].notice:
            raise OpeningGone(service, starts_at, Why.TOO_SOON)
        if any(each.service.key == service and each.starts_at == starts_at for each in self._book.taken(now)):
            raise OpeningFull(service, starts_at)
        found = self._book.services[service]
        held = Appointment(
            uuid.uuid4(),
            self._book.new_code(),
            found,
            self._book.counter(service),
            1,
            starts_at,
            starts_at + found.duration,
            State.HELD,
            1,
            now + HOLD,
            procedure,
        )
        self._book.rows[held.code] = (address, held)
        return held

    async def release(self, address: Address, code: str, now: dt.datetime) -> None:
        owner, each = self._book.rows.get(code, (None, None))
        if owner == address and each is not None and each.state is State.HELD:
            self._book.rows[code] = (address, replace(each, state=State.CANCELLED))

    async def confirm(self, address: Address, code: str, details: Details, now: dt.datetime) -> Appointment:
        owner, each = self._book.rows.get(code, (None, None))
        if owner != address or each is None:
            raise UnknownAppointment(code)
        if each.state is State.CANCELLED:
            raise AppointmentOver(code, each.state)
        if each.state is State.HELD:
            if _has_lapsed(each, now):
                raise HoldLapsed(code)
            each = replace(each, state=State.BOOKED, details=details, hold_until=None)
            self._book.rows[code] = (address, each)
        return each


class BookingUnitOfWork(FakeUnitOfWork):
    def __init__(self, storage: BookingStorage) -> None:
        super().__init__(storage)
        self._whole = storage

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        self._book = copy(self._whole.book)
        self._book.rows = dict(self._whole.book.rows)
        self.appointments = cast(Appointments, FakeAppointments(self._book))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await super().__aexit__(kind, error, trace)

    async def commit(self) -> None:
        await super().commit()
        self._whole.book = self._book


class BookingStorage(FakeStorage):
    """Committed state with a book of appointments."""

    def __init__(self) -> None:
        super().__init__()
        self.book = Book()

    def __call__(self) -> UnitOfWork:
        return BookingUnitOfWork(self)


def _has_lapsed(held: Appointment, now: dt.datetime) -> bool:
    return held.hold_until is not None and held.hold_until.astimezone(CITY_TIME) <= now
