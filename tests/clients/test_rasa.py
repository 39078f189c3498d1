"""The NLU's client against a small real server that plays the oddities of a Rasa in trouble."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from bot.clients.rasa import AT_ONCE, FAILURES_TO_OPEN, REST, RasaInterpreter
from bot.conversation.ports import InterpreterDown
from tests.waiting import PATIENCE

GOOD: dict[str, Any] = {
    "text": "phí?",
    "intent": {"name": "ask_fee", "confidence": 0.9},
    "intent_ranking": [{"name": "ask_fee", "confidence": 0.9}, {"name": "ask_time", "confidence": 0.1}],
    "entities": [{"entity": "money", "value": "5 VND", "start": 0, "end": 3, "extractor": "X"}],
    "text_tokens": [[0, 3]],
}


class PlayedRasa:
    """Speaks HTTP as told: status, body, a wait before it, a wait between its bytes."""

    def __init__(self) -> None:
        self.status, self.body = 200, json.dumps(GOOD).encode()
        self.waits = 0.0
        self.drips = 0.0
        self.declares: int | None = None
        self.requests: list[tuple[str, dict[str, Any]]] = []
        self.one_at_a_time = asyncio.Lock()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            length = next(int(x.split(":")[1]) for x in head.splitlines() if x.lower().startswith("content-length"))
            self.requests.append((head.split()[1], json.loads(await reader.readexactly(length))))
            async with self.one_at_a_time:
                await asyncio.sleep(self.waits)
            size = self.declares or len(self.body)
            writer.write(f"HTTP/1.1 {self.status} X\r\nContent-Length: {size}\r\nConnection: close\r\n\r\n".encode())
            for at in range(0, len(self.body), 40):
                writer.write(self.body[at : at + 40])
                await writer.drain()
                await asyncio.sleep(self.drips)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def _interpreter(
    url: str, *, seconds: float = PATIENCE, clock: Callable[[], float] = lambda: 0.0, token: str = ""
) -> AsyncIterator[RasaInterpreter]:
    interpreter = RasaInterpreter(url, token=token, timeout=timedelta(seconds=seconds), clock=clock)
    try:
        yield interpreter
    finally:
        await interpreter.close()


@pytest.fixture
async def rasa() -> AsyncIterator[tuple[PlayedRasa, str]]:
    played = PlayedRasa()
    server = await asyncio.start_server(played.serve, "127.0.0.1", 0)
    yield played, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()
    await server.wait_closed()


async def test_an_answer_becomes_an_interpretation(rasa: tuple[PlayedRasa, str]) -> None:
    played, url = rasa
    async with _interpreter(url, token="s3cret") as interpreter:
        heard = await interpreter.interpret("phí?")
    assert (heard.intent, heard.confidence, heard.text) == ("ask_fee", 0.9, "phí?")
    assert heard.ranking == (("ask_fee", 0.9), ("ask_time", 0.1))
    assert [(e.kind, e.value, e.start, e.end) for e in heard.entities] == [("money", "5 VND", 0, 3)]
    assert played.requests == [("/model/parse?token=s3cret", {"text": "phí?"})]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        json.dumps(GOOD).encode()[:-30],
        b"[]",
        b'{"intent": "ask_fee"}',
        b'{"text": "x", "intent": {"name": 7, "confidence": 0.5}}',
        b'{"text": "x", "intent": {"name": "ask_fee", "confidence": "high"}}',
        b'{"text": "x", "intent": {"name": "ask_fee", "confidence": NaN}}',
        b'{"text": "x", "intent": {"name": "ask_fee", "confidence": 17}}',
        b'{"text": "x", "intent": {"name": "ask_fee", "confidence": 0.5}, "entities": [{"entity": null}]}',
        b"\xff\xfe\x00",
    ],
)
async def test_nonsense_in_a_200_answer_is_an_absent_nlu(rasa: tuple[PlayedRasa, str], body: bytes) -> None:
    played, url = rasa
    played.body = body
    async with _interpreter(url) as interpreter:
        with pytest.raises(InterpreterDown):
            await interpreter.interpret("phí?")


@pytest.mark.parametrize("status", [400, 401, 404, 409, 500, 503])
async def test_an_error_status_is_an_absent_nlu(rasa: tuple[PlayedRasa, str], status: int) -> None:
    played, url = rasa
    played.status = status
    async with _interpreter(url) as interpreter:
        with pytest.raises(InterpreterDown):
            await interpreter.interpret("phí?")


async def test_a_connection_cut_in_mid_answer_is_an_absent_nlu(rasa: tuple[PlayedRasa, str]) -> None:
    played, url = rasa
    played.declares = len(played.body) + 100
    async with _interpreter(url) as interpreter:
        with pytest.raises(InterpreterDown):
            await interpreter.interpret("phí?")


@pytest.mark.parametrize(("waits", "drips"), [(2 * PATIENCE, 0.0), (0.0, 0.2)])
async def test_a_slow_or_dripping_server_costs_one_timeout_and_no_more(
    rasa: tuple[PlayedRasa, str], waits: float, drips: float
) -> None:
    played, url = rasa
    played.waits, played.drips = waits, drips
    played.body += b" " * 40 * 1000  # dripped out it lasts for minutes
    async with _interpreter(url, seconds=0.3) as interpreter, asyncio.timeout(PATIENCE):
        with pytest.raises(InterpreterDown):
            await interpreter.interpret("phí?")


async def test_a_refused_connection_is_an_absent_nlu() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    async with _interpreter(url) as interpreter:
        with pytest.raises(InterpreterDown):
            await interpreter.interpret("phí?")


async def test_after_failures_in_a_row_the_server_is_left_alone_then_tried_by_one_turn(
    rasa: tuple[PlayedRasa, str],
) -> None:
    played, url = rasa
    played.status, now = 500, [100.0]
    async with _interpreter(url, clock=lambda: now[0]) as interpreter:
        for _ in range(FAILURES_TO_OPEN + 4):
            with pytest.raises(InterpreterDown):
                await interpreter.interpret("phí?")
        assert len(played.requests) == FAILURES_TO_OPEN

        now[0] += REST + 0.1
        together = await asyncio.gather(*(interpreter.interpret("phí?") for _ in range(5)), return_exceptions=True)
        assert all(isinstance(outcome, InterpreterDown) for outcome in together)
        assert len(played.requests) == FAILURES_TO_OPEN + 1

        now[0] += REST + 0.1
        played.status = 200
        assert (await interpreter.interpret("phí?")).intent == "ask_fee"
        assert (await interpreter.interpret("phí?")).intent == "ask_fee"


async def test_one_failure_among_answers_does_not_open_the_breaker(rasa: tuple[PlayedRasa, str]) -> None:
    played, url = rasa
    async with _interpreter(url) as interpreter:
        for _ in range(FAILURES_TO_OPEN):
            played.status = 500
            with pytest.raises(InterpreterDown):
                await interpreter.interpret("phí?")
            played.status = 200
            await interpreter.interpret("phí?")


async def test_in_a_burst_nobody_times_out_while_waiting_for_the_others(rasa: tuple[PlayedRasa, str]) -> None:
    played, url = rasa
    played.waits = 0.06
    async with _interpreter(url, seconds=2) as interpreter:  # all of them together need longer
        heard = await asyncio.gather(*(interpreter.interpret("phí?") for _ in range(40)))
    assert {one.intent for one in heard} == {"ask_fee"}


async def test_in_a_burst_on_a_hung_server_the_breaker_spares_most_turns_the_wait(
    rasa: tuple[PlayedRasa, str],
) -> None:
    played, url = rasa
    played.waits = 2 * PATIENCE
    async with _interpreter(url, seconds=0.3) as interpreter, asyncio.timeout(PATIENCE):
        outcomes = await asyncio.gather(*(interpreter.interpret("phí?") for _ in range(40)), return_exceptions=True)
    assert all(isinstance(outcome, InterpreterDown) for outcome in outcomes)
    assert len(played.requests) <= FAILURES_TO_OPEN - 1 + AT_ONCE


@pytest.mark.parametrize("text", ["", "   ", "/", " // "])
async def test_nothing_said_needs_no_server(text: str) -> None:
    async with _interpreter("http://127.0.0.1:9") as interpreter:
        heard = await interpreter.interpret(text)
    assert (heard.intent, heard.confidence, heard.degraded) == (None, 0.0, False)


@pytest.mark.parametrize(("text", "sent"), [("/deny", " deny"), (' /book{"a":1}', '  book{"a":1}'), ("a/b", "a/b")])
async def test_a_contact_cannot_speak_rasas_own_language(rasa: tuple[PlayedRasa, str], text: str, sent: str) -> None:
    played, url = rasa
    async with _interpreter(url) as interpreter:
        await interpreter.interpret(text)
    assert played.requests[0][1] == {"text": sent}


async def test_half_a_surrogate_pair_can_be_sent(rasa: tuple[PlayedRasa, str]) -> None:
    played, url = rasa
    async with _interpreter(url) as interpreter:
        await interpreter.interpret("phí \ud83d")
    assert played.requests[0][1] == {"text": "phí ?"}
