"""Booking for somebody who telephones or stands at the desk."""

from __future__ import annotations

import datetime as dt

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request
from starlette.responses import Response

from bot.console.access import Refused, SignedIn, require
from bot.console.frame import Frame
from bot.conversation.booking.numbers import hear_numbers
from bot.conversation.wording import Wording
from bot.domain.booking.appointment import Details
from bot.domain.booking.errors import BookingError
from bot.domain.booking.offices import CITY_TIME, Service
from bot.domain.procedure import Language
from bot.persistence.desk import SqlDesk
from bot.persistence.offices import SqlOffices
from bot.persistence.officials_booking import SqlOfficialsBooking
from bot.persistence.openings import SqlOpenings

from .choosing import day_asked, moment_asked
from .explaining import explain

_LONGEST_NAME = 120


class BookingPages:
    """`wording` is that of the conversation: how a language calls itself."""

    def __init__(self, frame: Frame, engine: AsyncEngine, wording: Wording) -> None:
        self._frame = frame
        self._engine = engine
        self._wording = wording
        self._desk = SqlDesk(engine)
        self._openings = SqlOpenings(engine)
        self._offices = SqlOffices(engine)

    def router(self) -> APIRouter:
        router = APIRouter()
        router.add_api_route("/book/{department}", self.blank, methods=["GET"])
        router.add_api_route("/book/{department}", self.book, methods=["POST"])
        return router

    async def blank(self, request: Request, official: SignedIn, department: str) -> Response:
        require(official, department, "desk")
        return await self._form(request, department, {})

    async def book(self, request: Request, official: SignedIn, department: str) -> Response:
        require(official, department, "desk")
        form = await request.form()
        name = " ".join(str(form.get("name") or "").split())[:_LONGEST_NAME]
        tax_typed = str(form.get("tax_code") or "").strip()[:30]
        tax_code = hear_numbers(f"MST {tax_typed}").tax_code if tax_typed else None
        telephone = hear_numbers(str(form.get("telephone") or "")[:40], asked=True).telephone
        starts_at = moment_asked(form.get("starts_at"))
        services = {service.key: service for service in await self._services(department)}
        language = str(form.get("language") or "vi")
        faults = {
            field: f"desk_fault_{field}"
            for field, value in (("name", name), ("telephone", telephone), ("time", starts_at))
            if not value
        }
        if tax_typed and tax_code is None:
            faults["tax_code"] = "desk_fault_tax_code"
        service, procedure = str(form.get("service") or ""), str(form.get("procedure") or "") or None
        if (
            service not in services
            or (procedure and procedure not in services[service].procedures)
            or language not in set(Language)
        ):
            raise Refused(422, "frame_unreadable")
        if faults or telephone is None or starts_at is None:
            return await self._form(request, department, faults, status=422)
        try:
            async with self._engine.begin() as connection:
                booked = await SqlOfficialsBooking(connection).book(
                    service,
                    starts_at,
                    Details(name, telephone, tax_code),
                    self._frame.clock(),
                    official.login,
                    language=Language(language),
                    procedure=procedure,
                )
        except BookingError as error:
            return await self._form(request, department, {"time": explain(error)[0]}, status=409)
        path = f"/appointments/{booked.code}"
        return self._frame.redirect(path, flash="desk_booked", code=booked.code, when=booked.starts_at)

    async def _form(self, request: Request, department: str, faults: dict[str, str], *, status: int = 200) -> Response:
        language = Language(request.state.language)
        name = await self._desk.name(department)
        if name is None:
            raise Refused(404, "frame_not_found")
        now = self._frame.clock()
        services = await self._services(department)
        given = dict(request.query_params)
        if request.method == "POST":
            given |= {key: value for key, value in (await request.form()).items() if isinstance(value, str)}
        day = day_asked(request, now)
        if given.get("day"):
            try:
                day = dt.date.fromisoformat(given["day"])
            except ValueError:
                raise Refused(422, "frame_unreadable") from None
        service = next((each for each in services if each.key == given.get("service")), None)
        service = service or next(iter(services), None)
        openings = await self._openings.listing(service.key, day, day, now, any_time=True) if service else []
        return self._frame.page(
            request,
            "desk/book.html",
            status=status,
            department=department,
            name=name.best(language)[0],
            services=services,
            service=service,
            day=day,
            openings=openings,
            procedures=await self._desk.procedure_titles(service.procedures) if service else {},
            given=given,
            faults=faults,
            text=lambda text: text.best(language)[0],
            clock=lambda moment: f"{moment.astimezone(CITY_TIME):%H:%M}",
            speaks={str(each): self._wording.say("language_name", each) for each in Language},
        )

    async def _services(self, department: str) -> list[Service]:
        return [service for service in await self._offices.services() if service.department == department]
