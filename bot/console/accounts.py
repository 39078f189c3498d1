"""Accounts, for administrators: listed, added, changed. Helping somebody back in is in `account_helping`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request
from starlette.responses import Response

from bot.domain.official import Part, Role
from bot.domain.vietnamese import fold
from bot.persistence import account_changes
from bot.persistence.official_sessions import SqlSessions
from bot.persistence.officials import Account, NoSuchOfficial, SqlOfficials

from .access import Administrator, Refused
from .frame import Frame
from .passwords import Passwords, one_time_password
from .wording import LANGUAGES

_PER_PAGE = 50
_LONGEST_NAME = 120
_SORTS = ("login", "name", "role", "seen", "active")


class Accounts:
    """The pages below /console/accounts."""

    def __init__(self, frame: Frame, engine: AsyncEngine, passwords: Passwords) -> None:
        self._frame = frame
        self._engine = engine
        self._passwords = passwords
        self._officials = SqlOfficials(engine)
        self._sessions = SqlSessions(engine)

    def router(self) -> APIRouter:
        router = APIRouter()
        router.add_api_route("/accounts", self.list_all, methods=["GET"])
        router.add_api_route("/accounts/new", self.ask_new, methods=["GET"])
        router.add_api_route("/accounts/new", self.add, methods=["POST"])
        router.add_api_route("/accounts/{account_id}", self.show, methods=["GET"])
        router.add_api_route("/accounts/{account_id}", self.change, methods=["POST"])
        return router

    async def list_all(
        self, request: Request, _: Administrator, q: str = "", sort: str = "login", page: int = 1
    ) -> Response:
        wanted = fold(q.strip())
        found = [
            account for account in await self._officials.all() if wanted in fold(f"{account.login} {account.name}")
        ]
        column = sort.removeprefix("-")
        found.sort(key=lambda account: _sort_value(account, column), reverse=sort.startswith("-"))
        of = max(1, -(-len(found) // _PER_PAGE))
        page = min(max(page, 1), of)
        names = dict(await self._officials.departments(request.state.language))
        return self._frame.page(
            request,
            "accounts.html",
            accounts=found[(page - 1) * _PER_PAGE : page * _PER_PAGE],
            names=names,
            q=q,
            page_number=page,
            of=of,
        )

    async def ask_new(self, request: Request, _: Administrator) -> Response:
        return await self._form(request, None, {"login": "", "name": "", "role": "official", "language": "vi"}, {}, {})

    async def add(
        self,
        request: Request,
        administrator: Administrator,
        login: Annotated[str, Form()] = "",
        name: Annotated[str, Form()] = "",
        role: Annotated[str, Form()] = "official",
        language: Annotated[str, Form()] = "vi",
    ) -> Response:
        login, name = login.strip().lower(), " ".join(name.split())
        departments = await self._departments(request)
        values = {"login": login, "name": name, "role": role, "language": language}
        faults = _faults(name, role, language)
        if not account_changes.LOGIN.fullmatch(login):
            faults["login"] = "accounts_login_bad"
        if not faults:
            password = one_time_password()
            kept = await self._passwords.hash(password)
            try:
                async with self._engine.begin() as connection:
                    await account_changes.add(
                        connection,
                        login=login,
                        name=name,
                        role=Role(role),
                        password_hash=kept,
                        must_change_password=True,
                        departments=departments,
                        language=language,
                        actor=administrator.login,
                    )
            except account_changes.LoginTaken:
                faults["login"] = "accounts_login_taken"
            else:
                # Drawn at once and not after a redirect: it is kept nowhere, and can be shown only now.
                return self._frame.page(
                    request, "one_time_password.html", login=login, name=name, password=password, is_new=True
                )
        return await self._form(request, None, values, departments, faults)

    async def show(self, request: Request, _: Administrator, account_id: UUID) -> Response:
        account = await self._account(account_id)
        values = {
            "login": account.login,
            "name": account.name,
            "role": str(account.role),
            "language": account.language,
            "version": str(account.version),
        }
        return await self._form(request, account, values, account.departments, {})

    async def change(
        self,
        request: Request,
        administrator: Administrator,
        account_id: UUID,
        name: Annotated[str, Form()] = "",
        role: Annotated[str, Form()] = "official",
        language: Annotated[str, Form()] = "vi",
        version: Annotated[int, Form()] = -1,
    ) -> Response:
        account = await self._account(account_id)
        if account.version != version:
            raise Refused(409, "frame_changed_meanwhile")
        name = " ".join(name.split())
        departments = await self._departments(request)
        faults = _faults(name, role, language)
        if not faults:
            try:
                async with self._engine.begin() as connection:
                    await account_changes.change(
                        connection,
                        account,
                        name=name,
                        role=Role(role),
                        language=language,
                        departments=departments,
                        actor=administrator.login,
                        now=self._frame.clock(),
                    )
            except account_changes.LastAdministrator:
                faults["role"] = "accounts_last_administrator"
            except account_changes.ChangedMeanwhile:
                raise Refused(409, "frame_changed_meanwhile") from None
            else:
                return self._frame.redirect(f"/accounts/{account_id}", flash="accounts_saved")
        values = {"login": account.login, "name": name, "role": role, "language": language, "version": str(version)}
        return await self._form(request, account, values, departments, faults)

    async def _account(self, account_id: UUID) -> Account:
        try:
            return await self._officials.get(account_id)
        except NoSuchOfficial:
            raise Refused(404, "frame_not_found") from None

    async def _departments(self, request: Request) -> dict[str, Part]:
        """What the form says of each department: a field `department:KEY` that is clerk, head or empty."""
        form = await request.form()
        known = {key for key, _ in await self._officials.departments("vi")}
        chosen: dict[str, Part] = {}
        for field, value in form.items():
            key = field.removeprefix("department:")
            if key in known and value == "head":
                chosen[key] = "head"
            elif key in known and value == "clerk":
                chosen[key] = "clerk"
        return chosen

    async def _form(
        self,
        request: Request,
        account: Account | None,
        values: Mapping[str, str],
        assigned: Mapping[str, Part],
        faults: Mapping[str, str],
    ) -> Response:
        sessions = [] if account is None else await self._sessions.of(account.id, now=self._frame.clock())
        return self._frame.page(
            request,
            "account_form.html",
            status=422 if faults else 200,
            account=account,
            values=values,
            assigned=assigned,
            faults=faults,
            departments=await self._officials.departments(request.state.language),
            sessions=sessions,
        )


async def found(read: SqlOfficials, account_id: UUID) -> Account:
    """Raises `Refused` where there is no such account."""
    try:
        return await read.get(account_id)
    except NoSuchOfficial:
        raise Refused(404, "frame_not_found") from None


def _faults(name: str, role: str, language: str) -> dict[str, str]:
    faults: dict[str, str] = {}
    if not 2 <= len(name) <= _LONGEST_NAME:
        faults["name"] = "accounts_name_bad"
    if role not in set(Role):
        faults["role"] = "frame_unreadable"
    if language not in LANGUAGES:
        faults["language"] = "frame_unreadable"
    return faults


def _sort_value(account: Account, column: str) -> tuple[str, str]:
    match column if column in _SORTS else "login":
        case "name":
            # A Vietnamese list of people is ordered by the given name, which stands last.
            value = fold(" ".join(reversed(account.name.split())))
        case "role":
            value = str(account.role)
        case "seen":
            value = account.last_seen_at.isoformat() if account.last_seen_at else ""
        case "active":
            value = "0" if account.active else "1"
        case _:
            value = ""
    return value, account.login
