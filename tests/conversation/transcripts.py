"""Transcripts: conversations as data (`tests/transcripts/*.yml`), and the runner that plays them.

A transcript asserts reply keys, outcomes and facts rather than wording. Of a turn's expectations only
those that are written are checked; the language always is.
"""

from __future__ import annotations

import enum
import itertools
import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Protocol, Self

import yaml
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from bot.conversation.choices import ShowFacet, read_choice
from bot.conversation.messages import Address, Button, InboundMessage, Kind
from bot.conversation.outcomes import Outcome, Route, TurnResult
from bot.domain.procedure import Facet, Language

FOLDER = Path(__file__).parents[1] / "transcripts"
ANY_REPLY = "*"
"""Stands in `bot` for one reply with any key."""
_SHOWN = 700
"""Characters of a reply that a failure shows."""
_numbers = itertools.count(1)


class Screen(enum.StrEnum):
    """Where a transcript is also played as a contact sees it (`tests/channels/screens/`)."""

    WEB = "web"
    TELEGRAM = "telegram"


class Assistant(Protocol):
    """The real turn, with one line for each thing a contact can do."""

    async def say(self, conversation: str, text: str, at: datetime | None = None) -> TurnResult: ...

    async def tap(self, conversation: str, value: str, at: datetime | None = None) -> TurnResult: ...

    async def command(self, conversation: str, name: str) -> TurnResult: ...

    async def send(self, message: InboundMessage) -> TurnResult: ...


class Full(BaseModel):
    """Openings of a service that others have taken: those of the minute `at`, or all of the `day`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    service: str
    at: AwareDatetime | None = None
    day: date | None = None


class Closed(BaseModel):
    """A day on which a department (or none named: everybody) receives nobody."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    day: date
    reason: str
    department: str | None = None


