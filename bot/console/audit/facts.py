"""What an entry of the trail says was before and is now, in words; what stayed as it was is left out."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.console.wording import ConsoleWording, show
from bot.domain.booking.offices import CITY_TIME
from bot.domain.procedure import Language
from bot.persistence.audit_names import Names

_HIDDEN = frozenset({"hours_edited_by", "source.updated_on"})
"""Kept for other programs, and said elsewhere in the entry."""
_LANGUAGES = frozenset(language.value for language in Language)
_HOURS = re.compile(r"(\d) ([\d:]+)-([\d:]+) (\d+)\+(\d+)(?: ([\d-]*)\.\.([\d-]*))?")
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_ISO_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.+-]+")
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Change:
    """`label`: the fact; `before` None where there was none to compare with."""

    label: str
    before: str | None
    after: str


class Facts:
    """Tells facts in one language."""

    def __init__(self, wording: ConsoleWording, language: str, names: Names) -> None:
        self._wording = wording
        self._language = language
        self._names = names
        self._special: Mapping[str, Callable[[Any], str]] = {
            "counter": self._counter,
            "department": self._department,
            "department_key": self._department,
            "services": self._services,
            "worked_as": self._worked_as,
            "contact_points": self._points,
            "documents": self._documents,
        }

    def changes(self, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> list[Change]:
        """Each fact that differs, in the order in which the entry holds them."""
        old, new = _flat(before or {}), _flat(after or {})
        told = []
        for fact in dict.fromkeys([*new, *old]):
            was, is_ = old.get(fact), new.get(fact)
            if fact in _HIDDEN or (before is not None and after is not None and was == is_):
                continue
            if fact == "hours":
                told.append(self._hours(was or [], is_ or []))
                continue
            if not isinstance(is_, bool) and not is_ and not was:
                continue
            told.append(Change(self.label(fact), self._told(fact, was, before), self.value(fact, is_)))
        return told

    def label(self, fact: str) -> str:
        """What a fact is called; in one of five languages it names that."""
        way = fact.split(".")
        if way[0] == "departments" and len(way) == 2:
            return self._department(way[1])
        if len(way) > 1 and way[-1] in _LANGUAGES:
            base, in_ = self._named("fact", ".".join(way[:-1])), self._named("language", way[-1])
            return f"{base} ({in_})"
        return self._named("fact", fact)

    def value(self, fact: str, value: Any) -> str:
        """A value in words."""
        if value in (None, "", [], {}):
            return NOTHING
        if (special := self._special.get(fact)) is not None:
            return special(value)
        if fact.startswith("departments."):
            return self._named("value_departments", str(value))
        match value:
            case bool():
                return self._named("value", "yes" if value else "no")
            case list():
                return ", ".join(map(str, value))
            case str() if f"audit_value_{fact}_{value}" in self._wording:
                return self._named(f"value_{fact}", value)
            case str() if _ISO_MOMENT.fullmatch(value):
                return show(dt.datetime.fromisoformat(value), self._language)
            case str() if _ISO_DAY.fullmatch(value):
                return show(dt.date.fromisoformat(value), self._language)
        return str(value)

    def _told(self, fact: str, was: Any, before: Mapping[str, Any] | None) -> str | None:
        return None if before is None else self.value(fact, was)

    def _named(self, kind: str, name: str) -> str:
        """The words for it; the name itself where a part brought none along."""
        key = f"audit_{kind}_{name.replace('.', '_')}"
        return self._wording.say(key, self._language) if key in self._wording else name

    def _say(self, key: str, **facts: object) -> str:
        return self._wording.say(key, self._language, **facts)

    def _text(self, names: Mapping[str, Any], key: str) -> str:
        return names[key].best(Language(self._language))[0] if key in names else key

    def _department(self, key: Any) -> str:
        return self._text(self._names.departments, str(key))

    def _counter(self, counter: Any) -> str:
        return self._text(self._names.counters, self._names.counter_keys.get(counter, str(counter)))

    def _services(self, keys: Iterable[str]) -> str:
        return ", ".join(self._text(self._names.services, key) for key in keys)

    def _worked_as(self, weekday: int) -> str:
        return self._say("directory_worked_as", day=self._say(f"directory_weekday_{weekday}"))

    def _points(self, points: Iterable[Mapping[str, Any]]) -> str:
        return "; ".join(f"{self._named('value_point', point['kind'])} {point['value']}" for point in points)

    def _documents(self, documents: Iterable[Mapping[str, str]]) -> str:
        return "; ".join(each.get(self._language) or each.get("vi", "") for each in documents)

    def _hours(self, was: list[str], is_: list[str]) -> Change:
        """Only the spans that went and those that came."""
        gone, come = ([line for line in own if line not in other] for own, other in ((was, is_), (is_, was)))
        return Change(self._named("fact", "hours"), self._spans(gone), self._spans(come))

    def _spans(self, lines: list[str]) -> str:
        """Weekdays with the same hours come together."""
        days: dict[str, list[str]] = {}
        for line in lines:
            if (found := _HOURS.fullmatch(line)) is None:
                days.setdefault(line, [])
                continue
            weekday, starts, ends, capacity, reserved, first, last = found.groups()
            span = self._say("audit_span", starts=starts, ends=ends, places=capacity)
            if reserved != "0":
                span += self._say("audit_span_reserved", places=reserved)
            if first or last:
                dates = [show(dt.date.fromisoformat(day), self._language) if day else "…" for day in (first, last)]
                span += self._say("audit_span_dates", first=dates[0], last=dates[1])
            days.setdefault(span, []).append(self._say(f"directory_short_{weekday}"))
        return "; ".join(f"{', '.join(on)} {span}".strip() for span, on in days.items()) or NOTHING


def moment_of_day(day: str) -> dt.datetime:
    """The beginning of a day in the city. Raises `ValueError`."""
    return dt.datetime.combine(dt.date.fromisoformat(day), dt.time(), CITY_TIME)


def _flat(facts: Mapping[str, Any], path: str = "") -> dict[str, Any]:
    """Facts by their way, the record's own without its name: it is how tables keep it, not what it is."""
    found: dict[str, Any] = {}
    for name, value in facts.items():
        way = path if name == "record" and not path else f"{path}{name}"
        if isinstance(value, Mapping):
            found |= _flat(value, f"{way}." if way else "")
        else:
            found[way] = value
    return found
