"""Variants: an utterance as hurried people would type it.

So the training data stays clean and every utterance is also known without diacritics and with light
slips. Abbreviations need no copies: `expand` has spelt them out before the features are counted.
Seeded by the utterance itself: the same text gives the same copies, in any order.
"""

from __future__ import annotations

import random
import re

from bot.domain.vietnamese import fold, is_folded, normalise

_LATIN = re.compile("[a-zà-ỹđ]+", re.IGNORECASE)  # in Han, kana and hangul a slip is another matter
_SLIPS = (
    ("ph", "f"),
    ("qu", "w"),
    ("gi", "j"),
    ("ng", "g"),
    ("ngh", "ng"),
    ("nh", "n"),
    ("tr", "ch"),
    ("ch", "tr"),
    ("s", "x"),
    ("x", "s"),
    ("d", "z"),
    ("l", "n"),  # Hải Phòng's own
    ("n", "l"),
    ("iê", "i"),
    ("ươ", "ư"),
    ("c", "k"),
)


def variants(text: str) -> list[str]:
    """Other spellings of `text`: without diacritics where it has any, and one with a slip or two."""
    rng = random.Random(text)
    clean = normalise(text)
    bare = fold(clean)
    copies = [_slip(rng.choice([clean, bare]), rng)]
    if not is_folded(clean):
        copies.append(bare)
    return [copy for copy in dict.fromkeys(copies) if copy not in (text, clean)]


def _slip(text: str, rng: random.Random) -> str:
    words = text.split(" ")
    places = [i for i, word in enumerate(words) if len(word) > 2 and _LATIN.fullmatch(word)]
    for place in rng.sample(places, min(len(places), 1 + (len(words) > 8))):
        words[place] = _slip_word(words[place], rng)
    return " ".join(words)


def _slip_word(word: str, rng: random.Random) -> str:
    kind = rng.randrange(4)
    if kind == 0:  # two neighbours swapped
        at = rng.randrange(len(word) - 1)
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind == 1:  # a letter lost
        at = rng.randrange(1, len(word))
        return word[:at] + word[at + 1 :]
    if kind == 2 and not is_folded(word):  # one word left without its marks
        return fold(word)
    lower = word.lower()
    fitting = [(a, b) for a, b in _SLIPS if a in lower]
    if not fitting:  # a letter struck twice
        at = rng.randrange(len(word))
        return word[:at] + word[at] + word[at:]
    return lower.replace(*rng.choice(fitting), 1)
