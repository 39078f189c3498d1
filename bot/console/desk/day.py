"""The list of a day and the queue of a department: as a page, as the part that renews itself, as a spreadsheet."""

from __future__ import annotations

import datetime as dt
import hashlib

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.console.access import Refused, SignedIn, require
from bot.console.addresses import BASE
from bot.console.frame import Frame
from bot.conversation.booking.numbers import show_telephone
from bot.domain.booking.offices import CITY_TIME
from bot.domain.booking.visiting import GRACE
from bot.domain.official import Official, may
from bot.domain.procedure import Language
from bot.persistence.audit import Entry, record
from bot.persistence.desk import STATES, Day, Line, SqlDesk

from .arranging import by_counter, by_turn, for_counter
from .choosing import counter_kept, day_asked, departments_of, number_asked
from .listing import as_csv, minutes, narrowed
from .screen import ScreenKeys

CAMERA = {"Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=(), usb=()"}
"""The page may ask for the camera, to scan a code with it."""


class DayPages:
    def __init__(self, frame: Frame, engine: AsyncEngine, keys: ScreenKeys) -> None:
        self._frame = frame
        self._engine = engine
        self._desk = SqlDesk(engine)
        self._keys = keys

    def router(self) -> APIRouter:
        router = APIRouter()
        router.add_api_route("/day", self.choose, methods=["GET"])
        router.add_api_route("/day/{department}", self.day, methods=["GET"])
        router.add_api_route("/day/{department}/live", self.live, methods=["GET"])
        router.add_api_route("/day/{department}/list.csv", self.spreadsheet, methods=["GET"])
        return router

    async def choose(self, request: Request, official: SignedIn) -> Response:
        departments = await departments_of(self._desk, official)
        if len(departments) == 1:
            return RedirectResponse(f"{BASE}/day/{next(iter(departments))}", status_code=303)
        return self._frame.page(request, "desk/choose.html", departments=departments, to="day")

    async def day(self, request: Request, official: SignedIn, department: str) -> Response:
        return await self._page(request, official, department, "desk/day.html")

    async def live(self, request: Request, official: SignedIn, department: str) -> Response:
        """What changes by itself, for the script of the page; 304 where nothing did since its `If-None-Match`."""
        require(official, department, "desk")
        mark = await self._mark(request, department)
        if request.headers.get("if-none-match") == mark:
            return Response(status_code=304, headers={"ETag": mark})
        return await self._page(request, official, department, "desk/live.html", mark)

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

    async def _page(
        self, request: Request, official: Official, department: str, template: str, mark: str | None = None
    ) -> Response:
        require(official, department, "desk")
        now = self._frame.clock()
        # before the day is read: what changes in between is drawn again by the next round
        mark = mark or await self._mark(request, department)
        day = await self._day(request, department)
        today = now.astimezone(CITY_TIME).date()
        language = Language(request.state.language)
        mine = counter_kept(request, department)
        here = next((counter for counter in day.counters if counter.id == mine), None)
        current = next(
            (line for line in day.lines if here is not None and line.state == "called" and line.counter == here.id),
            None,
        )
        by_turns = day.on == today and request.query_params.get("by") != "counter"
        lines = self._lines(request, day)
        return self._frame.page(
            request,
            template,
            headers=CAMERA | {"ETag": mark},
            day=day,
            mark=mark,
            today=today,
            is_today=day.on == today,
            before=day.on - dt.timedelta(days=1),
            after=day.on + dt.timedelta(days=1),
            lines=lines,
            by_turns=by_turns,
            parts=by_turn(lines, now) if by_turns else by_counter(lines, day),
            telephone=show_telephone,
            is_past=lambda at: now > at,
            is_late=lambda at: now > at + GRACE,
            since=lambda at: minutes(now - at),
            states=STATES,
            minutes=minutes,
            desk=f"/day/{department}",
            my_counter=here,
            current=current,
            for_me=for_counter(day, here.services, here.id, now) if here is not None else [],
            elsewhere=await self._desk.elsewhere(department) if current is not None else [],
            names={counter.id: counter.name for counter in day.counters},
            text=lambda text: text.best(language)[0] if text is not None else "",
            clock=lambda moment: f"{moment.astimezone(CITY_TIME):%H:%M}",
            may_export=may(official, department, "manage"),
            screen=f"/screen/{department}?key={self._keys.key(department)}",
        )

    async def _mark(self, request: Request, department: str) -> str:
        """The same as long as the page would be drawn the same; waiting times move on with every minute."""
        now = self._frame.clock()
        of = (
            await self._desk.mark(department, day_asked(request, now)),
            f"{now.astimezone(CITY_TIME):%Y-%m-%d %H:%M}",
            request.url.query,
            request.state.language,
            request.state.csrf,
            str(counter_kept(request, department)),
        )
        digest = hashlib.sha256("\0".join(of).encode()).hexdigest()
        return f'"{digest[:32]}"'

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
