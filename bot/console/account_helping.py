"""What administrators do for an account, each after being asked whether they are sure: switch off, help back in."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request
from starlette.responses import Response

from bot.persistence import account_changes, account_help
from bot.persistence.officials import Account, SqlOfficials

from .access import Administrator, Refused
from .accounts import found
from .frame import Frame
from .passwords import Passwords, one_time_password

DOINGS = ("deactivate", "reactivate", "reset-password", "reset-totp", "unlock", "end-sessions")
_HARMLESS = ("reactivate", "unlock")


class AccountHelping:
    """The pages below /console/accounts/ID."""

    def __init__(self, frame: Frame, engine: AsyncEngine, passwords: Passwords) -> None:
        self._frame = frame
        self._engine = engine
        self._passwords = passwords
        self._officials = SqlOfficials(engine)

    def router(self) -> APIRouter:
        router = APIRouter()
        router.add_api_route("/accounts/{account_id}/{doing}", self.ask_sure, methods=["GET"])
        router.add_api_route("/accounts/{account_id}/deactivate", self.deactivate, methods=["POST"])
        router.add_api_route("/accounts/{account_id}/reactivate", self.reactivate, methods=["POST"])
        router.add_api_route("/accounts/{account_id}/reset-password", self.reset_password, methods=["POST"])
        router.add_api_route("/accounts/{account_id}/reset-totp", self.reset_second_factor, methods=["POST"])
        router.add_api_route("/accounts/{account_id}/unlock", self.unlock, methods=["POST"])
        router.add_api_route("/accounts/{account_id}/end-sessions", self.end_sessions, methods=["POST"])
        return router

    async def ask_sure(self, request: Request, _: Administrator, account_id: UUID, doing: str) -> Response:
        account = await self._account(account_id)
        asked = doing.replace("-", "_")
        if doing not in DOINGS:
            raise Refused(404, "frame_not_found")
        say, language = self._frame.wording.say, request.state.language
        return self._frame.page(
            request,
            "confirm.html",
            title=f"{say(f'accounts_{asked}', language)}: {account.login}",
            question=say(f"accounts_{asked}_question", language, name=account.name),
            action=f"/accounts/{account.id}/{doing}",
            back=f"/accounts/{account.id}",
            yes=say(f"accounts_{asked}", language),
            danger=doing not in _HARMLESS,
            hidden={},
        )

    async def deactivate(self, administrator: Administrator, account_id: UUID) -> Response:
        return await self._switch(administrator, account_id, active=False)

    async def reactivate(self, administrator: Administrator, account_id: UUID) -> Response:
        return await self._switch(administrator, account_id, active=True)

    async def reset_password(self, request: Request, administrator: Administrator, account_id: UUID) -> Response:
        account = await self._account(account_id)
        password = one_time_password()
        kept = await self._passwords.hash(password)
        async with self._engine.begin() as connection:
            await account_help.reset_password(
                connection, account, kept, actor=administrator.login, now=self._frame.clock()
            )
        return self._frame.page(
            request, "one_time_password.html", login=account.login, name=account.name, password=password, is_new=False
        )

    async def reset_second_factor(self, administrator: Administrator, account_id: UUID) -> Response:
        account = await self._account(account_id)
        async with self._engine.begin() as connection:
            await account_help.reset_second_factor(
                connection, account, actor=administrator.login, now=self._frame.clock()
            )
        return self._frame.redirect(f"/accounts/{account_id}", flash="accounts_saved")

    async def unlock(self, administrator: Administrator, account_id: UUID) -> Response:
        account = await self._account(account_id)
        async with self._engine.begin() as connection:
            await account_help.unlock(connection, account, actor=administrator.login)
        return self._frame.redirect(f"/accounts/{account_id}", flash="accounts_saved")

    async def end_sessions(self, administrator: Administrator, account_id: UUID) -> Response:
        account = await self._account(account_id)
        async with self._engine.begin() as connection:
            await account_help.end_sessions(connection, account, actor=administrator.login, now=self._frame.clock())
        return self._frame.redirect(f"/accounts/{account_id}", flash="accounts_saved")

    async def _switch(self, administrator: Administrator, account_id: UUID, *, active: bool) -> Response:
        account = await self._account(account_id)
        try:
            async with self._engine.begin() as connection:
                await account_changes.switch(
                    connection, account, active=active, actor=administrator.login, now=self._frame.clock()
                )
        except account_changes.LastAdministrator:
            raise Refused(409, "accounts_last_administrator") from None
        return self._frame.redirect(f"/accounts/{account_id}", flash="accounts_saved")

    async def _account(self, account_id: UUID) -> Account:
        return await found(self._officials, account_id)
