"""Reads the directory's files and tells what is wrong with them: each entry by itself, and all of them together.

Used by `bot directory check`, by the import and by the forms of the console, so that all of them agree.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, TypeAdapter, ValidationError

from .directory import DepartmentData
from .offices import CounterData, HolidayData, Key, RuleData, ServiceData, write_span
from .offices_faults import LANGUAGES, Fault

DEPARTMENTS, SERVICES, COUNTERS, HOURS, HOLIDAYS = FILES = (
    "departments.yml",
    "services.yml",
    "counters.yml",
    "hours.yml",
    "holidays.yml",
)
_Entry = TypeVar("_Entry")
_RULES = TypeAdapter(tuple[RuleData, ...])
_KEY = TypeAdapter(Key)
_KINDS = {
    "missing": "missing",
    "extra_forbidden": "unknown_field",
    "int_parsing": "not_a_number",
    "int_type": "not_a_number",
    "int_from_float": "not_a_number",
    "string_too_short": "empty",
    "too_short": "empty",
    "url_parsing": "bad_url",
    "url_scheme": "bad_url",
    "url_type": "bad_url",
    "date_type": "bad_date",
    "date_parsing": "bad_date",
    "date_from_datetime_parsing": "bad_date",
    "date_from_datetime_inexact": "bad_date",
}
_Loader: type[yaml.SafeLoader] | type[yaml.CSafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Offices:
    """The whole directory as its files say it, by key."""

    departments: Mapping[str, DepartmentData] = field(default_factory=dict)
    services: Mapping[str, ServiceData] = field(default_factory=dict)
    counters: Mapping[str, CounterData] = field(default_factory=dict)
    hours: Mapping[str, tuple[RuleData, ...]] = field(default_factory=dict)
    holidays: Mapping[dt.date, HolidayData] = field(default_factory=dict)


def texts_of(folder: Path) -> dict[str, str]:
    """The directory's files in `folder` that are there. Raises `OSError`, `UnicodeDecodeError`."""
    return {name: (folder / name).read_text(encoding="utf-8") for name in FILES if (folder / name).exists()}


def read_offices(texts: Mapping[str, str], procedures: Collection[str] | None = None) -> tuple[Offices, list[Fault]]:
    """The directory of these file contents, and everything wrong with it; use it only where nothing is.

    `procedures`: the codes there are; None where nobody knows them.
    """
    # A folder without its hours would otherwise retire every hour there is.
    faults = [Fault(name, (), "missing") for name in FILES if name not in texts]
    found = Offices(
        _entries(DEPARTMENTS, texts, DepartmentData, faults),
        _entries(SERVICES, texts, ServiceData, faults),
        _entries(COUNTERS, texts, CounterData, faults),
        _entries(HOURS, texts, _RULES, faults),
        _holidays(texts, faults),
    )
    faults += together(found, procedures) if not faults else []
    return found, faults


def together(offices: Offices, procedures: Collection[str] | None = None) -> Iterator[Fault]:
    """What is wrong between entries that are each well formed."""
    yield from _services(offices, procedures)
    yield from _counters(offices)
    for key, rules in offices.hours.items():
        if key not in offices.counters:
            yield Fault(HOURS, (key,), "unknown_counter", {"value": key})
            continue
        yield from _overlaps(key, rules)
        yield from _too_short(key, rules, offices)


def faults_of(error: ValidationError, file: str, where: tuple[str, ...]) -> Iterator[Fault]:
    """What pydantic found, in our words."""
    for wrong in error.errors():
        context: Mapping[str, Any] = wrong.get("ctx", {})
        place = where + tuple(str(part + 1) if isinstance(part, int) else str(part) for part in wrong["loc"])
        kind = _KINDS.get(wrong["type"], "bad_value")
        facts: dict[str, str] = {}
        match wrong["type"]:
            case "missing" if place[-1] in LANGUAGES:
                kind, facts, place = "missing_language", {"language": place[-1]}, place[:-1]
            case "string_type" if wrong["input"] is None:
                kind = "empty"
            case "greater_than_equal":
                kind, facts = "too_small", {"limit": str(context["ge"])}
            case "less_than_equal":
                kind, facts = "too_large", {"limit": str(context["le"])}
            case "string_too_long":
                kind, facts = "too_long", {"limit": str(context["max_length"])}
            case "string_pattern_mismatch" if "H24" in str(context["pattern"]):
                kind = "bad_code"
            case "string_pattern_mismatch":
                kind, facts = "bad_key", {"value": str(wrong["input"])}
            case "enum":
                kind = "bad_weekday"
            case "value_error":
                kind = str(context["error"])
        yield Fault(file, place, kind, facts)


def _load(file: str, texts: Mapping[str, str], faults: list[Fault]) -> dict[Any, Any]:
    if file not in texts:
        return {}
    try:
        faults += [Fault(file, (), "twice", {"value": key}) for key in _twice(texts[file])]
        data = yaml.load(texts[file], Loader=_Loader)  # noqa: S506 - a safe loader
    except (yaml.YAMLError, ValueError) as error:
        faults.append(Fault(file, (), "unreadable", {"reason": str(error).replace("\n", " ")}))
        return {}
    if data is None or isinstance(data, dict):
        return data or {}
    faults.append(Fault(file, (), "not_a_mapping"))
    return {}


