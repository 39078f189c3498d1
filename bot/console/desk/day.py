"""Today: the list and the queue of a department, and what an official does at the counter.

Every change is a form of its own that comes back to the page, so that all of it works without a script.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Awaitable, Callable

from fastapi import APIRouter
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.console.frame import BASE, Frame, Refused, SignedIn, may, require
from bot.conversation.booking.numbers import show_telephone
from bot.domain.booking.errors import BookingError, UnknownAppointment
from bot.domain.booking.offices import CITY_TIME
from bot.domain.booking.visiting import GRACE, Visit, VisitError, VisitState, WrongDepartment
from bot.domain.official import Official
from bot.domain.procedure import Language
from bot.persistence.arrivals import SqlArrivals
from bot.persistence.audit import Entry, record
from bot.persistence.booking_rows import AppointmentRow
from bot.persistence.desk import STATES, Day, Line, SqlDesk
from bot.persistence.visits import SqlVisits

from .choosing import counter_kept, day_asked, departments_of, keep_counter, number_asked
from .codes import Scanned, read_code
from .explaining import explain
from .listing import as_csv, narrowed
from .screen import ScreenKeys

CAMERA = {"Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=(), usb=()"}
"""The page may ask for the camera, to scan a code with it."""

Deed = Callable[[AsyncConnection], Awaitable[tuple[str, dict[str, object]]]]
"""Changes something and gives the sentence that tells so."""


class DayPages:
    """`scanned` reads a signed link of an appointment."""

    def __init__(self, frame: Frame, engine: AsyncEngine, scanned: Scanned, keys: ScreenKeys) -> None:
        self._frame = frame
        self._engine = engine
        self._desk = SqlDesk(engine)
        self._scanned = scanned
        self._keys = keys

    def router(self) -> APIRouter:
        router = APIRouter()
        router.add_api_route("/day", self.choose, methods=["GET"])
        router.add_api_route("/day/{department}", self.day, methods=["GET"])
        router.add_api_route("/day/{department}/live", self.live, methods=["GET"])
        router.add_api_route("/day/{department}/list.csv", self.spreadsheet, methods=["GET"])
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

    async def choose(self, request: Request, official: SignedIn) -> Response:
        departments = await departments_of(self._desk, official)
        if len(departments) == 1:
            return RedirectResponse(f"{BASE}/day/{next(iter(departments))}", status_code=303)
        return self._frame.page(request, "desk/choose.html", departments=departments, to="day")

    async def day(self, request: Request, official: SignedIn, department: str) -> Response:
        return await self._page(request, official, department, "desk/day.html")

    async def live(self, request: Request, official: SignedIn, department: str) -> Response:
        """What changes by itself, for the script of the page."""
        return await self._page(request, official, department, "desk/live.html")

    async def spreadsheet(self, request: Request, official: SignedIn, department: str) -> Response:
        require(official, department, "manage")
        day = await self._day(request, department)
        language = Language(request.state.language)
        body = as_csv(day, self._lines(request, day), lambda key: self._frame.wording.say(key, language), language)
        async with self._engine.begin() as connection:
            what = Entry(official.login, "day.exported", "department", department, after={"day": day.on.isoformat()})
            await record(connection, what)
        name = f"{department}-{day.on.isoformat()}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(body, media_type="text/csv; charset=utf-8", headers=headers)

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
            return self._back(department, "desk_no_code", "bad", typed=typed[:40])
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
        day = await self._day(request, department)
        if service is not None and service not in {each.key for each in day.services}:
            raise Refused(422, "frame_unreadable")

        async def do(connection: AsyncConnection) -> tuple[str, dict[str, object]]:
            visit = await SqlArrivals(connection).walk_in(department, service, now, official.login)
            return "desk_walked_in", {"number": visit.number, "minutes": _minutes(day.waiting_time)}

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

        return await self._do(department, do)

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
                return await self._send(connection, visit, version, str(form.get("to") or ""), official)
            raise Refused(404, "frame_not_found")

        return await self._do(department, do)

    async def _send(
        self, connection: AsyncConnection, visit: int, version: int, to: str, official: Official
    ) -> tuple[str, dict[str, object]]:
        kind, _, key = to.partition(":")
        visits, now = SqlVisits(connection), self._frame.clock()
        if kind == "counter" and (counter := number_asked(key)) is not None:
            sent = await visits.send_to_counter(visit, version, counter, now, official.login)
            return "desk_sent_to_counter", {"number": sent.number}
        departments = await self._desk.departments()
        if kind != "department" or key not in departments:
            return "desk_choose_where", {}
        sent = await visits.send_to_department(visit, version, key, None, now, official.login)
        return "desk_sent_to_department", {"number": sent.number, "department": departments[key].vi}

    async def _do(self, department: str, deed: Deed) -> Response:
        try:
            async with self._engine.begin() as connection:
                key, facts = await deed(connection)
        except (BookingError, VisitError) as error:
            key, facts = explain(error)
            if isinstance(error, WrongDepartment):
                name = await self._desk.name(error.department)
                facts["department"] = name.vi if name is not None else error.department
            return self._back(department, key, "bad", **facts)
        return self._back(department, key, **facts)

    def _back(self, department: str, flash: str, kind: str = "good", /, **facts: object) -> Response:
        return self._frame.redirect(f"/day/{department}", flash=flash, kind=kind, **facts)

    async def _page(self, request: Request, official: Official, department: str, template: str) -> Response:
        require(official, department, "desk")
        now = self._frame.clock()
        day = await self._day(request, department)
        today = now.astimezone(CITY_TIME).date()
        mine = counter_kept(request, department)
        here = next((counter for counter in day.counters if counter.id == mine), None)
        current = next(
            (line for line in day.lines if here is not None and line.state == "called" and line.counter == here.id),
            None,
        )
        departments = await self._desk.departments() if template == "desk/day.html" or current is not None else {}
        return self._frame.page(
            request,
            template,
            headers=CAMERA,
            day=day,
            today=today,
            is_today=day.on == today,
            before=day.on - dt.timedelta(days=1),
            after=day.on + dt.timedelta(days=1),
            lines=(lines := self._lines(request, day)),
            groups=_by_counter(lines, day),
            telephone=show_telephone,
            is_late=lambda at: now > at + GRACE,
            states=STATES,
            minutes=_minutes,
            desk=f"/day/{department}",
            my_counter=here,
            current=current,
            waiting_for_me=_waiting_for(day, here.services if here is not None else (), mine),
            departments={key: name for key, name in departments.items() if key != department},
            names={counter.id: counter.name for counter in day.counters},
            text=lambda text: text.best(Language(request.state.language))[0] if text is not None else "",
            clock=lambda moment: f"{moment.astimezone(CITY_TIME):%H:%M}",
            may_export=may(official, department, "manage"),
            screen=f"/screen/{department}?key={self._keys.key(department)}",
        )

    async def _day(self, request: Request, department: str) -> Day:
        now = self._frame.clock()
        day = await self._desk.day(department, day_asked(request, now), now)
        if day is None:
            raise Refused(404, "frame_not_found")
        return day

    def _lines(self, request: Request, day: Day) -> list[Line]:
        asked = request.query_params
        return narrowed(
            day.lines,
            counter=number_asked(asked.get("counter")),
            state=asked.get("state"),
            asked=asked.get("q", "")[:80],
        )


async def _code_of(connection: AsyncConnection, read: str | uuid.UUID) -> str:
    if isinstance(read, str):
        return read
    code = await connection.scalar(select(AppointmentRow.code).where(AppointmentRow.id == read))
    if code is None:
        raise UnknownAppointment("QR")
    return code


def _by_counter(lines: list[Line], day: Day) -> list[tuple[int | None, list[Line]]]:
    """The list of each counter in the counters' order; who has none yet comes first."""
    order = [None, *(counter.id for counter in day.counters)]
    found: dict[int | None, list[Line]] = {}
    for line in lines:
        found.setdefault(line.counter if line.counter in order else None, []).append(line)
    return [(counter, found[counter]) for counter in order if counter in found]


def _minutes(time: dt.timedelta) -> int:
    return int(time.total_seconds() // 60)


def _waiting_for(day: Day, services: tuple[str, ...], counter: int | None) -> int:
    """How many this counter could call."""
    return sum(
        line.state == "waiting"
        and line.visit is not None
        and (not services or line.visit.service is None or line.visit.service in services)
        and line.visit.counter in (None, counter)
        for line in day.lines
    )
