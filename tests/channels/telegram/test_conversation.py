"""Whole conversations through Telegram: from a person's telephone to PostgreSQL and back."""

from __future__ import annotations

import unicodedata

import pytest
from sqlalchemy import text as sql

from bot.conversation.messages import InboundMessage, Reply
from tests.builders import a_reply
from tests.channels.telegram.assistant import Assistant
from tests.conftest import Database
from tests.fake_telegram import FakeTelegram

WAYS = pytest.mark.parametrize("by", ["polling", "webhook"])


async def states(database: Database) -> dict[str, str]:
    """The inbox's updates and what became of them."""
    async with database.engine.connect() as connection:
        rows = await connection.execute(sql("SELECT event_id, state FROM inbox ORDER BY id"))
        return {row.event_id: row.state for row in rows}


@WAYS
async def test_a_question_is_answered_and_a_button_leads_on(
    by: str, telegram: FakeTelegram, database: Database
) -> None:
    lan = telegram.person()
    async with Assistant(database, telegram, by=by):
        lan.says("mở quán cà phê cần giấy tờ gì")
        (answer,) = await lan.hears()
        assert answer.text == "text: mở quán cà phê cần giấy tờ gì"
        assert answer.titles == ["Fee", "Time", "Person"]
        lan.taps("Time")
        (answer,) = await lan.hears()
        assert answer.text == "chosen: time"
    assert len(lan.chat.confirmed_taps) == 1, "the button keeps spinning"
    assert telegram.calls_of("getMe") == [], "Telegram is asked who we are for nothing"


@WAYS
async def test_what_came_while_we_were_down_is_answered_in_order(
    by: str, telegram: FakeTelegram, database: Database
) -> None:
    lan, minh = telegram.person(), telegram.person()
    async with Assistant(database, telegram, by=by):
        lan.says("có ai không")
        await lan.hears()
    for number in range(3):
        lan.says(f"lan {number}")
        minh.says(f"minh {number}")
    async with Assistant(database, telegram, by=by):
        assert [seen.text for seen in await lan.hears(3)] == [f"text: lan {number}" for number in range(3)]
        assert [seen.text for seen in await minh.hears(3)] == [f"text: minh {number}" for number in range(3)]


async def test_a_repeated_update_is_answered_once(telegram: FakeTelegram, database: Database) -> None:
    lan = telegram.person()
    async with Assistant(database, telegram, by="webhook"):
        number = lan.says("xin chào")
        await lan.hears()
        again = [await telegram.updates.bring(telegram.updates.past[number]) for _ in range(3)]
        assert again == [200] * 3
        lan.says("cảm ơn")
        assert [seen.text for seen in await lan.hears()] == ["text: cảm ơn"]
    assert len(lan.sees) == 2


async def test_a_second_tap_that_comes_as_another_update_is_confirmed_and_changes_nothing(
    telegram: FakeTelegram, database: Database
) -> None:
    lan = telegram.person()
    async with Assistant(database, telegram, by="webhook"):
        lan.says("lệ phí?")
        await lan.hears()
        lan.taps("Fee")
        lan.taps("Fee")
        await lan.hears()
        lan.says("cảm ơn")
        assert [seen.text for seen in await lan.hears()] == ["text: cảm ơn"]
    assert len(lan.chat.confirmed_taps) == 2


async def test_updates_that_wait_together_are_answered_in_the_order_they_were_sent(
    telegram: FakeTelegram, database: Database
) -> None:
    lan = telegram.person()
    assistant = Assistant(database, telegram, by="webhook")
    intake = assistant.intake
    telegram.updates.held = True
    for number in range(5):
        lan.says(f"câu {number}")
    # Stored before any turn is taken, the newest first, as after an outage of ours.
    for update in reversed(telegram.updates.pending.values()):
        await assistant.service._receiver.receive(update)
    telegram.updates.pending.clear()
    telegram.updates.held = False
    async with assistant:
        assert [seen.text for seen in await lan.hears(5)] == [f"text: câu {number}" for number in range(5)]
    assert intake is assistant.intake


async def test_letters_typed_in_two_pieces_arrive_as_one(telegram: FakeTelegram, database: Database) -> None:
    lan = telegram.person()
    async with Assistant(database, telegram):
        lan.says(unicodedata.normalize("NFD", "thủ tục đăng ký"))
        assert [seen.text for seen in await lan.hears()] == ["text: thủ tục đăng ký"]


async def test_ten_thousand_characters_and_a_zero_among_them_are_taken(
    telegram: FakeTelegram, database: Database
) -> None:
    lan = telegram.person()
    async with Assistant(database, telegram, by="webhook", say=lambda m, _: (a_reply(str(len(m.text))),)):
        lan.says("ă" * 5_000 + "\x00" + "ă" * 5_000)
        assert [seen.text for seen in await lan.hears()] == ["8000"]


