"""Duckling and dateparser on JSON lines of texts, for the comparison of `tests.bench.when`.

Run by the interpreter of an environment that holds both; imports nothing of this project. Their answers are
taken kindly: the first time they find, its day and hour, whatever else they say.

in: {"text", "at"}   out: {"duckling": [date, time], "dateparser": [date, time]}, each with its milliseconds
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

Found = tuple[str | None, str | None]
Reader = Callable[[str, datetime], Found]


def duckling_reader() -> Reader:
    """Duckling with its Vietnamese rules."""
    duckling: Any = importlib.import_module("duckling")
    zones = duckling.load_time_zones("/usr/share/zoneinfo")
    locale = duckling.parse_locale("VI", duckling.default_locale_lang(duckling.parse_lang("vi")))
    dimensions = duckling.parse_dimensions(["time"])

    def read(text: str, at: datetime) -> Found:
        reference = duckling.parse_ref_time(zones, "Asia/Ho_Chi_Minh", int(at.timestamp()))
        day: str | None = None
        hour: str | None = None
        for entity in duckling.parse(text, duckling.Context(reference, locale), dimensions, False):
            values = entity["value"]["values"]
            firsts = [value.get("from") or value.get("to") or value for value in values]
            moments = [datetime.fromisoformat(first["value"]) for first in firsts]
            daily = len(moments) >= 3 and moments[-1] - moments[0] <= timedelta(days=2)
            if day is None and not daily:
                day = moments[0].date().isoformat()
            exact = values[0]["type"] == "value" and firsts[0]["grain"] in ("hour", "minute", "second")
            if hour is None and exact:
                hour = moments[0].strftime("%H:%M")
        return day, hour

    return read


def dateparser_reader() -> Reader:
    """dateparser looking for Vietnamese dates, days before months, the future preferred."""
    search: Any = importlib.import_module("dateparser.search")

    def read(text: str, at: datetime) -> Found:
        base = at.replace(tzinfo=None)
        settings = {"RELATIVE_BASE": base, "PREFER_DATES_FROM": "future", "DATE_ORDER": "DMY"}
        found = search.search_dates(text, languages=["vi"], settings=settings)
        if not found:
            return None, None
        moment = found[0][1]
        clock = moment.time()
        said = clock not in (base.time(), datetime.min.time())
        return moment.date().isoformat(), clock.strftime("%H:%M") if said else None

    return read


def main() -> None:
    readers = {"duckling": duckling_reader(), "dateparser": dateparser_reader()}
    for line in sys.stdin:
        asked = json.loads(line)
        answers: dict[str, list[Any]] = {}
        for name, read in readers.items():
            began = time.process_time()
            day, hour = read(asked["text"], datetime.fromisoformat(asked["at"]))
            answers[name] = [day, hour, (time.process_time() - began) * 1000]
        print(json.dumps(answers), flush=True)


if __name__ == "__main__":
    main()
