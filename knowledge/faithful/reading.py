"""A text read as a row of items: figures, labels, bearings, and the words that are left."""

from __future__ import annotations

import enum
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.domain.procedure import Language

from .figures import FREE, figures
from .lexicon import FIGURE, Lexicon, stem
from .lexicons import LEXICONS
from .numerals import in_digits


class Kind(enum.StrEnum):
    FIGURE = "figure"
    LABEL = "label"
    BEARING = "bearing"
    WORD = "word"
    TERM = "term"
    """A phrase of the glossary; only where a translation is checked."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing a text says; `harmless` words are there for the sentence only."""

    kind: Kind
    value: str
    harmless: bool = False


_COUNTED = frozenset({"original", "copy"})
_WAYS = frozenset({"online", "direct", "post"})
_OR = Item(Kind.BEARING, "or")
_WORD = re.compile(r"[^\W\d_]+")
_KANA = re.compile(r"[\u3040-\u309f]")
_WRITTEN_APART = re.compile(r"[a-z\u00c0-\u024f\u1e00-\u1eff]+")


def plain(text: str) -> str:
    """`text` with composed letters and ordinary blanks, in lower case."""
    composed = unicodedata.normalize("NFC", text)
    return re.sub(r"\s+", " ", composed.replace("\u2019", "'")).lower().strip()


@lru_cache(maxsize=4096)
def read(text: str, language: Language, terms: re.Pattern[str] | None = None) -> tuple[Item, ...]:
    """The items of `text`, in order; one saying of "free" beside another is one.

    `terms` finds phrases of the glossary, each as a group with the term's name and a number.
    """
    lexicon = LEXICONS[language]
    written = in_digits(plain(text), language)
    found = list(figures(written))
    pieces: list[str] = []
    at = 0
    for figure in found:
        pieces += [written[at : figure.start], FIGURE]
        at = figure.end
    masked = "".join([*pieces, written[at:]])
    for pattern, said in lexicon.rewrites:
        masked = pattern.sub(said, masked)
    items = list(_items(masked, [figure.value for figure in found], lexicon, terms))
    return tuple(_once_free(_listed(_counted(items))))


def _items(masked: str, values: Sequence[str], lexicon: Lexicon, terms: re.Pattern[str] | None) -> Iterator[Item]:
    remaining = iter(values)
    if terms is None:
        yield from _marked(masked, remaining, lexicon)
        return
    at = 0
    for found in terms.finditer(masked):
        yield from _marked(masked[at : found.start()], remaining, lexicon)
        yield Item(Kind.TERM, (found.lastgroup or "").rpartition("_")[0])
        at = found.end()
    yield from _marked(masked[at:], remaining, lexicon)


def _marked(masked: str, remaining: Iterator[str], lexicon: Lexicon) -> Iterator[Item]:
    at = 0
    for mark in lexicon.marks.finditer(masked):
        yield from _between(masked[at : mark.start()], remaining, lexicon)
        kind, _, named = (mark.lastgroup or "").partition("_")
        name = named.rpartition("_")[0]
        if name == FREE:
            yield Item(Kind.FIGURE, FREE)
        else:
            yield Item(Kind(kind), name)
        at = mark.end()
    yield from _between(masked[at:], remaining, lexicon)


def _between(text: str, remaining: Iterator[str], lexicon: Lexicon) -> Iterator[Item]:
    for piece in re.split(f"({FIGURE})", text):
        if piece == FIGURE:
            yield Item(Kind.FIGURE, next(remaining))
            continue
        for word in words(piece, lexicon):
            yield Item(Kind.WORD, word, word in lexicon.harmless)


def words(text: str, lexicon: Lexicon) -> Iterator[str]:
    """The words that are compared: stems in English, letters where words are not written apart."""
    for word in _WORD.findall(text):
        if not lexicon.letters or _WRITTEN_APART.fullmatch(word):
            yield stem(word) if lexicon.language is Language.EN else word
            continue
        for run in re.findall(r"[a-z\u00c0-\u024f\u1e00-\u1eff]+|.", word):
            # Kana holds a Japanese sentence together; what it can turn round is among the bearings.
            if not (lexicon.language is Language.JA and _KANA.fullmatch(run)):
                yield run


def _counted(items: Sequence[Item]) -> list[Item]:
    """A count and what it counts as one label: "2 bản sao" may stand before or behind the paper's name."""
    found: list[Item] = []
    at = 0
    while at < len(items):
        pair = [items[at], *items[at + 1 : at + 2]]
        number = next((item.value for item in pair if item.value.startswith("number:")), None)
        paper = next((item.value for item in pair if item.kind is Kind.LABEL and item.value in _COUNTED), None)
        if number is not None and paper is not None:
            found.append(Item(Kind.LABEL, f"{number} {paper}"))
            at += 2
        else:
            found.append(items[at])
            at += 1
    return found


def _listed(items: Sequence[Item]) -> list[Item]:
    """Ways of filing in a row are a list, with a comma or with "or"."""
    ways = [item.kind is Kind.LABEL and item.value in _WAYS for item in items]
    return [
        item
        for at, item in enumerate(items)
        if not (item == _OR and 0 < at < len(items) - 1 and ways[at - 1] and ways[at + 1])
    ]


def _once_free(items: Sequence[Item]) -> Iterator[Item]:
    free = Item(Kind.FIGURE, FREE)
    last: Item | None = None
    for item in items:
        if not (item == free and last == free):
            yield item
        if not item.harmless:
            last = item
