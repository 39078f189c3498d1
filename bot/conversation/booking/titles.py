"""The service whose own title is what was said, in languages written without spaces or with endings. Pure.

There the search knows few words for a matter; the titles of the directory are short and say it in every language.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.conversation.clarifying import split_words
from bot.domain.booking.offices import Service
from bot.domain.procedure import Language

from .matter_words import CJK

_SAME = {"公司": "企业", "注册": "登记", "成立": "设立", "办证": "许可", "회사": "기업", "법인": "기업"}
"""What people say for a word of the titles."""
_ENOUGH, _LEAD = 0.9, 0.3


def service_by_title(
    said: str, language: Language, services: Iterable[Service], likely: Mapping[str, float]
) -> Service | None:
    """The one service whose title holds most of the letters of `said`, where the search points to it as well.

    `likely`: by the key of a service the weight of what the search found, too little to decide by itself.
    """
    if not CJK.search(said):
        return None
    for word, same in _SAME.items():
        said = said.replace(word, same)
    words = split_words(said)
    total = sum(likely.values()) or 1.0
    ranked: list[tuple[float, Service]] = []
    for service in services:
        shared = len(words & split_words(service.title.within(language) or ""))
        if service.procedures and shared:
            ranked.append((shared / len(words) + likely.get(service.key, 0.0) / total, service))
    ranked.sort(key=lambda each: -each[0])
    if not ranked or ranked[0][0] < _ENOUGH or (len(ranked) > 1 and ranked[0][0] - ranked[1][0] < _LEAD):
        return None
    return ranked[0][1]
