"""The name of the person who will come, as people give it in the five languages. Pure.

Without being asked only what is said to be a name is one; asked, the words that are left over.
"""

from __future__ import annotations

from bot.domain.vietnamese import fold

from .name_shape import LONGEST, NameHeard
from .names_introduced import introduced, introduced_cjk
from .names_left_over import left_over

__all__ = ["LONGEST", "NameHeard", "hear_name"]


def hear_name(text: str, *, asked: bool = False, beside_telephone: bool = False) -> NameHeard | None:
    """The name in `text`, from which telephones, tax codes, days and hours have been blanked out.

    `beside_telephone`: a telephone was given with it; then a surname and more is a name though nobody asked, and a
    given name alone where it was asked for.
    """
    folded = fold(text)
    if len(folded) != len(text):  # a letter that folds into two: places would be wrong
        folded = text.lower()
    found = introduced(text, folded) or introduced_cjk(text)
    if found is None and (asked or beside_telephone):
        found = left_over(text, folded, surname=not asked, beside=beside_telephone)
    return found
