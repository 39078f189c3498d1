"""What an official types or a scanner reads at the arrival field, as the code of an appointment."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

from bot.domain.booking.appointment import ALPHABET, CODE_LENGTH

_BARE = re.compile(f"[{ALPHABET}]{{{CODE_LENGTH}}}")
_BETWEEN = re.compile(r"[\s.\-–]+")

Scanned = Callable[[str], uuid.UUID | None]
"""The appointment in a signed link; None where the text is none of ours."""


def read_code(text: str, scanned: Scanned) -> str | uuid.UUID | None:
    """The code, however it is spaced and in small letters too, or the id in a scanned link; None for anything else."""
    if (linked := scanned(text)) is not None:
        return linked
    bare = _BETWEEN.sub("", text).upper()
    return bare if _BARE.fullmatch(bare) else None
