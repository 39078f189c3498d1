"""Signing in and out: password, second step, and the answers that tell a stranger nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Protocol

from fastapi import APIRouter, Form, Query
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request
from starlette.responses import Response

from bot.domain.official import Official, Role
from bot.persistence import credentials, official_sessions, sign_in_tries
from bot.persistence.audit import Entry, record
from bot.persistence.official_rows import OfficialRow
from bot.persistence.sign_in_tries import Try

from .entering import Entering, own, somebody
from .frame import Frame
from .passwords import Passwords
from .second_factor import SecondFactor, SecretLost
from .wording import LANGUAGES

Back = Annotated[str, Query(alias="next")]
SentBack = Annotated[str, Form(alias="next")]
"""Where to go on to, below /console."""


class Limiter(Protocol):
    """How often a network address may try."""

    def take(self, key: str, /) -> timedelta: ...


class SigningIn:
    """The pages before one is in."""

    def __init__(
        self,
        frame: Frame,
        engine: AsyncEngine,
        passwords: Passwords,
        second_factor: SecondFactor,
        limiter: Limiter,
        entering: Entering,
    ) -> None:
        self._frame = frame
        self._engine = engine
        self._passwords = passwords
        self._second_factor = second_factor
        self._limiter = limiter
        self._entering = entering

    def router(self) -> APIRouter:
        router = APIRouter()
        router.add_api_route("/sign-in", self.ask, methods=["GET"])
        router.add_api_route("/sign-in", self.sign_in, methods=["POST"])
        router.add_api_route("/second-step", self.ask_code, methods=["GET"])
        router.add_api_route("/second-step", self.take_code, methods=["POST"])
        router.add_api_route("/sign-out", self.sign_out, methods=["POST"])
        router.add_api_route("/language", self.change_language, methods=["POST"])
        return router

    async def ask(self, request: Request, back: Back = "/") -> Response:
        if request.state.official is not None:
            return self._frame.redirect(own(back))
        return self._frame.page(request, "sign_in.html", next=own(back), login="", fault=None)

    async def sign_in(
        self,
        request: Request,
        login: Annotated[str, Form()] = "",
        password: Annotated[str, Form()] = "",
        back: SentBack = "/",
    ) -> Response:
        if wait := self._limiter.take(self._entering.network_of(request)):
            page = self._frame.page(
                request, "sign_in.html", status=429, next=own(back), login=login, fault="sign_in_too_many"
            )
            page.headers["Retry-After"] = str(int(wait.total_seconds()) + 1)
            return page
        now = self._frame.clock()
        login = login.strip().lower()
        async with self._engine.begin() as connection:
            tried = await sign_in_tries.begin_try(connection, login, self._entering.source(request), now=now)
        # Unknown, locked and wrong look and last alike, so that nobody learns which logins there are.
        if not await self._passwords.fits(tried.password_hash if tried else None, password) or tried is None:
            await self._entering.note_lock(tried)
            return self._frame.page(
                request, "sign_in.html", status=401, next=own(back), login=login, fault="sign_in_wrong"
            )
        fresh = await self._passwords.hash(password) if self._passwords.is_outdated(tried.password_hash) else None
        needs_code = tried.totp_confirmed_at is not None
        whole = not needs_code and tried.role != str(Role.ADMINISTRATOR)
        async with self._engine.begin() as connection:
            # While it was judged, the password may have been reset; an old one opens nothing then.
            kept = await credentials.kept_hash(connection, tried.official)
            if kept is None or (kept != tried.password_hash and not await self._passwords.fits(kept, password)):
                return self._frame.page(
                    request, "sign_in.html", status=401, next=own(back), login=login, fault="sign_in_wrong"
                )
            if fresh is not None:
                await credentials.rehash(connection, tried.official, tried.password_hash, fresh)
            if needs_code:
                await sign_in_tries.uncount(connection, tried)
            else:
                await sign_in_tries.forgive(connection, tried)
                await record(connection, Entry(tried.login, "signed_in", "official", tried.login))
            tokens = await self._entering.let_in(request, connection, tried.official, whole=whole, second_factor=False)
        response = self._frame.redirect(own(back))  # which leads on to whatever step is still missing
        return self._entering.keep(response, tokens)

    async def ask_code(self, request: Request, back: Back = "/") -> Response:
        official = somebody(request)
        if official.session.second_factor or not official.has_second_factor:
            return self._frame.redirect(own(back))
        return self._frame.page(request, "second_step.html", next=own(back), fault=None)

    async def take_code(
        self,
        request: Request,
        code: Annotated[str, Form()] = "",
        back: SentBack = "/",
    ) -> Response:
        official = somebody(request)
        now = self._frame.clock()
        fault = "sign_in_too_many"
        status = 429
        if not self._limiter.take(self._entering.network_of(request)):
            async with self._engine.begin() as connection:
                tried = await sign_in_tries.begin_try(
                    connection, official.login, self._entering.source(request), now=now
                )
                step, fault = self._judge(tried, code)
                # The half session is used up by it; one that was ended meanwhile leads no further.
                if (
                    tried is not None
                    and step is not None
                    and await credentials.use_step(connection, official.id, step)
                    and await official_sessions.revoke_one(connection, official.id, official.session.key, now=now)
                ):
                    await sign_in_tries.forgive(connection, tried)
                    tokens = await self._entering.let_in(
                        request, connection, official.id, whole=True, second_factor=True
                    )
                    await record(connection, Entry(official.login, "signed_in", "official", official.login))
                    return self._entering.keep(self._frame.redirect(own(back)), tokens)
            await self._entering.note_lock(tried)
            status = 401
        return self._frame.page(request, "second_step.html", status=status, next=own(back), fault=fault)

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
        back: SentBack = "/",
    ) -> Response:
        response = self._frame.redirect(own(back))
        if language in LANGUAGES:
            self._frame.cookies.keep(response, self._frame.cookies.language, language, lasts=365 * 86_400)
            official: Official | None = request.state.official
            if official is not None:
                async with self._engine.begin() as connection:
                    await connection.execute(
                        update(OfficialRow).where(OfficialRow.id == official.id).values(language=language)
                    )
        return response

    def _judge(self, tried: Try | None, code: str) -> tuple[int | None, str]:
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
