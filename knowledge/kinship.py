"""Near-duplicates among the catalogue's records: `data/groups/*.yml` names what they share and what parts them.

The portal keeps the first issue, the renewal and the change of one licence as separate procedures. A vague question
means all of them alike, so the assistant asks once, with a few words for each in place of its long title.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from bot.domain.procedure import Procedure, Text
from bot.domain.vietnamese import fold

from .procedures import BrokenFile, explain

_NO_LETTER = re.compile(r"[^a-z0-9]+")


class FamilyData(BaseModel):
    """The schema of one entry: its name, and by code the words that tell a member from the others."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(min_length=2, max_length=80)]
    variants: Annotated[dict[str, Annotated[str, Field(min_length=1, max_length=44)]], Field(min_length=2)]


@dataclass(frozen=True, slots=True)
class Family:
    """Procedures that one vague question may mean; `variants` are button texts by code."""

    key: str
    name: str
    variants: Mapping[str, str]


def read_families(folder: Path) -> Iterator[Family | BrokenFile]:
    """Every family of `folder`/*.yml; a file that cannot be used comes as `BrokenFile`."""
    adapter = TypeAdapter(list[FamilyData])
    for path in sorted(folder.glob("*.yml")):
        try:
            entries = adapter.validate_python(yaml.safe_load(path.read_text(encoding="utf-8")) or [])
        except (ValidationError, yaml.YAMLError, OSError, UnicodeDecodeError) as error:
            yield BrokenFile(path, explain(error))
            continue
        for entry in entries:
            key = _NO_LETTER.sub("-", fold(f"{path.stem} {entry.name}")).strip("-")
            yield Family(key, entry.name, entry.variants)


def with_families(procedures: Mapping[str, Procedure], families: Sequence[Family]) -> dict[str, Procedure]:
    """`procedures`, those without a group of their own put into the first family that names them.

    Others may name them as well: `knowledge.known.kin_of` counts them in there. A family of which fewer than two are
    known parts nothing and is left out.
    """
    grouped = dict(procedures)
    for family in families:
        held = [code for code in family.variants if code in grouped]
        if len(held) < 2:
            continue
        for code in held:
            if grouped[code].group is not None:
                continue
            grouped[code] = replace(grouped[code], group=family.key, variant=Text(family.variants[code]))
    return grouped
