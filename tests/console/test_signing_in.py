"""Signing in: who gets in, who does not, and what a stranger learns from it, which is nothing."""

from __future__ import annotations

import asyncio
import re
import unicodedata
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from bot.channels.limiting import RateLimiter
from bot.console.passwords import Passwords
from bot.domain.official import Role
from bot.persistence import credentials, officials
from bot.persistence.official_rows import OfficialRow, OfficialSessionRow
from tests.conftest import Database
from tests.console.visiting import HASHED, PASSWORD, Place


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


async def test_five_wrong_tries_lock_and_the_lock_ends(place: Place) -> None:
    await place.add("an")
    browser = place.browser()
    for _ in range(5):
        await browser.sign_in("an", "wrong")
    assert (await browser.sign_in("an")).status_code == 401
    place.clock.pass_(timedelta(seconds=61))
    assert (await browser.sign_in("an")).status_code == 303
    assert await browser.is_in()


async def test_each_further_wrong_try_doubles_the_lock_up_to_an_hour(place: Place) -> None:
    await place.add("an")
    browser = place.browser()
    for _ in range(4):
        await browser.sign_in("an", "wrong")
    lengths = []
    for _ in range(9):
        await browser.sign_in("an", "wrong")
        async with place.engine.connect() as connection:
            until = await connection.scalar(select(OfficialRow.locked_until))
        assert until is not None
        lengths.append((until - place.clock.now).total_seconds() / 60)
        place.clock.now = until
    assert lengths == [1, 2, 4, 8, 16, 32, 60, 60, 60]


async def test_many_tries_at_once_are_not_free(place: Place) -> None:
    """A try is counted before it is judged: the right password among twenty others comes too late."""
    await place.add("an")
    browsers = [place.browser() for _ in range(12)]
    tokens = [await browser.csrf() for browser in browsers]
    wrong = {"login": "an", "password": "wrong"}
    await asyncio.gather(
        *(browser.post("/sign-in", wrong, csrf=token) for browser, token in zip(browsers, tokens, strict=True))
    )
    async with place.engine.connect() as connection:
        assert await connection.scalar(select(OfficialRow.failed_attempts)) == 5
    assert (await place.browser().sign_in("an")).status_code == 401


async def test_a_network_that_tries_too_often_must_wait(database: Database) -> None:
    place = Place(database.engine, limiter=RateLimiter(3))
    await place.add("an")
    browser = place.browser()
    for _ in range(3):
        await browser.sign_in("khong-co", "wrong")
    refused = await browser.sign_in("an")
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0


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


async def test_an_administrator_must_set_up_the_second_step(place: Place) -> None:
    await place.add("quan-tri", Role.ADMINISTRATOR)
    browser = place.browser()
    await browser.sign_in("quan-tri")
    assert (await browser.get("/accounts")).headers["location"].startswith("/console/second-factor")
    before = browser.session
    assert (await browser.enrol()).status_code == 303
    assert browser.session != before
    assert (await browser.get("/accounts")).status_code == 200


async def test_the_secret_is_encrypted_at_rest(place: Place) -> None:
    browser = await place.signed_in("quan-tri", Role.ADMINISTRATOR)
    async with place.engine.connect() as connection:
        kept = await connection.scalar(select(OfficialRow.totp_secret))
    assert browser.totp is not None
    assert kept is not None
    assert browser.totp.secret not in kept


async def test_a_code_is_asked_for_and_never_accepted_twice(place: Place) -> None:
    first = await place.signed_in("quan-tri", Role.ADMINISTRATOR)
    place.clock.pass_(timedelta(seconds=60))
    second, third = place.browser(), place.browser()
    for browser in (second, third):
        browser.totp = first.totp
        await browser.sign_in("quan-tri")
        assert not await browser.is_in()
        assert (await browser.get("/")).headers["location"].startswith("/console/second-step")
    code = second.code()
    token = await second.csrf("/second-step")
    assert (await second.post("/second-step", {"code": code}, csrf=token)).status_code == 303
    assert await second.is_in()
    token = await third.csrf("/second-step")
    assert (await third.post("/second-step", {"code": code}, csrf=token)).status_code == 401
    assert not await third.is_in()


async def test_the_code_that_set_it_up_does_not_sign_in(place: Place) -> None:
    first = await place.signed_in("quan-tri", Role.ADMINISTRATOR)
    browser = place.browser()
    browser.totp = first.totp
    await browser.sign_in("quan-tri")
    token = await browser.csrf("/second-step")
    assert (await browser.post("/second-step", {"code": browser.code()}, csrf=token)).status_code == 401


async def test_wrong_codes_lock_too_and_the_right_password_does_not_forgive_them(place: Place) -> None:
    first = await place.signed_in("quan-tri", Role.ADMINISTRATOR)
    place.clock.pass_(timedelta(seconds=60))
    for _ in range(5):
        browser = place.browser()
        await browser.sign_in("quan-tri")
        token = await browser.csrf("/second-step")
        await browser.post("/second-step", {"code": "000000"}, csrf=token)
    assert (await place.browser().sign_in("quan-tri")).status_code == 401
    place.clock.pass_(timedelta(seconds=61))
    again = place.browser()
    again.totp = first.totp
    assert (await again.sign_in("quan-tri")).status_code == 303


