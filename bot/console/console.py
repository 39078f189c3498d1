"""The console as one web application below /console: who asks, what they may send, and how refusals look."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import structlog
from fastapi import APIRouter, Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .accounts import Accounts
from .audit_pages import AuditPages
from .cookies import Cookies
from .frame import (
    BASE,
    Frame,
    NavigationEntry,
    Refused,
    SignedIn,
    SignInFirst,
    only_administrators,
    own_path,
    signed_in,
)
from .own_account import OwnAccount
from .passwords import Passwords
from .recognising import Recognising
from .second_factor import SecondFactor
from .signing_in import Limiter, SigningIn
from .wording import ConsoleWording

log = structlog.get_logger(__name__)

STATIC = Path(__file__).parent / "static"
LARGEST_BODY = 8 * 1024 * 1024
"""Bytes of a request: the directory's files with room to spare. Forms are read before anybody is recognised."""


class Console:
    """Built by the composition root.

    `secret`: what cookies are signed and second factors sealed with; `limiter` and `network_of`: how often a network
    address may try to sign in; `public_url`: how the world reaches us.
    """

    def __init__(
        self,
        *,
        engine: AsyncEngine,
        wording: ConsoleWording,
        secret: str,
        limiter: Limiter,
        network_of: Callable[[Request], str],
        public_url: str | None = None,
        demonstration: bool = False,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._assets = f"/static/{_digest(STATIC)}"
        cookies = Cookies(https=(public_url or "").startswith("https://"))
        self.engine = engine
        self.frame = Frame(
            wording=wording,
            cookies=cookies,
            secret=secret,
            demonstration=demonstration,
            assets=lambda name: f"{BASE}{self._assets}/{name}",
            clock=clock,
        )
        recognising = Recognising(engine, cookies, secret=secret, clock=clock)
        self._app = FastAPI(
            openapi_url=None,
            docs_url=None,
            redoc_url=None,
            redirect_slashes=False,  # it would send people to whatever host the request names
            dependencies=[Depends(recognising.look), Depends(recognising.check_form)],
        )
        self._app.add_exception_handler(Refused, self._refused)
        self._app.add_exception_handler(SignInFirst, self._sign_in_first)
        self._app.add_exception_handler(HTTPException, self._http_error)
        self._app.add_exception_handler(RequestValidationError, self._unreadable)
        self._app.add_middleware(_Caught, page=self._broken)
        self._recognising = recognising
        self._app.mount(self._assets, _Assets(directory=STATIC))
        self._app.add_api_route("/", self._home, methods=["GET"])
        passwords, second_factor = Passwords(), SecondFactor(secret)
        signing_in = SigningIn(self.frame, engine, passwords, second_factor, limiter, network_of)
        self.add_open(signing_in.router())
        self.add_open(OwnAccount(self.frame, engine, passwords, second_factor, signing_in).router())
        self.add(
            Accounts(self.frame, engine, passwords).router(),
            NavigationEntry("/accounts", "accounts_nav", 80, only_administrators),
        )
        self.add(
            AuditPages(self.frame, engine).router(), NavigationEntry("/audit", "audit_nav", 90, only_administrators)
        )

    def add(self, router: APIRouter, *entries: NavigationEntry) -> None:
        """Take in a part: its pages ask for a signed-in official."""
        self._app.include_router(router, dependencies=[Depends(signed_in)])
        self.frame.navigation.extend(entries)

    def add_open(self, router: APIRouter) -> None:
        """Take in pages for those who have not signed in, or not wholly."""
        self._app.include_router(router)

    def router(self) -> APIRouter:
        """What the web app takes in."""
        router = APIRouter()
        router.mount(BASE, _Unkept(_Bounded(self._app)))
        return router

    async def _home(self, request: Request, official: SignedIn) -> Response:
        return self.frame.page(request, "home.html")

    async def _refused(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, Refused)  # noqa: S101 - registered for it
        await self._recognising.look_if_not_yet(request)
        return self.frame.refusal(request, error)

    async def _sign_in_first(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, SignInFirst)  # noqa: S101 - registered for it
        # A form that was sent cannot be sent again by a link; they come back to the start then.
        back = own_path(request) if request.method == "GET" else "/"
        return RedirectResponse(f"{BASE}{error.path}?{urlencode({'next': back})}", status_code=303)

    async def _http_error(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for it
        status = 413 if getattr(request.state, "too_large", False) else error.status_code
        key = {404: "frame_not_found", 405: "frame_not_found", 413: "frame_too_large"}.get(status, "frame_unreadable")
        await self._recognising.look_if_not_yet(request)
        return self.frame.refusal(request, Refused(status, key))

    async def _unreadable(self, request: Request, _error: Exception) -> Response:
        await self._recognising.look_if_not_yet(request)
        return self.frame.refusal(request, Refused(422, "frame_unreadable"))

    async def _broken(self, request: Request, error: Exception) -> Response:
        incident = secrets.token_hex(4)
        log.error("console_page_failed", incident=incident, path=request.url.path, exc_info=error)
        request.state.official = None  # the database may be what is broken
        self._recognising.as_stranger(request)
        return self.frame.refusal(request, Refused(500, "frame_broken", incident=incident))


class _Caught:
    """ASGI: an error nobody foresaw becomes a page with an incident."""

    def __init__(self, app: ASGIApp, page: Callable[[Request, Exception], Awaitable[Response]]) -> None:
        self._app = app
        self._page = page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def note(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, note)
        except Exception as error:
            if begun or scope["type"] != "http":
                raise
            response = await self._page(Request(scope, receive), error)
            await response(scope, receive, send)


class _Bounded:
    """ASGI: a request larger than any form of ours is not read to its end."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        received = 0
        state = scope.setdefault("state", {})

        async def count() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > LARGEST_BODY:
                state["too_large"] = True  # FastAPI makes a plain 400 of whatever is raised while it reads a form
                raise HTTPException(413)
            return message

        await self._app(scope, count, send)


class _Unkept:
    """ASGI: no page of the console is kept by a browser or a proxy, but for static files."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def say_so(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, say_so)


class _Assets(StaticFiles):
    """Static files under an address that changes with their content, so browsers may keep them for good."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def _digest(folder: Path) -> str:
    seen = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        seen.update(path.name.encode() + b"\0" + path.read_bytes())
    return seen.hexdigest()[:12]
