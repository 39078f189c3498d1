"""The special days of a year: the public holidays that are known, and what the administrators decided."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlencode

from fastapi import APIRouter
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request
from starlette.responses import Response

from bot.console.access import Administrator, SignedIn
from bot.console.frame import Frame
from bot.domain.booking.offices import CITY_TIME
from bot.persistence.directory_holidays import SqlSpecialDays
from bot.persistence.displacing import Closed, booked_within
from bot.persistence.public_holidays import public_holidays
from knowledge.offices import HolidayData, Weekday
from knowledge.offices_faults import SENTENCES

from . import forms
from .forms import Faults, Typed

_YEARS = range(2020, 2100)


class SpecialDayPages:
    """Everybody sees them; administrators decide."""

    def __init__(self, frame: Frame, engine: AsyncEngine) -> None:
        self._frame = frame
        self._days = SqlSpecialDays(engine)
        self._engine = engine

    def router(self) -> APIRouter:
        router = APIRouter()
        router.add_api_route("/directory/special-days", self.show, methods=["GET"])
        router.add_api_route("/directory/special-days", self.decide, methods=["POST"])
        router.add_api_route("/directory/special-days/{day}/undecide", self.undecide, methods=["POST"])
        return router

    async def show(self, request: Request, official: SignedIn) -> Response:
        return await self._draw(request, {}, {})

    async def decide(self, request: Request, official: Administrator) -> Response:
        form = forms.typed(await request.form())
        side = 0 if request.state.language == "vi" else 1
        faults: Faults = {}
        day = forms.day_of(form.get("day", ""))
        if day is None or day.year not in _YEARS:
            faults["day"] = SENTENCES["bad_date"][side]
        try:
            worked_as = Weekday.of(int(form["worked_as"])) if form.get("worked_as") else None
            data = HolidayData(name=form.get("name", ""), worked_as=worked_as)
        except (ValidationError, ValueError, IndexError):
            faults["name"] = SENTENCES["empty"][side]
        if faults or day is None:
            return await self._draw(request, form, faults, status=422)
        await self._days.decide(day, data, official.login)
        if data.worked_as is None and (booked := await self._booked(day)):
            asked = urlencode({"where": "everywhere", "day": day.isoformat(), "reason": data.name})
            told = {"day": day, "count": booked}
            return self._frame.redirect(
                f"/closings/new?{asked}", flash="directory_day_decided_booked", kind="bad", **told
            )
        return self._frame.redirect(f"/directory/special-days?year={day.year}", flash="directory_day_decided", day=day)

    async def undecide(self, request: Request, official: Administrator, day: dt.date) -> Response:
        await self._days.undecide(day, official.login)
        return self._frame.redirect(
            f"/directory/special-days?year={day.year}", flash="directory_day_undecided", day=day
        )

    async def _booked(self, day: dt.date) -> int:
        """How many appointments still stand on that day, anywhere."""
        starts = dt.datetime.combine(day, dt.time(), CITY_TIME)
        async with self._engine.connect() as connection:
            closed = Closed(starts, starts + dt.timedelta(days=1), None, None)
            return len(await booked_within(connection, closed, self._frame.clock()))

    async def _draw(self, request: Request, form: Typed, faults: Faults, *, status: int = 200) -> Response:
        this = self._frame.clock().astimezone(CITY_TIME).year
        asked = request.query_params.get("year", "")
        year = int(asked) if asked.isdecimal() and int(asked) in _YEARS else this
        first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
        decided = {row.day: row for row in await self._days.decided(first, last)}
        known = {special.day: special for special in public_holidays(first, last)}
        return self._frame.page(
            request,
            "directory/special_days.html",
            status=status,
            year=year,
            known=known,
            decided=decided,
            days=sorted(known.keys() | decided.keys()),
            form=form,
            faults=faults,
        )
