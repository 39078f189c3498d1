"""The week of a department: how full each half hour is, with holidays and closures."""

from __future__ import annotations

import datetime as dt

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.console.access import Refused, SignedIn, require
from bot.console.addresses import BASE
from bot.console.frame import Frame
from bot.domain.booking.offices import CITY_TIME
from bot.domain.procedure import Language
from bot.persistence.desk import SqlDesk
from bot.persistence.week_load import SqlWeekLoad

from .choosing import day_asked, departments_of


class WeekPages:
    def __init__(self, frame: Frame, engine: AsyncEngine) -> None:
        self._frame = frame
        self._desk = SqlDesk(engine)
        self._load = SqlWeekLoad(engine)

    def router(self) -> APIRouter:
        router = APIRouter()
        router.add_api_route("/week", self.choose, methods=["GET"])
        router.add_api_route("/week/{department}", self.week, methods=["GET"])
        return router

    async def choose(self, request: Request, official: SignedIn) -> Response:
        departments = await departments_of(self._desk, official)
        if len(departments) == 1:
            return RedirectResponse(f"{BASE}/week/{next(iter(departments))}", status_code=303)
        return self._frame.page(request, "desk/choose.html", departments=departments, to="week")

    async def week(self, request: Request, official: SignedIn, department: str) -> Response:
        require(official, department, "desk")
        name = await self._desk.name(department)
        if name is None:
            raise Refused(404, "frame_not_found")
        now = self._frame.clock()
        asked = day_asked(request, now)
        monday = asked - dt.timedelta(days=asked.weekday())
        week = await self._load.of(department, [monday + dt.timedelta(days=each) for each in range(7)])
        # a weekend without hours and without appointments only takes room away
        while week and len(week) > 5 and not week[-1].loads and not week[-1].booked:
            week.pop()
        return self._frame.page(
            request,
            "desk/week.html",
            department=department,
            name=name.best(Language(request.state.language))[0],
            week=week,
            minutes=sorted({minute for day in week for minute in day.loads}),
            clock=lambda minute: f"{minute // 60:02}:{minute % 60:02}",
            today=now.astimezone(CITY_TIME).date(),
            before=monday - dt.timedelta(days=7),
            after=monday + dt.timedelta(days=7),
        )
