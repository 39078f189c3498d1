"""The chat's pages: `/` and `/chat`, `/embed` for other sites' frames, and the script tag's `/embed.js`.

Rendered on the server in the browser's language; the sentences of all five languages travel with the page,
so that changing the language asks for nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from fastapi import APIRouter, Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from bot.conversation.messages import MAX_UTTERANCE
from bot.conversation.wording import Wording
from bot.domain.procedure import Language

from .headers import content_security_policy
from .languages import asked_for, named

HERE = Path(__file__).parent
STATIC = HERE / "static"

_PAGE_KEYS = """
name title subtitle language skip log input placeholder send bot you typing connecting offline connected
waiting failed retry refused choices counter new_page latest close about_title about_1 about_2 about_3 privacy
my_data more_sources appointment no_script
""".split()
_EMBED_KEYS = ("open", "close", "title", "new_window")
_FACTS = {"count": "{count}", "limit": "{limit}"}
"""The page fills these in itself."""


class Pages:
    """Renders the pages. `allowed_origins` may frame `/embed`; nobody may frame the others."""

    def __init__(self, wording: Wording, *, demonstration: bool, allowed_origins: Sequence[str]) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        self._demonstration = demonstration
        self._embed_policy = content_security_policy(allowed_origins)
        self._assets = f"/static/{digest(STATIC)}"
        self._names = {str(code): wording.say("language_name", code) for code in Language}
        self._sentences = {
            str(code): {key: wording.say(f"web_{key}", code, **_FACTS) for key in _PAGE_KEYS}
            | {"demonstration": wording.say("demonstration", code), "help": wording.say("button_help", code)}
            for code in Language
        }
        self._embed_sentences = {
            str(code): {key: wording.say(f"web_{key}", code) for key in _EMBED_KEYS} for code in Language
        }

    def router(self) -> APIRouter:
        router = APIRouter()
        router.add_api_route("/", self.chat, methods=["GET"])
        router.add_api_route("/chat", self.chat, methods=["GET"])
        router.add_api_route("/embed", self.embed, methods=["GET"])
        router.add_api_route("/embed.js", self.embed_script, methods=["GET"])
        router.mount(self._assets, Assets(directory=STATIC))
        return router

    async def chat(self, request: Request, lang: str | None = None) -> Response:
        return self._page(request, lang, embedded=False)

    async def embed(self, request: Request, lang: str | None = None) -> Response:
        response = self._page(request, lang, embedded=True)
        response.headers["Content-Security-Policy"] = self._embed_policy
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    async def embed_script(self) -> Response:
        script = self._environment.get_template("embed.js").render(sentences=self._embed_sentences)
        headers = {"Cache-Control": "public, max-age=300", "Cross-Origin-Resource-Policy": "cross-origin"}
        return Response(script, media_type="text/javascript", headers=headers)

    def _page(self, request: Request, lang: str | None, *, embedded: bool) -> Response:
        language = named(lang) or asked_for(request.headers.get("accept-language"))
        page = self._environment.get_template("chat.html").render(
            language=str(language),
            say=self._sentences[language],
            sentences=self._sentences,
            names=self._names,
            limit=MAX_UTTERANCE,
            demonstration=self._demonstration,
            embedded=embedded,
            assets=self._assets,
        )
        return HTMLResponse(page, headers={"Cache-Control": "no-cache", "Vary": "Accept-Language"})


class Assets(StaticFiles):
    """Static files under an address that changes with their content, so browsers may keep them for good."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def digest(folder: Path) -> str:
    """Twelve letters that change when a file in `folder` does."""
    seen = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        seen.update(path.name.encode() + b"\0" + path.read_bytes())
    return seen.hexdigest()[:12]
