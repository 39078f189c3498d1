"""All that questions are answered from at one moment, replaced as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.procedure import Language, Procedure, Text

from .continuing import Titles
from .judging import Kin
from .kinship import Family
from .retrieval import Retriever
from .understanding import tokens


@dataclass(frozen=True, slots=True)
class Group:
    """Near-duplicate procedures: what they are together, and the question that parts them.

    `question` is None where nobody wrote one: ask which `title` is meant.
    """

    key: str
    title: Text
    question: Text | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """The procedures with the search among them, their groups, and what their titles speak of."""

    retriever: Retriever
    groups: Mapping[str, Group]
    kin: Mapping[str, Kin]
    titles: Titles

    @property
    def compares_meaning(self) -> bool:
        """Whether the search has vectors, not only words."""
        return self.retriever.shelf.has_vectors

    def procedure(self, code: str | None) -> Procedure | None:
        """The procedure of `code`, the city's record and the catalogue's made one."""
        return self.retriever.shelf.procedures.get(code) if code else None

    def option(self, code: str, key: str | None) -> Procedure | None:
        """The procedure of `code`, its variant that by which the group named `key` tells it apart."""
        procedure = self.procedure(code)
        if procedure is None or key is None or key not in self.kin or code not in self.kin[key].variants:
            return procedure
        return replace(procedure, variant=self.kin[key].variants[code])

    def members(self, key: str | None) -> tuple[str, ...]:
        """The codes of the procedures whose own group is that named `key`."""
        if key is None or key not in self.kin:
            return ()
        shelf = self.retriever.shelf
        return tuple(code for code in self.kin[key].variants if shelf.procedures[code].group == key)


def kin_of(
    procedures: Mapping[str, Procedure], groups: Mapping[str, Group], families: Sequence[Family] = ()
) -> dict[str, Kin]:
    """Who belongs together, by group; a group of one parts nothing and is left out.

    A procedure is kin in its own group and in every family that names it.
    """
    variants: dict[str, dict[str, Text]] = {}
    for code, procedure in procedures.items():
        if procedure.group in groups:
            variants.setdefault(procedure.group or "", {})[code] = procedure.variant or procedure.title
    for family in families:
        named = {code: Text(said) for code, said in family.variants.items() if code in procedures}
        variants[family.key] = named | variants.get(family.key, {})
    return {key: Kin(told, _words(groups[key].title)) for key, told in variants.items() if len(told) > 1}


def _words(text: Text) -> frozenset[str]:
    return frozenset(word for each in Language if (found := text.within(each)) for word in tokens(found))
