"""Makes what a transcript takes as given come true in a real book of appointments."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, insert, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.booking.appointment import Details
from bot.domain.booking.errors import BookingError
from bot.domain.booking.offices import CITY_TIME
from bot.domain.booking.openings import Wish
from bot.persistence.booking_rows import AppointmentRow, ClosureRow
from bot.persistence.openings import SqlOpenings
from bot.persistence.unit_of_work import unit_of_work_factory
from tests.builders import an_address

from .transcripts import Elsewhere, Full, Given


class BookArranger:
    """Empties the book, closes what is closed and lets others take what is full."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._openings = SqlOpenings(engine)
        self._unit_of_work = unit_of_work_factory(engine)

    async def arrange(self, given: Given) -> None:
        async with self._engine.begin() as connection:
            await connection.execute(delete(AppointmentRow))
            await connection.execute(delete(ClosureRow).where(ClosureRow.created_by == "transcript"))
            for closed in given.closed:
                begins = dt.datetime.combine(closed.day, dt.time(), CITY_TIME)
                await connection.execute(
                    insert(ClosureRow).values(
                        department_key=closed.department,
                        starts_at=begins,
                        ends_at=begins + dt.timedelta(days=1),
                        reason=closed.reason,
                        created_by="transcript",
                    )
                )
        for booked in given.elsewhere:
            await self._book(booked, given.now or dt.datetime.now(CITY_TIME))
        for full in given.full:
            await self.fill(full, given.now or dt.datetime.now(CITY_TIME))

    async def _book(self, booked: Elsewhere, now: dt.datetime) -> None:
        async with self._unit_of_work() as uow:
            somebody = an_address()
            hold = await uow.appointments.hold(somebody, booked.service, booked.at, now)
            details = Details("Trần Thị Bình", booked.telephone)
            made = await uow.appointments.confirm(somebody, hold.code, details, now)
            official = update(AppointmentRow).where(AppointmentRow.code == made.code)
            await uow.connection.execute(official.values(code=booked.code, conversation_id=None))
            await uow.commit()

    async def fill(self, full: Full, now: dt.datetime) -> None:
        moments = [full.at] if full.at is not None else await self._moments_of(full, now)
        for moment in moments:
            while True:
                async with self._unit_of_work() as uow:
                    try:
                        await uow.appointments.hold(an_address(), full.service, moment, now)
                    except BookingError:
                        break
                    await uow.commit()

    async def _moments_of(self, full: Full, now: dt.datetime) -> list[dt.datetime]:
        offer = await self._openings.near(full.service, Wish(first=full.day, last=full.day), now, limit=200)
        return [opening.starts_at for opening in offer.openings]
