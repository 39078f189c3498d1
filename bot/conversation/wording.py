"""Key and facts become a sentence in the contact's language.

Sentences live in `data/wording/<language>.yml`, so that an administrator can change them without code.
"""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import yaml

from bot.domain.errors import AssistantError
from bot.domain.procedure import Language, Text
from knowledge.composing import Dong, Fact, Line, Phrase, Phrases

_NAME = re.compile("[a-z_]+")


class WordingError(AssistantError):
    """The wording files cannot be used: a file, a key or a fact is missing."""


class Wording:
    """All sentences in all languages. Raises `WordingError` when a language lacks a key or a fact."""

    def __init__(self, sentences: Mapping[Language, Mapping[str, str]]) -> None:
        self._sentences = sentences
        wrong = faults(sentences)
        if wrong:
            raise WordingError("; ".join(wrong[:5]))

    @classmethod
    def read(cls, folder: Path) -> Wording:
        """The wording files of `folder` and of the folders in it, one part of the house each."""
        found: dict[Language, dict[str, str]] = {}
        for language in Language:
            sentences: dict[str, str] = {}
            for path in (folder / f"{language}.yml", *sorted(folder.glob(f"*/{language}.yml"))):
                own = _read(path)
                if twice := sentences.keys() & own.keys():
                    raise WordingError(f"{path}: said elsewhere already: {', '.join(sorted(twice)[:5])}")
                sentences |= own
            found[language] = sentences
        return cls(found)

    def say(self, key: str, language: Language, /, **facts: Fact) -> str:
        """The sentence of `key`. A fact the sentence does not name is left out."""
        sentence = self._sentences[language][key]
        return sentence.format_map({name: self._show(fact, language) for name, fact in facts.items()})

    def lines(self, lines: tuple[Line, ...], language: Language) -> str:
        """Several lines one below the other; an empty sentence leaves no blank line."""
        said = (self.say(line.key, language, **line.facts) for line in lines)
        return "\n".join(line for line in said if line.strip())

    def _show(self, fact: Fact, language: Language) -> str:
        match fact:
            case Text():
                return fact.best(language)[0]
            case Dong():
                key = "amount_free" if fact.amount == 0 else "amount_dong"
                grouped = f"{fact.amount:,}"
                return self.say(key, language, amount=grouped.replace(",", ".") if language is Language.VI else grouped)
            case Phrase():
                return self.say(fact.key, language, **fact.facts)
            case Phrases():
                return fact.between.join(self._show(part, language) for part in fact.parts)
            case date():
                return show_date(fact, language)
            case _:
                return str(fact)


def _read(path: Path) -> dict[str, str]:
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise WordingError(f"{path}: {error}") from error
    if not isinstance(data, dict):
        raise WordingError(f"{path}: keys with sentences were expected")
    return {str(key): "" if value is None else str(value) for key, value in data.items()}


def show_date(day: date, language: Language) -> str:
    """A date as it is written in `language`."""
    if language is Language.VI:
        return f"{day:%d/%m/%Y}"
    if language is Language.EN:
        return f"{day.day} {day:%B %Y}"
    if language is Language.KO:
        return f"{day.year}년 {day.month}월 {day.day}일"
    return f"{day.year}年{day.month}月{day.day}日"


def facts_of(sentence: str) -> frozenset[str]:
    """The names a sentence asks for. Raises `ValueError` for a brace without its other half."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None)


def faults(sentences: Mapping[Language, Mapping[str, str]]) -> list[str]:
    """Every key or fact that one language has and another lacks, and every sentence that cannot be said."""
    wrong = [
        f"{language}: {key} {fault}"
        for language, own in sentences.items()
        for key, sentence in own.items()
        if (fault := _fault(sentence)) is not None
    ]
    if wrong:
        return wrong
    model = sentences[Language.VI]
    for language in Language:
        own = sentences[language]
        wrong += [f"{language}: {key} is missing" for key in model if key not in own]
        wrong += [f"{language}: {key} is not in Vietnamese" for key in own if key not in model]
        wrong += [
            f"{language}: {key} names other facts"
            for key in model
            if key in own and facts_of(own[key]) != facts_of(model[key])
        ]
    return wrong


def _fault(sentence: str) -> str | None:
    if not sentence.strip():
        return "says nothing"
    try:
        named = facts_of(sentence)
    except ValueError:
        return "has a brace without its other half"
    return None if all(map(_NAME.fullmatch, named)) else "has braces round something that is no fact"
