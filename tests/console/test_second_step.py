"""The second step: who must take it, that a code works once, and that half a sign-in opens nothing."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select

from bot.console.second_factor import STEP, SecondFactor
from bot.domain.official import Role
from bot.persistence import credentials
from bot.persistence.official_rows import OfficialRow
from tests.conftest import Database
from tests.console.visiting import SECRET, Clock, Place, reset


@pytest.fixture
def place(database: Database) -> Place:
    return Place(database.engine)


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


async def test_a_half_session_sees_nothing(place: Place) -> None:
    await place.signed_in("quan-tri", Role.ADMINISTRATOR)
    browser = place.browser()
    await browser.sign_in("quan-tri")
    for path in ("/", "/account", "/accounts", "/audit", "/password"):
        assert (await browser.get(path)).headers["location"].startswith("/console/second-step"), path


async def test_a_secret_somebody_may_have_seen_is_no_second_factor_after_a_reset(place: Place) -> None:
    await place.add("an")
    browser = place.browser()
    await browser.sign_in("an")
    await browser.get("/second-factor")
    await reset(place, "an")
    async with place.engine.connect() as connection:
        assert await connection.scalar(select(OfficialRow.totp_secret)) is None


async def test_a_half_session_that_was_ended_leads_no_further(place: Place) -> None:
    first = await place.signed_in("quan-tri", Role.ADMINISTRATOR)
    place.clock.pass_(timedelta(seconds=60))
    browser = place.browser()
    browser.totp = first.totp
    await browser.sign_in("quan-tri")
    token = await browser.csrf("/second-step")
    await reset(place, "quan-tri")
    await browser.post("/second-step", {"code": browser.code()}, csrf=token)
    assert not await browser.is_in()


async def test_a_step_is_used_up_once_whoever_asks_and_no_earlier_one_follows(place: Place) -> None:
    """The database holds this by itself, whatever was judged before."""
    await place.signed_in("quan-tri", Role.ADMINISTRATOR)
    async with place.engine.begin() as connection:
        official = await connection.scalar(select(OfficialRow.id))
        assert official is not None
        step = int(place.clock.now.timestamp()) // 30 + 5
        used = [await credentials.use_step(connection, official, number) for number in (step, step, step - 1, step + 1)]
    assert used == [True, False, False, True]


def test_a_code_is_wrong_by_itself_where_its_step_or_a_later_one_was_used() -> None:
    factor, now = SecondFactor(SECRET), Clock().now
    secret, step = factor.new_secret(), int(now.timestamp()) // STEP
    code = pyotp.TOTP(secret).generate_otp(step)
    assert [factor.step_of(secret, code, now, last) for last in (None, step - 1, step, step + 1)] == [
        step,
        step,
        None,
        None,
    ]
