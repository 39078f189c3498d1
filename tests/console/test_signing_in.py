"""Signing in: who gets in, who does not, and what a stranger learns from it, which is nothing."""

from __future__ import annotations

import re
import unicodedata
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from bot.console.passwords import Passwords
from bot.persistence.official_rows import OfficialRow, OfficialSessionRow
from tests.conftest import Database
from tests.console.visiting import HASHED, PASSWORD, Place, reset


@pytest.fixture
def place(database: Database) -> Place:
    return Place(database.engine)


async def test_an_official_signs_in_and_comes_to_the_page_asked_for(place: Place) -> None:
    await place.add("an")
    browser = place.browser()
    asked = await browser.get("/account")
    assert asked.status_code == 303
    assert asked.headers["location"] == "/console/sign-in?next=%2Faccount"
    signed_in = await browser.sign_in("an", next="/account")
    assert signed_in.headers["location"] == "/console/account"
    assert "Tài khoản của tôi" in (await browser.follow(signed_in)).text


async def test_capitals_and_spaces_round_a_login_do_not_matter(place: Place) -> None:
    await place.add("an")
    browser = place.browser()
    await browser.sign_in(" AN ")
    assert await browser.is_in()


@pytest.mark.parametrize("next_", ["//evil.test", "https://evil.test", "/\\evil.test", "evil.test", "/a\r\nX: y", ""])
async def test_nobody_is_sent_to_another_site(place: Place, next_: str) -> None:
    await place.add("an")
    response = await place.browser().sign_in("an", next=next_)
    assert response.headers["location"] == "/console/"


async def test_unknown_wrong_locked_and_deactivated_look_alike(place: Place) -> None:
    for login in ("an", "binh", "cuong"):
        await place.add(login)
    async with place.engine.begin() as connection:
        await connection.execute(update(OfficialRow).where(OfficialRow.login == "binh").values(active=False))
        await connection.execute(
            update(OfficialRow)
            .where(OfficialRow.login == "cuong")
            .values(locked_until=place.clock.now + timedelta(minutes=5))
        )
    answers = set()
    for login, password in (("an", "wrong password"), ("khong-co", PASSWORD), ("binh", PASSWORD), ("cuong", PASSWORD)):
        response = await place.browser().sign_in(login, password)
        assert "console_session" not in response.headers.get("set-cookie", "")
        text = re.sub(r'name="csrf" value="[^"]+"', "", response.text).replace(f'value="{login}"', "")
        answers.add((response.status_code, text))
    assert len(answers) == 1


async def test_an_unknown_login_costs_a_hash_as_well(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    reckoned: list[str] = []
    real = PasswordHasher.verify

    def counted(self: PasswordHasher, kept: str | bytes, password: str | bytes) -> bool:
        reckoned.append(str(kept))
        return real(self, kept, password)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    await place.browser().sign_in("khong-co", "whatever it is")
    assert len(reckoned) == 1
    assert reckoned[0].startswith("$argon2id$v=19$m=19456,t=2,p=1$")


async def test_an_old_hash_is_made_anew_at_sign_in(place: Place) -> None:
    await place.add("an")
    old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    async with place.engine.begin() as connection:
        await connection.execute(update(OfficialRow).values(password_hash=old))
    await place.browser().sign_in("an")
    async with place.engine.connect() as connection:
        kept = await connection.scalar(select(OfficialRow.password_hash))
    assert kept is not None
    assert "m=19456,t=2,p=1" in kept


async def test_a_token_brought_along_is_never_taken_over(place: Place) -> None:
    await place.add("an")
    browser = place.browser()
    browser.http.cookies.set("console_session", "x" * 43, domain="console.test", path="/")
    await browser.sign_in("an")
    async with place.engine.connect() as connection:
        kept = (await connection.scalars(select(OfficialSessionRow.token_hash))).all()
    thief = place.browser()
    thief.http.cookies.set("console_session", "x" * 43, domain="console.test", path="/")
    assert not await thief.is_in()
    assert len(kept) == 1


async def test_only_a_hash_of_the_token_is_stored(place: Place) -> None:
    browser = await place.signed_in("an")
    async with place.engine.connect() as connection:
        kept = await connection.scalar(select(OfficialSessionRow.token_hash))
    assert browser.session is not None
    assert kept != browser.session
    thief = place.browser()
    thief.http.cookies.set("console_session", str(kept), domain="console.test", path="/")
    assert not await thief.is_in()


async def test_a_session_ends_after_half_an_hour_of_rest_and_after_a_working_day(place: Place) -> None:
    browser = await place.signed_in("an")
    for _ in range(28):
        place.clock.pass_(timedelta(minutes=25))
        assert await browser.is_in()
    place.clock.pass_(timedelta(minutes=25))
    assert not await browser.is_in()
    await browser.sign_in("an")
    assert await browser.is_in()
    place.clock.pass_(timedelta(minutes=31))
    assert not await browser.is_in()


async def test_signing_out_kills_the_session_and_is_no_link(place: Place) -> None:
    browser = await place.signed_in("an")
    token = browser.session
    assert (await browser.get("/sign-out")).status_code == 405
    assert await browser.is_in()
    await browser.post("/sign-out", csrf=await browser.csrf("/"))
    thief = place.browser()
    thief.http.cookies.set("console_session", token or "", domain="console.test", path="/")
    assert not await thief.is_in()


async def test_a_password_reset_while_it_is_judged_opens_nothing(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    await place.add("an")
    browser = place.browser()
    token = await browser.csrf()
    fits = Passwords.fits

    async def slow(self: Passwords, kept: str | None, password: str) -> bool:
        right = await fits(self, kept, password)
        if kept == HASHED:
            await reset(place, "an")
        return right

    monkeypatch.setattr(Passwords, "fits", slow)
    answer = await browser.post("/sign-in", {"login": "an", "password": PASSWORD}, csrf=token)
    assert answer.status_code == 401
    assert not await browser.is_in()


async def test_the_same_letters_written_in_another_way_are_the_same_password(place: Place) -> None:
    await place.add("an")
    browser = place.browser()
    await browser.sign_in("an", unicodedata.normalize("NFD", PASSWORD))
    assert await browser.is_in()
