"""The frame that every page of the console stands in: navigation, languages, who is signed in, what was just done.

How to build a page on it is told in `bot/console/__init__.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.domain.official import Official

from .access import Refused, is_in
from .addresses import BASE, own_path, query, sorted_as, sorted_link
from .browsers import browser_named
from .cookies import Cookies
from .flashes import LASTS, Flashes
from .wording import LANGUAGES, ConsoleWording, in_words, show


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    """A line of the navigation. `order`: lower stands first. `key`: its wording. `shown`: who sees it."""

    path: str
    key: str
    order: int = 50
    shown: Callable[[Official], bool] = lambda official: True


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
        self._flashes = Flashes(wording, secret)
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
            browser_named=browser_named,
            in_words=lambda day: in_words(day, language),
            csrf=lambda: Markup('<input type="hidden" name="csrf" value="{}">').format(request.state.csrf),
            now=self.clock(),
            here=own_path(request),
            base=BASE,
            asset=self._assets,
            navigation=[entry for entry in self._sorted() if is_in(request) and official and entry.shown(official)],
            is_here=lambda path: request.url.path == BASE + path or request.url.path.startswith(f"{BASE}{path}/"),
            flashes=self._flashes.told(request.cookies.get(self.cookies.flash), language),
            demonstration=self._demonstration,
            query=lambda **changes: query(request, changes),
            sorted_link=lambda column: sorted_link(request, column),
            sorted_as=lambda column: sorted_as(request, column),
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
            self.cookies.keep(response, self.cookies.flash, self._flashes.keep(flash, kind, facts), lasts=LASTS)
        return response

    def refusal(self, request: Request, refused: Refused) -> Response:
        """The page of a refusal."""
        return self.page(
            request, "refused.html", status=refused.status, key=refused.key, facts=refused.facts, code=refused.status
        )

    def _sorted(self) -> list[NavigationEntry]:
        return sorted(self.navigation, key=lambda entry: entry.order)
