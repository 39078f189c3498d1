"""One's own account: passwords and the browsers one is signed in with."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.console.browsers import browser_named
from bot.console.passwords import Passwords
from bot.persistence.official_rows import OfficialRow, OfficialSessionRow
from tests.conftest import Database
from tests.console.visiting import PASSWORD, Place, reset


@pytest.fixture
def place(database: Database) -> Place:
    return Place(database.engine)


async def test_a_one_time_password_must_be_changed_first(place: Place) -> None:
    await place.add("an", must_change=True)
    browser = place.browser()
    await browser.sign_in("an")
    assert (await browser.get("/account")).headers["location"].startswith("/console/password")
    new = "một câu khác hẳn"
    before = browser.session
    changed = await browser.post("/password", {"current": PASSWORD, "new": new, "again": new})
    assert changed.status_code == 303
    assert browser.session != before
    assert await browser.is_in()
    assert (await place.browser().sign_in("an", new)).status_code == 303
    assert (await place.browser().sign_in("an")).status_code == 401


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ("ngắn quá", "ít nhất 12 ký tự"),
        ("nguyenvanan và hơn nữa", "không được chứa tên đăng nhập"),
        ("haiphong2026", "quá phổ biến"),
        ("aaaaaaaaaaaaaaaa", "quá phổ biến"),
        (PASSWORD, "phải khác mật khẩu hiện tại"),
    ],
)
async def test_a_weak_password_is_refused_with_a_clear_sentence(place: Place, new: str, said: str) -> None:
    browser = await place.signed_in("nguyenvanan")
    refused = await browser.post(
        "/password", {"current": PASSWORD, "new": new, "again": new}, csrf=await browser.csrf("/")
    )
    assert refused.status_code == 422
    assert said in refused.text


async def test_the_current_password_is_asked_for_and_its_tries_count(place: Place) -> None:
    browser = await place.signed_in("an")
    token = await browser.csrf("/")
    new = "một câu khác hẳn"
    for _ in range(5):
        refused = await browser.post("/password", {"current": "wrong", "new": new, "again": new}, csrf=token)
        assert refused.status_code == 422
    refused = await browser.post("/password", {"current": PASSWORD, "new": new, "again": new}, csrf=token)
    assert refused.status_code == 422


async def test_changing_the_password_ends_every_other_session(place: Place) -> None:
    here = await place.signed_in("an")
    elsewhere = place.browser()
    await elsewhere.sign_in("an")
    new = "một câu khác hẳn"
    await here.post("/password", {"current": PASSWORD, "new": new, "again": new}, csrf=await here.csrf("/"))
    assert await here.is_in()
    assert not await elsewhere.is_in()


async def test_one_ends_ones_own_sessions_and_nobody_elses(place: Place) -> None:
    here = await place.signed_in("an")
    elsewhere = place.browser()
    await elsewhere.sign_in("an")
    other = await place.signed_in("binh")
    async with place.engine.connect() as connection:
        rows = (
            await connection.execute(
                select(OfficialSessionRow.token_hash).join(OfficialRow).where(OfficialRow.login == "binh")
            )
        ).all()
    await here.post("/account/sessions", {"key": rows[0].token_hash}, csrf=await here.csrf("/"))
    assert await other.is_in()
    await here.post("/account/sessions", csrf=await here.csrf("/"))
    assert await here.is_in()
    assert not await elsewhere.is_in()


async def test_a_password_changed_in_an_ended_session_stays_as_it_was_reset(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = await place.signed_in("an")
    token = await browser.csrf("/password")
    hashed = Passwords.hash

    async def slow(self: Passwords, password: str) -> str:
        await reset(place, "an")
        return await hashed(self, password)

    monkeypatch.setattr(Passwords, "hash", slow)
    new = "bốn từ khác hẳn"
    await browser.post("/password", {"current": PASSWORD, "new": new, "again": new}, csrf=token)
    assert not await browser.is_in()
    async with place.engine.connect() as connection:
        assert await connection.scalar(select(OfficialRow.password_hash)) == "x"


@pytest.mark.parametrize(
    ("says", "named"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1",
            "Safari, iPhone",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        ("python-httpx/0.28", "python-httpx/0.28"),
        ("", "–"),
    ],
)
def test_a_browser_is_named_in_words_people_know(says: str, named: str) -> None:
    assert browser_named(says) == named
