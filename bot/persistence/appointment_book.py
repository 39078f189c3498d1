"""The appointment book in PostgreSQL: who is expected, read outside any transaction."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation.messages import Address
from bot.domain.booking.appointment import Appointment, State
from bot.domain.booking.waiting import Waiting
from bot.domain.when import Part

from .appointment_records import appointment_of, appointments_where, read_one
from .booking_rows import AppointmentRow, ServiceRow, WaitingRow
from .engine import at_once
from .offices import service_of
from .rows import ContactRow, ConversationRow


class SqlAppointmentBook:
    """`AppointmentBook` in PostgreSQL."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = at_once(engine)

    async def of(self, address: Address, now: dt.datetime) -> tuple[Appointment, ...]:
        """As the port says; one that has begun counts until it ends."""
        wanted = appointments_where(
            AppointmentRow.conversation_id == _conversation(address),
            AppointmentRow.state.in_((State.BOOKED.value, State.ARRIVED.value)),
            func.upper(AppointmentRow.during) > now,
        ).order_by(func.lower(AppointmentRow.during))
        async with self._engine.connect() as connection:
            return tuple(map(appointment_of, await connection.execute(wanted)))

    async def found(self, code: str) -> Appointment | None:
        """As the port says; small letters count as capitals. Holds are not found."""
        async with self._engine.connect() as connection:
            found = await read_one(connection, AppointmentRow.code == code.strip().upper())
        return None if found is None or found.state is State.HELD else found

    async def held(self, address: Address, code: str, now: dt.datetime) -> Appointment | None:
        """As the port says."""
        async with self._engine.connect() as connection:
            return await read_one(
                connection,
                AppointmentRow.code == code,
                AppointmentRow.conversation_id == _conversation(address),
                AppointmentRow.state == State.HELD.value,
                AppointmentRow.hold_until > now,
            )

    async def waiting(self, address: Address) -> tuple[Waiting, ...]:
        """As the port says, the oldest wish first."""
        row = WaitingRow
        wanted = (
            select(
                *ServiceRow.__table__.c,
                row.first_on,
                row.last_on,
                row.part,
                row.procedure_code,
                AppointmentRow.code,
                row.offer_until,
            )
            .join_from(row, ServiceRow, row.service_key == ServiceRow.key)
            .outerjoin(AppointmentRow, row.appointment_id == AppointmentRow.id)
            .where(row.conversation_id == _conversation(address), row.state.in_(("waiting", "offered")))
            .order_by(row.created_at, row.id)
        )
        async with self._engine.connect() as connection:
            return tuple(
                Waiting(
                    service_of(found),
                    found.first_on,
                    found.last_on,
                    None if found.part is None else Part(found.part),
                    found.procedure_code,
                    found.code,
                    found.offer_until,
                )
                for found in await connection.execute(wanted)
            )


def _conversation(address: Address):  # type: ignore[no-untyped-def]
    return (
        select(ConversationRow.id)
        .join(ContactRow, ContactRow.id == ConversationRow.contact_id)
        .where(ContactRow.channel == address.channel, ContactRow.external_id == address.contact)
        .scalar_subquery()
    )
