"""The day's list in the order in which an official needs it: who waits, who is at a counter, who is late, who comes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.booking.visiting import precedence
from bot.persistence.desk import Day, Line

OVER = "over"
"""Who needs nothing any more: served, missed, cancelled, sent elsewhere."""
TODAY = ("waiting", "called", "late", "expected", OVER)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the list: `state` is one of `TODAY`, or `counter` is the id of one (None: who has none yet)."""

    lines: tuple[Line, ...]
    state: str | None = None
    counter: int | None = None


def by_turn(lines: Iterable[Line], now: dt.datetime) -> list[Part]:
    """Today: who waits, in the order of their turn, comes first, and who needs nothing any more last."""
    found: dict[str, list[Line]] = {state: [] for state in TODAY}
    for line in lines:
        late = line.state == "expected" and line.at < now
        found["late" if late else line.state if line.state in found else OVER].append(line)
    found["waiting"].sort(key=lambda line: (line.ahead is None, line.ahead or 0))
    return [Part(tuple(members), state=state) for state, members in found.items() if members]


def by_counter(lines: Iterable[Line], day: Day) -> list[Part]:
    """The list of each counter in the counters' order; who has none yet comes first."""
    order = [None, *(counter.id for counter in day.counters)]
    found: dict[int | None, list[Line]] = {counter: [] for counter in order}
    for line in lines:
        found[line.counter if line.counter in order else None].append(line)
    return [Part(tuple(members), counter=counter) for counter, members in found.items() if members]


def for_counter(day: Day, services: tuple[str, ...], counter: int, now: dt.datetime) -> list[Line]:
    """Who this counter can call, in the order in which it calls them (as `SqlVisits.queue`)."""
    waiting = [
        (
            (precedence(visit.arrived_at, line.at if line.code else None, now), line.counter != counter, visit.number),
            line,
        )
        for line in day.lines
        if line.state == "waiting"
        and (visit := line.visit) is not None
        and line.ahead is not None
        and (not services or visit.service is None or visit.service in services)
        and visit.counter in (None, counter)
    ]
    return [line for _, line in sorted(waiting, key=lambda each: each[0])]
