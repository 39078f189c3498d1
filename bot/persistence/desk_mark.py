"""Whether anything of a department's day changed, without reading the day."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.booking.offices import CITY_TIME

from .booking_rows import AppointmentRow, ServiceRow
from .visit_records import VISIT


async def read_mark(connection: AsyncConnection, department: str, on: dt.date) -> str:
    """A digest of the versions of that day's visits and appointments."""
    starts = dt.datetime.combine(on, dt.time(), CITY_TIME)
    versions = func.coalesce(
        func.md5(
            func.string_agg(func.concat(VISIT.c.id, ":", VISIT.c.version), aggregate_order_by(literal(","), VISIT.c.id))
        ),
        "",
    )
    visits = select(versions).where(VISIT.c.department_key == department, VISIT.c.on_date == on)
    code = AppointmentRow.code
    appointments = (
        select(
            func.coalesce(
                func.md5(
                    func.string_agg(
                        func.concat(code, ":", AppointmentRow.version, ":", AppointmentRow.state),
                        aggregate_order_by(literal(","), code),
                    )
                ),
                "",
            )
        )
        .join(ServiceRow, ServiceRow.key == AppointmentRow.service_key)
        .where(
            ServiceRow.department_key == department,
            func.lower(AppointmentRow.during) >= starts,
            func.lower(AppointmentRow.during) < starts + dt.timedelta(days=1),
        )
    )
    found = await connection.execute(select(visits.scalar_subquery(), appointments.scalar_subquery()))
    return " ".join(found.one())
