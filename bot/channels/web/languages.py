"""Which of the five languages a browser asks for."""

from __future__ import annotations

from bot.domain.procedure import Language


def asked_for(accept_language: str | None) -> Language:
    """The best of our languages for an `Accept-Language` header (RFC 9110, 12.5.4); Vietnamese without one."""
    best, weight = Language.VI, 0.0
    for part in (accept_language or "")[:500].split(","):
        tag, _, parameters = part.strip().partition(";")
        quality = _quality(parameters)
        primary = tag.split("-")[0].lower()
        if quality > weight and primary in set(Language):
            best, weight = Language(primary), quality
    return best


def named(code: str | None) -> Language | None:
    """The language with this code, if it is one of ours."""
    return Language(code) if code is not None and code in set(Language) else None


def _quality(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
