"""The audit trail, for administrators: who did what to what, by person, object and day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request
from starlette.responses import Response

from bot.domain.booking.offices import CITY_TIME
from bot.persistence.audit import SqlAudit

from .frame import Administrator, Frame

_PER_PAGE = 50


class AuditPages:
    """The page /console/audit."""

    def __init__(self, frame: Frame, engine: AsyncEngine) -> None:
        self._frame = frame
        self._audit = SqlAudit(engine)

    def router(self) -> APIRouter:
        router = APIRouter()
        router.add_api_route("/audit", self.trail, methods=["GET"])
        return router

    async def trail(
        self,
        request: Request,
        _: Administrator,
        actor: str = "",
        kind: str = "",
        key: str = "",
        day: str = "",
        page: int = 1,
    ) -> Response:
        since, fault = _midnight(day)
        page = min(max(page, 1), 100_000)
        entries, total = await self._audit.entries(
            actor=actor.strip().lower() or None,
            object_kind=kind or None,
            object_key=key.strip() or None,
            since=since,
            until=since + timedelta(days=1) if since is not None else None,
            limit=_PER_PAGE,
            offset=(page - 1) * _PER_PAGE,
        )
        return self._frame.page(
            request,
            "audit.html",
            entries=[(kept, changes(kept.entry.before, kept.entry.after)) for kept in entries],
            total=total,
            page_number=page,
            of=max(1, -(-total // _PER_PAGE)),
            kinds=await self._audit.kinds(),
            asked={"actor": actor, "kind": kind, "key": key, "day": day},
            fault=fault,
            action_name=lambda action: self._named("audit_action_", action, request),
            kind_name=lambda name: self._named("audit_kind_", name, request),
        )

    def _named(self, prefix: str, name: str, request: Request) -> str:
        """The words for an action or kind of object; the name itself where a part brought none along."""
        key = prefix + name
        return self._frame.wording.say(key, request.state.language) if key in self._frame.wording else name


def changes(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> list[tuple[str, str, str]]:
    """Fact, what it was, what it became; nested facts by their path."""
    old, new = _flat(before or {}), _flat(after or {})
    return [(fact, old.get(fact, ""), new.get(fact, "")) for fact in sorted(old.keys() | new.keys())]


def _flat(facts: Mapping[str, Any], path: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in facts.items():
        if isinstance(value, Mapping) and value:
            found |= _flat(value, f"{path}{name}.")
        elif isinstance(value, list):
            found[path + name] = ", ".join(map(str, value))
        else:
            found[path + name] = "" if value is None or value == {} else str(value)
    return found


def _midnight(day: str) -> tuple[datetime | None, str | None]:
    """The beginning of a day in the city, and the sentence for one that is none."""
    if not day:
        return None, None
    try:
        return datetime.combine(date.fromisoformat(day), time(), CITY_TIME), None
    except ValueError:
        return None, "audit_day_bad"
