"""An entry of the trail as a sentence's parts: who, what, to what (with its page), and what became of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from bot.console.wording import ConsoleWording, show
from bot.domain.procedure import Language, Text
from bot.domain.vietnamese import fold
from bot.persistence.audit import COMMAND_LINE, KeptEntry
from bot.persistence.audit_names import Names

from .facts import Change, Facts


@dataclass(frozen=True, slots=True)
class Named:
    """Something in words; `path` of its page below /console, where it has one."""

    text: str
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """An entry to be read by somebody who knows no keys."""

    at: dt.datetime
    who: Named
    what: str
    kind: str
    thing: Named
    changes: list[Change]


class Telling:
    """Tells entries in one language."""

    def __init__(self, wording: ConsoleWording, language: str, names: Names) -> None:
        self._wording = wording
        self._language = language
        self._names = names
        self._facts = Facts(wording, language, names)

    def tell(self, kept: KeptEntry) -> Told:
        entry = kept.entry
        return Told(
            kept.at,
            self._who(entry.actor),
            self.named("action", entry.action),
            self.named("kind", entry.object_kind),
            self.thing(entry.object_kind, entry.object_key),
            self._facts.changes(entry.before, entry.after),
        )

    def thing(self, kind: str, key: str) -> Named:
        """What was changed, with its page where it still has one."""
        match kind:
            case "official":
                return self._who(key)
            case "visit" if key.count("/") == 2:
                return self._visit(*key.split("/"))
            case "department":
                return self._entry(self._names.departments, key, f"/directory/departments/{key}")
            case "service":
                return self._entry(self._names.services, key, f"/directory/services/{key}")
            case "counter":
                return self._entry(self._names.counters, key, f"/directory/counters/{key}")
            case "closure":
                there = key.isdecimal() and int(key) in self._names.closures
                return Named(self._say("audit_closure", number=key), "/closings" if there else None)
            case "holiday":
                return Named(self._day(key), f"/directory/special-days?year={key[:4]}")
            case "directory":
                return Named(self._say("audit_directory_files"), "/directory/files")
        return Named(key)

    def keys_of(self, asked: str) -> list[str]:
        """The keys of everything whose name holds what was asked for; what was asked for is one as well."""
        wanted = fold(asked)
        every: Iterable[tuple[str, Text]] = (
            pair
            for names in (self._names.departments, self._names.services, self._names.counters)
            for pair in names.items()
        )
        return [asked, *(key for key, text in every if wanted in fold(text.best(Language(self._language))[0]))]

    def named(self, of: str, name: str) -> str:
        """The words for an action or a kind of thing; the name itself where a part brought none along."""
        key = f"audit_{of}_{name.replace('.', '_')}"
        return self._say(key) if key in self._wording else name

    def _who(self, login: str) -> Named:
        if login == COMMAND_LINE:
            return Named(self._say("audit_command_line"))
        official = self._names.officials.get(login)
        return Named(login, f"/accounts/{official}" if official is not None else None)

    def _entry(self, names: Mapping[str, Text], key: str, path: str) -> Named:
        if key not in names:
            return Named(key)
        text = names[key].best(Language(self._language))[0]
        department = self._names.departments.get(self._names.belongs_to.get(key, ""))
        where = f", {department.best(Language(self._language))[0]}" if department is not None else ""
        return Named(text + where, path)

    def _visit(self, department: str, day: str, number: str) -> Named:
        where = self._entry(self._names.departments, department, "").text
        text = self._say("audit_visit", number=number, department=where, day=self._day(day))
        return Named(text, f"/day/{quote(department)}?{urlencode({'on': day})}")

    def _day(self, day: str) -> str:
        try:
            return show(dt.date.fromisoformat(day), self._language)
        except ValueError:
            return day

    def _say(self, key: str, **facts: object) -> str:
        return self._wording.say(key, self._language, **facts)
