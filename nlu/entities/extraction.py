"""Extraction: the closed-class entities of an utterance, each with its place in the text as typed.

Names are matched by spaCy over our own tokens, folded and with abbreviations spelt out, so that
"SO XAY DUNG", "Sở xây dựng" and "cty tnhh" are found alike and offsets stay those of the original.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import yaml
from bot.domain.vietnamese import expand, fold, same_word

from nlu.learning.tokens import tokens_of

from .patterns import CODES, NUMBERS, Finders

if TYPE_CHECKING:
    from spacy.matcher import PhraseMatcher
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

_LEXICON = Path(__file__).with_name("lexicon.yml")


class Entity(NamedTuple):
    kind: str
    value: str
    start: int
    end: int


class _Word(NamedTuple):
    text: str
    start: int
    end: int


class Extractor:
    """`entities` of an utterance, codes before names, long names before short, numbers last."""

    def __init__(self, lexicon: Path = _LEXICON) -> None:
        self._names: dict[str, dict[str, list[str]]] = yaml.safe_load(lexicon.read_text(encoding="utf-8"))

    def entities(self, text: str) -> list[Entity]:
        longest_first = sorted(self._named(text), key=lambda e: (e.start - e.end, e.start))
        found: list[Entity] = []
        for entity in [*_shaped(CODES, text), *longest_first, *_shaped(NUMBERS, text)]:
            if all(entity.end <= other.start or other.end <= entity.start for other in found):
                found.append(entity)
        return sorted(found, key=lambda entity: entity.start)

    def _named(self, text: str) -> list[Entity]:
        words = _words(text)
        matcher, meanings = self._matcher
        hits = []
        for key, first, last in matcher(self._doc([word.text for word in words])):
            kind, value, said = meanings[self._vocab.strings[key]]
            meant = [word for word, _, _ in tokens_of(said)]
            if all(same_word(word.text, own) for word, own in zip(words[first:last], meant, strict=True)):
                hits.append(Entity(kind, value, words[first].start, words[last - 1].end))
        return hits

    @cached_property
    def _vocab(self) -> Vocab:
        import spacy

        return spacy.blank("xx").vocab

    @cached_property
    def _matcher(self) -> tuple[PhraseMatcher, dict[str, tuple[str, str, str]]]:
        from spacy.matcher import PhraseMatcher

        matcher, meanings = PhraseMatcher(self._vocab, attr="ORTH"), {}
        for kind, values in self._names.items():
            for value, sayings in values.items():
                for said in sayings:
                    name = f"{kind}/{value}/{said}"
                    meanings[name] = (kind, value, said)
                    matcher.add(name, [self._doc([word for word, _, _ in tokens_of(said)])])
        return matcher, meanings

    def _doc(self, words: list[str]) -> Doc:
        from spacy.tokens import Doc

        return Doc(self._vocab, words=[fold(word) for word in words])


def _words(text: str) -> list[_Word]:
    """Tokens with abbreviations spelt out; the words of one abbreviation share its place."""
    words = []
    for token, start, end in tokens_of(text):
        long = expand(token)
        spelt = [token] if long == token else [word for word, _, _ in tokens_of(long)]
        words += [_Word(word, start, end) for word in spelt]
    return words


def _shaped(finders: Finders, text: str) -> list[Entity]:
    return [Entity(kind, *hit) for kind, finder in finders for hit in finder(text)]
