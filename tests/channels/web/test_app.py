"""Pages outside the chat itself: health, headers, who may frame us, and what the address of a client is."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest
from starlette.requests import Request

from bot.channels.errors import PlatformDown
from bot.channels.port import OutboundReply
from bot.channels.web.admission import network_of
from bot.channels.web.app import create_web_app
from bot.channels.web.headers import NotAnOrigin, content_security_policy
from bot.channels.web.health import Check
from bot.channels.web.languages import asked_for
from bot.channels.web.outbound import WebChannel
from bot.conversation.messages import Address
from bot.domain.procedure import Language
from bot.persistence.engine import create_engine
from bot.persistence.intake import SqlIntake
from tests.builders import a_reply
from tests.channels.web.parrot import WORDING, settings_for


def app_with(folder: Path, *checks: Check, **settings: object) -> httpx.AsyncClient:
    """HTTP to an app whose database does not exist."""
    engine = create_engine(f"postgresql://nobody@/none?host={folder}", pool=2)
    app = create_web_app(
        settings=settings_for(8080, folder, **settings),
        database_url="",
        engine=engine,
        intake=SqlIntake(engine),
        wording=WORDING,
        checks=checks,
    )
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


async def works() -> bool:
    return True


async def fails() -> bool:
    raise ConnectionError


async def hangs() -> bool:
    await asyncio.Event().wait()
    return True


@pytest.mark.parametrize(
    ("database", "nlu", "status", "state", "said"),
    [
        (works, works, 200, "ok", {"database": "ok", "nlu": "ok"}),
        (works, fails, 200, "degraded", {"database": "ok", "nlu": "degraded"}),
        (works, hangs, 200, "degraded", {"database": "ok", "nlu": "degraded"}),
        (fails, works, 503, "down", {"database": "down", "nlu": "ok"}),
    ],
)
async def test_ready_means_that_every_needed_part_answers(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    database: object,
    nlu: object,
    status: int,
    state: str,
    said: dict[str, str],
) -> None:
    monkeypatch.setattr("bot.channels.web.health.PATIENCE", 0.05)
    checks = (Check("database", database), Check("nlu", nlu, needed=False))  # type: ignore[arg-type]
    async with app_with(tmp_path, *checks) as http:
        ready = await http.get("/readyz")
        assert (ready.status_code, ready.json()) == (status, {"state": state, "parts": said})
        assert (await http.get("/healthz")).json() == {"alive": True}


async def test_figures_are_given_in_prometheus_form(tmp_path: Path) -> None:
    async with app_with(tmp_path) as http:
        figures = await http.get("/metrics")
    assert figures.headers["Content-Type"].startswith("text/plain")
    assert "ctc_web_streams" in figures.text


@pytest.mark.parametrize("path", ["/", "/chat", "/embed", "/embed.js", "/healthz", "/nowhere"])
async def test_security_headers_are_on_every_answer(tmp_path: Path, path: str) -> None:
    async with app_with(tmp_path, public_url="https://example.vn") as http:
        headers = (await http.get(path)).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "Access-Control-Allow-Origin" not in headers


async def test_only_the_allowed_sites_may_frame_the_embedded_page_and_nobody_the_others(tmp_path: Path) -> None:
    async with app_with(tmp_path, web_allowed_origins=("https://so.example.vn",)) as http:
        embedded = (await http.get("/embed")).headers["Content-Security-Policy"]
        alone = (await http.get("/")).headers["Content-Security-Policy"]
    assert embedded.endswith("frame-ancestors 'self' https://so.example.vn")
    assert alone.endswith("frame-ancestors 'none'")


@pytest.mark.parametrize(
    "origin", ["*", "so.example.vn", "https://a.vn/path", "https://a.vn; script-src *", "https://"]
)
def test_what_is_no_origin_is_refused_at_the_start(origin: str) -> None:
    with pytest.raises(NotAnOrigin):
        content_security_policy((origin,))


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        (None, Language.VI),
        ("", Language.VI),
        ("fr-FR,fr;q=0.9", Language.VI),
        ("en-US,en;q=0.9,vi;q=0.8", Language.EN),
        ("en;q=0.5,ko-KR;q=0.9", Language.KO),
        ("zh-Hant-TW", Language.ZH),
        ("ja;q=x,vi;q=0.1", Language.VI),
        ("ja;q=0", Language.VI),
    ],
)
def test_the_page_comes_in_the_browsers_language(asked: str | None, language: Language) -> None:
    assert asked_for(asked) is language


async def test_a_language_named_in_the_address_goes_before_the_browsers(tmp_path: Path) -> None:
    async with app_with(tmp_path) as http:
        page = await http.get("/?lang=ko", headers={"Accept-Language": "en"})
        unknown = await http.get('/?lang="><script>', headers={"Accept-Language": "en"})
    assert '<html lang="ko"' in page.text
    assert '<html lang="en"' in unknown.text
    assert '"><script>' not in unknown.text


@pytest.mark.parametrize("shown", [True, False])
async def test_a_demonstration_says_so_on_the_page(tmp_path: Path, shown: bool) -> None:
    async with app_with(tmp_path, demonstration=shown) as http:
        page = (await http.get("/")).text
    assert ('class="demonstration"' in page) is shown


async def test_static_files_may_be_kept_for_good_since_their_address_changes_with_them(tmp_path: Path) -> None:
    async with app_with(tmp_path) as http:
        page = (await http.get("/")).text
        address = page.split('src="')[1].split('"')[0]
        script = await http.get(address)
    assert address.startswith("/static/")
    assert "immutable" in script.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("client", "forwarded", "trusted", "network"),
    [
        ("203.0.113.7", None, False, "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", False, "203.0.113.7"),
        ("10.0.0.1", "198.51.100.1", True, "198.51.100.1"),
        ("10.0.0.1", "1.1.1.1, 198.51.100.1", True, "198.51.100.1"),
        ("10.0.0.1", "nonsense", True, "unknown"),
        ("10.0.0.1", None, True, "10.0.0.1"),
        ("2001:db8:1:2:3::4", None, False, "2001:db8:1:2::/64"),
    ],
)
def test_a_client_is_counted_by_the_address_it_cannot_choose(
    client: str, forwarded: str | None, trusted: bool, network: str
) -> None:
    headers = [] if forwarded is None else [(b"x-forwarded-for", forwarded.encode())]
    request = Request({"type": "http", "client": (client, 1), "headers": headers})
    assert network_of(request, trust_proxy=trusted) == network


async def test_delivery_waits_while_the_database_is_away(tmp_path: Path) -> None:
    engine = create_engine(f"postgresql://nobody@/none?host={tmp_path}", pool=2)
    channel = WebChannel(engine)
    with pytest.raises(PlatformDown) as told:
        await channel.deliver(OutboundReply(1, Address("web", "a"), 1, a_reply(), ()))
    assert not told.value.perhaps_delivered
    await channel.show_typing(Address("web", "a"))
