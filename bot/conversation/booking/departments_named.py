"""The departments that an utterance names, found by the understanding or written out in full."""

from __future__ import annotations

from collections.abc import Iterator

from bot.conversation.interpretation import Interpretation
from bot.domain.procedure import Language
from bot.domain.vietnamese import fold
from knowledge.directory import Directory


def departments_named(directory: Directory, text: str, said: Interpretation | None) -> tuple[list[str], str]:
    """The departments named, and the text without their names."""
    folded = fold(text)
    named: list[tuple[int, int, str]] = []
    if said is not None:
        # The entities' places are those of the whole utterance: the name itself is looked for again.
        for entity in said.entities:
            if entity.kind == "department" and (at := folded.find(fold(said.text[entity.start : entity.end]))) >= 0:
                named.append((at, at + entity.end - entity.start, entity.value))
    if not named:
        named = list(_named_in_full(directory, folded))
    for start, end, _ in sorted(named, reverse=True):
        text = f"{text[:start]}{' ' * (end - start)}{text[end:]}"
    return [key for _, _, key in sorted(named)], text


def _named_in_full(directory: Directory, folded: str) -> Iterator[tuple[int, int, str]]:
    """The departments named as the directory does, for turns in which the NLU is away."""
    for key in sorted(directory.keys()):
        department = directory.department(key)
        names = [department.name.within(language) for language in Language] if department is not None else []
        for name in names:
            if name is not None and (at := folded.find(fold(name))) >= 0:
                yield at, at + len(name), key
                break
