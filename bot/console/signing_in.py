"""Signing in and out: password, second step, and the answers that tell a stranger nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Protocol

from fastapi import APIRouter, Form
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from starlette.requests import Request
from starlette.responses import Response

from bot.domain.official import Official, Role
from bot.persistence import credentials, official_sessions
from bot.persistence.audit import Entry, record
from bot.persistence.official_rows import OfficialRow

from .frame import Frame, SignInFirst
from .passwords import Passwords
from .second_factor import SecondFactor, SecretLost
from .wording import LANGUAGES

_OWN_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x1f]*")


class Limiter(Protocol):
    """How often a network address may try."""

    def take(self, key: str, /) -> timedelta: ...


def own(path: str) -> str:
    """`path` below /console where it is one of ours, else the start."""
    return path if _OWN_PATH.fullmatch(path) and len(path) < 500 else "/"


def somebody(request: Request) -> Official:
    """Who gave the right password, whatever else is still asked of them. Raises `SignInFirst`."""
    official: Official | None = request.state.official
    if official is None:
        raise SignInFirst("/sign-in")
    return official


class SigningIn:
    """The pages before one is in."""

    def __init__(
        self,
        frame: Frame,
        engine: AsyncEngine,
        passwords: Passwords,
        second_factor: SecondFactor,
        limiter: Limiter,
        network_of: Callable[[Request], str],
    ) -> None:
        self._frame = frame
        self._engine = engine
        self._passwords = passwords
        self._second_factor = second_factor
        self._limiter = limiter
        self._network_of = network_of

    def router(self) -> APIRouter:
        router = APIRouter()
        router.add_api_route("/sign-in", self.ask, methods=["GET"])
        router.add_api_route("/sign-in", self.sign_in, methods=["POST"])
        router.add_api_route("/second-step", self.ask_code, methods=["GET"])
        router.add_api_route("/second-step", self.take_code, methods=["POST"])
        router.add_api_route("/sign-out", self.sign_out, methods=["POST"])
        router.add_api_route("/language", self.change_language, methods=["POST"])
        return router

    async def ask(self, request: Request, next: str = "/") -> Response:  # noqa: A002 - its name in the address
        if request.state.official is not None:
            return self._frame.redirect(own(next))
        return self._frame.page(request, "sign_in.html", next=own(next), login="", fault=None)

    async def sign_in(
        self,
        request: Request,
        login: Annotated[str, Form()] = "",
        password: Annotated[str, Form()] = "",
        next: Annotated[str, Form()] = "/",  # noqa: A002
    ) -> Response:
        if wait := self._limiter.take(self._network_of(request)):
            page = self._frame.page(
                request, "sign_in.html", status=429, next=own(next), login=login, fault="sign_in_too_many"
            )
            page.headers["Retry-After"] = str(int(wait.total_seconds()) + 1)
            return page
        now = self._frame.clock()
        login = login.strip().lower()
        async with self._engine.begin() as connection:
            tried = await credentials.begin_try(connection, login, now=now)
        # Unknown, locked and wrong look and last alike, so that nobody learns which logins there are.
        if not await self._passwords.fits(tried.password_hash if tried else None, password) or tried is None:
            await self.note_lock(tried)
            return self._frame.page(
                request, "sign_in.html", status=401, next=own(next), login=login, fault="sign_in_wrong"
            )
        fresh = await self._passwords.hash(password) if self._passwords.is_outdated(tried.password_hash) else None
        needs_code = tried.totp_confirmed_at is not None
        whole = not needs_code and tried.role != str(Role.ADMINISTRATOR)
        async with self._engine.begin() as connection:
            # While it was judged, the password may have been reset; an old one opens nothing then.
            kept = await credentials.kept_hash(connection, tried.official)
            if kept is None or (kept != tried.password_hash and not await self._passwords.fits(kept, password)):
                return self._frame.page(
                    request, "sign_in.html", status=401, next=own(next), login=login, fault="sign_in_wrong"
                )
            if fresh is not None:
                await credentials.rehash(connection, tried.official, tried.password_hash, fresh)
            if needs_code:
                await credentials.uncount(connection, tried)
            else:
                await credentials.forgive(connection, tried.official)
                await record(connection, Entry(tried.login, "signed_in", "official", tried.login))
            token = await self.begin_session(request, connection, tried, whole=whole, second_factor=False)
        response = self._frame.redirect(own(next))  # which leads on to whatever step is still missing
        return self.keep(response, token)

    async def ask_code(self, request: Request, next: str = "/") -> Response:  # noqa: A002
        official = somebody(request)
        if official.session.second_factor or not official.has_second_factor:
            return self._frame.redirect(own(next))
        return self._frame.page(request, "second_step.html", next=own(next), fault=None)

    async def take_code(
        self,
        request: Request,
        code: Annotated[str, Form()] = "",
        next: Annotated[str, Form()] = "/",  # noqa: A002
    ) -> Response:
        official = somebody(request)
        now = self._frame.clock()
        fault = "sign_in_too_many"
        status = 429
        if not self._limiter.take(self._network_of(request)):
            async with self._engine.begin() as connection:
                tried = await credentials.begin_try(connection, official.login, now=now)
                step, fault = self._judge(tried, code)
                right = tried is not None and step is not None
                # The half session is used up by it; one that was ended meanwhile leads no further.
                if (
                    right
                    and step is not None
                    and await credentials.use_step(connection, official.id, step)
                    and await official_sessions.revoke_one(connection, official.id, official.session.key, now=now)
                ):
                    await credentials.forgive(connection, official.id)
                    token = await self.begin_session(request, connection, official, whole=True, second_factor=True)
                    await record(connection, Entry(official.login, "signed_in", "official", official.login))
                    return self.keep(self._frame.redirect(own(next)), token)
            await self.note_lock(tried)
            status = 401
        return self._frame.page(request, "second_step.html", status=status, next=own(next), fault=fault)

    async def sign_out(self, request: Request) -> Response:
        official: Official | None = request.state.official
        if official is not None:
            async with self._engine.begin() as connection:
                await official_sessions.revoke_one(
                    connection, official.id, official.session.key, now=self._frame.clock()
                )
                await record(connection, Entry(official.login, "signed_out", "official", official.login))
        response = self._frame.redirect("/sign-in", flash="sign_in_signed_out")
        self._frame.cookies.forget(response, self._frame.cookies.session)
        return response

    async def change_language(
        self,
        request: Request,
        language: Annotated[str, Form()],
        next: Annotated[str, Form()] = "/",  # noqa: A002
    ) -> Response:
        response = self._frame.redirect(own(next))
        if language in LANGUAGES:
            self._frame.cookies.keep(response, self._frame.cookies.language, language, lasts=365 * 86_400)
            official: Official | None = request.state.official
            if official is not None:
                async with self._engine.begin() as connection:
                    await connection.execute(
                        update(OfficialRow).where(OfficialRow.id == official.id).values(language=language)
                    )
        return response

    async def begin_session(
        self,
        request: Request,
        connection: AsyncConnection,
        who: Official | credentials.Try,
        *,
        whole: bool,
        second_factor: bool,
    ) -> str:
        """A session with a token of its own, never one that the browser brought."""
        return await official_sessions.begin(
            connection,
            who.id if isinstance(who, Official) else who.official,
            now=self._frame.clock(),
            user_agent=request.headers.get("user-agent", ""),
            whole=whole,
            second_factor=second_factor,
        )

    def keep(self, response: Response, token: str) -> Response:
        """Give the browser its token."""
        self._frame.cookies.keep(response, self._frame.cookies.session, token)
        return response

    def _judge(self, tried: credentials.Try | None, code: str) -> tuple[int | None, str]:
        """The step of a right code, and the sentence for a wrong one."""
        if tried is None or tried.totp_secret is None:
            return None, "sign_in_code_wrong"
        try:
            secret = self._second_factor.unseal(tried.totp_secret)
        except SecretLost:
            return None, "sign_in_secret_lost"
        return self._second_factor.step_of(secret, code, self._frame.clock(), tried.totp_last_step), (
            "sign_in_code_wrong"
        )

    async def note_lock(self, tried: credentials.Try | None) -> None:
        """Tell the trail of a wrong try that locked the account."""
        if tried is not None and tried.tries >= credentials.TRIES:
            async with self._engine.begin() as connection:
                entry = Entry(tried.login, "account_locked", "official", tried.login, None, {"tries": tried.tries})
                await record(connection, entry)
