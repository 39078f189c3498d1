"""What of a composed answer may be told in other words, and what stays as the program says it.

Title, cautions, notes and sources stay. What is told otherwise becomes a sheet of facts, to check the telling against.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from bot.domain.procedure import Language, Text

from .composing import Fact as Said
from .composing import Line, Phrase, Phrases
from .faithful.checking import may_be_sent
from .faithful.sheet import Fact, Sheet
from .faithful.splitting import bare

LONGEST = 2_500
"""Characters of facts; more cannot be retold in the time a contact waits."""
MOST = 30
"""Facts, likewise."""
_ENDS_BODY = ("caution_", "language_note_", "source_")

Say = Callable[[Line, Language], str]


@dataclass(frozen=True, slots=True)
class Division:
    """A composed answer in three parts, the middle of which may be told otherwise."""

    before: tuple[Line, ...]
    body: tuple[Line, ...]
    after: tuple[Line, ...]


def divide(lines: Sequence[Line]) -> Division:
    """Parts `lines` at the title and at the first line that is about the answer rather than in it."""
    start = next((at for at, line in enumerate(lines) if line.key != "answer_title"), len(lines))
    end = next((at for at, line in enumerate(lines) if line.key.startswith(_ENDS_BODY)), len(lines))
    return Division(tuple(lines[:start]), tuple(lines[start:end]), tuple(lines[end:]))


def sheet_of(division: Division, language: Language, say: Say) -> Sheet | None:
    """The facts of the body, to be retold in `language`; None where that is not worth it or not safe.

    Facts that the record does not hold in `language` are written in Vietnamese, so that one language is read.
    """
    if not any(line.key.startswith("section_") for line in division.body):
        return None
    texts = list(_texts(line.facts.values() for line in division.body))
    written = language if all(text.within(language) is not None for text in texts) else Language.VI
    titles = [fact for line in division.before for fact in line.facts.values() if isinstance(fact, Text)]
    names = [name for title in titles for wanted in (language, Language.VI) if (name := title.within(wanted))]
    sheet = Sheet(tuple(_facts(division.body, written, say)), written, language, tuple(dict.fromkeys(names)))
    small = sheet.size <= LONGEST and len(sheet.facts) <= MOST
    return sheet if small and may_be_sent(sheet) else None


def _facts(body: Iterable[Line], written: Language, say: Say) -> list[Fact]:
    found: list[Fact] = []
    section = heading = ""
    for line in body:
        said = say(line, written)
        if line.key.startswith("section_"):
            section, heading = line.key, said
            if isinstance(case := line.facts.get("case"), Text):
                found.append(Fact(case.best(written)[0], section))
        elif line.key == "note_line" and found:
            found[-1] = replace(found[-1], text=f"{found[-1].text}\n{said.strip()}")
        else:
            found.append(Fact(bare(said), section, heading))
    return found


def _texts(facts: Iterable[Iterable[Said | None]]) -> Iterable[Text]:
    for held in facts:
        for fact in held:
            match fact:
                case Text():
                    yield fact
                case Phrase():
                    yield from _texts([fact.facts.values()])
                case Phrases():
                    yield from _texts([fact.parts])
