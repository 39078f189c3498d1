"""The page of the audit trail, for administrators: filtered by person, kind, thing and day."""

from __future__ import annotations

from datetime import datetime, timedelta

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request
from starlette.responses import Response

from bot.console.access import Administrator
from bot.console.frame import Frame
from bot.persistence.audit import SqlAudit
from bot.persistence.audit_names import read_names

from .facts import moment_of_day
from .telling import Telling

_PER_PAGE = 50


class AuditPages:
    """The page /console/audit."""

    def __init__(self, frame: Frame, engine: AsyncEngine) -> None:
        self._frame = frame
        self._engine = engine
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
        names = await read_names(self._engine)
        telling = Telling(self._frame.wording, request.state.language, names)
        entries, total = await self._audit.entries(
            actor=actor.strip().lower() or None,
            object_kind=kind or None,
            object_keys=telling.keys_of(key.strip()) if key.strip() else None,
            since=since,
            until=since + timedelta(days=1) if since is not None else None,
            limit=_PER_PAGE,
            offset=(page - 1) * _PER_PAGE,
        )
        return self._frame.page(
            request,
            "audit.html",
            entries=[telling.tell(kept) for kept in entries],
            total=total,
            page_number=page,
            of=max(1, -(-total // _PER_PAGE)),
            kinds=[(name, telling.named("kind", name)) for name in await self._audit.kinds()],
            logins=sorted(names.officials),
            asked={"actor": actor, "kind": kind, "key": key, "day": day},
            fault=fault,
        )


def _midnight(day: str) -> tuple[datetime | None, str | None]:
    """The beginning of a day in the city, and the sentence for one that is none."""
    try:
        return (moment_of_day(day) if day else None), None
    except ValueError:
        return None, "audit_day_bad"
