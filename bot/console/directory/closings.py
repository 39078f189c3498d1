"""Closing a day, a part of one, a counter or a department: first who is affected, then what is done with them."""

from __future__ import annotations

import datetime as dt
import secrets
from collections import Counter
from typing import Any

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request
from starlette.responses import Response

from bot.console.access import Refused, SignedIn, require
from bot.console.frame import Frame
from bot.domain.booking.appointment import Appointment
from bot.domain.booking.offices import CITY_TIME
from bot.domain.official import Official, may
from bot.persistence.booking_rows import CounterRow
from bot.persistence.directory_closures import SqlClosures
from bot.persistence.directory_editing import SqlDirectoryEditing
from bot.persistence.displacing import Closed, Handling, booked_within
from bot.persistence.next_openings import next_openings
from knowledge.offices_faults import SENTENCES

from . import forms
from .forms import Faults, Typed
from .settling import Settle, settled

LONGEST = dt.timedelta(days=366)
PAST = "directory_past"
SHOWN = 200
"""Appointments the preview lists with a proposal; the rest is counted."""


class ClosingPages:
    """`settle` moves or tells who is booked; where it is cut off the sweep goes on."""

    def __init__(self, frame: Frame, editing: SqlDirectoryEditing, engine: AsyncEngine, settle: Settle) -> None:
        self._frame = frame
        self._editing = editing
        self._closures = SqlClosures(engine)
        self._engine = engine
        self._settle = settle

    def router(self) -> APIRouter:
        router = APIRouter()
        router.add_api_route("/closings", self.listing, methods=["GET"])
        router.add_api_route("/closings", self.close, methods=["POST"])
        router.add_api_route("/closings/new", self.new, methods=["GET"])
        router.add_api_route("/closings/{id_}/reopen", self.reopen, methods=["POST"])
        return router

    async def listing(self, request: Request, official: SignedIn) -> Response:
        counters = {row.id: row for row in await self._editing.counters()}
        rows = [row for row in await self._closures.to_come(self._frame.clock()) if _sees(official, row, counters)]
        return self._frame.page(
            request,
            "directory/closings.html",
            rows=rows,
            counters=counters,
            departments={row.key: row for row in await self._editing.departments()},
            may_reopen=lambda row: _manages(official, row, counters),
            may_close=official.is_administrator or "head" in official.departments.values(),
        )

    async def new(self, request: Request, official: SignedIn) -> Response:
        """The form; a first look at who is affected comes with the answer to it."""
        asked = request.query_params
        tomorrow = self._frame.clock().astimezone(CITY_TIME).date() + dt.timedelta(days=1)
        form = {
            "where": asked.get("where", ""),
            "first": asked.get("day", tomorrow.isoformat()),
            "last": asked.get("day", tomorrow.isoformat()),
            "reason": asked.get("reason", "")[:200],
            "handling": "move",
            "once": secrets.token_urlsafe(12),
        }
        return await self._draw(request, official, form, {})

    async def close(self, request: Request, official: SignedIn) -> Response:
        form = forms.typed(await request.form())
        closed, faults = await self._read(request, official, form)
        if closed is None or faults:
            return await self._draw(request, official, form, faults, status=422)
        now = self._frame.clock()
        async with self._engine.connect() as connection:
            affected = await booked_within(connection, closed, now)
            if form.get("do") != "close" or form.get("affected") != str(len(affected)):
                proposals = await _proposals(connection, closed, affected[:SHOWN], now)
                stale = form.get("do") == "close"
                form["affected"] = str(len(affected))
                return await self._draw(
                    request, official, form, {}, affected=affected, proposals=proposals, stale=stale
                )
        handling: Handling = "move" if form.get("handling") == "move" else "inform"
        once = form.get("once", "")[:40]
        if not await self._closures.close(closed, handling, form["reason"][:200], official.login, once):
            return self._frame.redirect("/closings", flash="directory_closed_already", kind="bad")
        if not affected:
            return self._frame.redirect("/closings", flash="directory_closed")
        return await settled(self._frame, self._settle, "/closings")

    async def reopen(self, request: Request, official: SignedIn, id_: int) -> Response:
        row = await self._closures.one(id_)
        if row is None:
            raise Refused(404, "frame_not_found")
        counters = {counter.id: counter for counter in await self._editing.counters()}
        if not _manages(official, row, counters):
            raise Refused(403, "frame_not_your_department")
        await self._closures.reopen(id_, official.login)
        return self._frame.redirect("/closings", flash="directory_reopened")

    async def _read(self, request: Request, official: Official, form: Typed) -> tuple[Closed | None, Faults]:
        """The time and place of the form. Raises `Refused` for somebody else's department."""
        side = 0 if request.state.language == "vi" else 1
        faults: Faults = {}
        days = [forms.day_of(form.get(name, "")) for name in ("first", "last")]
        faults |= {
            name: SENTENCES["bad_date"][side] for name, day in zip(("first", "last"), days, strict=True) if day is None
        }
        hours: list[dt.time | None] = []
        for name in ("starts", "ends"):
            hours.append(forms.time_of(form[name]) if form.get(name) else None)
            if form.get(name) and hours[-1] is None:
                faults[name] = SENTENCES["span"][side]
        if not form.get("reason"):
            faults["reason"] = SENTENCES["empty"][side]
        department, counter = await self._where(official, form, faults, side)
        if faults or days[0] is None or days[1] is None:
            return None, faults
        starts = dt.datetime.combine(days[0], hours[0] or dt.time(), CITY_TIME)
        ends = (
            dt.datetime.combine(days[1], hours[1], CITY_TIME)
            if hours[1]
            else dt.datetime.combine(days[1] + dt.timedelta(days=1), dt.time(), CITY_TIME)
        )
        if starts >= ends or ends - starts > LONGEST:
            return None, {"last": SENTENCES["validity" if days[0] > days[1] else "span_order"][side]}
        if ends <= self._frame.clock():
            return None, {"last": self._frame.wording.say(PAST, request.state.language)}
        return Closed(starts, ends, department, counter), faults

    async def _where(self, official: Official, form: Typed, faults: Faults, side: int) -> tuple[str | None, int | None]:
        """`where` is `everywhere`, `department:<key>` or `counter:<key>`."""
        match form.get("where", "").split(":"):
            case ["everywhere"]:
                if not official.is_administrator:
                    raise Refused(403, "frame_only_administrators")
                return None, None
            case ["department", key]:
                require(official, key, "manage")
                return key, None
            case ["counter", key] if (row := await self._editing.one(CounterRow, key)) is not None:
                require(official, row.department_key, "manage")
                return row.department_key, row.id
        faults["where"] = SENTENCES["empty"][side]
        return None, None

    async def _draw(
        self,
        request: Request,
        official: Official,
        form: Typed,
        faults: Faults,
        *,
        status: int = 200,
        affected: list[Appointment] | None = None,
        proposals: dict[str, dt.datetime] | None = None,
        stale: bool = False,
    ) -> Response:
        departments = [row for row in await self._editing.departments() if may(official, row.key, "manage")]
        if not departments:
            raise Refused(403, "frame_not_your_department")
        counters = [row for row in await self._editing.counters() if may(official, row.department_key, "manage")]
        every = affected or []
        return self._frame.page(
            request,
            "directory/closing_form.html",
            status=status,
            form=form,
            faults=faults,
            departments=departments,
            counters=[row for row in counters if row.active],
            affected=affected,
            shown=every[:SHOWN],
            proposals=proposals or {},
            by_service=Counter(one.service.title for one in every),
            stale=stale,
        )


async def _proposals(
    connection: Any, closed: Closed, affected: list[Appointment], now: dt.datetime
) -> dict[str, dt.datetime]:
    """Where each could be moved, by code, if the time were closed; what was proposed to one is not to the next."""
    promised: dict[str, Counter[dt.datetime]] = {}
    found: dict[str, dt.datetime] = {}
    for one in affected:
        own = promised.setdefault(one.counter.department, Counter())
        for opening in await next_openings(connection, one, now, limit=1, proposed=own, besides=closed):
            own[opening.starts_at] += 1
            found[one.code] = opening.starts_at
    return found


def _sees(official: Official, row: Any, counters: dict[int, Any]) -> bool:
    department = row.department_key or (counters[row.counter_id].department_key if row.counter_id else None)
    return department is None or may(official, department, "desk")


def _manages(official: Official, row: Any, counters: dict[int, Any]) -> bool:
    department = row.department_key or (counters[row.counter_id].department_key if row.counter_id else None)
    return official.is_administrator if department is None else may(official, department, "manage")
