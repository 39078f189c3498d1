"""One appointment: its facts and history; an official moves it or cancels it."""

from __future__ import annotations

import datetime as dt

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request
from starlette.responses import Response

from bot.console.access import Refused, SignedIn, require
from bot.console.frame import Frame
from bot.conversation.booking.numbers import show_telephone
from bot.conversation.wording import Wording
from bot.domain.booking.appointment import Appointment, State
from bot.domain.booking.errors import BookingError
from bot.domain.booking.offices import CITY_TIME
from bot.domain.official import Official
from bot.domain.procedure import Language, Text
from bot.persistence.appointment_book import SqlAppointmentBook
from bot.persistence.desk import SqlDesk
from bot.persistence.offices import SqlOffices
from bot.persistence.officials_booking import SqlOfficialsBooking
from bot.persistence.openings import SqlOpenings
from bot.persistence.unit_of_work import SqlUnitOfWork

from .choosing import day_asked, moment_asked
from .explaining import explain
from .telling import tell_cancelled, tell_moved

_LONGEST_NAME = 120
_LONGEST_REASON = 200


class AppointmentPages:
    """`wording` is that of the conversation: what the contact is told."""

    def __init__(self, frame: Frame, engine: AsyncEngine, wording: Wording) -> None:
        self._frame = frame
        self._engine = engine
        self._wording = wording
        self._desk = SqlDesk(engine)
        self._book = SqlAppointmentBook(engine)
        self._openings = SqlOpenings(engine)
        self._offices = SqlOffices(engine)

    def router(self) -> APIRouter:
        router = APIRouter()
        router.add_api_route("/appointments/{code}", self.one, methods=["GET"])
        router.add_api_route("/appointments/{code}/move", self.move, methods=["POST"])
        router.add_api_route("/appointments/{code}/cancel", self.cancel, methods=["POST"])
        return router

    async def one(self, request: Request, official: SignedIn, code: str) -> Response:
        return await self._page(request, official, code)

    async def move(self, request: Request, official: SignedIn, code: str) -> Response:
        found = await self._found(official, code)
        starts_at = moment_asked((await request.form()).get("starts_at"))
        if starts_at is None:
            return self._frame.redirect(f"/appointments/{found.code}", flash="desk_fault_time", kind="bad")
        now = self._frame.clock()
        try:
            async with SqlUnitOfWork(self._engine) as uow:
                booking = SqlOfficialsBooking(uow.connection)
                moved = await booking.move(found.code, starts_at, now, official.login)
                contact = await booking.contact_of(moved.id)
                if contact is not None and moved.version != found.version:
                    name = await self._name(moved)
                    address, language = contact
                    await uow.outbox.add(address, (tell_moved(self._wording, moved, name, language),))
                await uow.commit()
        except BookingError as error:
            return self._failed(found.code, error)
        key = "desk_moved" if contact is not None else "desk_moved_untold"
        return self._frame.redirect(f"/appointments/{found.code}", flash=key, code=found.code, when=moved.starts_at)

    async def cancel(self, request: Request, official: SignedIn, code: str) -> Response:
        found = await self._found(official, code)
        reason = " ".join(str((await request.form()).get("reason") or "").split())[:_LONGEST_REASON].rstrip(".")
        if not reason:
            return self._frame.redirect(f"/appointments/{found.code}", flash="desk_reason_missing", kind="bad")
        now = self._frame.clock()
        try:
            async with SqlUnitOfWork(self._engine) as uow:
                booking = SqlOfficialsBooking(uow.connection)
                cancelled = await booking.cancel(found.code, reason, now, official.login)
                contact = await booking.contact_of(cancelled.id)
                if contact is not None and cancelled.version != found.version:
                    name = await self._name(cancelled)
                    address, language = contact
                    told = tell_cancelled(self._wording, cancelled, name, reason, language)
                    await uow.outbox.add(address, (told,))
                await uow.commit()
        except BookingError as error:
            return self._failed(found.code, error)
        key = "desk_cancelled" if contact is not None else "desk_cancelled_untold"
        return self._frame.redirect(f"/appointments/{found.code}", flash=key, code=found.code)

    async def _page(self, request: Request, official: Official, code: str) -> Response:
        found = await self._found(official, code)
        now = self._frame.clock()
        language = Language(request.state.language)
        asked = day_asked(request, now) if request.query_params.get("on") else None
        openings = await self._openings.listing(found.service.key, asked, asked, now, any_time=True) if asked else []
        local = found.starts_at.astimezone(CITY_TIME).date()
        return self._frame.page(
            request,
            "desk/appointment.html",
            found=found,
            department=(await self._name(found)).best(language)[0],
            procedure=(await self._desk.procedure_titles([found.procedure])).get(found.procedure)
            if found.procedure
            else None,
            history=await self._desk.history(found.id),
            text=lambda text: text.best(language)[0] if text is not None else "",
            moment=lambda written: dt.datetime.fromisoformat(written),
            telephone=show_telephone,
            clock=lambda moment: f"{moment.astimezone(CITY_TIME):%H:%M}",
            day=local,
            today=now.astimezone(CITY_TIME).date(),
            is_booked=found.state is State.BOOKED,
            state={"booked": "expected", "arrived": "waiting", "held": "expected"}.get(found.state, found.state),
            asked=asked,
            openings=openings,
        )

    async def _found(self, official: Official, code: str) -> Appointment:
        found = await self._book.found(code.upper())
        if found is None or found.state is State.HELD:
            raise Refused(404, "desk_unknown_code", code=code.upper())
        require(official, found.service.department, "desk")
        return found

    async def _name(self, appointment: Appointment) -> Text:
        key = appointment.service.department
        return await self._desk.name(key) or Text(key)

    def _failed(self, code: str, error: BookingError) -> Response:
        key, facts = explain(error)
        return self._frame.redirect(f"/appointments/{code}", flash=key, kind="bad", **facts)
