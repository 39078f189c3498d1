"""Extraction: the closed-class entities of an utterance, each with its place in the text as typed.

Names are matched by spaCy over our own tokens, folded and with abbreviations spelt out, so that
"SO XAY DUNG", "Sở xây dựng" and "cty tnhh" are found alike and offsets stay those of the original.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import yaml
from bot.domain.vietnamese import expand, fold, same_word

from nlu.fingerprint import ROOT
from nlu.learning.tokens import tokens_of

from .patterns import CODES, NUMBERS, Finders
from .places import AT, places

if TYPE_CHECKING:
    from spacy.matcher import PhraseMatcher
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

_LEXICON = Path(__file__).with_name("lexicon.yml")
_NAMES_TOO = frozenset({"hong"})  # teencode for "không" too, which is no entity; Hồng Bàng is
_WARDS = ROOT / "data" / "directory" / "wards.yml"


class Entity(NamedTuple):
    kind: str
    value: str
    start: int
    end: int


_Meaning = tuple[str, str, "tuple[str, ...]"]
"""Kind, value, the words of the saying."""


class _Word(NamedTuple):
    text: str
    start: int
    end: int


class Extractor:
    """`entities` of an utterance, codes before names, long names before short, numbers last.

    Places stand beside the others and may lie within one: "UBND phường Lê Chân" is an authority and a ward.
    """

    def __init__(self, lexicon: Path = _LEXICON, wards: Path = _WARDS) -> None:
        self._names: dict[str, dict[str, list[str]]] = yaml.safe_load(lexicon.read_text(encoding="utf-8"))
        where = places(wards)
        self._where = frozenset(where)
        self._names |= where

    def entities(self, text: str) -> list[Entity]:
        longest_first = sorted(self._named(text), key=lambda e: (e.start - e.end, e.start))
        codes = _shaped(CODES, text)
        where = _apart([*codes, *(e for e in longest_first if e.kind in self._where)])[len(codes) :]
        others = [e for e in longest_first if e.kind not in self._where]
        found = _apart([*codes, *others, *_shaped(NUMBERS, text)])
        return sorted([*found, *where], key=lambda entity: (entity.start, -entity.end))

    def _named(self, text: str) -> list[Entity]:
        words = _words(text)
        matcher, meanings = self._matcher
        hits: dict[tuple[str, int, int], set[str]] = {}
        for key, first, last in matcher(self._doc([word.text for word in words])):
            for kind, value, meant in meanings[key]:
                if all(same_word(word.text, own) for word, own in zip(words[first:last], meant, strict=True)):
                    skip = 1 if kind in self._where and meant[0] in AT else 0
                    place = (kind, words[first + skip].start, words[last - 1].end)
                    hits.setdefault(place, set()).update(value.split(","))
        # Without diacritics two names may look alike: then both are meant.
        return [Entity(kind, ",".join(sorted(values)), *place) for (kind, *place), values in hits.items()]

    @cached_property
    def _vocab(self) -> Vocab:
        import spacy

        return spacy.blank("xx").vocab

    @cached_property
    def _matcher(self) -> tuple[PhraseMatcher, dict[int, list[_Meaning]]]:
        """Finds folded sayings; each may be how several accented ones look."""
        from spacy.matcher import PhraseMatcher

        matcher = PhraseMatcher(self._vocab, attr="ORTH")
        meanings: dict[int, list[_Meaning]] = {}
        for kind, values in self._names.items():
            for value, sayings in values.items():
                for said in sayings:
                    meant = tuple(word for word, _, _ in tokens_of(said))
                    folded = " ".join(map(fold, meant))
                    if self._vocab.strings.add(folded) not in meanings:
                        matcher.add(folded, [self._doc(meant)])
                    meanings.setdefault(self._vocab.strings[folded], []).append((kind, value, meant))
        return matcher, meanings

    def _doc(self, words: Sequence[str]) -> Doc:
        from spacy.tokens import Doc

        return Doc(self._vocab, words=[fold(word) for word in words])


def _apart(entities: Iterable[Entity]) -> list[Entity]:
    """Those that overlap none before them."""
    found: list[Entity] = []
    for entity in entities:
        if all(entity.end <= other.start or other.end <= entity.start for other in found):
            found.append(entity)
    return found


def _words(text: str) -> list[_Word]:
    """Tokens with abbreviations spelt out; the words of one abbreviation share its place."""
    words = []
    for token, start, end in tokens_of(text):
        long = token if fold(token) in _NAMES_TOO else expand(token)
        spelt = [token] if long == token else [word for word, _, _ in tokens_of(long)]
        words += [_Word(word, start, end) for word in spelt]
    return words


def _shaped(finders: Finders, text: str) -> list[Entity]:
    return [Entity(kind, *hit) for kind, finder in finders for hit in finder(text)]
