"""Reading updates: each kind becomes what it means, and nothing that arrives can break the reader."""

from __future__ import annotations

import json
import unicodedata
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels.telegram.inbound import Ignored, Update, read_update
from bot.conversation.messages import Address, InboundMessage, Kind
from tests.channels.telegram.updates import SENT, Data, a_message, a_tap, an_update

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def read(update: object) -> InboundMessage:
    content = read_update(update, NOW).content
    assert isinstance(content, InboundMessage), content
    return content


def ignored(update: object) -> Ignored:
    content = read_update(update, NOW).content
    assert isinstance(content, Ignored), content
    return content


def test_a_text_becomes_an_utterance() -> None:
    assert read(an_update(77)) == InboundMessage(
        address=Address("telegram", "1001"),
        event_id="77",
        kind=Kind.TEXT,
        sent_at=datetime.fromtimestamp(SENT, UTC),
        text="xin chào",
        position=77,
        language_hint="vi",
    )


@pytest.mark.parametrize(
    ("typed", "heard"),
    [
        ("/start", "start"),
        ("/start qr-mot-cua", "start qr-mot-cua"),
        ("/help@fake_ctc_bot", "help"),
        ("/language@fake_ctc_bot en", "language en"),
        ("/MyData", "mydata"),
        ("/nonsense", "nonsense"),
    ],
)
def test_commands_lose_their_slash_and_the_bots_name(typed: str, heard: str) -> None:
    message = read(an_update(message=a_message(typed)))
    assert (message.kind, message.text) == (Kind.COMMAND, heard)


@pytest.mark.parametrize("typed", ["/", "//chú ý", "/ phí", "15/2026/NĐ-CP", "/đăng ký", "phí /help"])
def test_what_only_looks_like_a_command_is_text(typed: str) -> None:
    assert read(an_update(message=a_message(typed))).kind is Kind.TEXT


def test_a_tap_carries_its_token_and_asks_to_be_confirmed() -> None:
    update = read_update(an_update(78, callback_query=a_tap()), NOW)
    assert update == Update(
        InboundMessage(
            address=Address("telegram", "1001"),
            event_id="78",
            kind=Kind.CHOICE,
            sent_at=NOW,
            token="tok3n",
            position=78,
            language_hint="vi",
        ),
        tap="4382bfdwdsb323b2d9",
    )


@pytest.mark.parametrize("query", [a_tap(None), a_tap(""), a_tap("x" * 65), a_tap(message={"chat": {"type": "group"}})])
def test_a_tap_that_means_nothing_here_is_confirmed_all_the_same(query: Data) -> None:
    update = read_update(an_update(callback_query=query), NOW)
    assert isinstance(update.content, Ignored)
    assert update.tap == "4382bfdwdsb323b2d9"


def test_a_tap_below_a_message_telegram_has_forgotten_is_known_by_the_person() -> None:
    query = a_tap()
    del query["message"]
    assert read(an_update(callback_query=query)).address == Address("telegram", "1001")


@pytest.mark.parametrize(
    "content",
    [
        {"photo": [{"file_id": "f", "width": 90, "height": 90}]},
        {"document": {"file_id": "f"}},
        {"voice": {"file_id": "f"}},
        {"sticker": {"emoji": "👍"}},
        {"location": {"latitude": 20.8, "longitude": 106.6}},
        {"contact": {"phone_number": "+84"}},
        {"poll": {"question": "?"}},
        {"something_of_next_year": {}},
    ],
)
def test_whatever_is_no_text_gets_a_polite_answer(content: Data) -> None:
    assert read(an_update(message=a_message(None, **content))).kind is Kind.UNSUPPORTED


def test_a_caption_is_read_like_a_text_but_holds_no_command() -> None:
    message = read(an_update(message=a_message(None, photo=[], caption="/help giấy này")))
    assert (message.kind, message.text) == (Kind.TEXT, "/help giấy này")


def test_pictures_of_one_album_are_one_event() -> None:
    album = [read(an_update(n, message=a_message(None, photo=[], media_group_id="99"))) for n in (1, 2)]
    assert [message.event_id for message in album] == ["album:99", "album:99"]


@pytest.mark.parametrize(
    ("update", "reason"),
    [
        (an_update(edited_message=a_message("sửa")), "edited_message"),
        (an_update(my_chat_member={"chat": {}}), "my_chat_member"),
        (an_update(channel_post=a_message()), "unknown"),
        (an_update(kind_of_next_year={"text": "bí mật"}), "unknown"),
        (an_update(message=a_message(chat={"id": -5, "type": "supergroup"})), "not_private"),
        (an_update(message=a_message(chat=None)), "not_private"),
        (an_update(message=a_message(chat={"id": "1001", "type": "private"})), "not_private"),
        (an_update(message=a_message(**{"from": {"id": 7, "is_bot": True}})), "from_bot"),
        (an_update(message=a_message(None, pinned_message=a_message("bí mật"))), "service"),
        (an_update(message=None), "not_private"),
        ({"update_id": True}, "malformed"),
        ({"update_id": 2**63}, "malformed"),
        ({"message": a_message("bí mật")}, "malformed"),
        ([], "malformed"),
        (None, "malformed"),
        ("bí mật", "malformed"),
    ],
)
def test_what_needs_no_answer_is_ignored_and_nothing_personal_is_kept(update: object, reason: str) -> None:
    found = ignored(update)
    assert found.reason == reason
    assert not any(word in json.dumps(found.payload, ensure_ascii=False) for word in ("bí mật", "sửa", "Lan", "1001"))


def test_updates_without_a_number_are_known_by_their_content() -> None:
    assert ignored({"a": 1}).event_id == ignored({"a": 1}).event_id != ignored({"a": 2}).event_id


def test_texts_are_made_storable() -> None:
    typed = unicodedata.normalize("NFD", "thủ tục") + "\x00 \ud83d phí"
    assert read(an_update(message=a_message(typed))).text == "thủ tục \ufffd phí"


def test_a_message_from_the_future_or_without_a_date_is_of_now() -> None:
    for date in (2**40, 2**70, None, "hôm nay", -(2**70)):
        assert read(an_update(message=a_message(date=date))).sent_at == NOW


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
FIELDS = st.dictionaries(
    st.sampled_from(["text", "caption", "chat", "from", "date", "id", "data", "message", "type", "media_group_id"]),
    JSON | st.just({"id": 5, "type": "private"}),
    max_size=8,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(JSON | st.fixed_dictionaries({"update_id": st.integers(), "message": FIELDS, "callback_query": FIELDS | JSON}))
def test_the_reader_never_breaks_and_gives_only_what_can_be_stored(update: Any) -> None:
    content = read_update(update, NOW).content
    stored = json.dumps(content.payload if isinstance(content, Ignored) else [content.text, content.token])
    assert "\\u0000" not in stored
    assert len(content.event_id) <= 160
    assert content.event_id
