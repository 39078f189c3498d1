"""The frame: forms that only our pages can send, cookies, headers, languages, refusals, departments."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Annotated

import pytest
from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from bot.console.access import SignedIn, require
from bot.console.frame import NavigationEntry
from bot.console.wording import ConsoleWordingError, faults, in_words
from bot.console.wrapping import LARGEST_BODY
from bot.domain.official import Role
from bot.settings import ROOT
from tests.conftest import Database
from tests.console.visiting import WORDING, Place


@pytest.fixture
def place(database: Database) -> Place:
    """A console with a part that has a page and a change for each department."""
    place = Place(database.engine)
    router = APIRouter()

    async def desk(request: Request, official: SignedIn, key: str) -> Response:
        require(official, key, "desk")
        return place.console.frame.page(request, "home.html")

    async def manage(request: Request, official: SignedIn, key: str) -> Response:
        require(official, key, "manage")
        return place.console.frame.redirect("/", flash="accounts_saved")

    async def broken(_: Annotated[None, Depends(lambda: None)]) -> Response:
        raise ZeroDivisionError("a secret detail")

    router.add_api_route("/test/{key}", desk, methods=["GET"])
    router.add_api_route("/test/{key}", manage, methods=["POST"])
    router.add_api_route("/broken", broken, methods=["GET"])
    place.console.add(router, NavigationEntry("/test/finance", "frame_to_start", 10))
    return place


async def test_an_added_part_asks_for_a_sign_in_by_itself(place: Place) -> None:
    response = await place.browser().get("/broken")
    assert response.status_code == 303
    assert response.headers["location"].startswith("/console/sign-in")


async def test_a_clerk_of_one_department_cannot_open_anothers_page(place: Place) -> None:
    for key in ("finance", "health"):
        await place.add_department(key)
    browser = await place.signed_in("an", departments={"finance": "clerk"})
    assert (await browser.get("/test/finance")).status_code == 200
    refused = await browser.get("/test/health")
    assert refused.status_code == 403
    assert "không được phân công" in refused.text


async def test_a_clerk_does_not_manage_but_a_head_does(place: Place) -> None:
    await place.add_department("finance")
    clerk = await place.signed_in("an", departments={"finance": "clerk"})
    head = await place.signed_in("binh", departments={"finance": "head"})
    assert (await clerk.post("/test/finance", csrf=await clerk.csrf("/"))).status_code == 403
    done = await head.post("/test/finance", csrf=await head.csrf("/"))
    assert done.status_code == 303
    assert "Đã lưu thay đổi." in (await head.follow(done)).text
    assert "Đã lưu thay đổi." not in (await head.get("/")).text


async def test_an_official_is_no_administrator(place: Place) -> None:
    browser = await place.signed_in("an")
    for path in ("/accounts", "/accounts/new", "/audit"):
        assert (await browser.get(path)).status_code == 403
    page = (await browser.get("/")).text
    assert 'href="/console/accounts"' not in page
    data = {"login": "gian", "name": "Kẻ gian", "role": "administrator"}
    assert (await browser.post("/accounts/new", data, csrf=await browser.csrf("/"))).status_code == 403


@pytest.mark.parametrize("csrf", ["", "x" * 43])
async def test_a_form_without_our_token_changes_nothing(place: Place, csrf: str) -> None:
    browser = await place.signed_in("an")
    refused = await browser.post("/sign-out", csrf=csrf)
    assert refused.status_code == 403
    assert await browser.is_in()


async def test_another_officials_token_does_not_fit(place: Place) -> None:
    one, other = await place.signed_in("an"), await place.signed_in("binh")
    assert (await one.post("/sign-out", csrf=await other.csrf("/"))).status_code == 403


async def test_signing_in_needs_a_token_as_well(place: Place) -> None:
    await place.add("an")
    stolen = await place.browser().csrf()
    assert (await place.browser().post("/sign-in", {"login": "an"}, csrf=stolen)).status_code == 403


async def test_a_browser_that_says_the_form_is_foreign_is_believed(place: Place) -> None:
    browser = await place.signed_in("an")
    token = await browser.csrf("/")
    for site in ("cross-site", "same-site"):
        refused = await browser.http.post("/sign-out", data={"csrf": token}, headers={"Sec-Fetch-Site": site})
        assert refused.status_code == 403
    assert await browser.is_in()


async def test_cookies_are_shut_to_scripts_and_other_sites(database: Database) -> None:
    for url, prefix, secure in (("https://city.test", "__Host-", True), (None, "", False)):
        place = Place(database.engine, public_url=url)
        login = "an" if secure else "binh"
        await place.add(login)
        cookie = (await place.browser().sign_in(login)).headers["set-cookie"]
        assert cookie.startswith(f"{prefix}console_session=")
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie
        assert ("Secure" in cookie) is secure


async def test_no_page_is_kept_and_no_script_stands_in_it(place: Place) -> None:
    browser = await place.signed_in("an")
    for path in ("/", "/sign-in", "/account", "/nothing"):
        response = await browser.get(path)
        assert response.headers["cache-control"] == "no-store", path
        assert "script-src 'self'" in response.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in response.headers["content-security-policy"]
        assert " style=" not in response.text
        assert "<script>" not in response.text


async def test_what_is_not_there_is_a_page_that_says_so(place: Place) -> None:
    browser = await place.signed_in("an")
    response = await browser.get("/nothing")
    assert response.status_code == 404
    assert "Không có trang này" in response.text
    assert (await place.browser().get("/nothing")).status_code == 404


async def test_an_error_of_ours_is_a_page_with_an_incident_and_no_detail(place: Place) -> None:
    browser = await place.signed_in("an")
    response = await browser.get("/broken")
    assert response.status_code == 500
    assert "báo quản trị viên mã" in response.text
    assert "secret detail" not in response.text
    assert response.headers["cache-control"] == "no-store"


async def test_the_language_is_switched_and_kept(place: Place) -> None:
    browser = place.browser()
    assert 'lang="vi"' in (await browser.get("/sign-in")).text
    response = await browser.post("/language", {"language": "en", "next": "/sign-in?next=/account"})
    assert response.headers["location"] == "/console/sign-in?next=/account"
    assert "<h1>Sign in</h1>" in (await browser.get("/sign-in")).text
    await place.add("an")
    await browser.sign_in("an")
    await browser.post("/language", {"language": "en"}, csrf=await browser.csrf("/"))
    again = place.browser()
    await again.sign_in("an")
    assert "Sign out" in (await again.get("/")).text


async def test_what_was_just_done_cannot_be_made_up(place: Place) -> None:
    browser = await place.signed_in("an")
    browser.http.cookies.set("console_flash", '["accounts_saved","good",{}]', domain="console.test", path="/")
    page = await browser.get("/")
    assert page.status_code == 200
    assert "Đã lưu thay đổi." not in page.text


async def test_static_files_are_served_without_a_sign_in(place: Place) -> None:
    page = (await place.browser().get("/sign-in")).text
    path = page.split('rel="stylesheet" href="')[1].split('"')[0].removeprefix("/console")
    response = await place.browser().get(path)
    assert response.status_code == 200
    assert "immutable" in response.headers["cache-control"]


async def test_administrators_must_have_a_second_factor_even_for_parts(place: Place) -> None:
    await place.add("quan-tri", Role.ADMINISTRATOR)
    browser = place.browser()
    await browser.sign_in("quan-tri")
    assert (await browser.get("/test/finance")).headers["location"].startswith("/console/second-factor")


def test_both_languages_hold_the_same_sentences_and_facts() -> None:
    assert WORDING.say("frame_page_of", "vi", page=1, of=2) == "Trang 1/2"
    assert faults({"vi": {"a": "{x}", "b": "b"}, "en": {"a": "{y}", "c": "c"}}) == [
        "en: a names other facts",
        "en: b is missing",
        "en: c is not in Vietnamese",
    ]


def test_a_key_said_in_two_parts_is_refused(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("console")
    for part in ("one", "two"):
        (folder / part).mkdir()
        for language in ("vi", "en"):
            (folder / part / f"{language}.yml").write_text("key: sentence", encoding="utf-8")
    with pytest.raises(ConsoleWordingError):
        type(WORDING).read(folder)


def test_facts_in_a_page_are_escaped() -> None:
    said = WORDING.say_in_page("one_time_added", "vi", name="<b>x</b>")
    assert "&lt;b&gt;" in said


def test_every_template_sentence_exists() -> None:
    for path in (ROOT / "bot" / "console" / "templates").rglob("*.html"):
        if path.name == "macros.html":
            continue  # its comments show examples
        for key in re.findall(r'say\("([a-z_]+)"[,)]', path.read_text(encoding="utf-8")):
            assert key in WORDING, f"{path.name}: {key}"


async def test_a_body_larger_than_any_form_is_not_read(place: Place) -> None:
    browser = place.browser()
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        yield b'--x\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\n'
        while sent < 4 * LARGEST_BODY:
            sent += 65_536
            yield b"a" * 65_536

    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    for path in ("/sign-in", "/sign-out", "/test/finance"):
        sent = 0
        refused = await browser.http.post(path, content=endless(), headers=headers)
        assert refused.status_code == 413
        assert "quá lớn" in refused.text
        assert sent <= LARGEST_BODY + 2 * 65_536


async def test_a_form_as_json_changes_nothing(place: Place) -> None:
    browser = await place.signed_in("an", departments={})
    refused = await browser.http.post("/sign-out", json={"csrf": await browser.csrf("/account")})
    assert refused.status_code == 403
    assert await browser.is_in()


@pytest.mark.parametrize("path", ["/account/", "/accounts/new/", "//evil.test/", "/%2F%2Fevil.test/"])
async def test_a_foreign_host_header_leads_nowhere(place: Place, path: str) -> None:
    browser = await place.signed_in("an")
    response = await browser.http.get(f"http://console.test/console{path}", headers={"Host": "evil.test"})
    assert "evil.test" not in response.headers.get("location", "")


async def test_letters_that_no_database_keeps_break_nothing(place: Place) -> None:
    browser = await place.signed_in("an")
    for name in ("login", "password", "next"):
        asked = {"login": "an", "password": "x", "next": "/"} | {name: "a\x00b"}
        assert (await browser.post("/sign-in", asked, csrf=await browser.csrf("/account"))).status_code == 422
    for path in ("/account?q=%00", "/test/a%00b"):
        assert (await browser.get(path)).status_code == 422


async def test_what_a_browser_calls_itself_is_shown_as_text(place: Place) -> None:
    browser = await place.signed_in("an")
    browser.http.headers["User-Agent"] = "<script>alert(1)</script>"
    await browser.sign_in("an")
    assert "<script>alert" not in (await browser.get("/account")).text


async def test_a_flash_and_a_search_are_shown_as_text(place: Place) -> None:
    browser = await place.signed_in("quan-tri", Role.ADMINISTRATOR)
    for path in ("/accounts?q=", "/audit?actor=", "/audit?day=", "/accounts?sort=", "/audit?key="):
        page = await browser.get(f"{path}%3Cimg%20src%3Dx%20onerror%3D1%3E%22")
        assert page.status_code == 200
        assert "<img src=x" not in page.text


@pytest.mark.parametrize("path", ["../console.py", "%2e%2e/console.py", "..%2f..%2fsecret_key.py", "//etc/passwd"])
async def test_static_files_stay_in_their_folder(place: Place, path: str) -> None:
    page = await place.browser().get("/sign-in")
    found = re.search(r"/console(/static/\w+)/", page.text)
    assert found is not None
    response = await place.browser().get(f"{found[1]}/{path}")
    assert response.status_code == 404


@pytest.mark.parametrize(
    ("day", "language", "said"),
    [
        ("2026-03-04", "vi", "Thứ Tư, ngày 4 tháng 3 năm 2026"),
        ("2026-03-04", "en", "Wednesday, 4 March 2026"),
        ("", "vi", ""),
        ("hôm nay", "vi", ""),
    ],
)
def test_a_chosen_day_stands_in_words_beside_its_field(day: str, language: str, said: str) -> None:
    assert in_words(day, language) == said
