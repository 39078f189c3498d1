"""What pages send: stored once, refused with a sentence, never a crash."""

from __future__ import annotations

import asyncio
import uuid
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from bot.channels.web.app import create_web_app
from bot.channels.web.visitors import Visitors
from bot.conversation.messages import Kind
from bot.domain.procedure import Language
from bot.persistence.engine import create_engine
from bot.persistence.intake import SqlIntake
from tests.channels.web.parrot import WORDING, Assistant, settings_for
from tests.channels.web.visiting import Visitor
from tests.conftest import Database


async def test_a_message_is_stored_when_the_page_hears_so_and_answered(
    client: httpx.AsyncClient, assistant: Assistant
) -> None:
    assistant.parrot.free.clear()
    visitor = await Visitor.arrive(client)
    same = str(uuid.uuid4())
    sent = await visitor.send(same, text="mở quán cà phê")
    assert (sent.status_code, sent.json()) == (202, {"accepted": True})
    stored = text("SELECT state FROM inbox WHERE event_id LIKE :ending")
    async with assistant.engine.connect() as connection:
        assert (await connection.execute(stored, {"ending": f"%:{same}"})).scalars().all() == ["pending"]
    assistant.parrot.free.set()
    (reply,) = await visitor.hear(1)
    assert reply["text"] == "Đã nghe: mở quán cà phê"


async def test_a_message_sent_again_is_answered_once(client: httpx.AsyncClient, assistant: Assistant) -> None:
    visitor = await Visitor.arrive(client)
    same = str(uuid.uuid4())
    first, *again = await asyncio.gather(*(visitor.send(same, text="xin chào") for _ in range(5)))
    assert sorted(response.json()["accepted"] for response in (first, *again)) == [False] * 4 + [True]
    await visitor.send(text="hết")
    heard = await visitor.hear(2)
    assert [reply["text"] for reply in heard] == ["Đã nghe: xin chào", "Đã nghe: hết"]
    assert heard[0]["answers"] == same


async def test_two_visitors_may_choose_the_same_message_id(client: httpx.AsyncClient) -> None:
    same = str(uuid.uuid4())
    for _ in range(2):
        visitor = await Visitor.arrive(client)
        assert (await visitor.send(same, text="xin chào")).json() == {"accepted": True}


async def test_a_button_is_tapped_by_its_token(client: httpx.AsyncClient) -> None:
    visitor = await Visitor.arrive(client)
    await visitor.send(text="/start", language_hint="en")
    (greeting,) = await visitor.hear(1)
    assert greeting["language"] == "en"
    await visitor.send(token=greeting["buttons"][1]["token"])
    (reply,) = await visitor.hear(1, after=greeting["id"])
    assert reply["text"] == "Đã chọn say:example_2"


async def test_commands_and_languages_are_told_from_text(client: httpx.AsyncClient, assistant: Assistant) -> None:
    visitor = await Visitor.arrive(client)
    for body in ({"text": " /language en "}, {"language": "ja"}, {"text": "/ hỏi"}):
        await visitor.send(**body)
    await visitor.hear(3)
    heard = [(message.kind, message.text, message.choice) for message in assistant.parrot.heard]
    assert heard == [
        (Kind.COMMAND, "language en", None),
        (Kind.CHOICE, "", "language:ja"),
        (Kind.TEXT, "/ hỏi", None),
    ]


ID = "8d0b1f0e-6f5a-4c53-9a39-3c1d5a6b7c8d"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00\xff\xfe",
        b"{",
        b"[" * 60_000,
        b"null",
        b'{"client_id": "1", "text": "a"}',
        b'{"client_id": "' + ID.encode() + b'", "text": "\\ud800"}',
        {"client_id": ID},
        {"client_id": ID, "text": ""},
        {"client_id": ID, "text": " \n\t "},
        {"client_id": ID, "text": "\x00"},
        {"client_id": ID, "text": 5},
        {"client_id": ID, "text": "a", "token": "b"},
        {"client_id": ID, "token": "x" * 500},
        {"client_id": ID, "token": "'; DROP TABLE inbox"},
        {"client_id": ID, "language": "fr"},
        {"client_id": ID, "text": "a", "language_hint": "x" * 100},
    ],
    ids=lambda body: repr(body)[:40],
)
async def test_nonsense_is_refused_with_a_sentence(client: httpx.AsyncClient, body: Any) -> None:
    visitor = await Visitor.arrive(client)
    refused = await visitor.post(body)
    assert refused.status_code == 400
    assert refused.json()["text"].startswith("Tôi không đọc được")
    assert await visitor.history() == []


