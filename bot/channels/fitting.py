"""Fitting: a reply is made to fit what a platform can carry, and nothing it says is lost.

Pure. Lengths are in characters (code points after NFC), never bytes: bytes would cut Vietnamese at two
thirds. The same reply and capabilities always give the same parts, so that a retry may resume at a part.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from bot.conversation.messages import Attachment, Reply

from .port import Capabilities
from .splitting import split

_BLANKS = re.compile(r"\s+")
_OPENABLE = re.compile(r"https?://[^\s/]", re.IGNORECASE)
_MARK = "({number}/{total})\n"
_JOINERS = "\u200d\ufe0e\ufe0f"
NO_WORDS = "…"
"""Stands above buttons that came without a text, since no platform shows buttons alone."""


@dataclass(frozen=True, slots=True)
class FittedButton:
    """A button as the platform shows it: `token` comes back when it is tapped, `url` opens a page instead."""

    title: str
    token: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One message on the platform: a text, or a file with the text beside it.

    Files come after all texts, and only the last text carries buttons.
    """

    text: str
    buttons: tuple[FittedButton, ...] = ()
    file: Attachment | None = None


def fit(reply: Reply, tokens: Sequence[str], can: Capabilities, home: str | None = None) -> list[Part]:
    """`reply` as the parts `can` carries, `tokens` standing for its buttons in order.

    A long text is split at a paragraph, line, sentence or word, and its parts are numbered. Where there are
    more buttons than the platform shows, the first ones are kept and the others listed by number in the
    text; a button that cannot open its page becomes a line, and so does a file the platform does not carry,
    where `home`, our public address, can be linked to. Empty only where the reply says nothing.
    """
    text = unicodedata.normalize("NFC", reply.text).strip("\n")
    titles = [_one_line(button.title) for button in reply.buttons]
    choices: list[tuple[int, FittedButton]] = []
    lines: list[str] = []
    for number, (title, token, button) in enumerate(zip(titles, tokens, reply.buttons, strict=True), start=1):
        if button.url is not None and not (can.opens_links and _OPENABLE.match(button.url)):
            lines.append(f"{title}: {button.url}")
        else:
            choices.append((number, FittedButton(title, token, button.url)))
    kept = choices[: can.max_buttons]
    lines += (_line(number, button) for number, button in choices[can.max_buttons :] if not _is_said(text, button))
    carried = [file for file in reply.attachments if file.media_type in can.sends_files]
    lines += (link_line(file, home) for file in reply.attachments if file not in carried and home)
    whole = "\n".join([text, *lines] if text.strip() else lines)
    shown = _with_titles([button for _, button in kept], can.max_button_title)
    texts = _texts(whole, can.max_text) or ([NO_WORDS] if shown else [])
    parts = [Part(part, shown if at == len(texts) else ()) for at, part in enumerate(texts, start=1)]
    return parts + [Part(shorten([_one_line(file.title)], can.max_caption)[0], file=file) for file in carried]


def link_line(file: Attachment, home: str) -> str:
    """What stands for a file that is not sent; `home` is our public address."""
    return f"{_one_line(file.title)}: {home.rstrip('/')}{file.path}"


def shorten(titles: Sequence[str], limit: int) -> list[str]:
    """`titles` with an ellipsis where they are over `limit` characters, no two of them alike.

    The end goes, unless that makes two alike: then the middle goes, or the part they have in common.
    """
    shown = [title if len(title) <= limit else _head(title, limit - 1) + "…" for title in titles]
    for ways in (_without_middle, _from_difference):
        alike = _alike(shown)
        shown = [
            ways(title, [other for other in titles if other != title], limit) if at in alike else shown[at]
            for at, title in enumerate(titles)
        ]
    return _numbered(shown, limit)


def _texts(text: str, limit: int) -> list[str]:
    if len(text) <= limit:
        return [text] if text.strip() else []
    # The mark's own length depends on how many parts there are, and they on it.
    for digits in count(1):
        room = limit - len(_MARK.format(number="9" * digits, total="9" * digits))
        parts = split(text, room)
        if len(str(len(parts))) <= digits:
            break
    return [_MARK.format(number=number, total=len(parts)) + part for number, part in enumerate(parts, start=1)]


def _line(number: int, button: FittedButton) -> str:
    ending = f": {button.url}" if button.url is not None else ""
    return f"{number}. {button.title}{ending}"


def _is_said(text: str, button: FittedButton) -> bool:
    """Whether the text itself lists this choice already, as the question "which one?" does."""
    if button.url is not None:
        return False
    return re.search(rf"^\d+[.)] {re.escape(button.title)}$", text, re.MULTILINE) is not None


def _with_titles(buttons: Sequence[FittedButton], limit: int) -> tuple[FittedButton, ...]:
    titles = shorten([button.title for button in buttons], limit)
    return tuple(FittedButton(title, button.token, button.url) for title, button in zip(titles, buttons, strict=True))


def _one_line(title: str) -> str:
    # A platform refuses a button without a title.
    return _BLANKS.sub(" ", unicodedata.normalize("NFC", title)).strip() or NO_WORDS


def _alike(titles: Sequence[str]) -> set[int]:
    times = Counter(titles)
    return {at for at, title in enumerate(titles) if times[title] > 1}


def _without_middle(title: str, _others: Sequence[str], limit: int) -> str:
    if len(title) <= limit:
        return title
    tail = (limit - 1) // 2
    return _head(title, limit - 1 - tail) + "…" + _tail(title, tail)


def _from_difference(title: str, others: Sequence[str], limit: int) -> str:
    """The title from the first word on in which it differs from its nearest neighbour."""
    if len(title) <= limit:
        return title
    common = max((_common_prefix(title, other) for other in others), default=0)
    start = title.rfind(" ", 0, common) + 1
    rest = title[start:]
    return "…" + (rest if len(rest) < limit else _head(rest, limit - 2) + "…")


def _numbered(titles: Sequence[str], limit: int) -> list[str]:
    taken = set(titles)
    seen: set[str] = set()
    numbered: list[str] = []
    for title in titles:
        own = title
        if own in seen:
            own = next(
                free
                for number in count(2)
                if (free := _head(title, limit - len(f" ({number})")) + f" ({number})") not in taken
            )
        seen.add(own)
        taken.add(own)
        numbered.append(own)
    return numbered


def _common_prefix(one: str, other: str) -> int:
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _head(text: str, length: int) -> str:
    """The first characters, without parting a letter from its marks or an emoji from its other half."""
    length = max(0, min(length, len(text)))
    while 0 < length < len(text) and (_clings(text[length]) or text[length - 1] == "\u200d"):
        length -= 1
    return text[:length].rstrip()


def _tail(text: str, length: int) -> str:
    start = max(0, len(text) - length)
    while 0 < start < len(text) and (_clings(text[start]) or text[start - 1] == "\u200d"):
        start += 1
    whole_words = text.find(" ", start)
    # A word without its beginning reads badly; it is left out where enough remains.
    return text[whole_words if 0 <= whole_words - start <= length // 2 else start :].lstrip()


def _clings(letter: str) -> bool:
    return letter in _JOINERS or unicodedata.combining(letter) != 0
