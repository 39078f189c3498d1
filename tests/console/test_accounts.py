"""Accounts, as administrators keep them; and that the trail of it is never changed."""

from __future__ import annotations

import asyncio
import html
import re
from dataclasses import replace

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from bot.domain.official import Role
from bot.persistence import account_changes, officials
from bot.persistence.audit import Entry, SqlAudit, record
from bot.persistence.official_rows import AuditRow, OfficialRow
from bot.persistence.officials import SqlOfficials
from tests.conftest import Database
from tests.console.visiting import Browser, Place


@pytest.fixture
def place(database: Database) -> Place:
    return Place(database.engine)


@pytest.fixture
async def administrator(place: Place) -> Browser:
    return await place.signed_in("quan-tri", Role.ADMINISTRATOR)


async def _path(place: Place, login: str) -> str:
    return f"/accounts/{(await SqlOfficials(place.engine).named(login)).id}"


async def _change(administrator: Browser, path: str, **fields: str) -> int:
    page = (await administrator.get(path)).text
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found is not None
    data = {"name": "Nguyễn Văn An", "role": "official", "language": "vi", "version": found[1], **fields}
    return (await administrator.post(path, data, csrf=await administrator.csrf("/"))).status_code


async def test_an_account_is_added_with_a_password_shown_once(place: Place, administrator: Browser) -> None:
    await place.add_department("finance")
    data = {"login": "An.Nguyen", "name": "Nguyễn Văn An", "role": "official", "language": "en"}
    data["department:finance"] = "head"
    page = await administrator.post("/accounts/new", data, csrf=await administrator.csrf("/"))
    found = re.search(r'class="secret">([^<]+)<', page.text)
    assert found is not None
    assert page.headers["cache-control"] == "no-store"
    browser = place.browser()
    await browser.sign_in("an.nguyen", found[1])
    assert (await browser.get("/")).headers["location"].startswith("/console/password")
    account = await SqlOfficials(place.engine).named("an.nguyen")
    assert account.departments == {"finance": "head"}
    assert found[1] not in (await administrator.get(f"/accounts/{account.id}")).text


@pytest.mark.parametrize(
    ("login", "name", "said"),
    [
        ("quan-tri", "Người khác", "đã có người dùng"),
        ("có dấu", "Người khác", "chữ thường không dấu"),
        ("an", "", "ghi họ"),
    ],
)
async def test_a_wrong_form_says_what_is_wrong(administrator: Browser, login: str, name: str, said: str) -> None:
    data = {"login": login, "name": name, "role": "official"}
    page = await administrator.post("/accounts/new", data, csrf=await administrator.csrf("/"))
    assert page.status_code == 422
    assert said in html.unescape(page.text)
    assert 'aria-invalid="true"' in page.text


async def test_the_list_is_searched_without_marks_and_sorted(place: Place, administrator: Browser) -> None:
    for login in ("an", "binh"):
        await place.add(login)
    found = (await administrator.get("/accounts?q=nguoi+thu+binh")).text
    assert ">binh<" in found
    assert ">an<" not in found
    down = (await administrator.get("/accounts?sort=-login")).text
    assert 'aria-sort="descending"' in down
    assert down.index(">quan-tri<") < down.index(">binh<") < down.index(">an<")
    assert "Không có tài khoản nào khớp" in (await administrator.get("/accounts?q=zzz")).text


async def test_another_role_or_department_ends_the_sessions_but_another_name_does_not(
    place: Place, administrator: Browser
) -> None:
    await place.add_department("finance")
    browser = await place.signed_in("an")
    path = await _path(place, "an")
    assert await _change(administrator, path) == 303
    assert await browser.is_in()
    assert await _change(administrator, path, **{"department:finance": "clerk"}) == 303
    assert not await browser.is_in()
    await browser.sign_in("an")
    assert await _change(administrator, path, role="administrator") == 303
    assert not await browser.is_in()


async def test_two_administrators_do_not_overwrite_each_other(place: Place, administrator: Browser) -> None:
    await place.add("an")
    assert await _change(administrator, await _path(place, "an"), version="0", name="Một") == 303
    assert await _change(administrator, await _path(place, "an"), version="0", name="Hai") == 409


