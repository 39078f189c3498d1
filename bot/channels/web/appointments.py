"""The page of one appointment, `/a/<token>`: whoever has the link sees it, says that they come, or cancels.

The token is the key, so nothing is asked for beside it, and changes need a POST from the page itself. Nobody else
learns of it: never stored, never indexed, no referrer, no script.
"""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

import structlog
from fastapi import APIRouter, Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.conversation.wording import Wording
from bot.domain.booking.appointment import Appointment, State
from bot.domain.booking.errors import AppointmentOver, TooLateToChange, UnknownAppointment
from bot.domain.booking.offices import CITY_TIME
from bot.domain.procedure import Language
from bot.papers import picture
from bot.papers.links import UnknownLink
from bot.papers.particulars import show_day
from bot.papers.signed import SignedPapers, calendar_name
from bot.persistence.contacted import Busy
from bot.persistence.engine import is_database_away

from .appointment_view import is_gone, view
from .languages import asked_for, named
from .pages import HERE, STATIC, digest

log = structlog.get_logger(__name__)

_PRIVATE = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "no-referrer",
}
_SENTENCES = (
    "page_title department counter address procedure holder code show_code documents instructions attend "
    "attending_note cancel cancel_ask cancel_yes move_title open_chat cancelled_note over_note private "
    "calendar_title calendar_cancelled_title demonstration"
).split()

Known = tuple[Appointment, Language]
Deed = Callable[[uuid.UUID, datetime], Awaitable[None]]


class LinkedAppointments(Protocol):
    """Finds the appointment of a link."""

    async def with_id(self, appointment: uuid.UUID) -> Known | None: ...


class Changes(Protocol):
    """Changes an appointment for its holder, and says so in the chat."""

    async def cancel(self, appointment: uuid.UUID, now: datetime) -> None: ...

    async def attend(self, appointment: uuid.UUID, now: datetime) -> None: ...


