"""One's own account: password, second factor, and the browsers one is signed in with."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request
from starlette.responses import Response

from bot.domain.official import Official
from bot.persistence import credentials, official_sessions, sign_in_tries
from bot.persistence.audit import Entry, record
from bot.persistence.official_sessions import SqlSessions
from bot.persistence.sign_in_sources import forget_browsers

from .access import SignedIn, SignInFirst
from .entering import Entering, own, somebody
from .frame import Frame
from .passwords import LEAST, Passwords, fault_of
from .second_factor import SecondFactor, SecretLost
from .signing_in import Back, SentBack


class OwnAccount:
    """The pages of one's own account; the first three are open to those who must take them before going on."""

    def __init__(
        self,
        frame: Frame,
        engine: AsyncEngine,
        passwords: Passwords,
        second_factor: SecondFactor,
        entering: Entering,
    ) -> None:
        self._frame = frame
        self._engine = engine
        self._passwords = passwords
        self._second_factor = second_factor
        self._entering = entering
        self._sessions = SqlSessions(engine)

    def router(self) -> APIRouter:
        router = APIRouter()
        router.add_api_route("/password", self.ask_password, methods=["GET"])
        router.add_api_route("/password", self.change_password, methods=["POST"])
        router.add_api_route("/second-factor", self.show_secret, methods=["GET"])
        router.add_api_route("/second-factor", self.confirm_secret, methods=["POST"])
        router.add_api_route("/account", self.account, methods=["GET"])
        router.add_api_route("/account/sessions", self.end_session, methods=["POST"])
        return router

    async def account(self, request: Request, official: SignedIn) -> Response:
        sessions = await self._sessions.of(official.id, now=self._frame.clock())
        return self._frame.page(request, "account.html", sessions=sessions)

    async def end_session(self, request: Request, official: SignedIn, key: Annotated[str, Form()] = "") -> Response:
        """End the session of `key`, or without one every other session."""
        now = self._frame.clock()
        async with self._engine.begin() as connection:
            if key:
                await official_sessions.revoke_one(connection, official.id, key, now=now)
            else:
                await official_sessions.revoke_all(connection, official.id, now=now, but=official.session.key)
                await forget_browsers(connection, official.id, but=self._entering.browser(request))
            await record(connection, Entry(official.login, "sessions_ended", "official", official.login))
        return self._frame.redirect("/account", flash="account_sessions_ended")

    async def ask_password(self, request: Request, back: Back = "/") -> Response:
        _with_code(request)
        return self._password_page(request, own(back))

    async def change_password(
        self,
        request: Request,
        current: Annotated[str, Form()] = "",
        new: Annotated[str, Form()] = "",
        again: Annotated[str, Form()] = "",
        back: SentBack = "/",
    ) -> Response:
        official = _with_code(request)
        now = self._frame.clock()
        fault = fault_of(new, official.login)
        if fault is not None:
            return self._password_page(request, own(back), new=fault)
        if new == current:
            return self._password_page(request, own(back), new="sign_in_password_same")
        if new != again:
            return self._password_page(request, own(back), again="sign_in_passwords_differ")
        async with self._engine.begin() as connection:
            tried = await sign_in_tries.begin_try(connection, official.login, self._entering.source(request), now=now)
        if not await self._passwords.fits(tried.password_hash if tried else None, current):
            await self._entering.note_lock(tried)
            return self._password_page(request, own(back), current="sign_in_current_wrong")
        kept = await self._passwords.hash(new)
        async with self._engine.begin() as connection:
            if not await official_sessions.revoke_one(connection, official.id, official.session.key, now=now):
                raise SignInFirst("/sign-in")  # ended meanwhile, by an administrator who reset the password perhaps
            await credentials.set_password(connection, official.id, kept, must_change=False)
            await official_sessions.revoke_all(connection, official.id, now=now)
            tokens = await self._entering.let_in(
                request, connection, official.id, whole=True, second_factor=official.session.second_factor
            )
            await record(connection, Entry(official.login, "password_changed", "official", official.login))
        return self._entering.keep(self._frame.redirect(own(back), flash="account_password_changed"), tokens)

    async def show_secret(self, request: Request, back: Back = "/") -> Response:
        official = somebody(request)
        if official.has_second_factor:
            return self._frame.redirect(own(back))
        async with self._engine.begin() as connection:
            sealed = await credentials.pending_secret(connection, official.id, self._fresh())
            if sealed is not None and self._opened(sealed) is None:
                sealed = self._fresh()
                await credentials.replace_secret(connection, official.id, sealed)
        return self._secret_page(request, official, sealed, own(back))

    async def confirm_secret(
        self,
        request: Request,
        code: Annotated[str, Form()] = "",
        back: SentBack = "/",
    ) -> Response:
        official = somebody(request)
        if official.has_second_factor:
            return self._frame.redirect(own(back))
        now = self._frame.clock()
        async with self._engine.begin() as connection:
            sealed = await credentials.pending_secret(connection, official.id, self._fresh())
            secret = self._opened(sealed)
            step = self._second_factor.step_of(secret, code, now, None) if secret is not None else None
            if (
                sealed is not None
                and step is not None
                and await official_sessions.revoke_one(connection, official.id, official.session.key, now=now)
                and await credentials.confirm_second_factor(connection, official.id, sealed, step, now=now)
            ):
                await official_sessions.revoke_all(connection, official.id, now=now)
                tokens = await self._entering.let_in(request, connection, official.id, whole=True, second_factor=True)
                await record(connection, Entry(official.login, "second_factor_set_up", "official", official.login))
                return self._entering.keep(
                    self._frame.redirect(own(back), flash="account_second_factor_set_up"), tokens
                )
        return self._secret_page(request, official, sealed, own(back), fault="sign_in_code_wrong", status=422)

    def _fresh(self) -> str:
        return self._second_factor.seal(self._second_factor.new_secret())

    def _opened(self, sealed: str | None) -> str | None:
        try:
            return None if sealed is None else self._second_factor.unseal(sealed)
        except SecretLost:
            return None

    def _secret_page(
        self,
        request: Request,
        official: Official,
        sealed: str | None,
        back: str,
        *,
        fault: str | None = None,
        status: int = 200,
    ) -> Response:
        secret = self._opened(sealed)
        if secret is None:
            return self._frame.redirect(back)
        grouped = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
        picture = self._second_factor.picture(secret, official.login)
        return self._frame.page(
            request, "second_factor.html", status=status, next=back, secret=grouped, picture=picture, fault=fault
        )

    def _password_page(self, request: Request, back: str, **faults: str) -> Response:
        return self._frame.page(
            request, "password.html", status=422 if faults else 200, next=back, faults=faults, least=LEAST
        )


def _with_code(request: Request) -> Official:
    """Who signed in, with the second step where one is set up; the password may still have to be changed."""
    official = somebody(request)
    if official.has_second_factor and not official.session.second_factor:
        raise SignInFirst("/second-step")
    if official.is_administrator and not official.session.second_factor:
        raise SignInFirst("/second-factor")
    return official
