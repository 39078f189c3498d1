"""The appointment behind a signed link, and the language its contact speaks."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.booking.appointment import Appointment, State
from bot.domain.procedure import Language

from .appointment_records import read_one
from .booking_rows import AppointmentRow
from .engine import at_once


class SqlLinkedAppointments:
    """Finds appointments by their id."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = at_once(engine)

    async def with_id(self, appointment: uuid.UUID) -> tuple[Appointment, Language] | None:
        """None where it is forgotten, or only held so far."""
        async with self._engine.connect() as connection:
            found = await read_one(connection, AppointmentRow.id == appointment)
            spoken = await connection.scalar(select(AppointmentRow.language).where(AppointmentRow.id == appointment))
        if found is None or found.state is State.HELD or spoken is None:
            return None
        return found, Language(spoken)
