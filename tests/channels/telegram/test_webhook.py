"""The webhook: who may call it, what it answers, and that 200 means stored."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from prometheus_client import REGISTRY
from sqlalchemy import text as sql
from sqlalchemy.exc import DataError

from bot.channels.telegram.client import Client
from bot.channels.telegram.receiving import Receiver
from bot.channels.telegram.webhook import MOST_BYTES, PATH, webhook_router
from bot.conversation.inbox import Intake
from bot.conversation.messages import InboundMessage
from bot.conversation.wording import Wording
from bot.persistence.engine import create_engine
from bot.persistence.intake import SqlIntake
from tests.channels.telegram.updates import SENT, FakeIntake, a_message, a_tap, an_update
from tests.conftest import Database
from tests.fake_telegram import FakeTelegram
from tests.fake_telegram.server import TOKEN
from tests.waiting import PATIENCE

SECRET = "right-secret"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


class Site:
    """Our webhook over an intake, called as Telegram would."""

    def __init__(
        self, intake: Intake, wording: Wording, api_url: str = "http://127.0.0.1:9", *, per_minute: int = 20
    ) -> None:
        self.client = Client(TOKEN, api_url, timeout=PATIENCE)
        self.receiver = Receiver(intake, self.client.bot, wording, per_minute=per_minute)
        app = FastAPI()
        app.include_router(webhook_router(self.receiver, SECRET))
        self._http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot")

    async def post(self, update: Any = None, *, content: bytes | None = None, secret: str = SECRET) -> int:
        body = json.dumps(an_update() if update is None else update).encode() if content is None else content
        answer = await self._http.post(PATH, content=body, headers={HEADER.encode(): secret.encode()})
        return answer.status_code

    async def close(self) -> None:
        await self.receiver.close()
        await self.client.close()
        await self._http.aclose()


@pytest.fixture
def intake() -> FakeIntake:
    return FakeIntake()


@pytest.fixture
async def site(intake: FakeIntake, wording: Wording) -> AsyncIterator[Site]:
    site = Site(intake, wording)
    yield site
    await site.close()


def counted(result: str) -> float:
    return REGISTRY.get_sample_value("ctc_telegram_updates_total", {"result": result}) or 0.0


async def test_an_update_is_stored_and_answered_200(site: Site, intake: FakeIntake) -> None:
    assert await site.post() == 200
    assert [message.text for message in intake.messages.values()] == ["xin chào"]


@pytest.mark.parametrize("secret", ["", "wrong", SECRET + "x", SECRET[:-1], "bí mật", SECRET.upper()])
async def test_a_wrong_secret_is_refused_counted_and_nothing_is_read(
    site: Site, intake: FakeIntake, secret: str
) -> None:
    before = counted("wrong_secret")
    assert await site.post(content=b"{not even json", secret=secret) == 403
    assert counted("wrong_secret") == before + 1
    assert not intake.messages
    assert not intake.unknown


async def test_a_missing_secret_is_refused(intake: FakeIntake, wording: Wording) -> None:
    app = FastAPI()
    site = Site(intake, wording)
    app.include_router(webhook_router(site.receiver, SECRET))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot") as http:
        assert (await http.post(PATH, json=an_update())).status_code == 403
        assert (await http.get(PATH)).status_code == 405
    assert not intake.messages
    await site.close()


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe\x00", b"[" * 100_000, b"1" * 5_000, b"\x89PNG\r\n"])
async def test_what_is_no_json_is_refused(site: Site, intake: FakeIntake, body: bytes) -> None:
    assert await site.post(content=body) == 400
    assert not intake.unknown


async def test_a_body_too_large_is_refused_before_it_is_read(site: Site, intake: FakeIntake) -> None:
    assert await site.post(content=b" " * (MOST_BYTES + 1)) == 413

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(MOST_BYTES // 65_536 + 1):
            yield b" " * 65_536

    answer = await site._http.post(PATH, content=pieces(), headers={HEADER: SECRET})
    assert answer.status_code == 413
    assert not intake.unknown


@pytest.mark.parametrize(
    "update",
    [
        {},
        [],
        None,
        7,
        {"update_id": "seven"},
        {"update_id": 1, "kind_of_next_year": {}},
        {"update_id": 2, "message": 3},
    ],
)
async def test_unknown_and_malformed_updates_are_kept_and_answered_200(
    site: Site, intake: FakeIntake, update: Any
) -> None:
    assert await site.post(content=json.dumps(update).encode()) == 200
    assert len(intake.unknown) == 1


async def test_200_is_said_only_after_the_update_is_stored(wording: Wording) -> None:
    class SlowIntake(FakeIntake):
        stored = asyncio.Event()

        async def accept(self, message: InboundMessage) -> bool:
            await self.stored.wait()
            return await super().accept(message)

    intake = SlowIntake()
    site = Site(intake, wording)
    answering = asyncio.create_task(site.post())
    await asyncio.sleep(0.1)
    assert not answering.done()
    intake.stored.set()
    assert await answering == 200
    await site.close()


async def test_while_the_database_is_away_telegram_is_asked_to_come_again(wording: Wording) -> None:
    nowhere = create_engine("postgresql://nobody@127.0.0.1:9/nothing")
    site = Site(SqlIntake(nowhere), wording)
    assert await site.post() == 503
    assert await site.post({"update_id": 5, "kind_of_next_year": {}}) == 503
    await site.close()
    await nowhere.dispose()


async def test_a_fault_of_ours_loses_no_update(wording: Wording) -> None:
    intake = FakeIntake(RuntimeError("a fault"))
    site = Site(intake, wording)
    assert await site.post() == 500
    assert await site.post() == 200
    assert len(intake.messages) == 1
    await site.close()


async def test_an_update_that_cannot_be_stored_does_not_hold_up_the_next(wording: Wording) -> None:
    intake = FakeIntake(DataError("INSERT", {}, Exception("no such letter")))
    site = Site(intake, wording)
    assert await site.post(an_update(1)) == 200
    assert await site.post(an_update(2)) == 200
    assert intake.unknown == {"1": {"reason": "unstorable"}}
    assert list(intake.messages) == ["2"]
    await site.close()


async def test_updates_that_come_again_after_a_failure_do_not_use_up_the_contacts_room(wording: Wording) -> None:
    intake = FakeIntake(*(RuntimeError("a fault") for _ in range(3)))
    site = Site(intake, wording, per_minute=2)
    assert {await site.post() for _ in range(3)} == {500}
    assert {await site.post() for _ in range(3)} == {200}
    assert len(intake.messages) == 1
    assert not intake.unknown
    await site.close()


async def test_a_backlog_after_an_outage_is_not_taken_for_a_flood(wording: Wording) -> None:
    intake = FakeIntake()
    site = Site(intake, wording, per_minute=2)
    for number in range(20):
        await site.post(an_update(number, message=a_message(f"câu {number}", date=SENT + 60 * number)))
    assert len(intake.messages) == 20
    for number in range(20, 30):
        await site.post(an_update(number, message=a_message(f"câu {number}", date=SENT + 60 * 20)))
    assert len(intake.messages) == 22
    await site.close()


async def test_repeated_and_reordered_updates_have_one_row_each_and_keep_their_order(
    database: Database, wording: Wording
) -> None:
    site = Site(SqlIntake(database.engine), wording)
    numbers = [3, 1, 2, 3, 3, 1]
    codes = await asyncio.gather(*(site.post(an_update(n, message=a_message(f"câu {n}"))) for n in numbers))
    assert codes == [200] * 6
    async with database.engine.connect() as connection:
        rows = await connection.execute(sql("SELECT event_id FROM inbox ORDER BY position"))
        assert list(rows.scalars()) == ["1", "2", "3"]
    await site.close()


async def test_every_tap_is_confirmed_even_one_nobody_understands(telegram: FakeTelegram, wording: Wording) -> None:
    lan = telegram.person(1001)
    intake = FakeIntake()
    site = Site(intake, wording, telegram.url)
    telegram.updates.held = True
    for data in ("unknown-token", "", "x" * 80):
        number = lan.taps_data(data)
        assert await site.post(telegram.updates.past[number]) == 200
    await site.receiver.close()
    assert len(lan.chat.confirmed_taps) == 3
    await site.close()


async def test_a_tap_too_old_to_be_confirmed_is_answered_all_the_same(telegram: FakeTelegram, wording: Wording) -> None:
    intake = FakeIntake()
    site = Site(intake, wording, telegram.url)
    assert await site.post(an_update(callback_query=a_tap())) == 200
    await site.receiver.close()
    (call,) = telegram.calls_of("answerCallbackQuery")
    assert call.answer == 400
    assert len(intake.messages) == 1
    await site.close()


async def test_a_tap_is_stored_though_telegram_cannot_be_reached(site: Site, intake: FakeIntake) -> None:
    assert await site.post(an_update(callback_query=a_tap())) == 200
    await site.receiver.close()
    assert len(intake.messages) == 1
