"""The week of a counter as a form: two spans a day, the places, and from when to when it holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.persistence.directory_rows import Values
from knowledge.offices_faults import SENTENCES, WEEKDAYS

from .forms import Faults, Typed, day_of, time_of

DAYS = range(7)
SPANS = range(2)
PARTS = ("starts", "ends")
MOST = 50
Dates = tuple[dt.date | None, dt.date | None]


@dataclass(frozen=True, slots=True)
class Period:
    """The hours that hold from one day to another; both open for the ordinary week."""

    dates: Dates
    rows: tuple[Any, ...]

    @property
    def key(self) -> str:
        """How a link and a form name it."""
        return "_".join("" if day is None else day.isoformat() for day in self.dates)


def periods(rules: Iterable[Any]) -> list[Period]:
    """The rules of a counter by the days they hold, the ordinary week first."""
    found: dict[Dates, list[Any]] = {(None, None): []}
    for rule in rules:
        found.setdefault((rule.valid_from, rule.valid_to), []).append(rule)
    order = sorted(found, key=lambda dates: (dates != (None, None), dates[0] or dt.date.min, dates[1] or dt.date.max))
    return [Period(dates, tuple(found[dates])) for dates in order]


def to_form(period: Period) -> Typed:
    """What the form shows of a period; a third span of a day is not shown, see `has_more`."""
    form: Typed = {"valid_from": _day(period.dates[0]), "valid_to": _day(period.dates[1])}
    for day in DAYS:
        rows = sorted((row for row in period.rows if row.weekday == day), key=lambda row: row.starts)
        for span, row in zip(SPANS, rows, strict=False):
            form |= {f"{day}.{span}.starts": f"{row.starts:%H:%M}", f"{day}.{span}.ends": f"{row.ends:%H:%M}"}
        form |= {f"{day}.capacity": str(rows[0].capacity if rows else 1)}
        form |= {f"{day}.reserved": str(rows[0].reserved if rows else 0)}
    return form


def has_more(period: Period) -> bool:
    """Whether the form would lose something: a third span, or spans of one day with different places."""
    for day in DAYS:
        rows = [row for row in period.rows if row.weekday == day]
        if len(rows) > len(SPANS) or len({(row.capacity, row.reserved) for row in rows}) > 1:
            return True
    return False


def read(form: Typed, *, vietnamese: bool) -> tuple[list[Values], Faults]:
    """The rows of the week in `form`, or what is wrong by field."""
    side = 0 if vietnamese else 1
    faults: Faults = {}
    first, last = (_read_day(form, name, faults, side) for name in ("valid_from", "valid_to"))
    if first and last and first > last:
        faults["valid_to"] = SENTENCES["validity"][side]
    rows: list[Values] = []
    for day in DAYS:
        spans = [span for at in SPANS if (span := _read_span(form, f"{day}.{at}", faults, side)) is not None]
        if len(spans) == len(SPANS) and max(spans)[0] < min(spans)[1]:
            faults[f"{day}.1.starts"] = SENTENCES["overlap"][side].format(
                weekday=WEEKDAYS[day][side], first=_shown(spans[0]), second=_shown(spans[1])
            )
        places = _read_places(form, day, faults, side) if spans else (1, 0)
        rows += [
            {
                "weekday": day,
                "starts": starts,
                "ends": ends,
                "capacity": places[0],
                "reserved": places[1],
                "valid_from": first,
                "valid_to": last,
            }
            for starts, ends in sorted(spans)
        ]
    return rows, faults


def spread(form: Typed, source: int, targets: Sequence[int]) -> Typed:
    """The form with one weekday copied to others."""
    names = [f"{span}.{part}" for span in SPANS for part in PARTS] + ["capacity", "reserved"]
    copied = {f"{day}.{name}": form.get(f"{source}.{name}", "") for day in targets for name in names}
    return {**form, **copied}


def overlapping(rows: Sequence[Mapping[str, Any]], others: Iterable[Any]) -> int | None:
    """The first weekday on which these rows overlap those of another period that holds at the same time."""
    for row in rows:
        for other in others:
            at_once = (row["valid_from"] or dt.date.min) <= (other.valid_to or dt.date.max) and (
                other.valid_from or dt.date.min
            ) <= (row["valid_to"] or dt.date.max)
            if (
                at_once
                and row["weekday"] == other.weekday
                and row["starts"] < other.ends
                and other.starts < row["ends"]
            ):
                return int(row["weekday"])
    return None


def _read_day(form: Typed, name: str, faults: Faults, side: int) -> dt.date | None:
    given = form.get(name, "")
    day = day_of(given)
    if given and day is None:
        faults[name] = SENTENCES["bad_date"][side]
    return day


def _read_span(form: Typed, name: str, faults: Faults, side: int) -> tuple[dt.time, dt.time] | None:
    given = [form.get(f"{name}.{part}", "") for part in PARTS]
    if not any(given):
        return None
    starts, ends = map(time_of, given)
    if starts is None:
        faults[f"{name}.starts"] = SENTENCES["missing"][side]
    elif ends is None:
        faults[f"{name}.ends"] = SENTENCES["missing"][side]
    elif starts >= ends:
        faults[f"{name}.ends"] = SENTENCES["span_order"][side]
    else:
        return (starts, ends)
    return None


def _read_places(form: Typed, day: int, faults: Faults, side: int) -> tuple[int, int]:
    try:
        capacity, reserved = (int(form.get(f"{day}.{name}") or 0) for name in ("capacity", "reserved"))
    except ValueError:
        faults[f"{day}.capacity"] = SENTENCES["not_a_number"][side]
        return (1, 0)
    if capacity < 0 or reserved < 0 or not 1 <= capacity + reserved <= MOST:
        faults[f"{day}.capacity"] = SENTENCES["capacity"][side]
    return (capacity, reserved)


def _shown(span: tuple[dt.time, dt.time]) -> str:
    return f"{span[0]:%H:%M}-{span[1]:%H:%M}"


def _day(day: dt.date | None) -> str:
    return "" if day is None else day.isoformat()
