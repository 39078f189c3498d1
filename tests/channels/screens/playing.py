"""Plays a transcript on a screen: what a contact types, taps and sees, and nothing of what lies behind it.

Of a turn's expectations those that can be seen are checked: how many replies come, `says`, `never`, `files`, and the
titles among `offers`. Files must be expected in order to come.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tests.conversation.transcripts import Arranger, Screen, Transcript, TranscriptTurn, read_transcripts

_CODE = re.compile(r"\b[2-9A-Z]{6}\b")
_VALUE = re.compile(r"[a-z]+:")


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A file on the screen under its title."""

    title: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A reply on the screen: its text, the titles of its buttons, its files."""

    text: str
    titles: tuple[str, ...] = ()
    files: tuple[ShownFile, ...] = ()


class Chat(Protocol):
    """A contact in front of a screen."""

    async def says(self, text: str) -> None: ...

    async def taps(self, title: str) -> None: ...

    async def sees(self, replies: int, files: int) -> list[Shown]:
        """The next `replies` with their `files`. Raises `AssertionError` where they do not come, or others do."""
        ...


class Clock:
    """What time it is for everybody."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


def transcripts_for(screen: Screen) -> list[Transcript]:
    return [transcript for transcript in read_transcripts() if screen in transcript.also]


async def play_on(chat: Chat, transcript: Transcript, arranger: Arranger, clock: Clock) -> list[Shown]:
    """Everything that was shown. Raises `AssertionError` at the first turn that goes otherwise."""
    now = transcript.given.now
    if now is None:
        raise ValueError(f"{transcript.name!r} needs a clock")
    clock.now = now
    await arranger.arrange(transcript.given)
    seen: list[Shown] = []
    last: list[Shown] = []
    code = ""
    for number, turn in enumerate(transcript.turns, start=1):
        clock.now += turn.after
        where = f"{transcript.name!r}, turn {number}, {turn.shown}"
        await _do(chat, turn, code, last, where)
        try:
            last = await chat.sees(len(turn.bot or ()), len(turn.files or ()))
        except AssertionError as error:
            raise AssertionError(f"{where}\n  - {error}") from error
        if wrong := list(_faults(turn, last, code)):
            raise AssertionError("\n".join([where, *(f"  - {fault}" for fault in wrong), *map(str, last)]))
        seen += last
        code = next((found for file in _files(last) for found in _CODE.findall(file.title)), code)
    return seen


async def _do(chat: Chat, turn: TranscriptTurn, code: str, before: Sequence[Shown], where: str) -> None:
    if turn.tap is not None:
        titles = [title for shown in before for title in shown.titles]
        title = next((title for title in titles if title.startswith(turn.tap)), None)
        if title is None:
            raise AssertionError(f"{where}\n  - no such button; there were {titles}")
        await chat.taps(title)
    elif turn.command is not None:
        await chat.says(f"/{turn.command}")
    else:
        text = (turn.contact or "").replace("{code}", code).replace("{small code}", code.lower())
        await chat.says(text * turn.times)


def _faults(turn: TranscriptTurn, seen: Sequence[Shown], code: str) -> Iterator[str]:
    text = "\n".join(shown.text for shown in seen)
    for fragment in turn.says:
        if fragment.replace("{code}", code) not in text:
            yield f"did not show {fragment!r}"
    yield from (f"showed {fragment!r}" for fragment in turn.never if fragment.lower() in text.lower())
    files = tuple(file.media_type for file in _files(seen))
    if files != (turn.files or ()):
        yield f"files {list(files)}, expected {list(turn.files or ())}"
    left = [title for shown in seen for title in shown.titles]
    for wanted in turn.offers:
        if _VALUE.match(wanted):
            continue  # nobody sees the value of a button
        title = next((title for title in left if title.startswith(wanted)), None)
        if title is None:
            yield f"offered no button {wanted!r} (or not that many): {left}"
        else:
            left.remove(title)


def _files(seen: Sequence[Shown]) -> list[ShownFile]:
    return [file for shown in seen for file in shown.files]