async def test_nine_thousand_characters_come_as_three_messages(telegram: FakeTelegram, database: Database) -> None:
    def long_answer(_message: InboundMessage, _chosen: str | None) -> tuple[Reply, ...]:
        return (a_reply("Nộp hồ sơ tại bộ phận một cửa.\n" * 290, buttons=("fee",)),)

    lan = telegram.person()
    async with Assistant(database, telegram, say=long_answer):
        lan.says("các bước?")
        heard = await lan.hears(3)
    assert [seen.text[:5] for seen in heard] == ["(1/3)", "(2/3)", "(3/3)"]
    assert [seen.titles for seen in heard] == [[], [], ["Fee"]]
    assert sum(seen.text.count("một cửa.") for seen in heard) == 290


async def test_markup_is_shown_as_it_was_written(telegram: FakeTelegram, database: Database) -> None:
    markup = "<b>đậm</b> *sao* _gạch_ [x](http://y.vn) `mã` <script>alert(1)</script> & &lt;"
    lan = telegram.person()
    async with Assistant(database, telegram):
        lan.says(markup)
        assert [seen.text for seen in await lan.hears()] == [f"text: {markup}"]
    (call,) = telegram.calls_of("sendMessage")
    assert "parse_mode" not in call.parameters


async def test_an_edited_message_is_kept_but_not_answered(telegram: FakeTelegram, database: Database) -> None:
    lan = telegram.person()
    async with Assistant(database, telegram, by="webhook"):
        first = lan.says("mở quán")
        await lan.hears()
        edited = lan.edits("mở quán cà phê")
        lan.says("cảm ơn")
        assert [seen.text for seen in await lan.hears()] == ["text: cảm ơn"]
    kept = await states(database)
    assert (kept[str(first)], kept[str(edited)]) == ("done", "ignored")


async def test_a_picture_is_answered_and_its_caption_read(telegram: FakeTelegram, database: Database) -> None:
    lan = telegram.person()
    async with Assistant(database, telegram):
        lan.sends_photo()
        lan.sends_photo("giấy này là gì")
        lan.sends(contact={"phone_number": "+84", "first_name": "Lan"})
        texts = [seen.text for seen in await lan.hears(3)]
    assert texts == ["unsupported:", "text: giấy này là gì", "unsupported:"]


async def test_ten_pictures_sent_together_get_one_answer(telegram: FakeTelegram, database: Database) -> None:
    lan = telegram.person()
    async with Assistant(database, telegram):
        for _ in range(10):
            lan.sends_photo(media_group_id="13579")
        lan.says("xong")
        assert [seen.text for seen in await lan.hears(2)] == ["unsupported:", "text: xong"]


async def test_whoever_blocked_us_is_left_alone_until_they_write_again(
    telegram: FakeTelegram, database: Database
) -> None:
    lan = telegram.person()
    async with Assistant(database, telegram, by="webhook"):
        lan.chat.blocked = True
        lan.says("xin chào")
        async with database.engine.connect() as connection:
            for _ in range(200):
                state = (await connection.execute(sql("SELECT state FROM outbox"))).scalar()
                await connection.rollback()
                if state == "dead":
                    break
                await connection.execute(sql("SELECT pg_sleep(0.02)"))
        assert state == "dead"
        lan.unblocks()
        lan.says("xin chào lại")
        assert [seen.text for seen in await lan.hears()] == ["text: xin chào lại"]


async def test_whoever_writes_too_fast_is_told_once_and_what_they_wrote_is_not_kept(
    telegram: FakeTelegram, database: Database
) -> None:
    lan = telegram.person(language="en")
    async with Assistant(database, telegram, by="webhook", rate=3):
        numbers = [lan.says(f"question {number}") for number in range(8)]
        texts = [seen.text for seen in await lan.hears(4)]
    assert sum(text.startswith("text: question") for text in texts) == 3
    assert sum("a little fast" in text for text in texts) == 1
    assert len(lan.sees) == 4
    kept = await states(database)
    assert [kept[str(number)] for number in numbers] == ["done"] * 3 + ["ignored"] * 5
    async with database.engine.connect() as connection:
        payloads = (await connection.execute(sql("SELECT payload FROM inbox WHERE state = 'ignored'"))).scalars()
        assert set(map(str, payloads)) == {"{'reason': 'too_many'}"}


async def test_a_throttled_reply_comes_when_telegram_allows_it(telegram: FakeTelegram, database: Database) -> None:
    lan = telegram.person()
    telegram.fail("throttle", seconds=1)
    async with Assistant(database, telegram):
        lan.says("xin chào")
        assert [seen.text for seen in await lan.hears()] == ["text: xin chào"]
    refused, sent = telegram.calls_of("sendMessage")
    assert (refused.answer, sent.answer) == (429, 200)
    assert sent.at - refused.at >= 1


async def test_an_outage_delays_replies_and_loses_none(telegram: FakeTelegram, database: Database) -> None:
    lan = telegram.person()
    telegram.fail("error", code=500, times=2)
    async with Assistant(database, telegram):
        lan.says("một")
        lan.says("hai")
        assert [seen.text for seen in await lan.hears(2)] == ["text: một", "text: hai"]
