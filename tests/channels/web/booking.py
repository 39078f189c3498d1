"""Booked appointments and their pages, on the real tables, by a clock that the tests set."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.web.appointments import AppointmentPages
from bot.conversation.booking.page_notices import PageNotices
from bot.conversation.messages import Address
from bot.domain.booking.appointment import Appointment, Details
from bot.papers.links import Links
from bot.papers.particulars import Clerk
from bot.papers.signed import SignedPapers
from bot.persistence.appointment_links import SqlLinkedAppointments
from bot.persistence.booking_rows import AppointmentRow, CounterRow, ServiceRow
from bot.persistence.linked_changes import SqlLinkedChanges
from bot.persistence.unit_of_work import SqlUnitOfWork
from tests.offices import COMPANY, EARLY, MONDAY, city, fill_office
from tests.papers.bookings import DIRECTORY, NAME, PROCEDURE, SECRET, TAX_CODE, WORDING

_numbers = itertools.count(1)
_hours = itertools.product(range(1, 20), range(8, 11))
ADDRESS = {"vi": "số 18 đường Hoàng Diệu, phường Hồng Bàng", "en": "18 Hoàng Diệu street, Hồng Bàng ward"}


class Clock:
    """What time the pages believe it is."""

    now = EARLY

    def __call__(self) -> dt.datetime:
        return self.now


CLOCK = Clock()


def signed_papers(public_url: str | None = None) -> SignedPapers:
    clerk = Clerk(WORDING, DIRECTORY, {PROCEDURE.code: PROCEDURE}.get)
    return SignedPapers(Links(SECRET, public_url), clerk, WORDING, clock=CLOCK)


def pages(engine: AsyncEngine) -> AppointmentPages:
    """The pages as the assistant puts them together."""
    return AppointmentPages(
        papers=signed_papers(),
        appointments=SqlLinkedAppointments(engine),
        changes=SqlLinkedChanges(engine, PageNotices(WORDING)),
        wording=WORDING,
        clock=CLOCK,
    )


async def book(
    engine: AsyncEngine, *, procedure: str | None = PROCEDURE.code, language: str = "vi", demonstration: bool = True
) -> Appointment:
    """An appointment of a new contact, another hour each time; a demonstration unless told."""
    async with engine.connect() as connection:
        if await connection.scalar(select(ServiceRow.key).limit(1)) is None:
            await fill_office(engine, counters=1)
    async with engine.begin() as connection:
        await connection.execute(update(ServiceRow).values(demonstration=demonstration))
        await connection.execute(update(CounterRow).values(record={"name": {"vi": "Quầy 1"}, "address": ADDRESS}))
    days, hour = next((days, hour) for days, hour in _hours if (MONDAY + dt.timedelta(days=days)).weekday() < 5)
    address = Address("web", uuid.uuid4().hex)
    starts_at = city(MONDAY + dt.timedelta(days=days), hour)
    async with SqlUnitOfWork(engine) as uow:
        hold = await uow.appointments.hold(address, COMPANY, starts_at, EARLY, procedure=procedure)
        details = Details(NAME, f"+849123{next(_numbers):05}", TAX_CODE)
        booked = await uow.appointments.confirm(address, hold.code, details, EARLY)
        await uow.connection.execute(
            update(AppointmentRow).where(AppointmentRow.id == booked.id).values(language=language)
        )
        await uow.commit()
    return booked


def path_of(appointment: Appointment) -> str:
    return signed_papers().links.path(appointment.id)
