"""A retelling cut into pieces: lines, and in them sentences; list marks that only count are taken away."""

from __future__ import annotations

import re

_MARK = re.compile(
    r"^\s*(?:[-–—•*·+]\s*|(?:bước |step |第)?(\d{1,2})(?:[.)、．:：]|단계[:.]?|步[:：]|番目[:：])\s*)", re.IGNORECASE
)
_END = re.compile(r"(?<=[.!?;])(?<![Nn]o\.)(?<![Tt][Pp]\.)\s+|(?<=[。！？；])\s*")


def pieces(text: str) -> list[str]:
    """The sentences of `text`. A number at the head of a line goes only where it counts on from the line before."""
    found: list[str] = []
    count = 0
    for line in text.splitlines():
        mark = _MARK.match(line)
        body = line
        if mark is not None:
            number = int(mark[1]) if mark[1] else None
            if number is None or number in (1, count + 1):
                count = number if number is not None else count
                body = line[mark.end() :]
        found += [piece.strip() for piece in _END.split(body) if piece.strip()]
    return found


def bare(line: str) -> str:
    """A composed line without its bullet or number."""
    mark = _MARK.match(line)
    return (line[mark.end() :] if mark else line).strip()
