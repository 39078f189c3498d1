"""Wrong tries: what they cost who guesses, and that nobody else pays for them."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.channels.limiting import RateLimiter
from bot.domain.official import Role
from bot.persistence.official_rows import SignInSourceRow
from bot.persistence.officials import SqlOfficials
from bot.persistence.sign_in_sources import Source
from bot.persistence.sign_in_tries import begin_try, uncount
from tests.conftest import Database
from tests.console.visiting import Browser, Place

_BROWSER = SignInSourceRow.source.startswith("browser:")


@pytest.fixture
def place(database: Database) -> Place:
    return Place(database.engine)


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
            until = await connection.scalar(select(SignInSourceRow.locked_until))
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
        assert await connection.scalar(select(SignInSourceRow.failed_attempts)) == 5
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


async def test_passwords_given_meanwhile_do_not_free_wrong_codes_from_their_lock(place: Place) -> None:
    await place.signed_in("quan-tri", Role.ADMINISTRATOR)
    stranger = Source("a network")
    async with place.engine.begin() as connection:
        password = await begin_try(connection, "quan-tri", stranger, now=place.clock.now)
        for _ in range(4):
            await begin_try(connection, "quan-tri", stranger, now=place.clock.now)
        assert password is not None
        await uncount(connection, password)
        assert await begin_try(connection, "quan-tri", stranger, now=place.clock.now) is None


async def test_the_second_step_is_limited_by_network_as_well(database: Database) -> None:
    place = Place(database.engine, limiter=RateLimiter(3))
    await place.signed_in("quan-tri", Role.ADMINISTRATOR)
    browser = place.browser()
    await browser.sign_in("quan-tri")
    token = await browser.csrf("/second-step")
    codes = [await browser.post("/second-step", {"code": "000000"}, csrf=token) for _ in range(2)]
    assert [answer.status_code for answer in codes] == [401, 429]


async def _guess(place: Place, network: str, times: int = 5) -> Browser:
    stranger = place.browser(network)
    for _ in range(times):
        assert (await stranger.sign_in("an", "wrong")).status_code == 401
    return stranger


async def test_a_stranger_who_guesses_keeps_nobody_out_but_their_own_network(place: Place) -> None:
    await place.add("an")
    stranger = await _guess(place, "203.0.113.7", 8)
    assert (await stranger.sign_in("an")).status_code == 401, "even the right password, now"
    assert (await place.browser("198.51.100.1").sign_in("an")).status_code == 303


async def test_many_strangers_together_lock_out_strangers_but_no_browser_that_was_in_before(place: Place) -> None:
    known = await place.signed_in("an")
    await known.post("/sign-out", csrf=await known.csrf("/"))
    for number in range(5):
        await _guess(place, f"203.0.113.{number}")
    assert (await place.browser("198.51.100.1").sign_in("an")).status_code == 401
    assert (await known.sign_in("an")).status_code == 303
    assert (await place.browser("198.51.100.1").sign_in("an")).status_code == 401, "that was no stranger's pardon"
    place.clock.pass_(timedelta(minutes=2))
    assert (await place.browser("198.51.100.1").sign_in("an")).status_code == 303


async def test_a_browser_that_was_in_before_is_no_way_to_guess(place: Place) -> None:
    known = await place.signed_in("an")
    await known.post("/sign-out", csrf=await known.csrf("/"))
    for _ in range(5):
        await known.sign_in("an", "wrong")
    assert (await known.sign_in("an")).status_code == 401
    place.clock.pass_(timedelta(seconds=61))
    assert (await known.sign_in("an")).status_code == 303


async def test_a_browser_is_known_for_those_only_who_were_in_with_it(place: Place) -> None:
    """A desk is shared: who sits there may not guess a colleague's password any longer than elsewhere."""
    await place.add("binh")
    desk = await place.signed_in("an")
    await desk.post("/sign-out", csrf=await desk.csrf("/"))
    for _ in range(5):
        await desk.sign_in("binh", "wrong")
    assert (await desk.sign_in("binh")).status_code == 401
    assert (await desk.sign_in("an")).status_code == 303


async def test_two_who_share_a_desk_are_both_known_there(place: Place) -> None:
    desk = await place.signed_in("an")
    await place.add("binh")
    for login in ("binh", "an"):
        await desk.post("/sign-out", csrf=await desk.csrf("/"))
        assert (await desk.sign_in(login)).status_code == 303
    async with place.engine.connect() as connection:
        kept = (await connection.scalars(select(SignInSourceRow.source).where(_BROWSER))).all()
    assert len(kept) == 2
    assert len(set(kept)) == 1, "one browser, known for both"


async def test_a_made_up_token_makes_no_browser_known_and_is_never_taken_over(place: Place) -> None:
    await place.add("an")
    browser = place.browser()
    browser.http.cookies.set("console_browser", "x" * 43, domain="console.test", path="/")
    await browser.sign_in("an")
    assert [cookie.value for cookie in browser.http.cookies.jar if cookie.name == "console_browser"] != ["x" * 43]


async def test_half_a_sign_in_makes_no_browser_known(place: Place) -> None:
    """Who has the password but not the telephone stays a stranger."""
    await place.signed_in("quan-tri", Role.ADMINISTRATOR)
    browser = place.browser("203.0.113.7")
    assert (await browser.sign_in("quan-tri")).status_code == 303
    assert "console_browser" not in browser.http.cookies


@pytest.mark.parametrize("doing", ["sign-out everywhere", "rest"])
async def test_a_browser_is_a_stranger_again(place: Place, doing: str) -> None:
    known, here = await place.signed_in("an"), place.browser()
    await here.sign_in("an")
    if doing == "rest":
        place.clock.pass_(timedelta(days=181))
    else:
        await here.post("/account/sessions", csrf=await here.csrf("/"))
    for number in range(5):
        await _guess(place, f"203.0.113.{number}")
    assert (await known.sign_in("an")).status_code == 401


async def test_an_administrator_lets_somebody_in_who_must_wait(place: Place) -> None:
    administrator = await place.signed_in("quan-tri", Role.ADMINISTRATOR)
    await place.add("an")
    stranger = await _guess(place, "203.0.113.7")
    account = await SqlOfficials(place.engine).named("an")
    page = (await administrator.get(f"/accounts/{account.id}")).text
    assert f"/accounts/{account.id}/unlock" in page
    await administrator.post(f"/accounts/{account.id}/unlock", csrf=await administrator.csrf("/"))
    assert (await stranger.sign_in("an")).status_code == 303
    assert "/unlock" not in (await administrator.get(f"/accounts/{account.id}")).text


async def test_no_address_is_stored(place: Place) -> None:
    await place.add("an")
    await _guess(place, "203.0.113.7", 1)
    async with place.engine.connect() as connection:
        kept = await connection.scalar(select(SignInSourceRow.source))
    assert kept is not None
    assert "203.0" not in kept


async def test_yesterdays_networks_are_forgotten(place: Place) -> None:
    await place.add("an")
    await _guess(place, "203.0.113.7", 1)
    place.clock.pass_(timedelta(days=2))
    await _guess(place, "203.0.113.8", 1)
    async with place.engine.connect() as connection:
        assert await connection.scalar(select(func.count()).select_from(SignInSourceRow)) == 1
