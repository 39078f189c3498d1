"""The console as one web application below /console: who asks, what they may send, and how refusals look."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from typing import cast
from urllib.parse import urlencode

import structlog
from fastapi import APIRouter, Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from .access import Refused, SignedIn, SignInFirst, only_administrators, signed_in
from .account_helping import AccountHelping
from .accounts import Accounts
from .addresses import BASE, own_path
from .assets import FOLDER, Assets, digest
from .audit.pages import AuditPages
from .cookies import Cookies
from .entering import Entering
from .frame import Frame, NavigationEntry
from .own_account import OwnAccount
from .passwords import Passwords
from .recognising import Recognising
from .second_factor import SecondFactor
from .signing_in import Limiter, SigningIn
from .wording import ConsoleWording
from .wrapping import Bounded, Caught, Unkept

log = structlog.get_logger(__name__)


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
        self._assets = f"/static/{digest()}"
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
        self._app.add_middleware(Caught, page=self._broken)
        self._recognising = recognising
        self._app.mount(self._assets, Assets(directory=FOLDER))
        self._app.add_api_route("/", self._home, methods=["GET"])
        passwords, second_factor = Passwords(), SecondFactor(secret)
        entering = Entering(self.frame, engine, secret=secret, network_of=network_of)
        self.add_open(SigningIn(self.frame, engine, passwords, second_factor, limiter, entering).router())
        self.add_open(OwnAccount(self.frame, engine, passwords, second_factor, entering).router())
        self.add(AccountHelping(self.frame, engine, passwords).router())
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
        router.mount(BASE, Unkept(Bounded(self._app)))
        return router

    async def _home(self, request: Request, official: SignedIn) -> Response:
        return self.frame.page(request, "home.html")

    async def _refused(self, request: Request, error: Exception) -> Response:
        await self._recognising.look_if_not_yet(request)
        return self.frame.refusal(request, cast("Refused", error))

    async def _sign_in_first(self, request: Request, error: Exception) -> Response:
        # A form that was sent cannot be sent again by a link; they come back to the start then.
        back = own_path(request) if request.method == "GET" else "/"
        return RedirectResponse(f"{BASE}{cast('SignInFirst', error).path}?{urlencode({'next': back})}", status_code=303)

    async def _http_error(self, request: Request, error: Exception) -> Response:
        said = cast("HTTPException", error).status_code
        status = 413 if getattr(request.state, "too_large", False) else said
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
