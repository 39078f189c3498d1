"""What happens in the queue, put down in the audit trail: numbers and counters, never who it was."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.booking.visiting import Visit

from .official_rows import AuditRow


async def note_visit(
    connection: AsyncConnection, action: str, actor: str, before: Visit | None, after: Visit, **more: Any
) -> None:
    """Write who changed a visit, and from what to what."""
    await connection.execute(
        insert(AuditRow).values(
            actor=actor,
            action=f"visit.{action}",
            object_kind="visit",
            object_key=f"{after.department}/{after.on.isoformat()}/{after.number}",
            before=_standing(before) if before is not None else None,
            after={**_standing(after), **more},
        )
    )


def _standing(visit: Visit) -> dict[str, Any]:
    return {"state": visit.state.value, "counter": visit.counter, "calls": visit.calls}
