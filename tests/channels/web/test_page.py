"""The page in a real browser: what a visitor sees and can do."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest
from playwright.async_api import Route, expect

from bot.domain.procedure import Language
from tests.channels.web.conftest import OpenPage
from tests.channels.web.looking import chip, greeted, replies, say, thread, type_and_send
from tests.channels.web.parrot import Assistant

SIZES = [(390, 844), (1280, 800)]


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


async def test_when_data_are_erased_the_page_forgets_them_too(open_page: OpenPage) -> None:
    page = await greeted(await open_page())
    await type_and_send(page, "chuyện riêng")
    await expect(replies(page)).to_have_count(2)
    await type_and_send(page, "xóa")
    await expect(page.locator(".message")).to_have_count(1)
    kept = await page.evaluate("Object.entries(localStorage).map(String).join()")
    assert "chuyện riêng" not in kept


async def test_a_request_to_erase_is_forgotten_though_its_answer_overtakes_its_receipt(open_page: OpenPage) -> None:
    page = await greeted(await open_page())
    answered, received = asyncio.Event(), asyncio.Event()

    async def hold_back(route: Route) -> None:
        response = await route.fetch()
        await answered.wait()
        await route.fulfill(response=response)
        received.set()

    await page.route("**/chat/messages", hold_back)
    await type_and_send(page, "xóa")
    await expect(replies(page).last).to_contain_text("Đã xóa.")
    answered.set()
    await received.wait()
    await page.unroute("**/chat/messages")
    await type_and_send(page, "câu sau")  # sent only once the one before it is done with
    await expect(replies(page)).to_have_count(2)
    assert await page.locator(".said .body").all_inner_texts() == ["câu sau"]
    kept = await page.evaluate("Object.entries(localStorage).map(String).join()")
    assert "xóa" not in kept


@pytest.mark.parametrize(("width", "height"), SIZES)
async def test_no_page_is_wider_than_its_window(
    open_page: OpenPage, assistant: Assistant, tmp_path: Path, width: int, height: int
) -> None:
    page = await greeted(await open_page(width=width, height=height))  # who speaks first is not greeted
    await type_and_send(page, "hồ sơ")
    await expect(replies(page)).to_have_count(2)  # before leaving: the browser ends what is being sent
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
