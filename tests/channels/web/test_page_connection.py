"""The page in a real browser, whatever happens to its connection, its token and its storage."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Route, expect

from bot.channels.limiting import RateLimiter
from bot.supervising import free_port
from tests.channels.web.conftest import OpenPage
from tests.channels.web.looking import greeted, replies, say, thread, type_and_send
from tests.channels.web.parrot import Assistant, settings_for
from tests.channels.web.visiting import Visitor
from tests.waiting import PATIENCE, until


async def test_an_answer_that_overtakes_the_word_that_it_is_stored_ends_the_typing_sign(open_page: OpenPage) -> None:
    page = await greeted(await open_page())

    async def hold_back(route: Route) -> None:
        stored = await route.fetch()
        await expect(replies(page)).to_have_count(2)
        await route.fulfill(response=stored)

    await page.route("**/chat/messages", hold_back)
    await type_and_send(page, "nhanh")
    await expect(page.locator(".said[data-state=sent]")).to_have_count(1)
    await expect(page.locator("#typing")).to_be_hidden()


async def test_a_reload_keeps_the_conversation_in_order(open_page: OpenPage, assistant: Assistant) -> None:
    page = await greeted(await open_page())
    for number, said in enumerate(("hai a", "b", "hai c")):
        await type_and_send(page, said)
        await expect(replies(page)).to_have_count((3, 4, 6)[number])
    before = await thread(page)
    await page.reload()
    await expect(replies(page)).to_have_count(6)
    assert await thread(page) == before
    assert before[1:] == ["hai a", "hai a 1", "hai a 2", "b", "Đã nghe: b", "hai c", "hai c 1", "hai c 2"]
    assert len(assistant.parrot.heard) == 4


async def test_a_server_restarted_under_an_open_page_loses_and_doubles_nothing(
    open_page: OpenPage, assistant: Assistant
) -> None:
    page = await greeted(await open_page())
    assistant.parrot.free.clear()
    await type_and_send(page, "trước")
    await expect(page.locator(".said[data-state=sent]")).to_have_count(1)
    await assistant.stop_server()
    await expect(page.get_by_role("status")).to_have_text(say("web_connecting"))
    assistant.parrot.free.set()  # answered while nobody serves
    await type_and_send(page, "trong lúc")
    await expect(page.locator(".said[data-state=waiting]")).to_have_count(1)
    await assistant.start_server()
    await expect(replies(page)).to_have_count(3)
    await type_and_send(page, "sau")
    await expect(replies(page)).to_have_count(4)
    assert sorted((await thread(page))[1:]) == sorted(
        [said for word in ("trước", "trong lúc", "sau") for said in (word, f"Đã nghe: {word}")]
    )
    assert [message.text for message in assistant.parrot.heard] == ["start", "trước", "trong lúc", "sau"]


async def test_without_a_network_a_message_waits_and_goes_out_once(open_page: OpenPage, assistant: Assistant) -> None:
    page = await greeted(await open_page())
    await page.context.set_offline(True)
    await expect(page.get_by_role("status")).to_have_text(say("web_offline"))
    await type_and_send(page, "chờ mạng")
    await expect(page.locator(".said .trouble")).to_have_text(say("web_waiting"))
    await page.context.set_offline(False)
    await expect(replies(page).last).to_have_text("Đã nghe: chờ mạng")
    await expect(page.locator(".said .trouble")).to_have_count(0)
    assert [message.text for message in assistant.parrot.heard] == ["start", "chờ mạng"]


async def test_a_message_that_could_not_go_out_survives_a_reload(open_page: OpenPage, assistant: Assistant) -> None:
    page = await greeted(await open_page())
    await assistant.stop_server()
    await type_and_send(page, "chưa gửi được")
    await expect(page.locator(".said[data-state=waiting]")).to_have_count(1)
    await assistant.start_server()
    await page.reload()
    await expect(replies(page).last).to_have_text("Đã nghe: chưa gửi được")
    assert [message.text for message in assistant.parrot.heard] == ["start", "chưa gửi được"]


async def test_a_question_asked_before_the_greeting_came_survives_a_reload(
    open_page: OpenPage, assistant: Assistant
) -> None:
    assistant.parrot.free.clear()
    page = await open_page()
    await until(lambda: assistant.parrot.heard)
    await type_and_send(page, "hỏi ngay")
    await expect(page.locator(".said[data-state=sent]")).to_have_count(1)
    await page.reload()
    await expect(page.locator(".said .body")).to_have_text("hỏi ngay")
    assistant.parrot.free.set()
    await expect(replies(page)).to_have_count(2)
    await expect(replies(page).last).to_have_text("Đã nghe: hỏi ngay")


async def test_two_tabs_show_the_same_conversation(open_page: OpenPage, assistant: Assistant) -> None:
    one = await greeted(await open_page())
    two = await one.context.new_page()
    await two.goto(one.url)
    await greeted(two)
    await type_and_send(one, "từ thẻ một")
    await expect(replies(two).last).to_have_text("Đã nghe: từ thẻ một")
    await type_and_send(two, "từ thẻ hai")
    await expect(replies(one).last).to_have_text("Đã nghe: từ thẻ hai")
    assert await thread(one) == await thread(two)
    assert [message.text for message in assistant.parrot.heard] == ["start", "từ thẻ một", "từ thẻ hai"]


async def test_who_writes_too_fast_is_told_so_and_may_send_again(
    open_page: OpenPage, assistant: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0.0
    monkeypatch.setattr("bot.channels.web.app.RateLimiter", partial(RateLimiter, clock=lambda: now))
    strict = Assistant(assistant.url, assistant.engine, settings_for(free_port(), tmp_path, rate_per_contact=20))
    await strict.start_server()
    try:
        page = await greeted(await open_page(address=strict.address))
        token = await page.evaluate("localStorage.getItem('ctc.token')")
        async with httpx.AsyncClient(base_url=strict.address, timeout=PATIENCE) as http:
            while (await Visitor(http, token).post(b"{}")).status_code != 429:
                pass
        await type_and_send(page, "nhanh quá")
        trouble = page.locator(".said .trouble")
        await expect(trouble.locator("span")).to_have_text(say("too_many"))
        now += 3.1  # one more fits by then
        await trouble.get_by_role("button", name=say("web_retry")).click()
        await expect(replies(page).last).to_have_text("Đã nghe: nhanh quá")
        await expect(trouble).to_have_count(0)
    finally:
        await strict.stop()


@pytest.mark.parametrize("token", ["tampered", ""])
async def test_a_token_that_is_not_accepted_is_replaced(open_page: OpenPage, token: str) -> None:
    page = await greeted(await open_page())
    await page.evaluate(f"localStorage.setItem('ctc.token', {json.dumps(token)})")
    await page.reload()
    await greeted(page)
    await type_and_send(page, "vẫn được")
    await expect(replies(page).last).to_have_text("Đã nghe: vẫn được")


async def test_it_works_where_the_browser_forbids_storage(open_page: OpenPage) -> None:
    forbid = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }})"
    page = await greeted(await open_page(script=forbid))
    await type_and_send(page, "không nhớ gì")
    await expect(replies(page).last).to_have_text("Đã nghe: không nhớ gì")