@pytest.mark.parametrize("doing", ["deactivate", "reset-password", "reset-totp", "end-sessions"])
async def test_a_session_is_dead_at_once_when_an_administrator_ends_it(
    place: Place, administrator: Browser, doing: str
) -> None:
    browser = await place.signed_in("an")
    path = await _path(place, "an")
    assert "Anh/chị chắc chứ?" in (await administrator.get(f"{path}/{doing}")).text
    assert await browser.is_in()
    await administrator.post(f"{path}/{doing}", csrf=await administrator.csrf("/"))
    assert not await browser.is_in()


async def test_a_deactivated_account_comes_back_only_when_reactivated(place: Place, administrator: Browser) -> None:
    await place.add("an")
    path = await _path(place, "an")
    await administrator.post(f"{path}/deactivate", csrf=await administrator.csrf("/"))
    assert (await place.browser().sign_in("an")).status_code == 401
    await administrator.post(f"{path}/reactivate", csrf=await administrator.csrf("/"))
    assert (await place.browser().sign_in("an")).status_code == 303


async def test_the_last_administrator_stays(place: Place, administrator: Browser) -> None:
    path = await _path(place, "quan-tri")
    refused = await administrator.post(f"{path}/deactivate", csrf=await administrator.csrf("/"))
    assert refused.status_code == 409
    assert await _change(administrator, path, role="official") == 422
    assert await administrator.is_in()
    await place.add("hai", Role.ADMINISTRATOR)
    assert await _change(administrator, path, role="official") == 303


async def test_a_reset_second_step_is_set_up_anew(place: Place, administrator: Browser) -> None:
    await place.signed_in("hai", Role.ADMINISTRATOR)
    path = await _path(place, "hai")
    await administrator.post(f"{path}/reset-totp", csrf=await administrator.csrf("/"))
    browser = place.browser()
    await browser.sign_in("hai")
    assert (await browser.get("/")).headers["location"].startswith("/console/second-factor")


async def test_the_trail_cannot_be_changed(place: Place) -> None:
    async with place.engine.begin() as connection:
        await record(connection, Entry("an", "done", "thing", "1", None, {"a": 1}))
    for statement in ("UPDATE audit SET actor = 'x'", "DELETE FROM audit", "TRUNCATE audit"):
        with pytest.raises(DBAPIError, match="never changed"):
            async with place.engine.begin() as connection:
                await connection.execute(text(statement))
    entries, total = await SqlAudit(place.engine).entries()
    assert total == 1
    assert entries[0].entry == Entry("an", "done", "thing", "1", None, {"a": 1})


async def test_what_fails_leaves_no_trail(place: Place, administrator: Browser) -> None:
    path = await _path(place, "quan-tri")
    await administrator.post(f"{path}/deactivate", csrf=await administrator.csrf("/"))
    async with place.engine.connect() as connection:
        assert "account_deactivated" not in (await connection.scalars(select(AuditRow.action))).all()
        assert await connection.scalar(select(OfficialRow.active))


async def test_whoever_became_the_last_administrator_meanwhile_stays(place: Place) -> None:
    """The page was drawn while they were an official; the rule looks at what they are now."""
    await place.add("an", Role.ADMINISTRATOR)
    account = replace(await SqlOfficials(place.engine).named("an"), role=Role.OFFICIAL)
    with pytest.raises(account_changes.LastAdministrator):
        async with place.engine.begin() as connection:
            await account_changes.switch(connection, account, active=False, actor="test", now=place.clock.now)


async def test_two_administrators_cannot_remove_each_other_at_once(place: Place) -> None:
    for login in ("an", "binh"):
        await place.add(login, Role.ADMINISTRATOR)
    read = SqlOfficials(place.engine)
    accounts = [await read.named(login) for login in ("an", "binh")]

    async def remove(account: officials.Account) -> bool:
        try:
            async with place.engine.begin() as connection:
                await account_changes.switch(connection, account, active=False, actor="test", now=place.clock.now)
        except account_changes.LastAdministrator:
            return False
        return True

    assert sorted(await asyncio.gather(*map(remove, accounts))) == [False, True]