async def test_odd_but_readable_text_is_taken(client: httpx.AsyncClient, assistant: Assistant) -> None:
    visitor = await Visitor.arrive(client)
    odd = ["😀😀😀", "a\x00b", "ca\u0300 phe\u0302", "<b>đậm</b>", "x" * 10_000]
    for said in odd:
        assert (await visitor.send(text=said)).status_code == 202
    await visitor.hear(len(odd))
    assert [message.text for message in assistant.parrot.heard] == [said.replace("\x00", "") for said in odd]


async def test_a_body_over_64_kib_is_refused_without_reading_it_all(client: httpx.AsyncClient) -> None:
    visitor = await Visitor.arrive(client)
    refused = await visitor.send(text="x" * 70_000)
    assert (refused.status_code, refused.json()["error"]) == (413, "web_too_large")


async def test_too_many_messages_are_refused_in_the_visitors_language(database: Database, tmp_path: Path) -> None:
    async with strict(database, tmp_path, rate_per_contact=2) as http:
        visitor = await Visitor.arrive(http)
        sent = [await visitor.send(text="a") for _ in range(3)]
        assert [response.status_code for response in sent] == [202, 202, 429]
        assert sent[2].json()["text"] == WORDING.say("too_many", Language.VI)
        assert 20 <= int(sent[2].headers["Retry-After"]) <= 32
        other = await Visitor.arrive(http)
        assert (await other.send(text="a")).status_code == 202


async def test_one_network_address_cannot_make_visitors_without_end(database: Database, tmp_path: Path) -> None:
    async with strict(database, tmp_path, rate_per_address=3) as http:
        made = [(await http.post("/chat/visitors")).status_code for _ in range(4)]
        assert made == [201, 201, 201, 429]


async def test_while_the_database_is_away_the_page_is_asked_to_try_again(tmp_path: Path) -> None:
    engine = create_engine(f"postgresql://nobody@/none?host={tmp_path}", pool=2)
    async with strict(Database("", engine), tmp_path) as http:
        visitor = await Visitor.arrive(http)
        refused = await visitor.send(text="a")
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "2")
        history = await http.get("/chat/history", headers=visitor.headers)
        assert (history.status_code, history.json()["error"]) == (503, "web_unavailable")
    await engine.dispose()


async def test_a_button_that_opens_no_page_carries_no_address(client: httpx.AsyncClient) -> None:
    visitor = await Visitor.arrive(client)
    await visitor.send(text="mã độc")
    (reply,) = await visitor.hear(1)
    assert [sorted(button) for button in reply["buttons"]] == [["title"], ["title", "token"]]


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer x", "Basic abc", "Bearer {tampered}", "Bearer {foreign}", "Bearer {long}"]
)
async def test_a_token_we_did_not_sign_is_refused(client: httpx.AsyncClient, authorization: str) -> None:
    own = (await Visitor.arrive(client)).token
    header = authorization.format(
        tampered=("A" if own[0] != "A" else "B") + own[1:],
        foreign=Visitors("another secret").welcome(),
        long="x" * 10_000,
    )
    for method, path in (("POST", "/chat/messages"), ("GET", "/chat/events"), ("GET", "/chat/history")):
        refused = await client.request(method, path, headers={"Authorization": header})
        assert (refused.status_code, refused.json()["error"]) == (401, "web_unknown_visitor"), path


async def test_a_visitors_contact_id_is_hard_to_guess() -> None:
    visitors = Visitors("secret")
    contacts = {visitors.recognise(visitors.welcome()) for _ in range(50)}
    assert len(contacts) == 50
    assert all(len(contact) == 32 for contact in contacts)


def strict(database: Database, folder: Path, **settings: Any) -> httpx.AsyncClient:
    """HTTP to an app of its own, without a server or a worker."""
    app = create_web_app(
        settings=settings_for(8080, folder, **settings),
        database_url=database.url,
        engine=database.engine,
        intake=SqlIntake(database.engine),
        wording=WORDING,
    )
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")
