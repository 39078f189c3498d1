"""What is indexed for a procedure: its title, its keywords, and the questions owners ask about it."""

from __future__ import annotations

import enum
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from pydantic import TypeAdapter

from bot.domain.procedure import Language, Origin, Procedure, Text
from bot.domain.vietnamese import is_english, is_folded

from .procedures import LayData
from .understanding import QuestionReader


class Tongue(enum.StrEnum):
    """How a text is written, as the embedding sees it: Vietnamese without diacritics is a tongue of its own."""

    VI = "vi"
    FOLDED = "folded"
    EN = "en"
    KO = "ko"
    ZH = "zh"
    JA = "ja"


_HANGUL = re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]")
_KANA = re.compile(r"[\u3040-\u30ff]")
_HAN = re.compile(r"[\u3400-\u9fff]")


def read_elsewhere(path: Path) -> list[str]:
    """The questions that are not ours, from a file of themes.

    Raises `OSError`, `yaml.YAMLError`, `ValidationError`.
    """
    themes = TypeAdapter(dict[str, list[str]]).validate_python(yaml.safe_load(path.read_text("utf-8")))
    return [question for questions in themes.values() for question in questions]


def tongue(text: str, language: Language) -> Tongue:
    """The tongue of `text`, told by its letters; `language` decides between English and bare Vietnamese."""
    if _HANGUL.search(text):
        return Tongue.KO
    if _KANA.search(text):
        return Tongue.JA
    if _HAN.search(text):
        return Tongue.JA if language is Language.JA else Tongue.ZH
    if not is_folded(text):
        return Tongue.VI
    return Tongue.EN if language is Language.EN else Tongue.FOLDED


EMBEDDED = "e5-small, as questions"
"""How vectors are made; what is indexed is embedded anew when this changes."""


class Kind(enum.StrEnum):
    """What a passage is; questions and titles are separate evidence."""

    TITLE = "title"
    OVERVIEW = "overview"
    QUESTION = "question"
    """A lay question or a lay word for the procedure."""
    ELSEWHERE = "elsewhere"
    """A question that is not ours; it belongs to no procedure, its code is empty."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One text that can be found. `language` is its own; folded Vietnamese counts as Vietnamese."""

    code: str
    kind: Kind
    language: Language
    text: str
    id: str = field(init=False)
    """Digest of all of the above and of how it is embedded: an unchanged passage is not embedded again."""

    def __post_init__(self) -> None:
        key = "\x1f".join((EMBEDDED, self.code, self.kind, self.language, self.text))
        object.__setattr__(self, "id", hashlib.sha256(key.encode()).hexdigest()[:32])


def passages(
    procedures: Iterable[Procedure],
    lay: Mapping[str, LayData],
    reader: QuestionReader,
    elsewhere: Iterable[str] = (),
    group_titles: Mapping[str, Text] | None = None,
) -> dict[str, Passage]:
    """Every passage of `procedures`, by id. Lay questions are indexed as what they are about.

    `elsewhere` are questions that are not ours. `group_titles` names the groups of near-duplicates: every member
    is found by its group's name, so that a vague question ("suspend my business") finds all of them alike and is
    asked back.
    """
    found: dict[str, Passage] = {}
    for question in elsewhere:
        language = Language.EN if is_english(question) else Language.VI
        passage = Passage("", Kind.ELSEWHERE, language, reader.subject_of(question))
        found[passage.id] = passage
    for procedure in procedures:
        for passage in _of(procedure, lay.get(procedure.code), reader):
            found[passage.id] = passage
        group = (group_titles or {}).get(procedure.group or "")
        for language in Language:
            if group is not None and (title := group.within(language)) is not None:
                passage = Passage(procedure.code, Kind.QUESTION, language, reader.subject_of(title))
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
