"""Files to Telegram: the picture of the code and the calendar file, uploaded after the text."""

from __future__ import annotations

import base64
import dataclasses

import pytest

from bot.channels.errors import DeliveryError, PlatformDown
from bot.channels.port import OutboundReply
from bot.channels.telegram.client import Client
from bot.channels.telegram.outbound import TelegramChannel
from bot.conversation.messages import Address, Attachment, Button, Reply
from bot.domain.procedure import Language
from tests.fake_telegram import FakeTelegram, Person
from tests.papers.bookings import PUBLIC, an_appointment, papers

APPOINTMENT = an_appointment()
CODE, CALENDAR = papers().of(APPOINTMENT, Language.VI)
TEXT = "Đã đặt lịch hẹn ABC234."


@pytest.fixture
def channel(client: Client) -> TelegramChannel:
    return TelegramChannel(client.bot, home=PUBLIC)


@pytest.fixture
def lan(telegram: FakeTelegram) -> Person:
    return telegram.person()


def to(person: Person, *files: Attachment, text: str = TEXT) -> OutboundReply:
    buttons = (Button("Hủy lịch", "cancel"),)
    reply = Reply("booked", text, Language.VI, buttons, files or (CODE, CALENDAR))
    return OutboundReply(1, Address("telegram", str(person.id)), 1, reply, ("token-0",))


def kinds(person: Person) -> list[str]:
    return [next(kind for kind in ("text", "photo", "document") if kind in seen.data) for seen in person.sees]


async def test_the_text_comes_first_then_the_picture_then_the_calendar(
    telegram: FakeTelegram, channel: TelegramChannel, lan: Person
) -> None:
    last = await channel.deliver(to(lan))
    assert kinds(lan) == ["text", "photo", "document"]
    assert [seen.text for seen in lan.sees] == [TEXT, "Mã QR của lịch hẹn ABC234", "Thêm vào lịch"]
    assert [seen.titles for seen in lan.sees] == [["Hủy lịch"], [], []]
    assert str(lan.sees[-1].number) == last
    document = lan.sees[2].data["document"]
    assert (document["file_name"], document["mime_type"]) == ("lich-hen-ABC234.ics", "text/calendar")


async def test_what_arrives_is_the_file_itself(telegram: FakeTelegram, channel: TelegramChannel, lan: Person) -> None:
    await channel.deliver(to(lan))
    arrived = [
        telegram.world.files[seen.data[kind][0]["file_id"] if kind == "photo" else seen.data[kind]["file_id"]]
        for seen, kind in zip(lan.sees[1:], ("photo", "document"), strict=True)
    ]
    assert arrived == [base64.b64decode(CODE.content), base64.b64decode(CALENDAR.content)]


@pytest.mark.parametrize("method", ["sendPhoto", "sendDocument"])
async def test_what_has_arrived_is_not_sent_again_after_a_failed_upload(
    telegram: FakeTelegram, channel: TelegramChannel, lan: Person, method: str
) -> None:
    telegram.fail("error", method, code=500)
    with pytest.raises(PlatformDown) as caught:
        await channel.deliver(to(lan))
    assert not caught.value.perhaps_delivered
    await channel.deliver(to(lan))
    assert kinds(lan) == ["text", "photo", "document"]


async def test_only_the_file_in_doubt_may_come_twice(
    telegram: FakeTelegram, channel: TelegramChannel, lan: Person
) -> None:
    telegram.fail("truncate", "sendPhoto")
    with pytest.raises(DeliveryError):
        await channel.deliver(to(lan))
    await channel.deliver(to(lan))
    assert kinds(lan) == ["text", "photo", "photo", "document"]


async def test_a_refused_file_becomes_a_link_and_the_others_still_come(
    telegram: FakeTelegram, channel: TelegramChannel, lan: Person
) -> None:
    broken = dataclasses.replace(CODE, content=base64.b64encode(b"no picture").decode())
    await channel.deliver(to(lan, broken, CALENDAR))
    assert telegram.calls_of("sendPhoto")[0].answer == 400
    assert kinds(lan) == ["text", "text", "document"]
    assert lan.sees[1].text == f"Mã QR của lịch hẹn ABC234: {PUBLIC}{CODE.path}"


async def test_a_kind_of_file_telegram_is_not_given_becomes_a_link(channel: TelegramChannel, lan: Person) -> None:
    await channel.deliver(to(lan, dataclasses.replace(CALENDAR, media_type="application/x-other")))
    assert [seen.text for seen in lan.sees] == [f"{TEXT}\nThêm vào lịch: {PUBLIC}{CALENDAR.path}"]


async def test_words_beside_a_file_are_cut_to_what_telegram_takes(channel: TelegramChannel, lan: Person) -> None:
    await channel.deliver(to(lan, dataclasses.replace(CALENDAR, title="Thêm vào lịch " * 200)))
    assert len(lan.sees[1].text) <= 1024


async def test_whoever_blocked_us_gets_no_file_either(
    telegram: FakeTelegram, channel: TelegramChannel, lan: Person
) -> None:
    lan.blocks()
    with pytest.raises(DeliveryError):
        await channel.deliver(to(lan))
    assert telegram.calls_of("sendPhoto") == []
