"""The queue of the day: a counter calls who is next, calls again, serves, puts down as missed, sends elsewhere.

Each change is a compare-and-set on the state or the version of one visit: two counters never call the same number,
and a second click finds what the first one did.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.booking.appointment import Change, State
from bot.domain.booking.offices import CITY_TIME
from bot.domain.booking.visiting import (
    RECALLS,
    CannotReturn,
    NoMoreRecalls,
    UnknownVisit,
    Visit,
    VisitChanged,
    VisitState,
    WrongCounter,
    precedence,
)

from .arrivals import SqlArrivals
from .attendance import PlaceTaken, SqlAttendance
from .booking_rows import AppointmentRow, CounterRow
from .visit_audit import note_visit
from .visit_records import VISIT, to_visit

_OVER = {VisitState.SERVED: (State.SERVED, Change.SERVED), VisitState.MISSED: (State.MISSED, Change.MISSED)}


class SqlVisits:
    """Changes visits, on the connection of a transaction. `actor` is the login of the official."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._attendance = SqlAttendance(connection)

    async def call_next(
        self, department: str, counter: int, current: int | None, now: dt.datetime, actor: str
    ) -> Visit | None:
        """Call the next number this counter can serve; None where nobody waits for it.

        `current` is the visit the official saw at their counter (None: no one): it is served by this. Where another
        is there already, the click was the second of two, and that one is given. Raises `WrongCounter`.
        """
        # The counter's row is locked, so that two clicks at one counter come one after the other.
        services = await self._services_of(department, counter, lock=True)
        there = await self.at_counter(counter, now)
        if there is not None and there.id != current:
            return there
        if there is not None:
            await self.finish(there.id, there.version, VisitState.SERVED, now, actor)
        for visit_id in await self.queue(department, now, counter=counter, services=services):
            called = await self.take(visit_id, counter, now)
            if called is not None:
                await note_visit(self._connection, "called", actor, None, called)
                return called
        return None

    async def queue(
        self, department: str, now: dt.datetime, *, counter: int | None = None, services: tuple[str, ...] = ()
    ) -> list[int]:
        """The ids of the visits that wait, in the order in which they are called (by `counter`, where one is named).

        At the same rank who booked this counter comes first, then the lower number.
        """
        today = now.astimezone(CITY_TIME).date()
        statement = (
            select(
                VISIT.c.id,
                VISIT.c.number,
                VISIT.c.arrived_at,
                func.lower(AppointmentRow.during).label("starts_at"),
                AppointmentRow.counter_id.label("booked_at"),
            )
            .select_from(VISIT)
            .outerjoin(AppointmentRow, AppointmentRow.id == VISIT.c.appointment_id)
            .where(
                VISIT.c.department_key == department,
                VISIT.c.on_date == today,
                VISIT.c.state == VisitState.WAITING.value,
                or_(AppointmentRow.id.is_(None), AppointmentRow.state == State.ARRIVED.value),
            )
        )
        if counter is not None:
            statement = statement.where(or_(VISIT.c.counter_id.is_(None), VISIT.c.counter_id == counter))
        if services:
            statement = statement.where(or_(VISIT.c.service_key.is_(None), VISIT.c.service_key.in_(services)))
        rows = (await self._connection.execute(statement)).all()
        ranked = sorted(
            rows, key=lambda row: (precedence(row.arrived_at, row.starts_at, now), row.booked_at != counter, row.number)
        )
        return [row.id for row in ranked]

    async def take(self, visit: int, counter: int, now: dt.datetime) -> Visit | None:
        """Call this number to the counter; None where another counter was faster."""
        statement = (
            update(VISIT)
            .where(VISIT.c.id == visit, VISIT.c.state == VisitState.WAITING.value)
            .values(
                state=VisitState.CALLED.value,
                counter_id=counter,
                calls=1,
                called_at=now,
                version=VISIT.c.version + 1,
            )
            .returning(VISIT)
        )
        row = (await self._connection.execute(statement)).mappings().first()
        return to_visit(row) if row is not None else None

    async def recall(self, visit: int, version: int, now: dt.datetime, actor: str) -> Visit:
        """Call the number again. Raises `NoMoreRecalls`, `VisitChanged`, `UnknownVisit`."""
        before = await self._found(visit)
        if before.state is not VisitState.CALLED:
            raise VisitChanged(before.number, before.state.value)
        if before.version != version:
            return before  # the second of two clicks
        if before.calls > RECALLS:
            raise NoMoreRecalls(before.number)
        return await self._change("recalled", before, actor, calls=before.calls + 1, called_at=now)

    async def finish(self, visit: int, version: int, state: VisitState, now: dt.datetime, actor: str) -> Visit:
        """Put a called visit down as served or missed, and its appointment with it. Raises as `recall`."""
        before = await self._found(visit, with_appointment=True)
        if before.state is state:
            return before
        if before.state is not VisitState.CALLED or before.version != version:
            raise VisitChanged(before.number, before.state.value)
        after = await self._change(state.value, before, actor, state=state.value, done_at=now, served_by=actor)
        if before.appointment is not None:
            over, change = _OVER[state]
            await self._attendance.settle(
                before.appointment, over, change, actor, now, only_from=(State.ARRIVED, State.BOOKED)
            )
        return after

    async def put_back(self, visit: int, version: int, now: dt.datetime, actor: str) -> Visit:
        """Let somebody wait again who was called, or put down as served or missed by mistake: in their old order.

        Raises as `recall`, and `CannotReturn`.
        """
        before = await self._found(visit, with_appointment=True)
        if before.state is VisitState.WAITING:
            return before
        if before.version != version:
            raise VisitChanged(before.number, before.state.value)
        if before.appointment is not None and before.state in _OVER:
            try:
                await self._attendance.settle(
                    before.appointment,
                    State.ARRIVED,
                    Change.ARRIVED,
                    actor,
                    now,
                    only_from=(State.SERVED, State.MISSED),
                )
            except PlaceTaken as error:
                raise CannotReturn(before.number) from error
        return await self._change("put_back", before, actor, **_WAITING, counter_id=None)

    async def send_to_counter(self, visit: int, version: int, counter: int, now: dt.datetime, actor: str) -> Visit:
        """Let a visit wait for another counter of the department, in their old order. Raises as `recall`, and
        `WrongCounter`."""
        before = await self._waiting_or_called(visit, version)
        services = await self._services_of(before.department, counter)
        if services and before.service is not None and before.service not in services:
            raise WrongCounter(counter)
        return await self._change("sent_to_counter", before, actor, **_WAITING, counter_id=counter)

    async def send_to_department(
        self, visit: int, version: int, department: str, service: str | None, now: dt.datetime, actor: str
    ) -> Visit:
        """Give a number of another department to a visit; it is over here. Raises as `recall`."""
        before = await self._waiting_or_called(visit, version)
        await self._change(
            "sent_to_department",
            before,
            actor,
            state=VisitState.SERVED.value,
            done_at=now,
            served_by=actor,
            appointment_id=None,
        )
        return await SqlArrivals(self._connection).hand_over(before, department, service, now, actor)

    async def must_be_of(self, visit: int, department: str) -> None:
        """Raises `UnknownVisit` for a visit of another department."""
        found = await self._connection.scalar(select(VISIT.c.department_key).where(VISIT.c.id == visit))
        if found != department:
            raise UnknownVisit(visit)

    async def at_counter(self, counter: int, now: dt.datetime) -> Visit | None:
        """Who is called to a counter now."""
        statement = (
            select(VISIT)
            .where(
                VISIT.c.counter_id == counter,
                VISIT.c.on_date == now.astimezone(CITY_TIME).date(),
                VISIT.c.state == VisitState.CALLED.value,
            )
            .order_by(VISIT.c.called_at.desc())
            .limit(1)
        )
        row = (await self._connection.execute(statement)).mappings().first()
        return to_visit(row) if row is not None else None

    async def _services_of(self, department: str, counter: int, *, lock: bool = False) -> tuple[str, ...]:
        statement = select(CounterRow.services).where(
            CounterRow.id == counter, CounterRow.department_key == department, CounterRow.active
        )
        found = await self._connection.scalar(statement.with_for_update() if lock else statement)
        if found is None:
            raise WrongCounter(counter)
        return tuple(found)

    async def _waiting_or_called(self, visit: int, version: int) -> Visit:
        before = await self._found(visit)
        if before.version != version or before.state not in (VisitState.WAITING, VisitState.CALLED):
            raise VisitChanged(before.number, before.state.value)
        return before

    async def _found(self, visit: int, *, with_appointment: bool = False) -> Visit:
        statement = select(VISIT).where(VISIT.c.id == visit)
        if with_appointment:
            appointment = await self._connection.scalar(select(VISIT.c.appointment_id).where(VISIT.c.id == visit))
            if appointment is not None:
                await self._attendance.by_id(appointment)
        row = (await self._connection.execute(statement.with_for_update())).mappings().first()
        if row is None:
            raise UnknownVisit(visit)
        return to_visit(row)

    async def _change(self, action: str, before: Visit, actor: str, **values: Any) -> Visit:
        statement = (
            update(VISIT)
            .where(VISIT.c.id == before.id, VISIT.c.version == before.version)
            .values(version=VISIT.c.version + 1, **values)
            .returning(VISIT)
        )
        row = (await self._connection.execute(statement)).mappings().first()
        if row is None:
            raise VisitChanged(before.number, before.state.value)
        after = to_visit(row)
        await note_visit(self._connection, action, actor, before, after)
        return after


_WAITING: dict[str, Any] = {
    "state": VisitState.WAITING.value,
    "calls": 0,
    "called_at": None,
    "done_at": None,
    "served_by": None,
}