class Elsewhere(BaseModel):
    """An appointment that an official booked for somebody."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str
    service: str
    at: AwareDatetime
    telephone: str


class Given(BaseModel):
    """What is so before the first turn. `now` is the clock of every turn; without it turns happen now."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    now: AwareDatetime | None = None
    full: tuple[Full, ...] = ()
    closed: tuple[Closed, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()


class Arranger(Protocol):
    """Makes what is given come true, in an empty book of appointments."""

    async def arrange(self, given: Given) -> None: ...


class TranscriptTurn(BaseModel):
    """What the contact did (exactly one of `contact`, `tap`, `value`, `command`, `sends`), and what must follow."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    contact: str | None = None
    """Typed text, written `times` times over."""
    times: int = Field(default=1, ge=1)
    tap: str | None = None
    """A button of the previous replies, by its title or by how its value or title begins."""
    value: str | None = None
    """The value of a button that the previous replies need not have: an old one, or tampering."""
    command: str | None = None
    """A slash command without its slash."""
    sends: Kind | None = None
    """Something without text: `unsupported` is a photo, a file, a sticker."""

    after: timedelta = timedelta()
    """How much later than the previous turn this happens, by the given clock: `PT11M`."""
    bot: tuple[str, ...] | None = None
    """The keys of all replies, in order."""
    outcome: Outcome | None = None
    route: Route | None = None
    """Checked where written, also when written as null."""
    facet: Facet | None = None
    procedure: str | None = None
    """The code of the first candidate."""
    option: int | None = None
    """The procedure behind the n-th button of the previous replies is the first candidate."""
    says: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    """What must not be said, whatever the case of its letters."""
    files: tuple[str, ...] | None = None
    """The media types of all files that come with the replies, in order."""
    offers: tuple[str, ...] = ()
    """Different buttons, each by its title or by how its value or title begins."""
    language: Language | None = None
    form: str | None = None
    """Checked where written, also when written as null."""
    asks: str | None = None
    """Checked where written, also when written as null."""
    slots: dict[str, str | None] = {}
    """Slots that must hold this value; null: that must be empty."""
    appointments: tuple[dict[str, str], ...] | None = None
    """The appointments shown: of each, `department`, `starts_at` or `state` as `bot ask` prints them."""

    @model_validator(mode="after")
    def _does_one_thing(self) -> Self:
        done = [self.contact, self.tap, self.value, self.command, self.sends]
        if sum(thing is not None for thing in done) != 1:
            raise ValueError("a turn needs exactly one of contact, tap, value, command, sends")
        return self

    @property
    def shown(self) -> str:
        """What the contact did, on one line."""
        if self.contact is not None:
            text = self.contact if self.times == 1 else f"{self.contact} (x {self.times})"
            return f"contact: {text[:200]!r}"
        names = ("tap", "value", "command", "sends")
        return next(f"{name}: {thing}" for name in names if (thing := getattr(self, name)) is not None)


class Transcript(BaseModel):
    """One conversation. `language` is that of every turn which names no other."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    language: Language = Language.VI
    given: Given = Given()
    also: tuple[Screen, ...] = ()
    """Beside the real turn. On a screen there are no values and no keys, so such a transcript taps titles, and
    the keys of `bot` tell how many replies come."""
    turns: tuple[TranscriptTurn, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _can_be_seen(self) -> Self:
        if self.also and any(
            turn.bot is None or turn.value or turn.sends or (turn.tap and ":" in turn.tap) for turn in self.turns
        ):
            raise ValueError("a transcript for screens needs `bot` in every turn and taps titles only")
        return self


def read_transcripts(folder: Path = FOLDER) -> list[Transcript]:
    """All transcripts of a folder. Raises `OSError`, `yaml.YAMLError`, `pydantic.ValidationError`."""
    found: list[Transcript] = []
    for path in sorted(folder.glob("*.yml")):
        entries = yaml.safe_load(path.read_text(encoding="utf-8")) or []
        found += [Transcript.model_validate(entry) for entry in entries]
    return found


async def play(assistant: Assistant, transcript: Transcript, arranger: Arranger | None = None) -> None:
    """Take every turn in a conversation of its own; raises `AssertionError` at the first that goes otherwise.

    `arranger` makes true what the transcript takes as given beside the clock.
    """
    conversation = f"transcript-{uuid.uuid4().hex[:12]}"
    buttons: list[Button] = []
    code = ""
    now = transcript.given.now
    if arranger is not None and now is not None:
        await arranger.arrange(transcript.given)
    for number, turn in enumerate(transcript.turns, start=1):
        where = f"{transcript.name!r}, turn {number}, {turn.shown}"
        now = now + turn.after if now is not None else None
        turn = _with_code(turn, code)
        result = await _take(assistant, conversation, turn, buttons, where, now)
        wrong = list(_faults(turn, result, turn.language or transcript.language, buttons))
        if wrong:
            raise AssertionError("\n".join([where, *(f"  - {fault}" for fault in wrong), _heard(result)]))
        buttons = _buttons(result)
        code = next((each.code for each in result.appointments if each.state == "booked"), code)


def _with_code(turn: TranscriptTurn, code: str) -> TranscriptTurn:
    """`{code}` stands for the code of the appointment last shown, which is made up anew each time."""

    def put(text: str | None) -> str | None:
        return text.replace("{code}", code).replace("{small code}", code.lower()) if text is not None else None

    says = tuple(fragment.replace("{code}", code) for fragment in turn.says)
    return turn.model_copy(update={"contact": put(turn.contact), "value": put(turn.value), "says": says})


async def _take(
    assistant: Assistant,
    conversation: str,
    turn: TranscriptTurn,
    buttons: Sequence[Button],
    where: str,
    now: datetime | None,
) -> TurnResult:
    if turn.contact is not None:
        return await assistant.say(conversation, turn.contact * turn.times, now)
    if turn.command is not None:
        return await assistant.command(conversation, turn.command)
    if turn.value is not None:
        return await assistant.tap(conversation, turn.value, now)
    if turn.tap is not None:
        button = next((button for button in buttons if _is_meant(turn.tap, button)), None)
        if button is None:
            raise AssertionError(f"{where}\n  - no such button; there were: {_titles(buttons)}")
        return await assistant.tap(conversation, button.value, now)
    message = InboundMessage(
        address=Address("transcript", conversation),
        event_id=f"{conversation}-{next(_numbers)}",
        kind=turn.sends or Kind.UNSUPPORTED,
        sent_at=now or datetime.now(UTC),
    )
    return await assistant.send(message)


def _faults(turn: TranscriptTurn, result: TurnResult, language: Language, before: Sequence[Button]) -> Iterator[str]:
    keys = tuple(reply.key for reply in result.replies)
    text = "\n".join(reply.text for reply in result.replies)
    if turn.bot is not None and not _fits(turn.bot, keys):
        yield f"replied {list(keys)}, expected {list(turn.bot)}"
    if turn.outcome is not None and result.outcome is not turn.outcome:
        yield f"outcome {result.outcome}, expected {turn.outcome}"
    if "route" in turn.model_fields_set and result.route is not turn.route:
        yield f"route {result.route}, expected {turn.route}"
    if turn.facet is not None and result.facet is not turn.facet:
        yield f"facet {result.facet}, expected {turn.facet}"
    if result.language is not language:
        yield f"language {result.language}, expected {language}"
    code = result.candidates[0].code if result.candidates else None
    expected = turn.procedure if turn.option is None else _code(before, turn.option)
    if expected is not None and code != expected:
        yield f"procedure {code}, expected {expected}"
    yield from (f"did not say {fragment!r}" for fragment in turn.says if fragment not in text)
    yield from (f"said {fragment!r}" for fragment in turn.never if fragment.lower() in text.lower())
    sent = tuple(file.media_type for reply in result.replies for file in reply.attachments)
    if turn.files is not None and sent != turn.files:
        yield f"files {list(sent)}, expected {list(turn.files)}"
    yield from _faults_of_the_form(turn, result)
    left = _buttons(result)
    for wanted in turn.offers:
        button = next((button for button in left if _is_meant(wanted, button)), None)
        if button is None:
            yield f"offered no button {wanted!r} (or not that many)"
        else:
            left.remove(button)


def _faults_of_the_form(turn: TranscriptTurn, result: TurnResult) -> Iterator[str]:
    if "form" in turn.model_fields_set and result.form != turn.form:
        yield f"form {result.form}, expected {turn.form}"
    if "asks" in turn.model_fields_set and result.asks != turn.asks:
        yield f"asks {result.asks}, expected {turn.asks}"
    for slot, value in turn.slots.items():
        if result.slots.get(slot) != value:
            yield f"slot {slot} {result.slots.get(slot)!r}, expected {value!r}"
    if turn.appointments is None:
        return
    shown = [
        {"department": a.department, "starts_at": a.starts_at.isoformat(), "state": a.state}
        for a in result.appointments
    ]
    if len(shown) != len(turn.appointments) or any(
        wanted.items() - one.items() for wanted, one in zip(turn.appointments, shown, strict=True)
    ):
        yield f"appointments {shown}, expected {list(turn.appointments)}"


def _fits(expected: Sequence[str], keys: Sequence[str]) -> bool:
    return len(expected) == len(keys) and all(
        wanted in (ANY_REPLY, key) for wanted, key in zip(expected, keys, strict=True)
    )


def _is_meant(wanted: str, button: Button) -> bool:
    return button.title.startswith(wanted) or (bool(button.value) and button.value.startswith(wanted))


def _buttons(result: TurnResult) -> list[Button]:
    return [button for reply in result.replies for button in reply.buttons]


def _code(buttons: Sequence[Button], place: int) -> str:
    """The procedure behind the button at `place` (from 1); a word that is no code where there is none."""
    choice = read_choice(buttons[place - 1].value) if place <= len(buttons) else None
    return choice.code if isinstance(choice, ShowFacet) else f"of button {place}"


def _titles(buttons: Sequence[Button]) -> str:
    return ", ".join(f"{button.title!r} ({button.value or button.url})" for button in buttons) or "none"


def _heard(result: TurnResult) -> str:
    """Everything that explains a failure, one thing a line."""
    said = result.interpretation
    ranking = ", ".join(f"{name} {p:.2f}" for name, p in said.ranking[:4]) if said is not None else ""
    heard = f"{said.intent} {said.confidence:.2f} [{ranking}]" if said is not None else "nothing interpreted"
    candidates = ", ".join(f"{c.code} {c.score:.2f} {c.title[:50]}" for c in result.candidates) or "none"
    lines = [
        f"  heard: {heard}{' (degraded)' if said is not None and said.degraded else ''}",
        f"  decided: route {result.route}, outcome {result.outcome}, facet {result.facet}, {result.language}",
        f"  candidates: {candidates}",
    ]
    lines.append(f"  form {result.form}, asks {result.asks}, slots {result.slots}")
    lines += [f"  said {reply.key}: {reply.text[:_SHOWN]}" for reply in result.replies]
    lines.append(f"  buttons: {_titles(_buttons(result))}")
    return "\n".join(lines)
