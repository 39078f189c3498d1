"""The words a procedure is told by: its title, to see twins, and its variant, to tell it from those like it."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.procedure import Language, Procedure, Text

from .understanding import tokens


class Telling:
    """Of all procedures, by code. Read once: a search compares dozens of them."""

    def __init__(self, procedures: Mapping[str, Procedure]) -> None:
        self._titles = {code: " ".join(tokens(procedure.title.vi)) for code, procedure in procedures.items()}
        self._words = {code: telling_words(each.variant or each.title) for code, each in procedures.items()}

    def title(self, code: str) -> str:
        """The title as its folded words; the portal's twins have the same."""
        return self._titles[code]

    def words(self, code: str) -> frozenset[str]:
        """The folded words of the variant ("gia hạn", "cấp lại"), or of the title where there is none."""
        return self._words[code]


def telling_words(variant: Text) -> frozenset[str]:
    """The folded words of a variant in every language."""
    return frozenset(word for language in Language if (text := variant.within(language)) for word in tokens(text))
