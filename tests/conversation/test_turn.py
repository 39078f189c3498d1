"""One turn, with the real routing, wording, search by words and content; only the outside is replaced."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.conversation.messages import MAX_UTTERANCE, Address, InboundMessage, Kind
from bot.conversation.outcomes import Outcome, Route, TurnResult
from bot.conversation.speaking import Speaker
from bot.conversation.tracker import Pending, Tracker
from bot.conversation.turn import Turn, apology
from bot.conversation.wording import Wording
from bot.domain.errors import DuplicateMessage, StaleTracker
from bot.domain.procedure import Facet, Language
from knowledge.directory import Directory
from knowledge.licences import Licences
from tests.builders import a_message, an_address

from .fakes import FakeInterpreter, FakeProcedureStore, FakeStorage, NotingAnswerer

DATA = Path(__file__).resolve().parents[2] / "data"
KARAOKE, WORK_PERMIT, HOUSEHOLD, STOCK_COMPANY = "1.001029", "1.014199", "1.001612", "2.002043"
ABOUT_KARAOKE = "giấy phép karaoke"


@pytest.fixture(scope="module")
def wording() -> Wording:
    return Wording.read(DATA / "wording")


@dataclass(frozen=True, slots=True)
class Content:
    """What is read once for all tests."""

    answerer: NotingAnswerer
    wording: Wording
    licences: Licences
    directory: Directory


@pytest.fixture(scope="module")
async def content(wording: Wording) -> Content:
    answerer = NotingAnswerer(FakeProcedureStore(), DATA, None, None)
    await answerer.refresh()
    licences = Licences.read(DATA)
    return Content(answerer, wording, licences, Directory.read(DATA / "directory" / "departments.yml"))


class House:
    """A turn with everything round it."""

    def __init__(self, content: Content) -> None:
        self.storage = FakeStorage()
        self.interpreter = FakeInterpreter(self.storage.events)
        self.degraded = 0
        self.address = an_address()
        content.answerer.events = self.storage.events
        self.turn = Turn(
            interpreter=self.interpreter,
            answerer=content.answerer,
            licences=content.licences,
            directory=content.directory,
            wording=content.wording,
            recall=self.storage,
            unit_of_work=self.storage,
            retention_days=180,
            on_degraded=self._count,
        )

    def _count(self) -> None:
        self.degraded += 1

    async def hear(self, text: str, **intents: float) -> TurnResult:
        """The contact writes; `intents` is what the NLU makes of it."""
        if intents:
            self.interpreter.understand(text, **intents)
        return await self.take(a_message(text, address=self.address))

    async def tap(self, value: str) -> TurnResult:
        return await self.take(a_message("", address=self.address, kind=Kind.CHOICE, choice=value))

    async def command(self, text: str) -> TurnResult:
        return await self.take(a_message(text, address=self.address, kind=Kind.COMMAND))

    async def take(self, message: InboundMessage) -> TurnResult:
        return await self.turn.take(message)

    @property
    def tracker(self) -> Tracker:
        """What the conversation remembers, as committed."""
        return self.storage.stored.trackers[self.address]

    def remember(self, **changes: object) -> None:
        """Let the conversation have come this far."""
        held = Tracker(self.address, turns=1, version=1)
        self.storage.stored.trackers[self.address] = replace(held, **changes)  # type: ignore[arg-type]

    def ask_which(self, *codes: str, facet: Facet = Facet.FEE) -> None:
        self.remember(pending=Pending("company-registration", codes, facet, "mở công ty"))


@pytest.fixture
def house(content: Content) -> Iterator[House]:
    yield House(content)
    content.answerer.events = None


async def test_slow_calls_come_before_the_transaction(house: House) -> None:
    result = await house.hear(ABOUT_KARAOKE)
    assert result.outcome is Outcome.ANSWERED
    assert house.storage.events == ["recall", "interpret", "find", "begin", "commit", "end"]


async def test_everything_a_turn_did_is_kept_together(house: House) -> None:
    result = await house.hear(ABOUT_KARAOKE, ask_fee=0.9)
    stored = house.storage.stored
    assert stored.outbox == list(result.replies)
    assert stored.utterances == [ABOUT_KARAOKE]
    assert (house.tracker.subject, house.tracker.facet) == (KARAOKE, Facet.FEE)
    assert (house.tracker.turns, house.tracker.version) == (1, 1)


async def test_an_update_that_comes_twice_leaves_nothing_the_second_time(house: House) -> None:
    message = a_message(ABOUT_KARAOKE, address=house.address)
    await house.take(message)
    before = house.storage.stored
    with pytest.raises(DuplicateMessage):
        await house.take(message)
    assert house.storage.stored is before
    assert len(before.outbox) == 1


async def test_a_turn_overtaken_by_another_leaves_nothing(house: House) -> None:
    message = a_message(ABOUT_KARAOKE, address=house.address)

    class Overtaken(FakeStorage):
        async def tracker(self, address: Address) -> Tracker:
            tracker = await super().tracker(address)
            self.stored.trackers[address] = replace(tracker, version=tracker.version + 1)
            return tracker

    house.storage.__class__ = Overtaken
    with pytest.raises(StaleTracker):
        await house.take(message)
    assert house.storage.stored.outbox == []
    assert house.storage.stored.finished == {}


async def test_a_commit_that_fails_leaves_nothing_and_the_turn_can_be_taken_again(house: House) -> None:
    message = a_message(ABOUT_KARAOKE, address=house.address)
    house.storage.fails_on_commit = True
    with pytest.raises(ConnectionError):
        await house.take(message)
    assert house.storage.stored.outbox == []
    house.storage.fails_on_commit = False
    await house.take(message)
    assert len(house.storage.stored.outbox) == 1


async def test_without_the_nlu_the_question_is_looked_up_and_the_facet_read_from_its_words(house: House) -> None:
    house.interpreter.down = True
    result = await house.hear(f"lệ phí {ABOUT_KARAOKE}")
    assert (result.outcome, result.route, result.facet) == (Outcome.ANSWERED, Route.ANSWER, Facet.FEE)
    assert result.candidates[0].code == KARAOKE
    assert result.citations
    assert result.interpretation is not None
    assert result.interpretation.degraded
    assert house.degraded == 1


async def test_without_the_nlu_the_contact_is_told_nothing_of_it(house: House) -> None:
    house.interpreter.down = True
    down = await house.hear(f"lệ phí {ABOUT_KARAOKE}")
    house.interpreter.down = False
    well = await house.hear(f"lệ phí {ABOUT_KARAOKE}", ask_fee=0.99)
    assert down.replies == well.replies


async def test_a_bare_facet_is_about_the_procedure_last_spoken_of(house: House) -> None:
    await house.hear(ABOUT_KARAOKE)
    result = await house.hear("thế còn lệ phí?", ask_fee=0.9)
    assert (result.outcome, result.facet) == (Outcome.ANSWERED, Facet.FEE)
    assert house.tracker.subject == KARAOKE


async def test_a_bare_facet_of_nothing_is_asked_back(house: House) -> None:
    result = await house.hear("thế còn lệ phí?", ask_fee=0.9)
    assert result.outcome is Outcome.CLARIFIED
    assert result.replies[0].key == "ask_subject"


@pytest.mark.parametrize(
    "answer", ["2", "cái thứ hai", "công ty cổ phần", "co phan", "joint stock", "두 번째요", "第二个"]
)
async def test_a_typed_answer_to_which_one_is_answered_with_the_facet_asked_before(house: House, answer: str) -> None:
    house.ask_which(HOUSEHOLD, STOCK_COMPANY)
    result = await house.hear(answer)
    assert (result.outcome, result.facet) == (Outcome.ANSWERED, Facet.FEE)
    assert result.candidates[0].code == STOCK_COMPANY
    assert "interpret" not in house.storage.events
    assert house.tracker.pending is None


@pytest.mark.parametrize("said", [ABOUT_KARAOKE, "cảm ơn", "👍", "7"])
async def test_whatever_is_said_the_open_question_is_closed(house: House, said: str) -> None:
    house.ask_which(HOUSEHOLD, STOCK_COMPANY)
    await house.hear(said)
    assert house.tracker.pending is None


async def test_a_new_question_is_answered_and_not_forced_into_the_options(house: House) -> None:
    house.ask_which(HOUSEHOLD, STOCK_COMPANY)
    result = await house.hear(ABOUT_KARAOKE)
    assert result.candidates[0].code == KARAOKE


async def test_options_that_are_gone_are_not_chosen(house: House) -> None:
    house.ask_which("9.999999", HOUSEHOLD)
    result = await house.hear("hộ kinh doanh")
    assert result.candidates[0].code == HOUSEHOLD


async def test_an_answer_is_in_the_language_of_the_question(house: House) -> None:
    for text, language in (
        (ABOUT_KARAOKE, Language.VI),
        ("karaoke business licence, which documents?", Language.EN),
        ("노래방 허가 서류", Language.KO),
        ("卡拉OK许可证需要什么材料", Language.ZH),
        ("カラオケの許可に必要な書類", Language.JA),
        ("thế còn lệ phí?", Language.VI),
    ):
        result = await house.hear(text)
        assert result.language is language, text
        assert all(reply.language is language for reply in result.replies)
        assert house.tracker.language is language


async def test_signs_without_words_keep_the_language(house: House) -> None:
    house.remember(language=Language.KO)
    assert (await house.hear("👍")).language is Language.KO
    assert (await house.hear("2.001583")).language is Language.KO


async def test_a_language_that_was_chosen_stays_over_short_answers(house: House) -> None:
    chosen = await house.tap("language:ja")
    assert (chosen.language, chosen.replies[0].key) == (Language.JA, "language_set")
    assert chosen.replies[0].language is Language.JA
    assert (await house.hear("work permit")).language is Language.JA
    assert (await house.hear("how long does a work permit take")).language is Language.EN


async def test_a_language_may_be_chosen_by_command(house: House) -> None:
    result = await house.command("language ko")
    assert (result.language, result.replies[0].language) == (Language.KO, Language.KO)
    asked = await house.command("language klingon")
    assert asked.replies[0].key == "language_ask"
    assert len(asked.replies[0].buttons) == len(Language)


async def test_the_first_command_is_answered_in_the_language_of_the_telephone(house: House) -> None:
    start = a_message("start", address=house.address, kind=Kind.COMMAND)
    result = await house.take(replace(start, language_hint="zh-hans"))
    assert (result.language, result.replies[0].key) == (Language.ZH, "greet")


@pytest.mark.parametrize("hint", ["fr", "", None, "x"])
async def test_a_language_we_do_not_speak_is_no_hint(house: House, hint: str | None) -> None:
    start = a_message("start", address=house.address, kind=Kind.COMMAND)
    assert (await house.take(replace(start, language_hint=hint))).language is Language.VI


async def test_erasing_leaves_only_the_confirmation(house: House) -> None:
    await house.hear(ABOUT_KARAOKE)
    await house.tap("language:en")
    held = await house.command("mydata")
    assert held.replies[0].buttons[0].value == "erase"
    result = await house.tap("erase")
    stored = house.storage.stored
    assert stored.erased == [house.address]
    assert stored.utterances == []
    assert [reply.key for reply in stored.outbox] == ["mydata_erased"]
    assert result.language is Language.EN
    assert (house.tracker.subject, house.tracker.pending, house.tracker.slots) == (None, None, {})


async def test_personal_data_is_hidden_before_it_is_kept(house: House) -> None:
    await house.hear("gọi tôi 0912 345 678 hoặc an@x.vn về giấy phép karaoke")
    assert house.storage.stored.utterances == ["gọi tôi [telephone] hoặc [email] về giấy phép karaoke"]


async def test_an_utterance_over_the_limit_is_cut_with_a_notice(house: House) -> None:
    result = await house.hear(f"{ABOUT_KARAOKE} " + "x" * 10_000)
    assert result.replies[0].key == "too_long"
    assert str(MAX_UTTERANCE) in result.replies[0].text
    assert len(house.storage.stored.utterances[0]) <= MAX_UTTERANCE


@pytest.mark.parametrize("text", ["", "   ", "🎉🎉", "???", "\u200b\u200d", "\x00\x01\x02"])
async def test_what_holds_no_word_is_answered_without_asking_anyone(house: House, text: str) -> None:
    result = await house.hear(text)
    assert (result.outcome, result.replies[0].key) == (Outcome.UNANSWERABLE_UNREADABLE, "unreadable")
    assert house.storage.events == ["recall", "begin", "commit", "end"]


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "'; DROP TABLE contact; --", "{portal} {0} %s", "[a](http://b)"]
)
async def test_markup_is_only_text(house: House, text: str) -> None:
    result = await house.hear(text)
    assert result.outcome is not Outcome.ERROR_INTERNAL
    assert all(text not in reply.text for reply in result.replies)


async def test_a_photo_is_answered_politely(house: House) -> None:
    result = await house.take(a_message("", address=house.address, kind=Kind.UNSUPPORTED))
    assert result.replies[0].key == "unsupported"


@pytest.mark.parametrize("value", ["", "facet:fee:0.000000", "say:apology", "language:fr", "nonsense", "say:example_9"])
async def test_a_button_without_a_meaning_is_said_to_be_old(house: House, value: str) -> None:
    result = await house.tap(value)
    assert (result.outcome, result.replies[0].key) == (Outcome.UNANSWERABLE_UNREADABLE, "stale_button")


async def test_a_token_means_something_to_its_own_contact_only(house: House) -> None:
    house.storage.tokens["t1"] = (house.address, f"facet:fee:{KARAOKE}")
    mine = await house.take(a_message("", address=house.address, kind=Kind.CHOICE, token="t1"))
    assert (mine.outcome, mine.facet) == (Outcome.ANSWERED, Facet.FEE)
    theirs = await house.take(a_message("", kind=Kind.CHOICE, token="t1"))
    assert theirs.replies[0].key == "stale_button"


async def test_an_example_is_asked_in_the_contacts_stead(house: House) -> None:
    house.remember(language=Language.EN)
    result = await house.tap("say:example_2")
    assert result.language is Language.EN
    assert house.storage.stored.utterances == ["How much is a work permit?"]
    assert "interpret" in house.storage.events


async def test_a_status_question_gets_the_portal(house: House) -> None:
    result = await house.hear("hồ sơ của tôi đến đâu rồi", ask_status=0.9)
    assert (result.facet, result.replies[0].key) == (Facet.STATUS, "answer_status")
    assert "dichvucong.gov.vn" in result.replies[0].text


@pytest.mark.parametrize(
    ("intent", "way", "outcome"),
    [
        ("greet", Route.SMALLTALK, Outcome.CONVERSED),
        ("help", Route.HELP, Outcome.CONVERSED),
        ("give_feedback", Route.FEEDBACK, Outcome.CONVERSED),
        ("abuse", Route.ABUSE, Outcome.REFUSED_ABUSE),
        ("manipulate", Route.OUT_OF_SCOPE, Outcome.REFUSED_MANIPULATION),
        ("out_of_scope", Route.OUT_OF_SCOPE, Outcome.REFUSED_OUT_OF_SCOPE),
        ("ask_hotline", Route.HOTLINE, Outcome.REFERRED),
        ("request_official", Route.ESCALATE, Outcome.REFERRED),
    ],
)
async def test_no_turn_is_a_dead_end(house: House, intent: str, way: Route, outcome: Outcome) -> None:
    result = await house.hear("một câu bất kỳ", **{intent: 0.95})
    assert (result.route, result.outcome) == (way, outcome)
    assert result.replies
    if intent != "thank":
        assert any(reply.buttons for reply in result.replies)


async def test_a_probable_stranger_that_fits_a_procedure_is_answered_all_the_same(house: House) -> None:
    result = await house.hear(ABOUT_KARAOKE, out_of_scope=0.6, ask_documents=0.3)
    assert result.outcome is Outcome.ANSWERED


async def test_nothing_found_offers_ways_out_and_answers_nothing(house: House) -> None:
    result = await house.hear("quy trình nuôi kỳ lân bảy màu", ask_steps=0.9)
    assert result.outcome is Outcome.UNANSWERABLE_NOTHING_FOUND
    assert result.citations == ()
    values = [button.value for button in result.replies[0].buttons]
    assert values[-2:] == ["route:hotline", "route:escalate"]


@pytest.mark.parametrize(
    "text", ["hồ sơ cấp giấy phép kinh doanh karaoke", "gia hạn giấy phép quán karaoke", "bản sao giấy phép karaoke"]
)
async def test_one_certificate_of_a_business_is_not_the_whole_way_to_it(house: House, text: str) -> None:
    result = await house.hear(text, ask_documents=0.9)
    assert result.route is Route.ANSWER


async def test_a_line_of_business_gets_the_whole_way(house: House) -> None:
    result = await house.hear("mở quán karaoke cần giấy phép gì", ask_licence=0.9)
    assert (result.route, result.outcome) == (Route.LICENCE, Outcome.ANSWERED)
    assert f"facet:documents:{KARAOKE}" in [button.value for button in result.replies[0].buttons]


async def test_the_day_of_the_answer_is_the_citys(house: House) -> None:
    """At 18:00 in London on 28 April it is the 29th in Hải Phòng, and the record is two years and a day old."""
    late = datetime(2028, 4, 27, 18, 0, tzinfo=UTC)
    early = datetime(2028, 4, 27, 16, 0, tzinfo=UTC)
    said = []
    for at in (early, late):
        tap = a_message("", address=house.address, kind=Kind.CHOICE, choice=f"facet:place:{HOUSEHOLD}")
        result = await house.take(replace(tap, sent_at=at))
        said.append("cập nhật đã lâu" in result.replies[0].text)
    assert said == [False, True]


def test_an_apology_names_the_incident_and_leads_on(wording: Wording) -> None:
    result = apology(Speaker(wording, Language.EN, datetime(2026, 1, 1, tzinfo=UTC).date()), "4f2a")
    assert result.outcome is Outcome.ERROR_INTERNAL
    assert "4f2a" in result.replies[0].text
    assert result.replies[0].buttons
