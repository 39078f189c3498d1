"""What an official does at the desk: receives who comes, calls a number, serves it or sends it elsewhere.

Every change is a form of its own that comes back to the day's page, so that all of it works without a script.
"""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable

from fastapi import APIRouter
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from starlette.requests import Request
from starlette.responses import Response

from bot.console.access import Refused, SignedIn, require
from bot.console.frame import Frame
from bot.domain.booking.errors import BookingError, UnknownAppointment
from bot.domain.booking.offices import CITY_TIME
from bot.domain.booking.visiting import Visit, VisitError, VisitState, WrongDepartment
from bot.domain.official import Official
from bot.persistence.arrivals import SqlArrivals
from bot.persistence.booking_rows import AppointmentRow
from bot.persistence.desk import SqlDesk
from bot.persistence.visits import SqlVisits

from .choosing import counter_kept, keep_counter, number_asked
from .codes import Scanned, read_code
from .explaining import explain
from .listing import minutes

Deed = Callable[[AsyncConnection], Awaitable[tuple[str, dict[str, object]]]]
"""Changes something and gives the sentence that tells so."""


class DoingPages:
    """`scanned` reads a signed link of an appointment."""

    def __init__(self, frame: Frame, engine: AsyncEngine, scanned: Scanned) -> None:
        self._frame = frame
        self._engine = engine
        self._desk = SqlDesk(engine)
        self._scanned = scanned

    def router(self) -> APIRouter:
        router = APIRouter()
        for name, page in (
            ("counter", self.sit),
            ("arrivals", self.arrive),
            ("absent", self.absent),
            ("walk-ins", self.walk_in),
            ("call", self.call),
            ("visits/{visit}/{action}", self.act),
        ):
            router.add_api_route(f"/day/{{department}}/{name}", page, methods=["POST"])
        return router

    async def sit(self, request: Request, official: SignedIn, department: str) -> Response:
        require(official, department, "desk")
        counter = number_asked((await request.form()).get("counter"))
        response = self._frame.redirect(f"/day/{department}")
        keep_counter(self._frame, response, department, counter)
        return response

    async def arrive(self, request: Request, official: SignedIn, department: str) -> Response:
        require(official, department, "desk")
        typed = str((await request.form()).get("code") or "")[:300]
        read = read_code(typed, self._scanned)
        if read is None:
            # A keyboard set to Vietnamese turns what a hand scanner types into other letters.
            key = "desk_no_code" if typed.isascii() or " " in typed.strip() else "desk_code_with_marks"
            return self._back(department, key, "bad", typed=typed[:40])
        now = self._frame.clock()

        async def do(connection: AsyncConnection) -> tuple[str, dict[str, object]]:
            code = await _code_of(connection, read)
            visit = await SqlArrivals(connection).arrive(code, department, now, official.login)
            if visit.department != department:
                raise WrongDepartment(code, visit.department)
            return f"desk_arrived_{visit.state.value}", {"number": visit.number}

        return await self._do(department, do)

    async def absent(self, request: Request, official: SignedIn, department: str) -> Response:
        require(official, department, "desk")
        code = str((await request.form()).get("code") or "")[:20]
        now = self._frame.clock()

        async def do(connection: AsyncConnection) -> tuple[str, dict[str, object]]:
            await SqlArrivals(connection).absent(code, department, now, official.login)
            return "desk_absent", {"code": code}

        return await self._do(department, do)

    async def walk_in(self, request: Request, official: SignedIn, department: str) -> Response:
        require(official, department, "desk")
        form = await request.form()
        service = str(form.get("service") or "") or None
        now = self._frame.clock()
        day = await self._desk.day(department, now.astimezone(CITY_TIME).date(), now)
        if day is None or (service is not None and service not in {each.key for each in day.services}):
            raise Refused(422, "frame_unreadable")

        async def do(connection: AsyncConnection) -> tuple[str, dict[str, object]]:
            visit = await SqlArrivals(connection).walk_in(department, service, now, official.login)
            return "desk_walked_in", {"number": visit.number, "minutes": minutes(day.waiting_time)}

        return await self._do(department, do)

    async def call(self, request: Request, official: SignedIn, department: str) -> Response:
        require(official, department, "desk")
        counter = counter_kept(request, department)
        if counter is None:
            return self._back(department, "desk_choose_counter_first", "bad")
        current = number_asked((await request.form()).get("current"))
        now = self._frame.clock()

        async def do(connection: AsyncConnection) -> tuple[str, dict[str, object]]:
            visit = await SqlVisits(connection).call_next(department, counter, current, now, official.login)
            return ("desk_nobody_waits", {}) if visit is None else ("desk_called", {"number": visit.number})

        return await self._do(department, do, "#call")

    async def act(self, request: Request, official: SignedIn, department: str, visit: int, action: str) -> Response:
        require(official, department, "desk")
        form = await request.form()
        version = number_asked(form.get("version"))
        if version is None:
            raise Refused(422, "frame_unreadable")
        now, login = self._frame.clock(), official.login

        async def do(connection: AsyncConnection) -> tuple[str, dict[str, object]]:
            visits = SqlVisits(connection)
            await visits.must_be_of(visit, department)
            done: Visit
            if action == "recall":
                done = await visits.recall(visit, version, now, login)
                return "desk_recalled", {"number": done.number, "left": done.recalls_left}
            if action in ("served", "missed"):
                done = await visits.finish(visit, version, VisitState(action), now, login)
                return f"desk_{action}", {"number": done.number}
            if action == "put-back":
                done = await visits.put_back(visit, version, now, login)
                return "desk_put_back", {"number": done.number}
            if action == "send":
                return await self._send(connection, department, visit, version, str(form.get("to") or ""), official)
            raise Refused(404, "frame_not_found")

        return await self._do(department, do, "#recall" if action == "recall" else "#call")

    async def _send(
        self, connection: AsyncConnection, department: str, visit: int, version: int, to: str, official: Official
    ) -> tuple[str, dict[str, object]]:
        kind, _, key = to.partition(":")
        visits, now = SqlVisits(connection), self._frame.clock()
        if kind == "counter" and (counter := number_asked(key)) is not None:
            sent = await visits.send_to_counter(visit, version, counter, now, official.login)
            return "desk_sent_to_counter", {"number": sent.number}
        places = {place.key: place for place in await self._desk.elsewhere(department)}
        where, _, service = key.partition("/")
        place = places.get(where)
        if kind != "department" or place is None or (service and service not in {each.key for each in place.services}):
            return "desk_choose_where", {}
        sent = await visits.send_to_department(visit, version, where, service or None, now, official.login)
        return "desk_sent_to_department", {"number": sent.number, "department": place.name}

    async def _do(self, department: str, deed: Deed, at: str = "") -> Response:
        """`at` is the button that has the focus on the page this comes back to; without one the field for codes."""
        try:
            async with self._engine.begin() as connection:
                key, facts = await deed(connection)
        except (BookingError, VisitError) as error:
            key, facts = explain(error)
            if isinstance(error, WrongDepartment):
                name = await self._desk.name(error.department)
                facts["department"] = name or error.department
            return self._back(department + at, key, "bad", **facts)
        return self._back(department + at, key, **facts)

    def _back(self, department: str, flash: str, kind: str = "good", /, **facts: object) -> Response:
        return self._frame.redirect(f"/day/{department}", flash=flash, kind=kind, **facts)


async def _code_of(connection: AsyncConnection, read: str | uuid.UUID) -> str:
    if isinstance(read, str):
        return read
    code = await connection.scalar(select(AppointmentRow.code).where(AppointmentRow.id == read))
    if code is None:
        raise UnknownAppointment("QR")
    return code
