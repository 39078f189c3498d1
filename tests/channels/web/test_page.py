"""The page in a real browser: what a visitor sees and can do, whatever happens to the connection."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Locator, Page, Route, expect

from bot.domain.procedure import Language
from bot.supervising import free_port
from tests.channels.web.conftest import OpenPage
from tests.channels.web.parrot import WORDING, Assistant, settings_for
from tests.channels.web.visiting import Visitor

SIZES = [(390, 844), (1280, 800)]


def say(key: str, language: Language = Language.VI) -> str:
    return WORDING.say(key, language)


def replies(page: Page) -> Locator:
    return page.locator(".reply .prose")


def chip(page: Page, title: str) -> Locator:
    return page.get_by_role("button", name=title, exact=True)


async def type_and_send(page: Page, said: str) -> None:
    await page.locator("#utterance").fill(said)
    await page.keyboard.press("Enter")


async def greeted(page: Page) -> Page:
    await expect(replies(page).first).to_contain_text("Xin chào")
    return page


async def thread(page: Page) -> list[str]:
    """What the thread shows, from top to bottom."""
    return await page.locator(".message .body > :first-child").all_inner_texts()


async def test_a_visitor_is_greeted_asks_and_is_answered(open_page: OpenPage, assistant: Assistant) -> None:
    page = await greeted(await open_page())
    assistant.parrot.free.clear()
    await type_and_send(page, "mở quán cà phê")
    await expect(page.locator("#typing")).to_be_visible()
    assistant.parrot.free.set()
    await expect(replies(page)).to_have_count(2)
    assert (await thread(page))[1:] == ["mở quán cà phê", "Đã nghe: mở quán cà phê"]
    await expect(page.locator("#typing")).to_be_hidden()
    await expect(page.locator(".message time").last).to_have_text(re.compile(r"^\d\d:\d\d$"))


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


async def test_a_tapped_button_is_said_and_answered(open_page: OpenPage) -> None:
    page = await greeted(await open_page(width=390, height=844))
    await chip(page, say("example_2")).click()
    await expect(replies(page).last).to_have_text("Đã chọn say:example_2")
    assert (await thread(page))[1] == say("example_2")


async def test_another_language_changes_the_page_and_tells_the_assistant(
    open_page: OpenPage, assistant: Assistant
) -> None:
    page = await greeted(await open_page())
    await page.get_by_label(say("web_language")).select_option("ko")
    await expect(replies(page).last).to_have_text("Đã chọn language:ko")
    for _ in range(2):
        await expect(page.locator("html")).to_have_attribute("lang", "ko")
        await expect(page.get_by_role("button", name=say("web_send", Language.KO))).to_be_visible()
        await expect(page).to_have_title(say("web_title", Language.KO))
        await page.reload()
        await expect(replies(page)).to_have_count(2)
    assert [message.choice for message in assistant.parrot.heard] == [None, "language:ko"]


async def test_a_browser_in_english_gets_an_english_page_and_greeting(open_page: OpenPage) -> None:
    page = await open_page(locale="en-GB")
    await expect(replies(page).first).to_contain_text(say("greet", Language.EN).split("\n")[0])
    await expect(page.get_by_role("button", name="Send")).to_be_visible()


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
    async with asyncio.timeout(5):
        while not assistant.parrot.heard:
            await asyncio.sleep(0.02)
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


async def test_everything_can_be_done_by_keyboard(open_page: OpenPage) -> None:
    page = await greeted(await open_page())
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name=say("web_skip"))).to_be_focused()
    await page.keyboard.press("Enter")
    field = page.get_by_label(say("web_input"))
    await expect(field).to_be_focused()
    await page.keyboard.type("dòng một")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("dòng hai")
    await page.keyboard.press("Enter")
    await expect(replies(page).last).to_have_text("Đã nghe: dòng một dòng hai", use_inner_text=True)
    await expect(field).to_be_focused()
    await page.keyboard.press("Shift+Tab")
    await expect(chip(page, say("example_3"))).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(replies(page).last).to_have_text("Đã chọn say:example_3")


async def test_enter_belongs_to_the_input_method_while_it_composes(open_page: OpenPage) -> None:
    page = await greeted(await open_page())
    await page.get_by_label(say("web_input")).fill("한")
    await page.evaluate(
        "document.getElementById('utterance').dispatchEvent("
        "new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true}))"
    )
    await expect(page.locator(".said")).to_have_count(0)


async def test_a_screen_reader_is_told_what_is_what(open_page: OpenPage) -> None:
    page = await greeted(await open_page())
    await type_and_send(page, "hồ sơ")
    log = page.get_by_role("log", name=say("web_log"))
    await expect(log).to_have_attribute("aria-live", "polite")
    await expect(log.get_by_role("group", name=say("web_choices"))).to_have_count(2)
    await expect(page.locator(".reply").last.locator(".unseen").first).to_have_text(f"{say('web_bot')}: ")
    assert await page.locator(".reply").last.get_attribute("lang") == "vi"
    unnamed = await page.evaluate(
        "[...document.querySelectorAll('button, a, select, textarea')].filter(e => !(e.textContent.trim() ||"
        " e.getAttribute('aria-label') || e.labels?.[0]?.textContent.trim())).length"
    )
    assert unnamed == 0


async def test_markup_is_shown_as_it_was_written_and_never_run(open_page: OpenPage) -> None:
    page = await greeted(await open_page())
    await type_and_send(page, "<img src=x onerror=\"document.title='owned'\">")
    await expect(page.locator(".said .body")).to_have_text("<img src=x onerror=\"document.title='owned'\">")
    await type_and_send(page, "mã độc")
    await expect(replies(page)).to_have_count(3)
    last = page.locator(".reply").last
    await expect(last).to_contain_text('<script>document.title="owned"</script>')
    await expect(last).to_contain_text("&amp;")
    await expect(chip(page, "<i>Chọn</i>")).to_be_visible()
    assert await page.locator(".thread :is(img, script, b, i, [onerror], [onclick], [onmouseover])").count() == 0
    links = await last.locator("a").evaluate_all("all => all.map(a => [a.href, a.rel, a.target])")
    assert links == [
        ["https://a.example/", "noopener noreferrer", "_blank"],
        ["https://b.example/x", "noopener noreferrer", "_blank"],
    ]
    await page.reload()
    await expect(replies(page)).to_have_count(3)
    assert await page.title() == say("web_title")


async def test_a_long_answer_reads_as_title_lists_and_source(open_page: OpenPage) -> None:
    page = await greeted(await open_page(width=390, height=600))
    await type_and_send(page, "hồ sơ")
    last = page.locator(".reply").last
    await expect(last.locator(".title")).to_contain_text("an toàn thực phẩm (mã 1.003348)")
    await expect(last.locator("ul > li")).to_have_count(3)
    await expect(last.locator("ol > li")).to_have_count(3)
    await expect(last.locator("li .note")).to_have_text("Không cần chứng thực.")
    source = last.locator(".source a")
    await expect(source).to_have_attribute("href", "https://dichvucong.gov.vn/p/home/dvc-tthc.html?ma=1.003348")
    await expect(last.get_by_role("link", name="Mở cổng dịch vụ công")).to_have_attribute(
        "href", "https://dichvucong.gov.vn/"
    )
    await expect(last.locator(".title")).to_be_in_viewport()  # one reads from the beginning


async def test_ten_thousand_characters_are_counted_and_sent_whole(open_page: OpenPage, assistant: Assistant) -> None:
    page = await greeted(await open_page())
    await page.get_by_label(say("web_input")).fill("à" * 10_000)
    await expect(page.locator("#counter")).to_contain_text("10000/2000")
    await page.get_by_role("button", name=say("web_send")).click()
    await expect(replies(page)).to_have_count(2)
    assert len(assistant.parrot.heard[-1].text) == 10_000
    await expect(page.locator("#counter")).to_be_hidden()


async def test_who_writes_too_fast_is_told_so_and_may_send_again(
    open_page: OpenPage, assistant: Assistant, tmp_path: Path
) -> None:
    strict = Assistant(assistant.url, assistant.engine, settings_for(free_port(), tmp_path, rate_per_contact=60))
    await strict.start_server()
    try:
        page = await greeted(await open_page(address=strict.address))
        token = await page.evaluate("localStorage.getItem('ctc.token')")
        async with httpx.AsyncClient(base_url=strict.address) as http:
            while (await Visitor(http, token).post(b"{}")).status_code != 429:
                pass
        await type_and_send(page, "nhanh quá")
        trouble = page.locator(".said .trouble")
        await expect(trouble.locator("span")).to_have_text(say("too_many"))
        await asyncio.sleep(1.1)  # one more fits by then
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


async def test_when_data_are_erased_the_page_forgets_them_too(open_page: OpenPage) -> None:
    page = await greeted(await open_page())
    await type_and_send(page, "chuyện riêng")
    await expect(replies(page)).to_have_count(2)
    await type_and_send(page, "xóa")
    await expect(page.locator(".message")).to_have_count(1)
    kept = await page.evaluate("Object.entries(localStorage).map(String).join()")
    assert "chuyện riêng" not in kept


@pytest.mark.parametrize(("width", "height"), SIZES)
async def test_no_page_is_wider_than_its_window(
    open_page: OpenPage, assistant: Assistant, tmp_path: Path, width: int, height: int
) -> None:
    page = await open_page(width=width, height=height)
    await type_and_send(page, "hồ sơ")
    for language in Language:
        await page.goto(f"{assistant.address}/?lang={language}")
        await expect(replies(page)).to_have_count(2)
        await expect(page.locator("html")).to_have_attribute("lang", language)
        wider = await page.evaluate(
            "[document.documentElement, document.getElementById('thread')]"
            ".filter(e => e.scrollWidth > e.clientWidth).length"
        )
        assert wider == 0
        await page.screenshot(path=tmp_path / f"{language}-{width}.png")