def _twice(text: str) -> list[str]:
    """Keys of one mapping that the loader would silently overwrite."""
    found: list[str] = []
    open_, seen = [yaml.compose(text, Loader=_Loader)], set[int]()
    while open_:
        node = open_.pop()
        if node is None or id(node) in seen:  # an alias shares its anchor's node
            continue
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            keys = [str(key.value) for key, _ in node.value]
            found += sorted({key for key in keys if keys.count(key) > 1})
            open_ += [value for _, value in node.value]
        elif isinstance(node, yaml.SequenceNode):
            open_ += node.value
    return found


def _entries(
    file: str, texts: Mapping[str, str], model: type[BaseModel] | TypeAdapter[Any], faults: list[Fault]
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, entry in _load(file, texts, faults).items():
        try:
            _KEY.validate_python(key)
            found[key] = model.validate_python(entry) if isinstance(model, TypeAdapter) else model.model_validate(entry)
        except ValidationError as error:
            faults += faults_of(error, file, (str(key),))
    return found


def _holidays(texts: Mapping[str, str], faults: list[Fault]) -> dict[dt.date, HolidayData]:
    found: dict[dt.date, HolidayData] = {}
    for day, entry in _load(HOLIDAYS, texts, faults).items():
        if not isinstance(day, dt.date) or isinstance(day, dt.datetime):
            faults.append(Fault(HOLIDAYS, (str(day),), "bad_date"))
            continue
        try:
            found[day] = HolidayData.model_validate(entry)
        except ValidationError as error:
            faults += faults_of(error, HOLIDAYS, (str(day),))
    return found


def _services(offices: Offices, procedures: Collection[str] | None) -> Iterator[Fault]:
    served: dict[str, str] = {}
    for key, service in offices.services.items():
        if service.department not in offices.departments:
            yield Fault(SERVICES, (key, "department"), "unknown_department", {"value": service.department})
        elif not any(_receives(counter, key, service) for counter in offices.counters.values()):
            yield Fault(SERVICES, (key,), "no_counter")
        for code in service.procedures:
            if procedures is not None and code not in procedures:
                yield Fault(SERVICES, (key, "procedures"), "unknown_procedure", {"value": code})
            if (other := served.setdefault(code, key)) != key:
                yield Fault(SERVICES, (key, "procedures"), "served_twice", {"value": code, "other": other})


def _receives(counter: CounterData, key: str, service: ServiceData) -> bool:
    return key in counter.services or (not counter.services and counter.department == service.department)


def _counters(offices: Offices) -> Iterator[Fault]:
    for key, counter in offices.counters.items():
        if counter.department not in offices.departments:
            yield Fault(COUNTERS, (key, "department"), "unknown_department", {"value": counter.department})
        for name in counter.services:
            service = offices.services.get(name)
            if service is None:
                yield Fault(COUNTERS, (key, "services"), "unknown_service", {"value": name})
            elif service.department != counter.department:
                yield Fault(COUNTERS, (key, "services"), "other_department", {"value": name})


def _overlaps(counter: str, rules: tuple[RuleData, ...]) -> Iterator[Fault]:
    by_weekday: defaultdict[int, list[tuple[tuple[dt.time, dt.time], RuleData]]] = defaultdict(list)
    for rule in rules:
        for weekday in rule.weekdays:
            by_weekday[weekday.number] += [(span, rule) for span in rule.spans]
    for number, spans in sorted(by_weekday.items()):
        spans.sort(key=lambda found: found[0])
        for at, (span, rule) in enumerate(spans):
            for later, other in spans[at + 1 :]:
                if later[0] < span[1] and _at_once(rule, other):
                    facts = {"weekday": str(number), "first": write_span(span), "second": write_span(later)}
                    yield Fault(HOURS, (counter,), "overlap", facts)


def _at_once(one: RuleData, other: RuleData) -> bool:
    """Whether there is a day on which both hold."""
    first = max(one.valid_from or dt.date.min, other.valid_from or dt.date.min)
    last = min(one.valid_to or dt.date.max, other.valid_to or dt.date.max)
    return first <= last


def _too_short(counter: str, rules: tuple[RuleData, ...], offices: Offices) -> Iterator[Fault]:
    desk = offices.counters[counter]
    lengths = [s.duration_minutes for key, s in offices.services.items() if _receives(desk, key, s)]
    if not lengths:
        return
    for rule in rules:
        for starts, ends in rule.spans:
            minutes = (ends.hour - starts.hour) * 60 + ends.minute - starts.minute
            if minutes < min(lengths):
                facts = {"span": write_span((starts, ends)), "minutes": str(min(lengths))}
                yield Fault(HOURS, (counter,), "too_short", facts)
