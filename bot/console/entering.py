"""Letting somebody in: the session that begins, the browser that is known from then on, and where a try came from."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from starlette.requests import Request
from starlette.responses import Response

from bot.domain.official import Official
from bot.persistence import official_sessions
from bot.persistence.audit import Entry, record
from bot.persistence.sign_in_sources import KNOWN_FOR, Source, know_browser
from bot.persistence.sign_in_tries import Try

from .access import SignInFirst
from .frame import Frame

_OWN_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x1f]*")
_LONGEST_TOKEN = 100


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a browser is given: its session's token, and where it was let in wholly one of its own."""

    session: str
    browser: str | None


def own(path: str) -> str:
    """`path` below /console where it is one of ours, else the start."""
    return path if _OWN_PATH.fullmatch(path) and len(path) < 500 else "/"


def somebody(request: Request) -> Official:
    """Who gave the right password, whatever else is still asked of them. Raises `SignInFirst`."""
    official: Official | None = request.state.official
    if official is None:
        raise SignInFirst("/sign-in")
    return official


class Entering:
    """`network_of`: the address a request comes from, of which only a hash keyed with `secret` is kept."""

    def __init__(self, frame: Frame, engine: AsyncEngine, *, secret: str, network_of: Callable[[Request], str]) -> None:
        self._frame = frame
        self._engine = engine
        self._key = secret.encode()
        self.network_of = network_of

    def source(self, request: Request) -> Source:
        """Where a try comes from."""
        network = f"sign-in network {self.network_of(request)}"
        return Source(hmac.new(self._key, network.encode(), hashlib.sha256).hexdigest(), self.browser(request))

    def browser(self, request: Request) -> str | None:
        """The token this browser was given when somebody was in; None for a new one."""
        token = request.cookies.get(self._frame.cookies.browser, "")
        return token if 20 <= len(token) <= _LONGEST_TOKEN else None

    async def let_in(
        self, request: Request, connection: AsyncConnection, official: UUID, *, whole: bool, second_factor: bool
    ) -> Tokens:
        """A session with a token of its own, never one that the browser brought.

        `whole`: nothing more is asked for, and so the browser is known from now on.
        """
        now = self._frame.clock()
        session = await official_sessions.begin(
            connection,
            official,
            now=now,
            user_agent=request.headers.get("user-agent", ""),
            whole=whole,
            second_factor=second_factor,
        )
        known = await know_browser(connection, official, self.browser(request), now=now) if whole else None
        return Tokens(session, known)

    def keep(self, response: Response, tokens: Tokens) -> Response:
        """Give the browser its tokens."""
        cookies = self._frame.cookies
        cookies.keep(response, cookies.session, tokens.session)
        if tokens.browser is not None:
            cookies.keep(response, cookies.browser, tokens.browser, lasts=int(KNOWN_FOR.total_seconds()))
        return response

    async def note_lock(self, tried: Try | None) -> None:
        """Tell the trail of a wrong try after which others must wait."""
        if tried is not None and tried.locks:
            where = "known_browser" if tried.of_strangers is None else "network"
            after = {"tries": tried.tries, "source": where, "of_strangers": tried.of_strangers}
            async with self._engine.begin() as connection:
                await record(connection, Entry(tried.login, "account_locked", "official", tried.login, None, after))
