"""Who asks: the official of a session, or a stranger; and whether a form was sent from our own page."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request

from bot.persistence.official_sessions import SqlSessions

from .access import Refused
from .cookies import Cookies
from .wording import LANGUAGES

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_OURS = frozenset({"same-origin", "none"})
_LONGEST = 100


class Recognising:
    """`look` runs before every page, `check_form` after it."""

    def __init__(self, engine: AsyncEngine, cookies: Cookies, *, secret: str, clock: Callable[[], datetime]) -> None:
        self._sessions = SqlSessions(engine)
        self._cookies = cookies
        self._key = secret.encode()
        self._clock = clock

    async def look(self, request: Request) -> None:
        """Put `official` (or None), `language` and `csrf` into the request's state."""
        token = request.cookies.get(self._cookies.session)
        official = None
        if token is not None and len(token) <= _LONGEST:
            # a page that renews itself says so: nobody need be there, and an idle session ends all the same
            by_itself = "x-by-itself" in request.headers
            official = await self._sessions.recognise(token, now=self._clock(), is_used=not by_itself)
        if official is None:
            self.as_stranger(request)
            return
        request.state.official = official
        request.state.csrf = official.session.csrf
        request.state.language = official.language if official.language in LANGUAGES else LANGUAGES[0]
        request.state.new_door = None

    async def look_if_not_yet(self, request: Request) -> None:
        """For pages drawn where no route was found."""
        if not hasattr(request.state, "official"):
            await self.look(request)

    def as_stranger(self, request: Request) -> None:
        """Nobody signed in: the form is tied to a cookie of the browser's own."""
        door = request.cookies.get(self._cookies.door, "")
        fresh = not 20 <= len(door) <= _LONGEST
        if fresh:
            door = secrets.token_urlsafe(24)
        request.state.official = None
        request.state.new_door = door if fresh else None
        request.state.csrf = hmac.new(self._key, f"console door {door}".encode(), hashlib.sha256).hexdigest()
        request.state.language = _language(request, self._cookies)

    async def check_form(self, request: Request) -> None:
        """Raises `Refused` for a change that no page of ours sent, and for what no database keeps."""
        if _has_nul(request.url.path, *request.query_params.keys(), *request.query_params.values()):
            raise Refused(422, "frame_unreadable")
        if request.method in _SAFE:
            return
        form = await request.form()
        if _has_nul(*form.keys(), *form.values()):
            raise Refused(422, "frame_unreadable")
        sent = request.headers.get("x-csrf")
        if sent is None:
            value = form.get("csrf")
            sent = value if isinstance(value, str) else ""
        # Browsers say where a request comes from; those that do not are held back by the token alone.
        ours = request.headers.get("sec-fetch-site", "same-origin") in _OURS
        if not ours or not hmac.compare_digest(sent.encode(), request.state.csrf.encode()):
            raise Refused(403, "frame_form_expired")


def _has_nul(*values: object) -> bool:
    """Whether a text holds the one letter that PostgreSQL refuses; only who tries us sends it."""
    return any(isinstance(value, str) and "\0" in value for value in values)


def _language(request: Request, cookies: Cookies) -> str:
    kept = request.cookies.get(cookies.language)
    if kept in LANGUAGES:
        return kept
    for part in request.headers.get("accept-language", "").split(","):
        if (code := part.strip()[:2].lower()) in LANGUAGES:
            return code
    return LANGUAGES[0]
