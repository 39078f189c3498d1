"""Between a form of the directory and an entry of its files: the same schema checks both.

A form is a flat mapping of names to what was typed, kept as it was typed until it is right. A name is the way to
the value in the entry: `title.ko`, `contact_points.1.source`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData

from bot.domain.procedure import Language
from knowledge.directory import DepartmentData
from knowledge.offices import CounterData, ServiceData
from knowledge.offices_checking import faults_of

Typed = dict[str, str]
Faults = dict[str, str]
_Model = TypeVar("_Model", bound=BaseModel)
LANGUAGES = tuple(language.value for language in Language)
_HOUR = re.compile(r"([0-9]{1,2})(?:[:hH.]?([0-9]{2})|[hH])?")
POINTS = 4
"""Contact points a form has room for."""


def typed(form: FormData) -> Typed:
    """What was typed, without blanks around it; of names given more than once, all values with commas between."""
    names = dict.fromkeys(name for name, value in form.multi_items() if isinstance(value, str))
    return {name: ",".join(str(value).strip() for value in form.getlist(name)) for name in names}


def check(model: type[_Model], values: Mapping[str, Any], *, vietnamese: bool) -> tuple[_Model | None, Faults]:
    """The entry, or what is wrong with it by name of the field."""
    try:
        return model.model_validate(values), {}
    except ValidationError as error:
        faults: Faults = {}
        for fault in faults_of(error, "", ()):
            faults.setdefault(_field(fault.where, fault.what, fault.facts), fault.say(vietnamese=vietnamese))
        return None, faults


def department_of(form: Typed) -> dict[str, Any]:
    points = [
        {part: form.get(f"contact_points.{at}.{part}") or None for part in ("kind", "value", "source", "verified_on")}
        for at in range(1, POINTS + 1)
    ]
    return _present(
        {
            "name": _text(form, "name"),
            "duties": _text(form, "duties"),
            "address": _text(form, "address", optional=True),
            "source": _source(form),
            "contact_points": [
                _present(point) for point in points if any(point[part] for part in ("value", "source", "verified_on"))
            ],
        }
    )


def service_of(form: Typed) -> dict[str, Any]:
    numbers = ("duration_minutes", "notice_minutes", "window_days", "cancel_minutes")
    return _present(
        {
            "department": form.get("department", ""),
            "title": _text(form, "title"),
            "instructions": _text(form, "instructions", optional=True),
            "documents": _documents(form),
            "procedures": form.get("procedures", "").replace(",", " ").split(),
            **{name: form.get(name, "") for name in numbers},
            "demonstration": bool(form.get("demonstration")),
        }
    )


def counter_of(form: Typed) -> dict[str, Any]:
    address = _text(form, "address", optional=True)
    return _present(
        {
            "department": form.get("department", ""),
            "name": _text(form, "name"),
            "address": address,
            "source": _source(form) if address or form.get("source.url") else None,
            "services": [key for key in form.get("services", "").split(",") if key],
            "demonstration": bool(form.get("demonstration")),
        }
    )


def to_form(data: DepartmentData | ServiceData | CounterData) -> Typed:
    """What a form shows of an entry."""
    values = data.model_dump(mode="json", exclude_none=True)
    form: Typed = {}
    for name, value in values.items():
        match name, value:
            case "documents", list():
                form |= {f"documents.{code}": "\n".join(each[code] for each in value) for code in LANGUAGES}
            case "contact_points", list():
                for at, point in enumerate(value, start=1):
                    form |= {f"contact_points.{at}.{part}": str(given) for part, given in point.items()}
            case "procedures", list():
                form[name] = " ".join(value)
            case _, list():
                form[name] = ",".join(value)
            case _, dict():
                form |= {f"{name}.{part}": str(given) for part, given in value.items()}
            case _, bool():
                form[name] = "yes" if value else ""
            case _:
                form[name] = str(value)
    return form


def day_of(value: str) -> dt.date | None:
    """A day as date fields send it; None for any other text."""
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        return None


def time_of(value: str) -> dt.time | None:
    """An hour as officials write it: 08:00, 8:00, 0800, 8h, 8h30; None for any other text."""
    found = _HOUR.fullmatch(value.strip())
    if found is None or int(found[1]) > 23 or int(found[2] or 0) > 59:
        return None
    return dt.time(int(found[1]), int(found[2] or 0))


def _text(form: Typed, name: str, *, optional: bool = False) -> dict[str, str] | None:
    given = {code: form[f"{name}.{code}"] for code in LANGUAGES if form.get(f"{name}.{code}")}
    return given if given or not optional else None


def _source(form: Typed) -> dict[str, str]:
    return {part: form[f"source.{part}"] for part in ("title", "url", "updated_on") if form.get(f"source.{part}")}


def _documents(form: Typed) -> list[dict[str, str]]:
    """One document a line, the same line in each language."""
    lines = {code: [line.strip() for line in form.get(f"documents.{code}", "").splitlines()] for code in LANGUAGES}
    count = max(map(len, lines.values()))
    rows = [{code: own[at] for code, own in lines.items() if at < len(own) and own[at]} for at in range(count)]
    return [row for row in rows if row]


def _present(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _field(where: Iterable[str], what: str, facts: Mapping[str, str]) -> str:
    parts = list(where) + ([facts["language"]] if what == "missing_language" else [])
    match parts:
        case []:
            return "source.url"
        case ["documents", _, language]:
            return f"documents.{language}"
        case ["procedures" | "services", *_]:
            return parts[0]
        case ["source"]:
            return "source.url"
        case [("name" | "duties" | "title") as name]:
            return f"{name}.vi"
        case _:
            return ".".join(parts)


Parse = Callable[[Typed], dict[str, Any]]
