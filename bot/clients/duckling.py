"""Duckling, Facebook's reader of times, in this process: for languages whose dates we do not read ourselves.

The package holds a Haskell program and exists for Linux on x86-64 only; elsewhere `load` gives None.
"""

from __future__ import annotations

import ctypes
import re
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.domain.procedure import Language

_LOCALES = {Language.EN: "EN_GB", Language.KO: "KO", Language.ZH: "ZH_CN"}
_ZONE = "Asia/Ho_Chi_Minh"
_ZONES = Path("/usr/share/zoneinfo")
_LONGEST = 300
"""Characters; its time grows with the square of the length (2 ms here, 100 ms at 1,000)."""
_UNREADABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
"""NUL and lone surrogates make it panic."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One way to understand an expression. `grain` is second, minute, hour, day, week, month, quarter or year.

    An interval has `until`, the first moment after it, and of an open one `at` or `until` is None.
    """

    at: datetime | None
    grain: str
    until: datetime | None = None
    interval: bool = False


@dataclass(frozen=True, slots=True)
class Expression:
    """A time that stands at [start, end) of the text, with its next occurrences, the likeliest first."""

    start: int
    end: int
    moments: tuple[Moment, ...]


class Duckling:
    """Finds the times in a text. Get one from `load`."""

    def __init__(self, module: Any, zones: Any) -> None:
        self._duckling = module
        self._zones = zones
        self._dimensions = module.parse_dimensions(["time"])
        self._locales = {
            language: module.parse_locale(locale, module.default_locale_lang(module.parse_lang(language.value)))
            for language, locale in _LOCALES.items()
        }

    def times(self, text: str, language: Language, at: datetime) -> list[Expression]:
        """The times in `text`, written at the aware moment `at`; none in a language it is not asked for."""
        locale = self._locales.get(language)
        if locale is None:
            return []
        reference = self._duckling.parse_ref_time(self._zones, _ZONE, int(at.timestamp()))
        clean = _UNREADABLE.sub(" ", text)[:_LONGEST]
        found = self._duckling.parse(clean, self._duckling.Context(reference, locale), self._dimensions, False)
        return [Expression(entity["start"], entity["end"], tuple(_moments(entity["value"]))) for entity in found]


@lru_cache(maxsize=1)
def load() -> Duckling | None:
    """The one Duckling of this process, None where the package or the zones of the system are missing."""
    if sys.platform != "linux" or not (_ZONES / _ZONE).exists():
        return None
    with _interrupts_kept():
        try:
            import duckling
        except ImportError:
            return None
        duckling.init()
        return Duckling(duckling, duckling.load_time_zones(str(_ZONES)))


@contextmanager
def _interrupts_kept() -> Iterator[None]:
    """Haskell's runtime takes Ctrl-C for itself when it starts; give it back to whoever had it."""
    libc = ctypes.CDLL(None)
    kept = ctypes.create_string_buffer(256)
    libc.sigaction(signal.SIGINT, None, kept)
    try:
        yield
    finally:
        libc.sigaction(signal.SIGINT, kept, None)


def _moments(value: dict[str, Any]) -> Iterator[Moment]:
    for one in value["values"]:
        if one["type"] == "interval":
            first, last = one.get("from"), one.get("to")
            grain = (first or last)["grain"]
            yield Moment(_when(first), grain, _when(last), interval=True)
        else:
            yield Moment(_when(one), one["grain"])


def _when(part: dict[str, Any] | None) -> datetime | None:
    return None if part is None else datetime.fromisoformat(part["value"])
