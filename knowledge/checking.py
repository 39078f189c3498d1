"""What is wrong with the content below `data/`, for its editors (`bot knowledge check`)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import yaml
from pydantic import ValidationError

from .city_rules import read_city_rules
from .conditional_lines import read_conditional_lines
from .directory import Directory
from .kinship import Family, read_families
from .licences import Licences
from .offices_checking import SERVICES, read_offices, texts_of
from .procedures import BrokenFile, explain, read_groups, read_lay, read_procedures

GOOD = "all procedures, lay questions, groups and lines of business are well formed"


def check(data: Path) -> list[str]:
    """Everything wrong with the content below `data`, a line each."""
    return [*_procedures(data), *_lay(data), *_lines(data), *_directory(data)]


def _procedures(data: Path) -> Iterator[str]:
    codes: set[str] = set()
    try:
        groups = read_groups(data / "procedures")
    except (ValidationError, yaml.YAMLError, OSError, UnicodeDecodeError) as error:
        groups = {}
        yield f"{data / 'procedures'}: groups.yml: {explain(error)}"
    for found in read_procedures(data / "procedures"):
        if isinstance(found, BrokenFile):
            yield f"{found.path}: {found.reason}"
            continue
        if found.code in codes:
            yield f"{found.code} is described twice"
        codes.add(found.code)
        if found.group is not None and found.group not in groups:
            yield f"{found.code}: group {found.group} is not in groups.yml"


def _lay(data: Path) -> Iterator[str]:
    codes: set[str] = set()
    for lay in read_lay(data / "lay"):
        if isinstance(lay, BrokenFile):
            yield f"{lay.path}: {lay.reason}"
        elif lay[0] in codes:
            yield f"{lay[0]} has lay questions in two files"
        else:
            codes.add(lay[0])
    for family in read_families(data / "groups"):
        if isinstance(family, BrokenFile):
            yield f"{family.path}: {family.reason}"
        else:
            yield from _family(family)


def _family(family: Family) -> Iterator[str]:
    labels = [label.casefold() for label in family.variants.values()]
    if len(labels) != len(set(labels)):
        yield f"{family.key}: two members have the same button text"


def _lines(data: Path) -> Iterator[str]:
    if not (data / "licences.yml").exists():
        return
    try:
        Licences.read(data)
        listed = read_conditional_lines(data / "conditional_lines.yml")
        departments = Directory.read(data / "directory" / "departments.yml").keys()
    except (ValidationError, yaml.YAMLError, OSError, UnicodeDecodeError) as error:
        yield f"lines of business: {explain(error)}"
        return
    try:
        read_city_rules(data / "city_rules.yml")
    except (ValidationError, yaml.YAMLError, OSError, UnicodeDecodeError) as error:
        yield f"city_rules.yml: {explain(error)}"
    for line in listed.lines:
        for licence in line.licences:
            if licence.department is not None and licence.department not in departments:
                yield f"conditional line {line.number}: no department {licence.department}"


def _directory(data: Path) -> Iterator[str]:
    if not (data / "directory" / SERVICES).exists():
        return
    try:
        texts = texts_of(data / "directory")
    except (OSError, UnicodeDecodeError) as error:
        yield f"directory: {explain(error)}"
        return
    codes = {found.code for found in read_procedures(data / "procedures") if not isinstance(found, BrokenFile)}
    for fault in read_offices(texts, codes)[1]:
        yield fault.line()


if __name__ == "__main__":
    problems = check(Path(sys.argv[1] if len(sys.argv) > 1 else "data"))
    sys.stdout.write("\n".join(problems or [GOOD]) + "\n")
    sys.exit(bool(problems))
