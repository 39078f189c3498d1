"""What the folder of content says of the procedures beside their records: lay questions, groups, families."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import ValidationError

from bot.domain.procedure import Text

from .kinship import Family, read_families
from .known import Group
from .procedures import BrokenFile, GroupData, LayData, read_groups, read_lay

_FOLDERS = ("procedures", "lay", "groups")


@dataclass(frozen=True, slots=True)
class Content:
    """What was read; a file that cannot be used is in `broken` and the others count."""

    lay: dict[str, LayData]
    groups: dict[str, Group]
    families: tuple[Family, ...]
    broken: tuple[BrokenFile, ...]


def traces(data: Path) -> tuple[tuple[str, int, int], ...]:
    """What tells whether a file changed: path, time of change in ns, size."""
    return tuple(
        (str(path), path.stat().st_mtime_ns, path.stat().st_size)
        for folder in _FOLDERS
        for path in sorted((data / folder).rglob("*.yml"))
    )


def read_content(data: Path) -> Content:
    """Everything below the folder `data` that can be read."""
    broken: list[BrokenFile] = []
    lay: dict[str, LayData] = {}
    for found in read_lay(data / "lay"):
        if isinstance(found, BrokenFile):
            broken.append(found)
        else:
            lay[found[0]] = found[1]
    families: list[Family] = []
    for family in read_families(data / "groups"):
        if isinstance(family, BrokenFile):
            broken.append(family)
        else:
            families.append(family)
    groups = {family.key: Group(family.key, Text(family.name)) for family in families}
    try:
        groups |= {key: _group(key, entry) for key, entry in read_groups(data / "procedures").items()}
    except (ValidationError, yaml.YAMLError, OSError, UnicodeDecodeError) as error:
        broken.append(BrokenFile(data / "procedures" / "groups.yml", str(error)[:300]))
    return Content(lay, groups, tuple(families), tuple(broken))


def _group(key: str, data: GroupData) -> Group:
    return Group(key, data.title.to_domain(), data.question.to_domain())
