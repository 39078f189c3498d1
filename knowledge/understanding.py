"""What a question is about: its words without courtesy and without the asking itself.

"Em ơi, xin cấp phép lao động cho người nước ngoài hết bao nhiêu tiền" is a search for "xin cấp phép lao
động cho người nước ngoài"; "thế còn lệ phí?" has no subject at all. The lists are data
(`data/retrieval/question_words.yml`), compared without diacritics.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from bot.domain.diacritics import Restorer
from bot.domain.vietnamese import expand, fold, normalise

from .operations import Operation, OperationReader

_LATIN = re.compile(r"[^\W_]", re.ASCII)
_MARKUP = re.compile(r"[*_`~#|<>\[\]{}]+")
"""Signs that say nothing: pasted formatting would only blur what the embedding sees."""
_BLANKS = re.compile(r"\s+")
_WORD = re.compile(r"[^\W_]+")
_UNSPACED = re.compile(r"[\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7af]")
"""Letters of scripts whose words we do not tell apart by blanks."""
_HERE = re.compile(r"hai ?phong|하이퐁|海防|ハイフォン")
_EDGES = " ,.;:!?…?!。、，？！-–\"'()“”"


class OtherPlaces(BaseModel):
    """Names of other provinces, with the words before them that make them a place to go to."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    before: tuple[str, ...]
    names: tuple[str, ...]
    phrases: tuple[str, ...]


class QuestionWords(BaseModel):
    """The schema of `question_words.yml`: words by language."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    courtesy: Mapping[str, tuple[str, ...]]
    asking: Mapping[str, tuple[str, ...]]
    bare: Mapping[str, tuple[str, ...]]
    leaning: Mapping[str, tuple[str, ...]]
    other_places: OtherPlaces


@dataclass(frozen=True, slots=True)
class Understood:
    """A question prepared for searching.

    `typed` is what the contact wrote; `text` the same with abbreviations spelt out and missing diacritics
    restored; `subject` what is left of that without the asking, empty where the question has no subject of its own.
    `operations` are what it says is to be done; `elsewhere` says that it is about another province.
    """

    typed: str
    text: str
    subject: str
    operations: frozenset[Operation] = frozenset()
    elsewhere: bool = False
    only_operations: bool = False
    """Whether it says what is to be done and not to what ("bị mất thì sao?")."""
    beside: frozenset[str] = frozenset()
    """The folded words left when those for what is to be done and those that only lean on the last are taken away."""


class QuestionReader:
    """Takes a question apart."""

    def __init__(self, words: QuestionWords, restorer: Restorer, operations: OperationReader) -> None:
        self._restorer = restorer
        self.operations = operations
        self._cut = _pattern(
            phrase for group in (words.courtesy, words.asking) for each in group.values() for phrase in each
        )
        self._bare_words = frozenset(fold(w) for language in ("vi", "en") for w in words.bare.get(language, ()))
        self._bare_runs = _pattern(w for language in ("ko", "zh", "ja") for w in words.bare.get(language, ()))
        self._leaning_words = self._bare_words | {fold(w) for each in ("vi", "en") for w in words.leaning.get(each, ())}
        self._leaning_runs = _pattern(
            w for each in ("ko", "zh", "ja") for w in (*words.bare.get(each, ()), *words.leaning.get(each, ()))
        )

        places = words.other_places
        self._places = _pattern(
            [*places.phrases, *(f"{word} {name}" for word in places.before for name in places.names)]
        )

    @classmethod
    def load(cls, data: Path) -> QuestionReader:
        """The reader for the lists below `data`. Raises `OSError`, `yaml.YAMLError`, `ValueError`."""
        words = (data / "retrieval" / "question_words.yml").read_text(encoding="utf-8")
        syllables = json.loads((data / "diacritics.json").read_text(encoding="utf-8"))
        return cls(
            QuestionWords.model_validate(yaml.safe_load(words)),
            Restorer.from_json(syllables),
            OperationReader.load(data / "retrieval" / "operations.yml"),
        )

    def read(self, text: str, *, as_typed: bool = False) -> Understood:
        """`text` as something to search for; never raises. `as_typed` leaves missing diacritics missing."""
        spelt = normalise(expand(normalise(_MARKUP.sub(" ", text))))
        whole = spelt if as_typed else self._restorer.restore(spelt)
        subject = self._without_asking(whole)
        folded = fold(whole)
        elsewhere = bool(self._places.search(folded)) and not _HERE.search(folded)
        operations = self.operations.of_question(subject)
        rest = self.operations.without_operations_asked(subject)
        beside = _words_left(rest, self._leaning_words, self._leaning_runs)
        only_operations = bool(self.operations.surely_of_question(subject)) and not beside
        bare = not _words_left(subject, self._bare_words, self._bare_runs)
        return Understood(text, whole, "" if bare else subject, operations, elsewhere, only_operations, beside)

    def subject_of(self, text: str) -> str:
        """What `text` is about; all of it where nothing would be left (used for what is indexed)."""
        understood = self.read(text)
        return understood.subject or understood.text

    def _without_asking(self, text: str) -> str:
        folded = fold(text)
        if len(folded) != len(text):  # a letter whose lower case is longer; rare, and folded text serves too
            text = folded
        cut = "".join(ch if keep else " " for ch, keep in zip(text, self._kept(folded), strict=True))
        return _BLANKS.sub(" ", cut).strip(_EDGES)

    def _kept(self, folded: str) -> list[bool]:
        kept = [True] * len(folded)
        for match in self._cut.finditer(folded):
            kept[match.start() : match.end()] = [False] * (match.end() - match.start())
        return kept


def _words_left(text: str, words: frozenset[str], runs: re.Pattern[str]) -> frozenset[str]:
    """The words of `text`, folded, but `words`, single letters, and `runs` of scripts without blanks."""
    left = _WORD.findall(runs.sub(" ", fold(text)))
    return frozenset(word for word in left if word not in words and (len(word) > 1 or _UNSPACED.match(word)))


def _pattern(phrases: Iterable[str]) -> re.Pattern[str]:
    """One pattern for all phrases, longest first; Latin ones match whole words only."""
    folded = sorted({fold(phrase) for phrase in phrases}, key=lambda p: (-len(p), p))
    latin = "|".join(re.escape(p) for p in folded if _LATIN.match(p))
    others = "|".join(re.escape(p) for p in folded if not _LATIN.match(p))
    # the look behind stands before the choice: within a word nothing is tried, five times as fast
    return re.compile("|".join(filter(None, [latin and rf"(?<!\w)(?:{latin})(?!\w)", others])) or r"(?!)")


def tokens(text: str) -> list[str]:
    """The words of `text` for lexical ranking: folded words, and pairs of letters of unspaced scripts."""
    found: list[str] = []
    for word in _WORD.findall(fold(text)):
        if _UNSPACED.search(word):
            found += [word[i : i + 2] for i in range(len(word) - 1)] or [word]
        else:
            found.append(word)
    return found


def accented_words(text: str) -> list[str]:
    """The words of `text` that carry a diacritic, in lower case."""
    return [word for word in _WORD.findall(text.lower()) if fold(word) != word and not _UNSPACED.search(word)]


def with_pairs(words: list[str]) -> list[str]:
    """`words` and each two neighbours joined: Vietnamese words are mostly two syllables long."""
    return words + [f"{a}_{b}" for a, b in pairwise(words)]
