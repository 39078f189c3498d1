"""The screen of the waiting room: numbers and counters, and nobody's name.

Its address carries a signature, so that a television needs no sign-in; who has it sees what the room sees.
"""

from __future__ import annotations

from fastapi import APIRouter
from itsdangerous import BadSignature, Signer
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request
from starlette.responses import Response

from bot.console.access import Refused, require, signed_in
from bot.console.frame import Frame
from bot.domain.booking.offices import CITY_TIME
from bot.domain.procedure import Language
from bot.persistence.desk import SqlDesk


class ScreenKeys:
    """Signs the address of a department's screen."""

    def __init__(self, secret: str) -> None:
        self._signer = Signer(secret, salt="waiting room screen", key_derivation="hmac")

    def key(self, department: str) -> str:
        return self._signer.get_signature(department).decode()

    def fits(self, department: str, key: str) -> bool:
        try:
            self._signer.unsign(f"{department}.{key}")
        except BadSignature:
            return False
        return True


class ScreenPages:
    """For `Console.add_open`: it looks for itself who may see it."""

    def __init__(self, frame: Frame, engine: AsyncEngine, keys: ScreenKeys) -> None:
        self._frame = frame
        self._desk = SqlDesk(engine)
        self._keys = keys

    def router(self) -> APIRouter:
        router = APIRouter()
        router.add_api_route("/screen/{department}", self.screen, methods=["GET"])
        return router

    async def screen(self, request: Request, department: str, key: str = "") -> Response:
        if not self._keys.fits(department, key):
            require(signed_in(request), department, "desk")
        now = self._frame.clock().astimezone(CITY_TIME)
        shown = await self._desk.screen(department, now.date())
        if shown is None:
            raise Refused(404, "frame_not_found")
        name, called, waiting = shown
        return self._frame.page(
            request,
            "desk/screen.html",
            name=name,
            called=called[:8],
            waiting=waiting,
            clock=f"{now:%H:%M}",
            vietnamese=lambda text: text.vi,
            english=lambda text: text.best(Language.EN)[0],
            both=lambda sentence, **facts: (
                self._frame.wording.say(sentence, "vi", **facts),
                self._frame.wording.say(sentence, "en", **facts),
            ),
        )