class AppointmentPages:
    """Answers for `/a/…`. `clock` gives the one moment by which a request is answered."""

    def __init__(
        self,
        *,
        papers: SignedPapers,
        appointments: LinkedAppointments,
        changes: Changes,
        wording: Wording,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._papers = papers
        self._appointments = appointments
        self._changes = changes
        self._wording = wording
        self._clock = clock
        self._assets = f"/static/{digest(STATIC)}"
        self._template = Environment(
            loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        ).get_template("appointment.html")

    def router(self) -> APIRouter:
        router = APIRouter(prefix="/a")
        router.add_api_route("/{token}", self.show, methods=["GET"])
        router.add_api_route("/{token}/calendar.ics", self.calendar, methods=["GET"])
        router.add_api_route("/{token}/qr.png", self.png, methods=["GET"])
        router.add_api_route("/{token}/qr.svg", self.svg, methods=["GET"])
        router.add_api_route("/{token}/cancel", self.cancel, methods=["POST"])
        router.add_api_route("/{token}/attend", self.attend, methods=["POST"])
        return router

    async def show(self, request: Request, token: str, lang: str | None = None) -> Response:
        return await self._answer(request, token, lang, self._page)

    async def calendar(self, request: Request, token: str, lang: str | None = None) -> Response:
        """The calendar file as it is now: of a cancelled appointment the one that takes it out again."""

        async def give(known: Known, language: Language) -> Response:
            appointment, _ = known
            method = "CANCEL" if appointment.state is State.CANCELLED else "PUBLISH"
            return Response(
                self._papers.calendar(appointment, language),
                media_type=f"text/calendar; charset=utf-8; method={method}",
                # Not an attachment: then a telephone offers to add it, instead of putting it among its files.
                headers=_PRIVATE | {"Content-Disposition": f'inline; filename="{calendar_name(appointment)}"'},
            )

        return await self._answer(request, token, lang, give)

    async def png(self, request: Request, token: str) -> Response:
        return await self._picture(request, token, picture.png, "image/png")

    async def svg(self, request: Request, token: str) -> Response:
        return await self._picture(request, token, picture.svg, "image/svg+xml")

    async def cancel(self, request: Request, token: str, lang: str | None = None) -> Response:
        return await self._change(request, token, lang, self._changes.cancel)

    async def attend(self, request: Request, token: str, lang: str | None = None) -> Response:
        return await self._change(request, token, lang, self._changes.attend)

    async def _picture(self, request: Request, token: str, draw: Callable[[str], bytes], media_type: str) -> Response:
        async def give(known: Known, _: Language) -> Response:
            return Response(draw(self._papers.scanned_as(known[0])), media_type=media_type, headers=_PRIVATE)

        return await self._answer(request, token, None, give)

    async def _change(self, request: Request, token: str, lang: str | None, deed: Deed) -> Response:
        async def change(known: Known, language: Language) -> Response:
            if not _comes_from_the_page(request):
                return self._notice(language, 403, "not_done_title", "foreign")
            appointment = known[0]
            try:
                await deed(appointment.id, self._clock())
            except (TooLateToChange, AppointmentOver):
                # The page says by itself how the appointment stands and why nothing can be changed.
                return await self._page(known, language, status=409)
            except UnknownAppointment:
                return self._notice(language, 404, "unknown_title", "unknown")
            except Busy:
                return self._try_again(language)
            asked = f"?lang={language}" if named(lang) else ""
            return RedirectResponse(self._papers.links.path(appointment.id) + asked, 303, headers=_PRIVATE)

        return await self._answer(request, token, lang, change)

    async def _answer(
        self,
        request: Request,
        token: str,
        lang: str | None,
        give: Callable[[Known, Language], Awaitable[Response]],
    ) -> Response:
        """What `give` makes of the token's appointment in the language asked for, or why there is nothing."""
        chosen = named(lang)
        fallback = chosen or asked_for(request.headers.get("accept-language"))
        try:
            known = await self._appointments.with_id(self._papers.links.read(token))
            if known is None:
                return self._notice(fallback, 404, "unknown_title", "unknown")
            if is_gone(known[0], self._clock()):
                return self._notice(chosen or known[1], 410, "gone_title", "gone")
            return await give(known, chosen or known[1])
        except UnknownLink:
            return self._notice(fallback, 404, "unknown_title", "unknown")
        except SQLAlchemyError as error:
            if not is_database_away(error):
                raise
            log.warning("web_database_away", reason=type(error).__name__)
            return self._try_again(fallback)

    async def _page(self, known: Known, language: Language, status: int = 200) -> Response:
        appointment, _ = known
        seen = view(appointment, self._clock())
        until = seen.until.astimezone(CITY_TIME)
        return self._render(
            language,
            status,
            path=self._papers.links.path(appointment.id),
            told=self._papers.describe(appointment, language),
            view=seen,
            state=self._say(f"state_{seen.standing}", language),
            move=self._wording.say("papers_move", language, code=appointment.code),
            picture=self._wording.say("papers_picture_title", language, code=appointment.code),
            too_late=self._wording.say(
                "papers_too_late",
                language,
                hour=f"{until:%H:%M}",
                day=show_day(until, self._wording, language),
            ),
        )

    def _try_again(self, language: Language) -> Response:
        sentence = self._wording.say("web_unavailable", language)
        return self._render(language, 503, notice=(self._say("not_done_title", language), sentence))

    def _notice(self, language: Language, status: int, title: str, sentence: str) -> Response:
        return self._render(language, status, notice=(self._say(title, language), self._say(sentence, language)))

    def _render(self, language: Language, status: int, **facts: Any) -> Response:
        page = self._template.render(
            language=str(language),
            languages={str(code): self._wording.say("language_name", code) for code in Language},
            assets=self._assets,
            say=self._sentences(language),
            **{"notice": None, "path": "", **facts},
        )
        return HTMLResponse(page, status, headers=_PRIVATE)

    def _sentences(self, language: Language) -> Mapping[str, str]:
        own = {key: self._say(key, language) for key in _SENTENCES}
        chat = ("name", "subtitle", "language")
        return own | {key: self._wording.say(f"web_{key}", language) for key in chat}

    def _say(self, key: str, language: Language) -> str:
        return self._wording.say(f"papers_{key}", language)


def _comes_from_the_page(request: Request) -> bool:
    """Whether a browser sent this from a page of ours. Without a referrer it gives no origin, but says this much."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin", "null")
    return origin == "null" or urlsplit(origin).netloc == request.headers.get("host")
