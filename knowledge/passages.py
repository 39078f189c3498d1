"""What is indexed for a procedure: its title, its keywords, and the questions owners ask about it."""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.domain.procedure import Language, Origin, Procedure

from .procedures import LayData
from .understanding import QuestionReader


class Kind(enum.StrEnum):
    """What a passage is; questions and titles are separate evidence."""

    TITLE = "title"
    OVERVIEW = "overview"
    QUESTION = "question"
    """A lay question or a lay word for the procedure."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One text that can be found. `language` is its own; folded Vietnamese counts as Vietnamese."""

    code: str
    kind: Kind
    language: Language
    text: str
    id: str = field(init=False)
    """Digest of all of the above: an unchanged passage keeps its id and is not embedded again."""

    def __post_init__(self) -> None:
        key = "\x1f".join((self.code, self.kind, self.language, self.text))
        object.__setattr__(self, "id", hashlib.sha256(key.encode()).hexdigest()[:32])


def passages(procedures: Iterable[Procedure], lay: Mapping[str, LayData], reader: QuestionReader) -> dict[str, Passage]:
    """Every passage of `procedures`, by id. Lay questions are indexed as what they are about."""
    found: dict[str, Passage] = {}
    for procedure in procedures:
        for passage in _of(procedure, lay.get(procedure.code), reader):
            found[passage.id] = passage
    return found


def _of(procedure: Procedure, lay: LayData | None, reader: QuestionReader) -> Iterable[Passage]:
    for language in Language:
        if (title := procedure.title.within(language)) is not None:
            yield Passage(procedure.code, Kind.TITLE, language, title)
    if procedure.origin is Origin.CITY and procedure.overview is not None:
        yield Passage(procedure.code, Kind.OVERVIEW, Language.VI, procedure.overview.vi)
    for keyword in procedure.keywords:
        yield Passage(procedure.code, Kind.QUESTION, Language.VI, reader.subject_of(keyword))
    if lay is None:
        return
    asked = {
        Language.VI: (*lay.vi, *lay.folded, *lay.words),
        Language.EN: lay.en,
        Language.KO: lay.ko,
        Language.ZH: lay.zh,
        Language.JA: lay.ja,
    }
    for language, questions in asked.items():
        for question in questions:
            yield Passage(procedure.code, Kind.QUESTION, language, reader.subject_of(question))