async def test_a_half_session_sees_nothing(place: Place) -> None:
    await place.signed_in("quan-tri", Role.ADMINISTRATOR)
    browser = place.browser()
    await browser.sign_in("quan-tri")
    for path in ("/", "/account", "/accounts", "/audit", "/password"):
        assert (await browser.get(path)).headers["location"].startswith("/console/second-step"), path


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


async def _reset(place: Place, login: str) -> None:
    account = await officials.SqlOfficials(place.engine).named(login)
    async with place.engine.begin() as connection:
        await officials.reset_password(connection, account, "x", actor="test", now=place.clock.now)


async def test_a_password_reset_while_it_is_judged_opens_nothing(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    await place.add("an")
    browser = place.browser()
    token = await browser.csrf()
    fits = Passwords.fits

    async def slow(self: Passwords, kept: str | None, password: str) -> bool:
        right = await fits(self, kept, password)
        if kept == HASHED:
            await _reset(place, "an")
        return right

    monkeypatch.setattr(Passwords, "fits", slow)
    answer = await browser.post("/sign-in", {"login": "an", "password": PASSWORD}, csrf=token)
    assert answer.status_code == 401
    assert not await browser.is_in()


async def test_a_password_changed_in_an_ended_session_stays_as_it_was_reset(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = await place.signed_in("an")
    token = await browser.csrf("/password")
    hashed = Passwords.hash

    async def slow(self: Passwords, password: str) -> str:
        await _reset(place, "an")
        return await hashed(self, password)

    monkeypatch.setattr(Passwords, "hash", slow)
    new = "bốn từ khác hẳn"
    await browser.post("/password", {"current": PASSWORD, "new": new, "again": new}, csrf=token)
    assert not await browser.is_in()
    async with place.engine.connect() as connection:
        assert await connection.scalar(select(OfficialRow.password_hash)) == "x"


async def test_passwords_given_meanwhile_do_not_free_wrong_codes_from_their_lock(place: Place) -> None:
    await place.signed_in("quan-tri", Role.ADMINISTRATOR)
    async with place.engine.begin() as connection:
        password = await credentials.begin_try(connection, "quan-tri", now=place.clock.now)
        for _ in range(4):
            await credentials.begin_try(connection, "quan-tri", now=place.clock.now)
        assert password is not None
        await credentials.uncount(connection, password)
        assert await credentials.begin_try(connection, "quan-tri", now=place.clock.now) is None


async def test_a_secret_somebody_may_have_seen_is_no_second_factor_after_a_reset(place: Place) -> None:
    await place.add("an")
    browser = place.browser()
    await browser.sign_in("an")
    await browser.get("/second-factor")
    await _reset(place, "an")
    async with place.engine.connect() as connection:
        assert await connection.scalar(select(OfficialRow.totp_secret)) is None


async def test_a_half_session_that_was_ended_leads_no_further(place: Place) -> None:
    first = await place.signed_in("quan-tri", Role.ADMINISTRATOR)
    place.clock.pass_(timedelta(seconds=60))
    browser = place.browser()
    browser.totp = first.totp
    await browser.sign_in("quan-tri")
    token = await browser.csrf("/second-step")
    await _reset(place, "quan-tri")
    await browser.post("/second-step", {"code": browser.code()}, csrf=token)
    assert not await browser.is_in()


async def test_the_same_letters_written_in_another_way_are_the_same_password(place: Place) -> None:
    await place.add("an")
    browser = place.browser()
    await browser.sign_in("an", unicodedata.normalize("NFD", PASSWORD))
    assert await browser.is_in()


async def test_the_second_step_is_limited_by_network_as_well(database: Database) -> None:
    place = Place(database.engine, limiter=RateLimiter(3))
    await place.signed_in("quan-tri", Role.ADMINISTRATOR)
    browser = place.browser()
    await browser.sign_in("quan-tri")
    token = await browser.csrf("/second-step")
    codes = [await browser.post("/second-step", {"code": "000000"}, csrf=token) for _ in range(2)]
    assert [answer.status_code for answer in codes] == [401, 429]


async def test_a_step_is_used_up_once_whoever_asks_and_no_earlier_one_follows(place: Place) -> None:
    """The database holds this by itself, whatever was judged before."""
    await place.signed_in("quan-tri", Role.ADMINISTRATOR)
    async with place.engine.begin() as connection:
        official = await connection.scalar(select(OfficialRow.id))
        assert official is not None
        step = int(place.clock.now.timestamp()) // 30 + 5
        used = [await credentials.use_step(connection, official, number) for number in (step, step, step - 1, step + 1)]
    assert used == [True, False, False, True]
