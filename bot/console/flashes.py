"""What was just done, told once on the page that follows: kept in a signed cookie until then."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime

from itsdangerous import BadData, URLSafeTimedSerializer
from markupsafe import Markup

from bot.domain.procedure import Language, Text

from .wording import LANGUAGES, ConsoleWording

LASTS = 60
"""Seconds until what was done is no news any more."""


class Flashes:
    """Signs and tells; `secret` is that of the installation."""

    def __init__(self, wording: ConsoleWording, secret: str) -> None:
        self._wording = wording
        self._signer = URLSafeTimedSerializer(secret, salt="console flash")

    def keep(self, key: str, kind: str, facts: Mapping[str, object]) -> str:
        """The sentence of `key` for the cookie; `kind` is good or bad."""
        return str(self._signer.dumps([key, kind, {name: _as_kept(fact) for name, fact in facts.items()}]))

    def told(self, cookie: str | None, language: str) -> list[tuple[str, Markup]]:
        """Pairs of kind and sentence; none for a cookie that is old or not ours."""
        if cookie is None:
            return []
        try:
            key, kind, kept = self._signer.loads(cookie, max_age=LASTS)
        except (BadData, ValueError, json.JSONDecodeError):
            return []
        if key not in self._wording:
            return []
        facts = {name: _as_told(fact, language) for name, fact in kept.items()}
        return [(kind, self._wording.say_in_page(key, language, **facts))]


def _as_kept(fact: object) -> object:
    """A fact for the cookie: days, moments and names are put into words where it is known who reads them."""
    match fact:
        case datetime():
            return {"at": fact.isoformat()}
        case date():
            return {"on": fact.isoformat()}
        case Text():
            return {language: fact.best(Language(language))[0] for language in LANGUAGES}
        case int():
            return fact
    return str(fact)


def _as_told(kept: object, language: str) -> object:
    match kept:
        case {"at": str(moment)}:
            return datetime.fromisoformat(moment)
        case {"on": str(day)}:
            return date.fromisoformat(day)
        case dict():
            return kept.get(language) or kept.get("vi", "")
    return kept
