"""The fake Telegram keeps Telegram's rules, and python-telegram-bot's own client takes it for the real one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from telegram import Bot, BotCommand, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, RetryAfter
from telegram.request import HTTPXRequest

from tests.fake_telegram import FakeTelegram
from tests.fake_telegram.updates import Webhook
from tests.waiting import PATIENCE, until


@pytest.fixture
async def bot(telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bot]:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    root = telegram.url
    polls = HTTPXRequest(connection_pool_size=4)
    bot = Bot(telegram.token, base_url=f"{root}/bot", base_file_url=f"{root}/file/bot", get_updates_request=polls)
    async with bot:
        yield bot


async def test_the_library_takes_every_answer(telegram: FakeTelegram, bot: Bot) -> None:
    assert (await bot.get_me()).is_bot
    lan = telegram.person()
    lan.says("/start")
    lan.sends_photo("ảnh")
    lan.edits("/help")
    lan.blocks()
    lan.unblocks()
    lan.taps_data("x")
    updates = await bot.get_updates(timeout=1)
    assert [update.update_id for update in updates] == list(range(updates[0].update_id, updates[0].update_id + 6))
    assert updates[0].message is not None
    assert updates[0].message.entities[0].type == "bot_command"
    assert updates[5].callback_query is not None
    assert await bot.answer_callback_query(updates[5].callback_query.id)
    sent = await bot.send_message(
        lan.id, "một", reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("a", url="https://a.vn")]])
    )
    edited = await bot.edit_message_text("hai", lan.id, sent.message_id)
    assert getattr(edited, "text", None) == "hai"
    assert await bot.delete_message(lan.id, sent.message_id)
    assert await bot.send_chat_action(lan.id, "typing")
    assert await bot.set_my_commands([BotCommand("start", "Bắt đầu")])
    assert [command.command for command in await bot.get_my_commands()] == ["start"]
    document = await bot.send_document(lan.id, b"%PDF-1.7", filename="mau.pdf", caption="Mẫu đơn")
    assert document.document is not None
    file = await bot.get_file(document.document.file_id)
    assert bytes(await file.download_as_bytearray()) == b"%PDF-1.7"
    assert (await bot.send_photo(lan.id, b"\xff\xd8")).photo
    assert (await bot.get_chat(lan.id)).type == "private"
    assert await bot.set_webhook("https://bot.haiphong.gov.vn/", secret_token="s")
    assert (await bot.get_webhook_info()).url == "https://bot.haiphong.gov.vn/"
    assert await bot.delete_webhook()


async def test_a_forum_has_topics_that_can_vanish(telegram: FakeTelegram, bot: Bot) -> None:
    group = telegram.group(is_forum=True)
    topic = await bot.create_forum_topic(group.id, "Hồ sơ 12")
    said = await bot.send_message(group.id, "có câu hỏi mới", message_thread_id=topic.message_thread_id)
    assert said.is_topic_message
    assert await bot.edit_forum_topic(group.id, topic.message_thread_id, "Hồ sơ 12 (xong)")
    assert await bot.close_forum_topic(group.id, topic.message_thread_id)
    assert await bot.reopen_forum_topic(group.id, topic.message_thread_id)
    assert await bot.delete_forum_topic(group.id, topic.message_thread_id)
    with pytest.raises(BadRequest, match="essage thread not found"):
        await bot.send_message(group.id, "còn ai không", message_thread_id=topic.message_thread_id)
    with pytest.raises(BadRequest, match="not a forum"):
        await bot.create_forum_topic(telegram.group(-7).id, "x")


async def test_messages_that_break_a_rule_are_refused(telegram: FakeTelegram, bot: Bot) -> None:
    lan = telegram.person()
    await bot.send_message(lan.id, "ế" * 4096)
    with pytest.raises(BadRequest, match="too long"):
        await bot.send_message(lan.id, "ế" * 4097)
    with pytest.raises(BadRequest, match="empty"):
        await bot.send_message(lan.id, " \n ")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(404, "có ai không")
    with pytest.raises(BadRequest, match="Can't parse entities"):
        await bot.send_message(lan.id, "một * hai", parse_mode="Markdown")
    for data, url in (("ế" * 22, None), (None, "http://localhost"), (None, "tel:+84")):
        keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("x", callback_data=data, url=url)]])
        with pytest.raises(BadRequest, match=r"(?i)button_(data|url)_invalid"):
            await bot.send_message(lan.id, "chọn", reply_markup=keyboard)
    with pytest.raises(BadRequest, match="caption is too long"):
        await bot.send_photo(lan.id, b"\xff\xd8", caption="ế" * 1025)
    sent = await bot.send_message(lan.id, "một")
    with pytest.raises(BadRequest, match="is not modified"):
        await bot.edit_message_text("một", lan.id, sent.message_id)
    with pytest.raises(BadRequest, match="too old"):
        await bot.answer_callback_query("long-ago")
    lan.blocks()
    with pytest.raises(Forbidden, match="blocked by the user"):
        await bot.send_message(lan.id, "còn đó không")


async def test_only_the_right_token_is_let_in(telegram: FakeTelegram) -> None:
    for token in ("999999:WRONG-TOKEN-of-nobody", "nonsense"):
        bot = Bot(token, base_url=f"{telegram.url}/bot")
        with pytest.raises(InvalidToken):
            await bot.initialize()
        await bot.shutdown()


async def test_a_tap_must_be_confirmed_in_time(telegram: FakeTelegram, bot: Bot) -> None:
    telegram.world.tap_lasts = 0.0
    telegram.person().taps_data("x")
    (update,) = await bot.get_updates()
    assert update.callback_query is not None
    with pytest.raises(BadRequest, match="Query is too old"):
        await update.callback_query.answer()


async def test_asking_for_an_offset_forgets_what_came_before_it(telegram: FakeTelegram, bot: Bot) -> None:
    lan = telegram.person()
    numbers = [lan.says(text) for text in ("một", "hai", "ba")]
    assert len(await bot.get_updates()) == 3
    assert len(await bot.get_updates()) == 3
    assert [update.update_id for update in await bot.get_updates(offset=numbers[1])] == numbers[1:]
    assert list(telegram.updates.pending) == numbers[1:]


async def test_a_long_poll_ends_when_something_comes(telegram: FakeTelegram, bot: Bot) -> None:
    asking = asyncio.create_task(bot.get_updates(timeout=2 * int(PATIENCE)))
    await until(lambda: telegram.updates.polls)
    telegram.person().says("xin chào")
    assert len(await asyncio.wait_for(asking, PATIENCE)) == 1


async def test_there_is_one_way_for_updates_at_a_time(telegram: FakeTelegram, bot: Bot) -> None:
    older = asyncio.create_task(bot.get_updates(timeout=int(PATIENCE)))
    await until(lambda: telegram.updates.polls)
    await bot.get_updates()
    with pytest.raises(Conflict, match="only one bot instance"):
        await older
    await bot.set_webhook("https://bot.haiphong.gov.vn/")
    with pytest.raises(Conflict, match="webhook is active"):
        await bot.get_updates()


async def test_a_webhook_is_called_with_its_secret_until_it_says_200(telegram: FakeTelegram) -> None:
    async with FakeTelegram() as elsewhere:  # anything that refuses: it knows no such path
        await telegram.updates.set_webhook(Webhook(f"{elsewhere.url}/nothing", "s"), drop=False)
        telegram.person().says("xin chào")
        hook = telegram.updates.webhook
        assert hook is not None
        await until(lambda: len(hook.answers) >= 2)
        assert set(hook.answers) == {404}
        assert len(telegram.updates.pending) == 1


async def test_too_many_messages_a_second_are_throttled(telegram: FakeTelegram, bot: Bot) -> None:
    telegram.api.most_per_second = 5
    lan = telegram.person()
    for _ in range(5):
        await bot.send_message(lan.id, "vừa phải")
    with pytest.raises(RetryAfter):
        await bot.send_message(lan.id, "nhanh quá")


async def test_another_process_can_play_the_people(telegram: FakeTelegram, bot: Bot) -> None:
    async with httpx.AsyncClient(base_url=telegram.url) as sim:
        await sim.post("/sim/people/7/text", json={"text": "xin chào"})
        keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Phí", callback_data="t")]])
        await bot.send_message(7, "chào chị", reply_markup=keyboard)
        assert (await sim.get("/sim/people/7/sees")).json() == [{"number": 2, "text": "chào chị", "rows": [["Phí"]]}]
        for act, body in (("tap", {"title": "Phí"}), ("edit", {"text": "chào"}), ("photo", {}), ("block", {})):
            assert (await sim.post(f"/sim/people/7/{act}", json=body)).status_code == 200
        assert (await sim.post("/sim/people/7/tap", json={"title": "không có"})).status_code == 400
        kinds = [sorted(update) for update in telegram.updates.past.values()]
        assert [kind[0] for kind in kinds] == [
            "message",
            "callback_query",
            "edited_message",
            "message",
            "my_chat_member",
        ]
        first = min(telegram.updates.past)
        assert (await sim.post(f"/sim/updates/{first}/again")).json() == {"update_id": first}
        await sim.post("/sim/failures", json={"kind": "throttle", "seconds": 3})
        with pytest.raises(RetryAfter):
            await bot.send_message(7, "còn đó không")
        assert {call["method"] for call in (await sim.get("/sim/calls")).json()} == {"getme", "sendmessage"}
