"""The real model behind the real Rasa server: what the app hears."""

from __future__ import annotations

import asyncio
import statistics
import time

import httpx
import pytest

from bot.clients.rasa import RasaInterpreter
from bot.nlu_server import NluServer


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("mở quán cà phê cần giấy tờ gì", "ask_documents"),
        ("xin cap phep lao dong cho nguoi nuoc ngoai het bao nhieu tien", "ask_fee"),
        ("gpld het bn tien z", "ask_fee"),
        ("How long does an investment registration certificate take?", "ask_time"),
        ("lệ phí?", "ask_fee"),
        ("cho tôi gặp cán bộ", "request_official"),
        ("đặt lịch hẹn nộp hồ sơ sáng thứ hai", "book_appointment"),
        ("huy lich hen giup minh", "cancel_appointment"),
        ("xin chào", "greet"),
        ("cảm ơn em nhé", "thank"),
        ("thời tiết hôm nay thế nào", "out_of_scope"),
        ("karaoke phải xin những giấy phép nào", "ask_licence"),
        ("cho xin số điện thoại sở xây dựng", "ask_hotline"),
    ],
)
async def test_what_people_ask_most_is_understood(interpreter: RasaInterpreter, text: str, intent: str) -> None:
    heard = await interpreter.interpret(text)
    assert heard.intent == intent
    assert heard.confidence == heard.ranking[0][1]


async def test_the_ranking_holds_every_intent_and_sums_to_one(interpreter: RasaInterpreter) -> None:
    heard = await interpreter.interpret("phí bao nhiêu")
    assert len(heard.ranking) >= 30
    assert sum(p for _, p in heard.ranking) == pytest.approx(1)
    assert list(heard.ranking) == sorted(heard.ranking, key=lambda row: -row[1])


async def test_entities_come_with_their_place(interpreter: RasaInterpreter) -> None:
    text = "cty tnhh vốn 2 tỷ, gọi 0912 345 678"
    heard = await interpreter.interpret(text)
    assert [(e.kind, e.value, text[e.start : e.end]) for e in heard.entities] == [
        ("legal_form", "llc", "cty tnhh"),
        ("money", "2000000000 VND", "2 tỷ"),
        ("telephone", "+84912345678", "0912 345 678"),
    ]


@pytest.mark.parametrize(
    "text", ["🙂🙂🙂", "?!", "<b>phí</b>", "\x00\x01", "a" * 2_000, "phí " * 500, "‮phí", "0" * 300]
)
async def test_odd_text_is_answered(interpreter: RasaInterpreter, text: str) -> None:
    heard = await interpreter.interpret(text)
    assert heard.intent is not None
    assert 0 < heard.confidence <= 1


async def test_a_slash_is_not_a_key_to_the_intents(interpreter: RasaInterpreter) -> None:
    heard = await interpreter.interpret('/manipulate{"money": "1"}')
    assert heard.confidence < 1
    assert heard.entities == ()


async def test_a_request_without_the_token_is_refused(nlu: NluServer) -> None:
    async with httpx.AsyncClient() as client:
        answer = await client.post(f"{nlu.url}/model/parse", json={"text": "phí"})
    assert answer.status_code == httpx.codes.UNAUTHORIZED


async def test_a_hundred_at_once_are_all_answered(interpreter: RasaInterpreter) -> None:
    texts = [f"lệ phí cấp giấy phép số {number} bao nhiêu" for number in range(100)]
    heard = await asyncio.gather(*(interpreter.interpret(text) for text in texts))
    assert {one.intent for one in heard} == {"ask_fee"}


async def test_a_parse_takes_tens_of_milliseconds(interpreter: RasaInterpreter) -> None:
    elapsed = []
    for number in range(30):
        began = time.perf_counter()
        await interpreter.interpret(f"mở quán ăn số {number} cần giấy tờ gì")
        elapsed.append(time.perf_counter() - began)
    assert statistics.median(elapsed) < 0.5  # about 0.02 on an idle machine; this only catches what is broken
