"""Conversations, written as data, go through the real turn as written."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest
import yaml

from bot.conversation.messages import Button, InboundMessage, Reply
from bot.conversation.outcomes import Candidate, Outcome, Route, TurnResult
from bot.domain.procedure import Facet, Language
from bot.headless import Headless

from .arranging import BookArranger
from .transcripts import ANY_REPLY, Transcript, TranscriptTurn, play, read_transcripts

DATA = Path(__file__).parents[2] / "data"
TRANSCRIPTS = read_transcripts()


@pytest.mark.parametrize("transcript", TRANSCRIPTS, ids=lambda transcript: transcript.name)
async def test_the_conversation_goes_as_written(assistant: Headless, transcript: Transcript) -> None:
    await play(assistant, transcript, BookArranger(assistant.parts.engine))


def test_every_transcript_has_its_own_name() -> None:
    twice = [name for name, count in Counter(t.name for t in TRANSCRIPTS).items() if count > 1]
    assert twice == []
    assert len(TRANSCRIPTS) >= 36


def test_every_expected_reply_is_one_that_can_be_said() -> None:
    files = [DATA / "wording" / "vi.yml", *(DATA / "wording").glob("*/vi.yml")]
    wording = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in files]
    known = {
        *(key for own in wording for key in own),
        *(f"answer_{facet}" for facet in Facet),
        "answer_licence",
        ANY_REPLY,
    }
    expected = {key for transcript in TRANSCRIPTS for turn in transcript.turns for key in turn.bot or ()}
    assert expected - known == set()


def test_every_named_procedure_is_one_of_ours() -> None:
    files = (DATA / "procedures").glob("*/*.yml")
    codes = {yaml.safe_load(path.read_text(encoding="utf-8")).get("code") for path in files}
    named = {turn.procedure for transcript in TRANSCRIPTS for turn in transcript.turns if turn.procedure}
    assert named - codes == set()


class EchoingAssistant:
    """Answers each conversation's turns with one canned result, whatever was done."""

    def __init__(self, result: TurnResult) -> None:
        self.result = result
        self.taps: list[str] = []

    async def say(self, conversation: str, text: str, at: datetime | None = None) -> TurnResult:
        return self.result

    async def tap(self, conversation: str, value: str, at: datetime | None = None) -> TurnResult:
        self.taps.append(value)
        return self.result

    async def command(self, conversation: str, name: str) -> TurnResult:
        return self.result

    async def send(self, message: InboundMessage) -> TurnResult:
        return self.result


def a_fee() -> TurnResult:
    buttons = (Button("Hồ sơ", "facet:documents:1.014199"), Button("Thời gian", "facet:time:1.014201"))
    return TurnResult(
        Language.VI,
        None,
        Route.ANSWER,
        Outcome.ANSWERED,
        (Reply("answer_fee", "• 0 đồng", Language.VI, buttons),),
        Facet.FEE,
        (Candidate("1.014199", "Cấp giấy phép lao động", 0.9),),
    )


def a_transcript(*turns: dict[str, object]) -> Transcript:
    return Transcript(name="a fee", turns=tuple(TranscriptTurn.model_validate(turn) for turn in turns))


async def test_a_conversation_that_goes_as_written_passes() -> None:
    assistant = EchoingAssistant(a_fee())
    asked: dict[str, object] = {
        "contact": "phí bao nhiêu",
        "bot": ["answer_fee"],
        "outcome": "answered",
        "route": "answer",
        "facet": "fee",
        "procedure": "1.014199",
        "says": ["0 đồng"],
        "never": ["450.000"],
        "offers": ["facet:", "Thời gian"],
    }
    await play(assistant, a_transcript(asked, {"tap": "Hồ sơ", "option": 1}, {"tap": "facet:time"}))
    assert assistant.taps == ["facet:documents:1.014199", "facet:time:1.014201"]


@pytest.mark.parametrize(
    ("expectation", "fault"),
    [
        ({"bot": ["answer_time"]}, r"replied \['answer_fee'\], expected \['answer_time'\]"),
        ({"bot": ["answer_fee", "*"]}, "replied"),
        ({"outcome": "clarified"}, "outcome answered, expected clarified"),
        ({"route": None}, "route answer, expected None"),
        ({"facet": "time"}, "facet fee, expected time"),
        ({"procedure": "1.001029"}, "procedure 1.014199, expected 1.001029"),
        ({"option": 1}, "expected of button 1"),
        ({"language": "en"}, "language vi, expected en"),
        ({"says": ["450.000 đồng"]}, "did not say '450.000 đồng'"),
        ({"never": ["0 ĐỒNG"]}, "said '0 ĐỒNG'"),
        ({"offers": ["facet:", "facet:", "facet:"]}, "offered no button 'facet:'"),
    ],
    ids=lambda given: next(iter(given)) if isinstance(given, dict) else "",
)
async def test_whatever_goes_otherwise_is_told(expectation: dict[str, object], fault: str) -> None:
    with pytest.raises(AssertionError, match=fault):
        await play(EchoingAssistant(a_fee()), a_transcript({"contact": "phí bao nhiêu", **expectation}))


async def test_a_button_that_was_not_offered_cannot_be_tapped() -> None:
    with pytest.raises(AssertionError, match="no such button; there were: 'Hồ sơ'"):
        await play(EchoingAssistant(a_fee()), a_transcript({"contact": "phí"}, {"tap": "Các bước"}))
