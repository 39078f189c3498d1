"""The stream of replies: nothing lost, nothing twice, whatever breaks."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from bot.channels.web import events as events_module
from bot.channels.web.outbound import WebChannel
from bot.channels.web.visitors import Visitors
from bot.channels.web.wakeups import MOST_STREAMS_OF_ONE, NOTIFICATIONS, News, Wakeups, notification
from bot.conversation.messages import Address
from bot.secret_key import secret_key
from tests.channels.web.parrot import Assistant
from tests.channels.web.visiting import Visitor
from tests.waiting import PATIENCE, until


async def test_a_reply_reaches_an_open_stream_without_its_looking(
    client: httpx.AsyncClient, assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events_module, "KEEP_ALIVE", 2 * PATIENCE)
    await until(lambda: assistant.wakeups.listening)
    visitor = await Visitor.arrive(client)
    async with visitor.events() as events:
        await visitor.send(text="xin chào")
        async with asyncio.timeout(PATIENCE):
            kind, reply = await anext(events)
    assert (kind, reply["text"], reply["sequence"], reply["language"]) == ("reply", "Đã nghe: xin chào", 1, "vi")


async def test_a_stream_goes_on_after_the_last_reply_the_page_has(client: httpx.AsyncClient) -> None:
    visitor = await Visitor.arrive(client)
    for number in range(4):
        await visitor.send(text=f"câu {number}")
    all_of_them = await visitor.hear(4)
    assert await visitor.hear(2, after=all_of_them[1]["id"]) == all_of_them[2:]
    async with visitor.events(last=all_of_them[2]["id"]) as events:
        assert (await anext(events))[1] == all_of_them[3]
    assert await visitor.history() == all_of_them
    assert await visitor.history(after=all_of_them[2]["id"]) == all_of_them[3:]


async def test_a_stream_that_breaks_again_and_again_loses_and_doubles_nothing(client: httpx.AsyncClient) -> None:
    visitor = await Visitor.arrive(client)
    wanted = 24
    heard: list[dict[str, Any]] = []

    async def read() -> None:
        while len(heard) < wanted:
            async with visitor.events(heard[-1]["id"] if heard else 0) as events:
                for _ in range(3):
                    _, reply = await anext(events)
                    heard.append(reply)

    async def write() -> None:
        for number in range(wanted // 2):
            await visitor.send(text=f"hai {number}")

    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(read(), write())
    said = [f"hai {number} {part}" for number in range(wanted // 2) for part in (1, 2)]
    assert [reply["text"] for reply in heard] == said
    assert [reply["sequence"] for reply in heard] == list(range(1, wanted + 1))


async def test_nobody_hears_anothers_replies(client: httpx.AsyncClient) -> None:
    talker, listener = [await Visitor.arrive(client) for _ in range(2)]
    async with listener.events() as events:
        await talker.send(text="chuyện riêng")
        await talker.hear(1)
        await listener.send(text="của tôi")
        assert (await anext(events))[1]["text"] == "Đã nghe: của tôi"
    assert [reply["text"] for reply in await listener.history()] == ["Đã nghe: của tôi"]


async def test_another_visitors_button_means_nothing(client: httpx.AsyncClient) -> None:
    owner, thief = [await Visitor.arrive(client) for _ in range(2)]
    await owner.send(text="/start")
    (greeting,) = await owner.hear(1)
    await thief.send(token=greeting["buttons"][0]["token"])
    assert (await thief.hear(1))[0]["text"] == "Đã chọn None"


async def test_typing_is_shown_to_the_one_it_is_for(client: httpx.AsyncClient, assistant: Assistant) -> None:
    visitor, other = [await Visitor.arrive(client) for _ in range(2)]
    contact = Visitors(secret_key(assistant.settings)).recognise(visitor.token)
    async with visitor.events() as events, other.events() as others:
        await WebChannel(assistant.engine).show_typing(Address("web", contact))
        assert await anext(events) == ("typing", {})
        await other.send(text="tôi")
        assert (await anext(others))[0] == "reply"


async def test_replies_come_though_the_listening_connection_was_lost(
    client: httpx.AsyncClient, assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events_module, "LOOK_EVERY", 0.1)
    visitor = await Visitor.arrive(client)
    await until(lambda: assistant.wakeups.listening)
    async with visitor.events() as events:
        await break_connections(assistant, f"LISTEN {NOTIFICATIONS}")
        await until(lambda: not assistant.wakeups.listening)
        await visitor.send(text="một")
        assert (await anext(events))[1]["text"] == "Đã nghe: một"
        await until(lambda: assistant.wakeups.listening)
        monkeypatch.setattr(events_module, "LOOK_EVERY", 2 * PATIENCE)
        monkeypatch.setattr(events_module, "KEEP_ALIVE", 2 * PATIENCE)
        await visitor.send(text="hai")
        assert (await anext(events))[1]["text"] == "Đã nghe: hai"


async def test_a_stream_outlives_the_loss_of_every_database_connection(
    client: httpx.AsyncClient, assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events_module, "LOOK_EVERY", 0.1)
    visitor = await Visitor.arrive(client)
    async with visitor.events() as events:
        await visitor.send(text="một")
        assert (await anext(events))[1]["text"] == "Đã nghe: một"
        await break_connections(assistant, "%")
        while (await visitor.send(text="hai")).status_code == 503:
            await asyncio.sleep(0.1)
        async with asyncio.timeout(PATIENCE):
            assert (await anext(events))[1]["text"] == "Đã nghe: hai"


async def test_silence_is_filled_with_signs_of_life(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events_module, "KEEP_ALIVE", 0.1)
    visitor = await Visitor.arrive(client)
    async with client.stream("GET", "/chat/events", headers=visitor.headers) as response:
        assert response.headers["Content-Type"].startswith("text/event-stream")
        lines = [line async for line in _first(response.aiter_lines(), 6)]
    assert lines == [": hello", "", ": still here", "", ": still here", ""]


async def test_the_server_stops_within_seconds_though_streams_are_open(
    client: httpx.AsyncClient, assistant: Assistant
) -> None:
    assert assistant.server is not None
    assistant.server.config.timeout_graceful_shutdown = int(PATIENCE)
    visitor = await Visitor.arrive(client)
    async with visitor.events() as one, visitor.events() as two:
        assert await assistant.stop_server() < PATIENCE / 2
        for stream in (one, two):
            with contextlib.suppress(httpx.RemoteProtocolError):
                assert [event async for event in stream] == []


async def test_a_visitor_with_too_many_streams_loses_the_oldest() -> None:
    wakeups = Wakeups()
    with contextlib.ExitStack() as held:
        waiters = [held.enter_context(wakeups.waiting("a")) for _ in range(MOST_STREAMS_OF_ONE)]
        other = held.enter_context(wakeups.waiting("b"))
        newest = held.enter_context(wakeups.waiting("a"))
        assert [waiter.closed for waiter in (*waiters, other, newest)] == [True] + [False] * (MOST_STREAMS_OF_ONE + 1)
    wakeups.heard(notification(News.REPLY, "a"))  # nobody is left to be woken


async def test_a_process_takes_no_more_streams_than_it_can_bear(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.web.wakeups.MOST_STREAMS", 1)
    one, two = [await Visitor.arrive(client) for _ in range(2)]
    async with one.events():
        refused = await client.get("/chat/events", headers=two.headers)
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "10")


async def test_a_stream_looks_by_itself_where_nobody_can_listen(
    client: httpx.AsyncClient, assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events_module, "LOOK_EVERY", 0.1)
    deaf = Assistant("postgresql://nobody@/none?host=/nowhere", assistant.engine, assistant.settings)
    await assistant.stop_server()
    await deaf.start_server()
    try:
        visitor = await Visitor.arrive(client)
        async with visitor.events() as events, asyncio.timeout(PATIENCE):
            await visitor.send(text="một")
            assert (await anext(events))[1]["text"] == "Đã nghe: một"
    finally:
        await deaf.stop_server()


async def break_connections(assistant: Assistant, like: str) -> None:
    """Break the assistant's database's other connections whose last statement is like that."""
    statement = text(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE :like"
    )
    async with assistant.engine.connect() as connection:
        assert (await connection.execute(statement, {"like": like})).scalar_one() > 0


async def _first(lines: Any, count: int) -> Any:
    for _ in range(count):
        yield await anext(lines)
