"""Attendance: an appointment's way through the day (arrived, served, missed), each step one compare-and-set.

Leaves booking, moving and cancelling to `appointments`. Whoever changes a visit and its appointment locks the
appointment first, so that two officials never wait for one another.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Row as Found
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.booking.appointment import Change, State

from .booking_rows import AppointmentChangeRow, AppointmentRow, ServiceRow


@dataclass(frozen=True, slots=True)
class Expected:
    """An appointment as the counter needs it, locked for the transaction."""

    id: uuid.UUID
    code: str
    department: str
    service: str
    counter: int
    starts_at: dt.datetime
    state: State


class PlaceTaken(Exception):
    """The place of an appointment that was over has been given to somebody else."""


class SqlAttendance:
    """Changes the state of appointments on the day, on the connection of a transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def by_code(self, code: str) -> Expected | None:
        """The appointment with that code, locked; None where there is none."""
        return await self._locked(AppointmentRow.code == code)

    async def by_id(self, appointment: uuid.UUID) -> Expected | None:
        """The appointment with that id, locked; None where there is none (any more)."""
        return await self._locked(AppointmentRow.id == appointment)

    async def settle(
        self,
        appointment: uuid.UUID,
        state: State,
        change: Change,
        actor: str,
        now: dt.datetime,
        *,
        only_from: Collection[State],
    ) -> bool:
        """Bring an appointment from one of `only_from` to `state`, with a line of its history; False where it is
        elsewhere. Raises `PlaceTaken` where its place was given away meanwhile."""
        try:
            async with self._connection.begin_nested():
                version = await self._connection.scalar(
                    update(AppointmentRow)
                    .where(
                        AppointmentRow.id == appointment, AppointmentRow.state.in_([each.value for each in only_from])
                    )
                    .values(state=state.value, version=AppointmentRow.version + 1, updated_at=now)
                    .returning(AppointmentRow.version)
                )
        except IntegrityError as error:
            raise PlaceTaken from error
        if version is None:
            return False
        await self._connection.execute(
            insert(AppointmentChangeRow).values(
                appointment_id=appointment, version=version, change=change.value, actor=actor, at=now, facts={}
            )
        )
        return True

    async def _locked(self, condition: object) -> Expected | None:
        row: Found[tuple[object, ...]] | None = (
            await self._connection.execute(
                select(
                    AppointmentRow.id,
                    AppointmentRow.code,
                    ServiceRow.department_key,
                    AppointmentRow.service_key,
                    AppointmentRow.counter_id,
                    func.lower(AppointmentRow.during).label("starts_at"),
                    AppointmentRow.state,
                )
                .join(ServiceRow, ServiceRow.key == AppointmentRow.service_key)
                .where(condition)  # type: ignore[arg-type]
                .with_for_update(of=AppointmentRow)
            )
        ).first()
        if row is None:
            return None
        return Expected(
            row.id, row.code, row.department_key, row.service_key, row.counter_id, row.starts_at, State(row.state)
        )
