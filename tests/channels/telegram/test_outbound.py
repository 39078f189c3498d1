"""Delivery to Telegram: what is on the wire, and what each trouble means for the reply."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.channels.errors import DeliveryError, PlatformDown, Rejected, Throttled, Unreachable
from bot.channels.fitting import FittedButton
from bot.channels.port import OutboundReply
from bot.channels.telegram.client import Client
from bot.channels.telegram.keyboard import rows
from bot.channels.telegram.outbound import TelegramChannel
from bot.conversation.messages import Address, Button, Reply
from bot.domain.procedure import Language
from tests.fake_telegram import FakeTelegram, Person
from tests.fake_telegram.failures import Kind
from tests.waiting import PATIENCE

LONG = "Nộp hồ sơ tại bộ phận một cửa.\n" * 290


@pytest.fixture
def channel(client: Client) -> TelegramChannel:
    return TelegramChannel(client.bot)


@pytest.fixture
def lan(telegram: FakeTelegram) -> Person:
    return telegram.person()


def to(person: Person, text: str = "Phí: 50.000 đồng", *buttons: Button, number: int = 1) -> OutboundReply:
    address = Address("telegram", str(person.id))
    tokens = tuple(f"token-{at}" for at in range(len(buttons)))
    return OutboundReply(number, address, 1, Reply("answer", text, Language.VI, buttons), tokens)


async def trouble(channel: TelegramChannel, outbound: OutboundReply) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        await channel.deliver(outbound)
    return caught.value


async def test_a_reply_is_plain_text_with_its_buttons_and_no_preview(
    telegram: FakeTelegram, channel: TelegramChannel, lan: Person
) -> None:
    buttons = (Button("Thời gian", "facet:time:2.001583"), Button("Mở cổng", "", url="https://dichvucong.gov.vn"))
    number = await channel.deliver(to(lan, "Xem https://haiphong.gov.vn", *buttons))
    (seen,) = lan.sees
    assert (str(seen.number), seen.text) == (number, "Xem https://haiphong.gov.vn")
    (call,) = telegram.calls_of("sendMessage")
    assert json.loads(call.parameters["reply_markup"])["inline_keyboard"] == [
        [
            {"text": "Thời gian", "callback_data": "token-0"},
            {"text": "Mở cổng", "url": "https://dichvucong.gov.vn"},
        ]
    ]
    assert json.loads(call.parameters["link_preview_options"]) == {"is_disabled": True}
    assert "parse_mode" not in call.parameters


async def test_the_meaning_of_a_button_stays_with_us(
    telegram: FakeTelegram, channel: TelegramChannel, lan: Person
) -> None:
    await channel.deliver(to(lan, "Phí?", Button("Phí", "facet:fee:" + "ế" * 180)))
    assert "facet" not in str(telegram.calls_of("sendMessage")[0].parameters)


async def test_typing_is_shown_and_its_failure_is_nobodys_business(
    telegram: FakeTelegram, channel: TelegramChannel, lan: Person
) -> None:
    await channel.show_typing(Address("telegram", str(lan.id)))
    assert lan.chat.actions == ["typing"]
    telegram.fail("outage", "sendChatAction")
    await channel.show_typing(Address("telegram", str(lan.id)))
    await channel.show_typing(Address("telegram", "404"))


@pytest.mark.parametrize(
    ("arrange", "expected"),
    [
        (lambda t, p: p.blocks(), Unreachable),
        (lambda t, p: setattr(p.chat, "deactivated", True), Unreachable),
        (lambda t, p: t.world.chats.pop(p.id), Unreachable),
        (lambda t, p: t.fail("error", code=400, description="Bad Request: BUTTON_DATA_INVALID"), Rejected),
        (lambda t, p: t.fail("error", code=400, description="Bad Request: message is too long"), Rejected),
    ],
)
async def test_what_can_never_arrive_is_told_from_what_must_not_be_tried_again(
    telegram: FakeTelegram,
    channel: TelegramChannel,
    lan: Person,
    arrange: Callable[[FakeTelegram, Person], object],
    expected: type[DeliveryError],
) -> None:
    arrange(telegram, lan)
    assert type(await trouble(channel, to(lan))) is expected


async def test_telegrams_own_wait_is_passed_on(telegram: FakeTelegram, channel: TelegramChannel, lan: Person) -> None:
    telegram.fail("throttle", seconds=17)
    error = await trouble(channel, to(lan))
    assert isinstance(error, Throttled)
    assert error.retry_after == timedelta(seconds=17)


async def test_a_429_that_names_no_wait_is_still_a_429(
    telegram: FakeTelegram, channel: TelegramChannel, lan: Person
) -> None:
    telegram.fail("error", code=429, description="Too Many Requests")
    assert isinstance(await trouble(channel, to(lan)), Throttled)


@pytest.mark.parametrize(
    ("kind", "patience"), [("hang", 2), ("drop", PATIENCE), ("truncate", PATIENCE), ("page", PATIENCE)]
)
async def test_where_the_answer_is_lost_the_reply_has_perhaps_arrived(
    telegram: FakeTelegram, lan: Person, kind: Kind, patience: float, caplog: pytest.LogCaptureFixture
) -> None:
    client = Client(telegram.token, telegram.url, timeout=patience)
    telegram.fail(kind, seconds=10)
    error = await trouble(TelegramChannel(client.bot), to(lan, "Phí: 50.000 đồng. " * 50))
    await client.close()
    assert isinstance(error, PlatformDown)
    assert error.perhaps_delivered
    assert len(lan.sees) == 1, "it did arrive"
    assert "50.000" not in caplog.text, "what was said is in the log"


@pytest.mark.parametrize(("code", "perhaps"), [(502, True), (504, True), (503, False), (403, False), (404, False)])
async def test_a_page_of_something_on_the_way_is_not_telegrams_word(
    telegram: FakeTelegram, channel: TelegramChannel, lan: Person, code: int, perhaps: bool
) -> None:
    telegram.fail("outage", code=code)
    error = await trouble(channel, to(lan))
    assert isinstance(error, PlatformDown)
    assert error.perhaps_delivered is perhaps


@pytest.mark.parametrize("code", [500, 502, 409])
async def test_where_telegram_says_that_it_failed_nothing_has_arrived(
    telegram: FakeTelegram, channel: TelegramChannel, lan: Person, code: int
) -> None:
    telegram.fail("error", code=code)
    error = await trouble(channel, to(lan))
    assert isinstance(error, PlatformDown)
    assert not error.perhaps_delivered


async def test_where_nobody_listens_nothing_has_arrived(
    telegram: FakeTelegram, channel: TelegramChannel, lan: Person
) -> None:
    await telegram.stop()
    error = await trouble(channel, to(lan))
    assert isinstance(error, PlatformDown)
    assert not error.perhaps_delivered
    assert telegram.token not in str(error)


async def test_a_refused_token_waits_for_an_operator(telegram: FakeTelegram, lan: Person) -> None:
    client = Client("999999:WRONG-TOKEN-of-nobody", telegram.url)
    error = await trouble(TelegramChannel(client.bot), to(lan))
    assert isinstance(error, PlatformDown)
    assert not error.perhaps_delivered
    await client.close()


async def test_parts_that_arrived_are_not_sent_again(
    telegram: FakeTelegram, channel: TelegramChannel, lan: Person
) -> None:
    outbound = to(lan, LONG, Button("Phí", "fee"))
    telegram.fail("error", after=1, code=500)
    await trouble(channel, outbound)
    assert [seen.text[:5] for seen in lan.sees] == ["(1/3)"]
    await channel.deliver(outbound)
    assert [seen.text[:5] for seen in lan.sees] == ["(1/3)", "(2/3)", "(3/3)"]
    assert [seen.titles for seen in lan.sees] == [[], [], ["Phí"]]


async def test_only_the_part_in_doubt_may_come_twice(
    telegram: FakeTelegram, channel: TelegramChannel, lan: Person
) -> None:
    outbound = to(lan, LONG)
    telegram.fail("truncate", after=1)
    await trouble(channel, outbound)
    await channel.deliver(outbound)
    assert [seen.text[:5] for seen in lan.sees] == ["(1/3)", "(2/3)", "(2/3)", "(3/3)"]


async def test_a_reply_sent_whole_is_forgotten(telegram: FakeTelegram, channel: TelegramChannel, lan: Person) -> None:
    await channel.deliver(to(lan, LONG))
    assert not channel._arrived


async def test_an_empty_reply_sends_nothing(telegram: FakeTelegram, channel: TelegramChannel, lan: Person) -> None:
    assert await channel.deliver(to(lan, "  ")) is None
    assert telegram.calls == []


def titles(*names: str) -> list[list[str]]:
    return [[b.title for b in row] for row in rows([FittedButton(name, "t") for name in names])]


def test_short_buttons_stand_side_by_side_and_long_ones_alone() -> None:
    assert titles("Phí", "Thời gian", "Nơi nộp", "Biểu mẫu") == [["Phí", "Thời gian"], ["Nơi nộp", "Biểu mẫu"]]
    assert titles("Vi", "En", "Ko", "Zh", "Ja") == [["Vi", "En", "Ko"], ["Zh", "Ja"]]
    assert titles("Tôi muốn gặp cán bộ phụ trách", "Phí") == [["Tôi muốn gặp cán bộ phụ trách"], ["Phí"]]


def test_wide_letters_count_twice() -> None:
    assert titles("手続きの流れ", "必要書類") == [["手続きの流れ", "必要書類"]]
    assert titles("公共サービスポータル", "必要書類") == [["公共サービスポータル"], ["必要書類"]]
