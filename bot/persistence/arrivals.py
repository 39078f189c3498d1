"""Arrivals: who comes, by appointment or without, gets a number in the day's queue of the department.

The unique constraint on department, day and number decides: two who come at once get two numbers.
"""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import func, literal, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.booking.appointment import Change, State
from bot.domain.booking.errors import AppointmentOver, UnknownAppointment
from bot.domain.booking.offices import CITY_TIME
from bot.domain.booking.visiting import CannotReturn, NotConfirmed, Visit, VisitState, WrongDay, WrongDepartment

from .attendance import PlaceTaken, SqlAttendance
from .booking_rows import VisitRow
from .visit_audit import note_visit
from .visit_records import VISIT, to_visit


class SqlArrivals:
    """Gives numbers, on the connection of a transaction. `actor` is the login of who received them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._attendance = SqlAttendance(connection)

    async def arrive(self, code: str, department: str, now: dt.datetime, actor: str) -> Visit:
        """The number of who came with this code; the same one when they come twice.

        Who missed their turn and comes back waits again, with the number they had. Raises `UnknownAppointment`,
        `NotConfirmed`, `WrongDepartment`, `WrongDay`, `AppointmentOver`, `CannotReturn`.
        """
        expected = await self._attendance.by_code(code)
        if expected is None:
            raise UnknownAppointment(code)
        if expected.department != department:
            raise WrongDepartment(code, expected.department)
        if expected.state is State.HELD:
            raise NotConfirmed(code)
        if expected.state is State.CANCELLED:
            raise AppointmentOver(code, expected.state.value)
        today = now.astimezone(CITY_TIME).date()
        if expected.starts_at.astimezone(CITY_TIME).date() != today:
            raise WrongDay(code, expected.starts_at)
        known = await self._visit_of(expected.id)
        if known is not None and known.state is not VisitState.MISSED:
            return known
        if known is None and expected.state is State.SERVED:
            raise AppointmentOver(code, expected.state.value)
        try:
            await self._attendance.settle(
                expected.id, State.ARRIVED, Change.ARRIVED, actor, now, only_from=(State.BOOKED, State.MISSED)
            )
        except PlaceTaken as error:
            raise CannotReturn(known.number if known is not None else 0) from error
        if known is not None:
            return await self._wait_again(known, now, actor)
        return await self._number(department, today, now, actor, service=expected.service, appointment=expected.id)

    async def absent(self, code: str, department: str, now: dt.datetime, actor: str) -> None:
        """Put down as missed who was booked and did not come; twice changes nothing. Raises as `arrive`."""
        expected = await self._attendance.by_code(code)
        if expected is None:
            raise UnknownAppointment(code)
        if expected.department != department:
            raise WrongDepartment(code, expected.department)
        if expected.starts_at > now:
            raise WrongDay(code, expected.starts_at)
        if expected.state is State.MISSED:
            return
        missed = State.MISSED, Change.MISSED, actor, now
        if not await self._attendance.settle(expected.id, *missed, only_from=(State.BOOKED,)):
            raise AppointmentOver(code, expected.state.value)

    async def walk_in(self, department: str, service: str | None, now: dt.datetime, actor: str) -> Visit:
        """A number for who came without an appointment."""
        return await self._number(department, now.astimezone(CITY_TIME).date(), now, actor, service=service)

    async def hand_over(
        self, visit: Visit, department: str, service: str | None, now: dt.datetime, actor: str
    ) -> Visit:
        """A number of another department, for who waited here; they keep the moment they came."""
        return await self._number(
            department, visit.on, now, actor, service=service, appointment=visit.appointment, came_at=visit.arrived_at
        )

    async def _number(
        self,
        department: str,
        on: dt.date,
        now: dt.datetime,
        actor: str,
        *,
        service: str | None,
        appointment: uuid.UUID | None = None,
        came_at: dt.datetime | None = None,
    ) -> Visit:
        highest = select(func.coalesce(func.max(VisitRow.number), 0) + 1).where(
            VisitRow.department_key == department, VisitRow.on_date == on
        )
        statement = (
            insert(VISIT)
            .values(
                department_key=literal(department),
                on_date=literal(on),
                number=highest.scalar_subquery(),
                service_key=service,
                appointment_id=appointment,
                arrived_at=came_at or now,
            )
            .on_conflict_do_nothing(index_elements=["department_key", "on_date", "number"])
            .returning(VISIT)
        )
        while True:  # who came at the same moment has the number; each round one of them is content
            row = (await self._connection.execute(statement)).mappings().first()
            if row is not None:
                visit = to_visit(row)
                await note_visit(self._connection, "arrived", actor, None, visit)
                return visit

    async def _visit_of(self, appointment: uuid.UUID) -> Visit | None:
        statement = select(VISIT).where(VISIT.c.appointment_id == appointment).with_for_update()
        row = (await self._connection.execute(statement)).mappings().first()
        return to_visit(row) if row is not None else None

    async def _wait_again(self, known: Visit, now: dt.datetime, actor: str) -> Visit:
        statement = (
            update(VISIT)
            .where(VISIT.c.id == known.id)
            .values(
                state=VisitState.WAITING.value,
                counter_id=None,
                calls=0,
                called_at=None,
                done_at=None,
                served_by=None,
                arrived_at=now,
                version=VISIT.c.version + 1,
            )
            .returning(VISIT)
        )
        visit = to_visit((await self._connection.execute(statement)).mappings().one())
        await note_visit(self._connection, "came_back", actor, known, visit)
        return visit
