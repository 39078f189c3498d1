"""What is to be done: the first issue, a reissue, a renewal, a change, an end, a pause.

Siblings among the procedures share every other word, so this one tells them apart. The words are data
(`data/retrieval/operations.yml`).
"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from bot.domain.procedure import Language
from bot.domain.vietnamese import fold

_FIRST_ISSUE = re.compile(
    r"^(?:cap|dang ky)(?:/| va cap|(?: \w+)?,)|cap moi|lan dau|^thanh lap"
    r"|^cap (?!lai|doi|ban sao|gia han|dieu chinh)"
)
_ISSUING = re.compile(r"\b(?:thu tuc|cap moi|cap|dang ky|lan dau|thanh lap|de nghi|truong hop)\b")
_FIRST_ISSUE_IN = {
    Language.VI: "đăng ký",
    Language.EN: "register",
    Language.KO: "등록",
    Language.ZH: "登记",
    Language.JA: "登録",
}
_ASCII = re.compile(r"[a-z]")


class Operation(enum.StrEnum):
    """What is done to a licence or registration that exists already."""

    REISSUE = "reissue"
    RENEW = "renew"
    CHANGE = "change"
    END = "end"
    PAUSE = "pause"


class OperationWords(BaseModel):
    """The words for one operation: in titles, and in questions of each language."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: tuple[str, ...]
    vi: tuple[str, ...]
    en: tuple[str, ...]
    ko: tuple[str, ...]
    zh: tuple[str, ...]
    ja: tuple[str, ...]
    vague: tuple[str, ...] = ()


class OperationReader:
    """Tells the operations that a title or a question names."""

    def __init__(self, words: Mapping[Operation, OperationWords]) -> None:
        self._words = words
        self._titles = {operation: _pattern(each.title) for operation, each in words.items()}
        self._vague = frozenset(fold(word) for each in words.values() for word in each.vague)
        self._asked = {
            operation: _pattern((*each.vi, *each.en, *each.ko, *each.zh, *each.ja)) for operation, each in words.items()
        }

    @classmethod
    def load(cls, path: Path) -> OperationReader:
        """The reader for the words at `path`. Raises `OSError`, `yaml.YAMLError`, `ValidationError`."""
        words = yaml.safe_load(path.read_text(encoding="utf-8"))
        return cls(TypeAdapter(dict[Operation, OperationWords]).validate_python(words))

    def of_title(self, title: str) -> frozenset[Operation]:
        """The operations a procedure is for; none for a first issue, also where its title names others beside it."""
        folded = fold(title)
        operations = frozenset(operation for operation, pattern in self._titles.items() if pattern.search(folded))
        return (
            frozenset()
            if _FIRST_ISSUE.search(folded) and not self._begins_with_an_operation(folded.removeprefix("thu tuc "))
            else operations
        )

    def named_in(self, title: str) -> frozenset[Operation]:
        """Every operation a title names, also beside a first issue."""
        folded = fold(title)
        return frozenset(operation for operation, pattern in self._titles.items() if pattern.search(folded))

    def without_operations(self, title: str) -> str:
        """A title, folded, without the words for what is done."""
        folded = fold(title)
        for pattern in (*self._titles.values(), _ISSUING):
            folded = pattern.sub(" ", folded)
        return folded

    def without_operations_asked(self, text: str) -> str:
        """A question, folded, without the words for what is to be done."""
        folded = fold(text)
        for pattern in self._asked.values():
            folded = pattern.sub(" ", folded)
        return folded

    def words_asked(self, text: str) -> frozenset[str]:
        """The words, folded, by which a question names its operations."""
        folded = fold(text)
        return frozenset(found.group() for pattern in self._asked.values() for found in pattern.finditer(folded))

    def first_word(self, operations: frozenset[Operation], language: Language) -> str:
        """The plainest word for what `operations` do; that of a first issue where there are none."""
        for operation in sorted(operations):
            return str(getattr(self._words[operation], language.value)[0])
        return _FIRST_ISSUE_IN[language]

    def surely_of_question(self, text: str) -> frozenset[Operation]:
        """The operations a question names by more than a vague word."""
        folded = fold(text)
        return frozenset(
            operation
            for operation, pattern in self._asked.items()
            if any(found.group() not in self._vague for found in pattern.finditer(folded))
        )

    def of_question(self, text: str) -> frozenset[Operation]:
        """The operations a question names."""
        folded = fold(text)
        return frozenset(operation for operation, pattern in self._asked.items() if pattern.search(folded))

    def _begins_with_an_operation(self, folded: str) -> bool:
        return any((found := pattern.search(folded)) and found.start() == 0 for pattern in self._titles.values())


def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    folded = sorted({fold(word) for word in words}, key=lambda word: (-len(word), word))
    latin = "|".join(re.escape(word) for word in folded if _ASCII.match(word))
    others = "|".join(re.escape(word) for word in folded if not _ASCII.match(word))
    return re.compile("|".join(filter(None, [latin and rf"(?<!\w)(?:{latin})(?!\w)", others])) or r"(?!)")
