"""Telling a composed answer in a model's words, where there is a model and its words are faithful to the facts.

Title, cautions, sources and buttons stay the program's own. On any doubt the composed answer goes out as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from knowledge.composing import Line
from knowledge.faithful.checking import doubt
from knowledge.rephrasing import Division, divide, sheet_of

from .acting import Act
from .ports import Rephraser
from .redaction import redact
from .speaking import Speaker

TOLD, ABSENT = "told", "absent"


class Retelling:
    """Retells; one instance serves all conversations of a process. Without a rephraser it changes nothing."""

    def __init__(self, rephraser: Rephraser | None = None, noted: Callable[[str], None] = lambda result: None) -> None:
        """`noted` hears how each attempt ended: `TOLD`, `ABSENT`, or the kind of the doubt."""
        self._rephraser = rephraser
        self._noted = noted

    async def retell(self, act: Act, question: str, speaker: Speaker) -> Act:
        """`act` with the body of its reply in other words, or `act` itself. Slow: to be called outside transactions."""
        if self._rephraser is None or not act.composed or len(act.replies) != 1:
            return act
        parts = divide(act.composed)
        sheet = sheet_of(parts, speaker.language, lambda line, language: speaker.wording.lines((line,), language))
        if sheet is None:
            return act
        text = await self._rephraser.rephrase(sheet, redact(question))
        if text is None:
            self._noted(ABSENT)
            return act
        if (found := doubt(sheet, text)) is not None:
            self._noted(found.kind)
            return act
        self._noted(TOLD)
        said = _put_together(parts, text, speaker, translated=sheet.written is not sheet.wanted)
        return replace(act, replies=(replace(act.replies[0], text=said),))


def _put_together(parts: Division, text: str, speaker: Speaker, *, translated: bool) -> str:
    after = tuple(_note(line) for line in parts.after) if translated else parts.after
    lines = [speaker.wording.lines(part, speaker.language) for part in (parts.before, after)]
    body = "\n".join(line.rstrip() for line in text.splitlines() if line.strip())
    return "\n".join(part for part in (lines[0], body, lines[1]) if part)


def _note(line: Line) -> Line:
    """Where a machine translated, "quoted as it is" is no longer true."""
    return Line("language_note_machine") if line.key == "language_note_vi" else line
