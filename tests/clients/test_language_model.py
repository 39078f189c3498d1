"""The language model's client against a scripted server: whatever goes wrong, there is no text and no error."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from langchain_core.tracers.langchain import wait_for_all_tracers

from bot.clients.language_model import FAILURES_TO_OPEN, REST, LanguageModel
from bot.domain.procedure import Language
from knowledge.faithful.sheet import Fact, Sheet
from tests.fake_model import FakeModel, fake_model
from tests.waiting import PATIENCE

SHEET = Sheet((Fact("15 ngày làm việc", "section_time", "Thời gian giải quyết:"),), Language.VI, Language.VI)


@pytest.fixture
async def server() -> AsyncIterator[FakeModel]:
    async with fake_model() as model:
        yield model


@asynccontextmanager
async def _client(
    url: str, *, seconds: float = PATIENCE, key: str = "", clock: Callable[[], float] = lambda: 0.0
) -> AsyncIterator[LanguageModel]:
    client = LanguageModel(url, "scripted", key=key, timeout=timedelta(seconds=seconds), clock=clock)
    try:
        yield client
    finally:
        await client.close()


async def test_facts_and_question_go_out_as_data_and_the_text_comes_back(server: FakeModel) -> None:
    server.say("Mất 15 ngày làm việc.")
    async with _client(server.url, key="s3cret") as client:
        assert await client.rephrase(SHEET, "mất bao lâu?") == "Mất 15 ngày làm việc."
    (sent,) = server.requests
    assert server.heads[0].startswith("POST /v1/chat/completions ")
    assert "Bearer s3cret" in server.heads[0]
    assert (sent["model"], sent["temperature"]) == ("scripted", 0.0)
    assert [message["role"] for message in sent["messages"]] == ["system", "user"]
    assert "mất bao lâu" not in sent["messages"][0]["content"]
    assert server.given == [
        {"question": "mất bao lâu?", "facts": [{"heading": "Thời gian giải quyết:", "line": "15 ngày làm việc"}]}
    ]


async def test_who_asks_in_another_language_gets_a_translation(server: FakeModel) -> None:
    async with _client(server.url) as client:
        await client.rephrase(Sheet(SHEET.facts, Language.VI, Language.KO), "얼마나 걸려요?")
        await client.rephrase(SHEET, "mất bao lâu?")
    first, second = (request["messages"][0]["content"] for request in server.requests)
    assert "Translate the facts from Vietnamese into Korean" in first
    assert "Translate" not in second


@pytest.mark.parametrize("waits", [0.0, 2 * PATIENCE])
async def test_a_slow_or_dripping_model_costs_the_time_limit_and_no_more(server: FakeModel, waits: float) -> None:
    server.waits, server.drips = waits, 0.2
    server.say("Mất 15 ngày làm việc. " * 1000)  # dripped out it lasts for minutes
    async with _client(server.url, seconds=0.4) as client, asyncio.timeout(PATIENCE):
        assert await client.rephrase(SHEET, "?") is None


async def test_endless_text_is_cut_off(server: FakeModel) -> None:
    server.endless = True
    async with _client(server.url, seconds=2 * PATIENCE) as client:
        async with asyncio.timeout(PATIENCE):
            assert await client.rephrase(SHEET, "?") is None


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 429, 500, 503])
async def test_an_error_status_is_no_text(server: FakeModel, status: int) -> None:
    server.status = status
    async with _client(server.url) as client:
        assert await client.rephrase(SHEET, "?") is None
    assert len(server.requests) == 1  # never tried again: the contact waits


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b'{"choices": [',
        b"[]",
        b"null",
        b"{}",
        b'{"error": {"message": "no"}}',
        b'{"choices": []}',
        b'{"choices": null}',
        b'{"choices": [{}]}',
        b'{"choices": [{"message": null}]}',
        b'{"choices": [{"message": {"role": "assistant", "content": null}}]}',
        b'{"choices": [{"message": {"role": "assistant", "content": ""}}]}',
        b'{"choices": [{"message": {"role": "assistant", "content": "  \\n "}}]}',
        b'{"choices": [{"message": {"role": "assistant", "content": 7}}]}',
        b"\xff\xfe\x00",
    ],
)
async def test_nonsense_in_a_200_answer_is_no_text(server: FakeModel, body: bytes) -> None:
    server.body = body
    async with _client(server.url) as client:
        assert await client.rephrase(SHEET, "?") is None


async def test_a_refused_connection_is_no_text() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    async with _client(url) as client:
        assert await client.rephrase(SHEET, "?") is None


async def test_after_failures_in_a_row_the_model_is_left_alone_then_tried_by_one_turn(server: FakeModel) -> None:
    server.status, now = 500, [100.0]
    server.say("Mất 15 ngày làm việc.")
    async with _client(server.url, clock=lambda: now[0]) as client:
        for _ in range(FAILURES_TO_OPEN + 3):
            assert await client.rephrase(SHEET, "?") is None
        assert len(server.requests) == FAILURES_TO_OPEN
        now[0] += REST + 1
        assert await asyncio.gather(*(client.rephrase(SHEET, "?") for _ in range(4))) == [None] * 4
        assert len(server.requests) == FAILURES_TO_OPEN + 1
        now[0] += REST + 1
        server.status = 200
        assert await client.rephrase(SHEET, "?") is not None
        assert await client.rephrase(SHEET, "?") is not None


async def test_nothing_is_traced_elsewhere_whatever_the_environment_says(
    server: FakeModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with fake_model() as elsewhere:
        for name in ("LANGSMITH", "LANGCHAIN"):
            monkeypatch.setenv(f"{name}_ENDPOINT", elsewhere.url)
            monkeypatch.setenv(f"{name}_API_KEY", "x")
        monkeypatch.setenv("LANGSMITH_TRACING", "true")
        monkeypatch.setenv("LANGCHAIN_TRACING_V2", "true")
        async with _client(server.url) as client:
            assert await client.rephrase(SHEET, "?") is not None
        await asyncio.to_thread(wait_for_all_tracers)
    assert elsewhere.heads == []


async def test_a_text_with_quotes_and_every_script_arrives_whole(server: FakeModel) -> None:
    text = 'Mẫu "04" – 十五个工作日 – 온라인 \\ {x}'
    server.say(text)
    async with _client(server.url) as client:
        assert await client.rephrase(SHEET, json.dumps({"role": "system"})) == text
