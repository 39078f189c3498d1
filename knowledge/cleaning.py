"""The national portal's texts made readable: markup, bullets and numbering off, run-together lists split.

Pure functions on text. Nothing is shortened: what cannot be understood stays as it was written.
"""

from __future__ import annotations

import html
import re
import unicodedata
from itertools import pairwise

_TAG = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
_BREAK = re.compile(r"<\s*(?:br|/p|/div|/li)\s*/?>", re.IGNORECASE)
_BLANKS = re.compile(r"[^\S\n]+")
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")

_STEP = re.compile(r"^[-–+*•\s]*(?:[a-zđ]\)\s*)?Bước\s*(\d{1,2})\s*[:.)\-–]*\s*", re.IGNORECASE)
_NUMBER = re.compile(r"^[-–+*•\s]*\(?(\d{1,2})\s*[.)](?!\d)\s*")
_LETTER = re.compile(r"^[-–+*•\s]*\(?([a-zđ])\s*[.)]\s+")
_DASH = re.compile(r"^[-–•]\s*")
_PLUS = re.compile(r"^[+*]\s*")
_BULLET = re.compile(r"^(?:[-–+*•·]\s*)+")
_CASE = re.compile(r"^[-–+*•\s]*(?:[a-zđ]\)|\d{1,2}[.)]|[IVX]{1,4}\.)?\s*(?:Trường hợp|Đối với)\b.*:\s*$")
_HEADING = re.compile(
    r"^(?:[-–+*•\s]*)(?:trình tự(?: các bước)?(?: thực hiện)?|các bước(?: thực hiện)?)\s*:?\s*$", re.IGNORECASE
)
_NOTHING = re.compile(
    r"^(?:không(?: có| quy định| yêu cầu| áp dụng)?(?: thông tin| yêu cầu[^.]{0,20})?|chưa (?:có )?quy định|-+|n/a)"
    r"[\s.;:]*$",
    re.IGNORECASE,
)


def plain(text: str) -> str:
    """`text` composed (NFC), without markup and invisible letters, blanks made one, line breaks kept."""
    text = html.unescape(_TAG.sub("", _BREAK.sub("\n", text)))
    text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text)).replace("\r\n", "\n").replace("\r", "\n")
    lines = (_BLANKS.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def says_nothing(text: str) -> bool:
    """Whether `text` is one of the portal's ways of saying that there is nothing to say."""
    return not text or bool(_NOTHING.match(text))


def unbulleted(text: str) -> str:
    """`text` without the dash, plus or star it begins with."""
    return _BULLET.sub("", text).strip()


def title(text: str) -> str:
    """A title on one line, without "Thủ tục" before a verb and without the full stop."""
    line = re.sub(r"\s+", " ", plain(text)).strip(" .;")
    shorter = re.sub(r"^thủ tục(?: hành chính)?\s*:?\s+", "", line, flags=re.IGNORECASE)
    if len(shorter) < 8:
        return line
    return shorter[0].upper() + shorter[1:]


def items(text: str) -> tuple[str, ...]:
    """The items of a text written as a list, one a line; a text without bullets is one item a line."""
    lines = [line for line in plain(text).split("\n") if not _HEADING.match(line)]
    marker = _leading_marker(lines)
    found: list[str] = []
    for line in lines:
        if marker is None or not found or marker.match(line) or _CASE.match(line):
            found.append(marker.sub("", line) if marker and not _CASE.match(line) else line)
        else:
            found[-1] += "\n" + line
    return tuple(item for item in (unbulleted(each) for each in found) if item)


def steps(texts: list[str]) -> tuple[tuple[str, ...], bool]:
    """The steps of `texts`, and whether the steps of several cases seem to be run together there."""
    found: list[str] = []
    mixed = False
    for text in texts:
        lines = [line for line in plain(text).split("\n") if not _HEADING.match(line)]
        marker = _leading_marker(lines)
        if marker is not None:
            numbers = [int(n[1]) for line in lines if (n := marker.match(line)) and n.groups() and n[1].isdigit()]
            mixed = mixed or any(after <= before for before, after in pairwise(numbers))
        mixed = mixed or sum(bool(_CASE.match(line)) for line in lines) > 1
        found.extend(items(text))
    return tuple(dict.fromkeys(found)), mixed


def _leading_marker(lines: list[str]) -> re.Pattern[str] | None:
    """The kind of mark that begins the items of `lines`: the most telling one that occurs twice."""
    for marker in (_STEP, _NUMBER, _LETTER, _DASH, _PLUS):
        if sum(bool(marker.match(line)) for line in lines) > 1:
            return marker
    for marker in (_STEP, _NUMBER, _LETTER):
        if lines and marker.match(lines[0]):
            return marker
    return None


def position(text: str) -> tuple[int, str] | None:
    """Where an item says it stands ("2. …" -> (2, ""), "b) …" -> (0, "b")), or None."""
    if number := _NUMBER.match(text):
        return int(number[1]), ""
    if letter := _LETTER.match(text):
        return 0, letter[1]
    return None


def unnumbered(text: str) -> str:
    """`text` without its bullet and its own number or letter."""
    bare = unbulleted(text)
    return unbulleted(_LETTER.sub("", _NUMBER.sub("", bare))) or bare
