"""A console to visit: the real one behind the real headers, with accounts, a clock that is set, and browsers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pyotp
from fastapi import FastAPI
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.limiting import RateLimiter
from bot.channels.web.headers import SecurityHeaders
from bot.console.console import Console
from bot.console.passwords import Passwords
from bot.console.wording import ConsoleWording
from bot.domain.official import Part, Role
from bot.persistence import account_changes, account_help
from bot.persistence.booking_rows import DepartmentRow
from bot.persistence.officials import SqlOfficials
from bot.settings import ROOT

PASSWORD = "bốn từ ghép lại"
SECRET = "a secret for tests, long enough for all of them"
WORDING = ConsoleWording.read(ROOT / "data" / "console")
HASHED = Passwords().hash_now(PASSWORD)


@dataclass
class Clock:
    """A clock that stands until it is set on."""

    now: datetime = field(default_factory=lambda: datetime(2026, 3, 2, 1, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, length: timedelta) -> None:
        self.now += length


@dataclass
class Place:
    """A running console."""

    engine: AsyncEngine
    clock: Clock = field(default_factory=Clock)
    limiter: RateLimiter = field(default_factory=lambda: RateLimiter(10_000))
    public_url: str | None = None
    console: Console = field(init=False)
    app: FastAPI = field(init=False)

    def __post_init__(self) -> None:
        self.console = Console(
            engine=self.engine,
            wording=WORDING,
            secret=SECRET,
            limiter=self.limiter,
            network_of=lambda request: request.client.host if request.client else "",
            public_url=self.public_url,
            demonstration=True,
            clock=self.clock,
        )
        self.app = FastAPI()
        https = (self.public_url or "").startswith("https")
        self.app.add_middleware(SecurityHeaders, https=https)
        self.app.include_router(self.console.router())

    async def add(
        self,
        login: str,
        role: Role = Role.OFFICIAL,
        departments: dict[str, Part] | None = None,
        *,
        must_change: bool = False,
    ) -> None:
        """An account whose password is `PASSWORD`."""
        async with self.engine.begin() as connection:
            await account_changes.add(
                connection,
                login=login,
                name=f"Người thử {login}",
                role=role,
                password_hash=HASHED,
                must_change_password=must_change,
                departments=departments or {},
                language="vi",
                actor="test",
            )

    async def add_department(self, key: str) -> None:
        async with self.engine.begin() as connection:
            await connection.execute(insert(DepartmentRow).values(key=key, record={"name": {"vi": f"Cơ quan {key}"}}))

    def browser(self, network: str = "127.0.0.1") -> Browser:
        """A browser that has never been here, at an address."""
        scheme = "https" if (self.public_url or "").startswith("https") else "http"
        transport = httpx.ASGITransport(app=self.app, client=(network, 4711))
        return Browser(
            self,
            httpx.AsyncClient(
                transport=transport, base_url=f"{scheme}://console.test/console", headers={"Accept-Language": "vi"}
            ),
        )

    async def signed_in(
        self, login: str, role: Role = Role.OFFICIAL, *, departments: dict[str, Part] | None = None
    ) -> Browser:
        """A browser of a new account, wholly signed in."""
        await self.add(login, role, departments)
        browser = self.browser()
        await browser.sign_in(login)
        if role is Role.ADMINISTRATOR:
            await browser.enrol()
        return browser


@dataclass
class Browser:
    """Follows no redirect by itself, and fills forms as a page gives them."""

    place: Place
    http: httpx.AsyncClient
    totp: pyotp.TOTP | None = None

    async def get(self, path: str) -> httpx.Response:
        return await self.http.get(path)

    async def csrf(self, path: str = "/sign-in") -> str:
        """The hidden field of a page."""
        page = await self.follow(await self.get(path))
        found = re.search(r'name="csrf" value="([^"]+)"', page.text)
        assert found is not None, page.text[:500]
        return found[1]

    async def post(self, path: str, data: dict[str, str] | None = None, *, csrf: str | None = None) -> httpx.Response:
        token = await self.csrf() if csrf is None else csrf
        return await self.http.post(path, data={"csrf": token, **(data or {})})

    async def follow(self, response: httpx.Response) -> httpx.Response:
        while response.is_redirect:
            response = await self.http.get(f"http://console.test{response.headers['location']}")
        return response

    async def sign_in(self, login: str, password: str = PASSWORD, next: str = "/") -> httpx.Response:  # noqa: A002
        return await self.post("/sign-in", {"login": login, "password": password, "next": next})

    async def enrol(self) -> httpx.Response:
        page = await self.get("/second-factor")
        found = re.search(r'class="secret">([A-Z2-7 ]+)<', page.text)
        assert found is not None, page.text
        self.totp = pyotp.TOTP(found[1].replace(" ", ""))
        return await self.post("/second-factor", {"code": self.code()})

    def code(self) -> str:
        assert self.totp is not None
        return self.totp.at(self.place.clock.now)

    async def is_in(self) -> bool:
        return (await self.get("/")).status_code == 200

    @property
    def session(self) -> str | None:
        return next((value for name, value in self.http.cookies.items() if name.endswith("console_session")), None)


async def reset(place: Place, login: str) -> None:
    """An administrator resets the password; the new one is nobody's."""
    account = await SqlOfficials(place.engine).named(login)
    async with place.engine.begin() as connection:
        await account_help.reset_password(connection, account, "x", actor="test", now=place.clock.now)


def pictures(name: str) -> Path:
    """Where a screenshot of that name is put."""
    folder = ROOT / "var" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}.png"
