"""The frame that every page of the console stands in: navigation, languages, who is signed in, what was just done.

How to build a page on it is told in `bot/console/__init__.py`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends
from itsdangerous import BadData, URLSafeTimedSerializer
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.domain.errors import AssistantError
from bot.domain.official import Doing, Official, may

from .cookies import Cookies
from .wording import LANGUAGES, ConsoleWording, show

__all__ = [
    "Administrator",
    "Frame",
    "NavigationEntry",
    "Refused",
    "SignedIn",
    "administrator",
    "may",
    "require",
    "signed_in",
]

BASE = "/console"
_FLASH_LASTS = 60


class Refused(AssistantError):
    """The page cannot be shown or the change not be made; the sentence of `key` tells the official why."""

    def __init__(self, status: int, key: str, **facts: object) -> None:
        super().__init__(f"{status} {key}")
        self.status = status
        self.key = key
        self.facts = facts


class SignInFirst(AssistantError):
    """The page is for those who signed in, or who took the step at `path` first."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    """A line of the navigation. `order`: lower stands first. `key`: its wording. `shown`: who sees it."""

    path: str
    key: str
    order: int = 50
    shown: Callable[[Official], bool] = lambda official: True


def only_administrators(official: Official) -> bool:
    """For `NavigationEntry.shown`."""
    return official.is_administrator


def signed_in(request: Request) -> Official:
    """The official who signed in and has taken every step asked of them. Raises `SignInFirst`."""
    official: Official | None = request.state.official
    if official is None:
        raise SignInFirst("/sign-in")
    needs_code = official.has_second_factor or official.is_administrator
    if needs_code and not official.session.second_factor:
        raise SignInFirst("/second-step" if official.has_second_factor else "/second-factor")
    if official.must_change_password:
        raise SignInFirst("/password")
    return official


SignedIn = Annotated[Official, Depends(signed_in)]


def administrator(official: SignedIn) -> Official:
    """The administrator who signed in. Raises `Refused` for officials."""
    if not official.is_administrator:
        raise Refused(403, "frame_only_administrators")
    return official


Administrator = Annotated[Official, Depends(administrator)]


def require(official: Official, department: str, doing: Doing) -> None:
    """Raises `Refused` unless `official` may do this for `department`."""
    if not may(official, department, doing):
        raise Refused(403, "frame_not_your_department")


class Frame:
    """Draws pages. `secret` signs what was just done, `folder_of_templates` holds a folder for each part."""

    def __init__(
        self,
        *,
        wording: ConsoleWording,
        cookies: Cookies,
        secret: str,
        demonstration: bool,
        assets: Callable[[str], str],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.wording = wording
        self.cookies = cookies
        self.clock = clock
        self.navigation: list[NavigationEntry] = []
        self._demonstration = demonstration
        self._assets = assets
        self._flashes = URLSafeTimedSerializer(secret, salt="console flash")
        self._templates = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def page(
        self,
        request: Request,
        template: str,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **context: Any,
    ) -> Response:
        """`template` drawn for whoever asks; what was just done is told once."""
        language: str = request.state.language
        official: Official | None = request.state.official
        body = self._templates.get_template(template).render(
            request=request,
            official=official,
            language=language,
            languages={code: self.wording.say("frame_language_name", code) for code in LANGUAGES},
            say=lambda key, **facts: self.wording.say_in_page(key, language, **facts),
            show=lambda fact: show(fact, language),
            csrf=lambda: Markup('<input type="hidden" name="csrf" value="{}">').format(request.state.csrf),
            now=self.clock(),
            here=own_path(request),
            base=BASE,
            asset=self._assets,
            navigation=[entry for entry in self._sorted() if _is_in(request) and official and entry.shown(official)],
            is_here=lambda path: request.url.path == BASE + path or request.url.path.startswith(f"{BASE}{path}/"),
            flashes=self._told(request),
            demonstration=self._demonstration,
            query=lambda **changes: _query(request, changes),
            sorted_link=lambda column: _sorted_link(request, column),
            sorted_as=lambda column: _sorted_as(request, column),
            **context,
        )
        response = HTMLResponse(body, status_code=status, headers=dict(headers or {}))
        if self.cookies.flash in request.cookies:
            self.cookies.forget(response, self.cookies.flash)
        if request.state.new_door is not None:
            self.cookies.keep(response, self.cookies.door, request.state.new_door)
        return response

    def redirect(self, path: str, *, flash: str | None = None, kind: str = "good", **facts: object) -> Response:
        """Go on to `path` below /console; `flash` is the key of what is said there once, `kind` good or bad."""
        response = RedirectResponse(BASE + path, status_code=303)
        if flash is not None:
            told = {name: show(fact, "vi") for name, fact in facts.items()}
            signed = self._flashes.dumps([flash, kind, told])
            self.cookies.keep(response, self.cookies.flash, str(signed), lasts=_FLASH_LASTS)
        return response

    def refusal(self, request: Request, refused: Refused) -> Response:
        """The page of a refusal."""
        return self.page(
            request, "refused.html", status=refused.status, key=refused.key, facts=refused.facts, code=refused.status
        )

    def _sorted(self) -> list[NavigationEntry]:
        return sorted(self.navigation, key=lambda entry: entry.order)

    def _told(self, request: Request) -> list[tuple[str, Markup]]:
        """What was just done: pairs of kind and sentence."""
        cookie = request.cookies.get(self.cookies.flash)
        if cookie is None:
            return []
        try:
            key, kind, facts = self._flashes.loads(cookie, max_age=_FLASH_LASTS)
        except (BadData, ValueError, json.JSONDecodeError):
            return []
        return [(kind, self.wording.say_in_page(key, request.state.language, **facts))] if key in self.wording else []


def _is_in(request: Request) -> bool:
    """Whether whoever asks has taken every step."""
    try:
        return request.state.official is not None and signed_in(request) is not None
    except SignInFirst:
        return False


def own_path(request: Request) -> str:
    """Path and query of this request below /console, to come back to."""
    path = request.url.path.removeprefix(BASE)
    return f"{path}?{request.url.query}" if request.url.query else path


def _query(request: Request, changes: Mapping[str, object]) -> str:
    """This page's query with some values changed; None takes one away."""
    values: dict[str, object] = {**request.query_params, **changes}
    return "?" + urlencode({name: str(value) for name, value in values.items() if value not in (None, "")})


def _sorted_link(request: Request, column: str) -> str:
    """The query that sorts by `column`, the other way round where it does already; `sort=-name` is descending."""
    return _query(
        request, {"sort": f"-{column}" if request.query_params.get("sort") == column else column, "page": None}
    )


def _sorted_as(request: Request, column: str) -> str:
    """`ascending`, `descending` or `none`, for aria-sort."""
    asked = request.query_params.get("sort")
    return {column: "ascending", f"-{column}": "descending"}.get(asked or "", "none")
