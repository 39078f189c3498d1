"""Wording of the console: key and facts become a sentence in Vietnamese or English.

Sentences live in `data/console/<part>/<language>.yml`, a folder for each part of the console. Both files of a
part hold the same keys, a key stands in one part only, and the facts of a key are the same in both languages.
"""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml
from markupsafe import Markup, escape

from bot.domain.booking.offices import CITY_TIME
from bot.domain.errors import AssistantError

LANGUAGES = ("vi", "en")
_NAME = re.compile("[a-z_]+")
_WEEKDAYS_VI = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
_WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS_EN = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


class ConsoleWordingError(AssistantError):
    """The wording of the console cannot be used: a file, a key or a fact is missing."""


class ConsoleWording:
    """All sentences of the console in its two languages. Raises `ConsoleWordingError`."""

    def __init__(self, sentences: Mapping[str, Mapping[str, str]]) -> None:
        wrong = faults(sentences)
        if wrong:
            raise ConsoleWordingError("; ".join(wrong[:5]))
        self._sentences = sentences

    @classmethod
    def read(cls, folder: Path) -> ConsoleWording:
        """The wording of every part below `folder`."""
        found: dict[str, dict[str, str]] = {language: {} for language in LANGUAGES}
        for part in sorted({path.parent for path in folder.glob("*/*.yml")}):
            for language in LANGUAGES:
                own = _read(part / f"{language}.yml")
                if twice := found[language].keys() & own.keys():
                    raise ConsoleWordingError(f"{part.name}/{language}.yml: said elsewhere: {', '.join(sorted(twice))}")
                found[language] |= own
        return cls(found)

    def __contains__(self, key: object) -> bool:
        return key in self._sentences["vi"]

    def say(self, key: str, language: str, /, **facts: object) -> str:
        """The sentence of `key`, as plain text."""
        return self._sentences[language][key].format_map({name: show(fact, language) for name, fact in facts.items()})

    def say_in_page(self, key: str, language: str, /, **facts: object) -> Markup:
        """The sentence of `key` for a page: everything is escaped but facts that are markup already."""
        shown: dict[str, Any] = {
            name: fact if isinstance(fact, Markup) else escape(show(fact, language)) for name, fact in facts.items()
        }
        return Markup(str(escape(self._sentences[language][key])).format_map(shown))  # noqa: S704 - escaped just now


def show(fact: object, language: str) -> str:
    """A fact as it is written in `language`; moments in the city's time."""
    match fact:
        case datetime():
            local = fact.astimezone(CITY_TIME)
            return f"{local:%H:%M} {show(local.date(), language)}"
        case date():
            return f"{fact:%d/%m/%Y}" if language == "vi" else f"{fact.day} {fact:%b %Y}"
        case _:
            return str(fact)


def in_words(day: date | str, language: str) -> str:
    """A day that cannot be misread, `day` as it is or as a field holds it; empty for what is none.

    Date fields follow the language of the browser, some with the month first: what is chosen stands in words beside
    them. `console.js` writes the same.
    """
    if isinstance(day, str):
        try:
            day = date.fromisoformat(day)
        except ValueError:
            return ""
    if language == "vi":
        return f"{_WEEKDAYS_VI[day.weekday()]}, ngày {day.day} tháng {day.month} năm {day.year}"
    return f"{_WEEKDAYS_EN[day.weekday()]}, {day.day} {_MONTHS_EN[day.month - 1]} {day.year}"


def faults(sentences: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Every key or fact that one language has and the other lacks."""
    model = sentences["vi"]
    wrong = [
        f"{language}: {key} says nothing, or has a brace without its other half"
        for language in LANGUAGES
        for key, sentence in sentences[language].items()
        if _facts(sentence) is None
    ]
    for language in LANGUAGES[1:]:
        own = sentences[language]
        wrong += [f"{language}: {key} is missing" for key in model.keys() - own.keys()]
        wrong += [f"{language}: {key} is not in Vietnamese" for key in own.keys() - model.keys()]
        wrong += [
            f"{language}: {key} names other facts"
            for key in model.keys() & own.keys()
            if _facts(own[key]) != _facts(model[key])
        ]
    return sorted(wrong)


def _facts(sentence: str) -> frozenset[str] | None:
    if not sentence.strip():
        return None
    try:
        named = frozenset(name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None)
    except ValueError:
        return None
    return named if all(map(_NAME.fullmatch, named)) else None


def _read(path: Path) -> dict[str, str]:
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise ConsoleWordingError(f"{path}: {error}") from error
    if not isinstance(data, dict):
        raise ConsoleWordingError(f"{path}: keys with sentences were expected")
    return {str(key): "" if value is None else str(value) for key, value in data.items()}
