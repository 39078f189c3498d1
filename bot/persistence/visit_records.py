"""How visits are read out of their table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import Table

from bot.domain.booking.visiting import Visit, VisitState

from .booking_rows import VisitRow

VISIT = cast(Table, VisitRow.__table__)


def to_visit(row: Mapping[Any, Any]) -> Visit:
    """A visit from its row."""
    return Visit(
        id=row["id"],
        department=row["department_key"],
        on=row["on_date"],
        number=row["number"],
        state=VisitState(row["state"]),
        arrived_at=row["arrived_at"],
        counter=row["counter_id"],
        service=row["service_key"],
        appointment=row["appointment_id"],
        calls=row["calls"],
        version=row["version"],
    )
