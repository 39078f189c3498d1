"""Writes the directory as its files: what `read_offices` reads is the same directory again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel

from .offices_checking import COUNTERS, DEPARTMENTS, HOLIDAYS, HOURS, SERVICES, Offices

_HEADERS = {
    DEPARTMENTS: "Departments: names and duties with their sources; contact points only with source and day.",
    SERVICES: "Services: what an appointment may be for. `demonstration: true`: made up to show the assistant.",
    COUNTERS: "Counters. An address needs the source that names it. `demonstration: true`: made up.",
    HOURS: "Opening hours of the counters, week by week.",
    HOLIDAYS: "Decisions about single days; they win over the calendar of public holidays.",
}


def write_offices(offices: Offices) -> dict[str, str]:
    """The contents of the files by name."""
    return {
        DEPARTMENTS: _write(DEPARTMENTS, _entries(offices.departments)),
        SERVICES: _write(SERVICES, _entries(offices.services)),
        COUNTERS: _write(COUNTERS, _entries(offices.counters)),
        HOURS: _write(HOURS, {key: [_plain(rule) for rule in rules] for key, rules in sorted(offices.hours.items())}),
        HOLIDAYS: _write(HOLIDAYS, {day: _plain(data) for day, data in sorted(offices.holidays.items())}),
    }


def write_to(folder: Path, offices: Offices) -> None:
    """Write the files into `folder`, which is made where it is missing. Raises `OSError`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in write_offices(offices).items():
        (folder / name).write_text(text, encoding="utf-8")


def _entries(entries: Mapping[str, BaseModel]) -> dict[str, Any]:
    return {key: _plain(entries[key]) for key in sorted(entries)}


def _plain(data: BaseModel) -> dict[str, Any]:
    required = {name for name, field in type(data).model_fields.items() if field.is_required()}
    everything: dict[str, Any] = data.model_dump(mode="json", exclude_none=True)
    chosen = data.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    return {name: value for name, value in everything.items() if name in required or name in chosen}


class _Dumper(yaml.SafeDumper):
    """Writes no anchors: an editor should be able to change one entry without changing another."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _write(name: str, data: Mapping[Any, Any]) -> str:
    body = yaml.dump(dict(data), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)
    return f"# {_HEADERS[name]}\n{body}"
