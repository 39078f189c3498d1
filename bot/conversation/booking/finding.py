"""Which appointment is meant: by its code, or of several by its day, its hour, its department, its service."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.booking.appointment import Appointment, State
from bot.domain.booking.offices import CITY_TIME
from bot.domain.procedure import Language, Text
from bot.domain.vietnamese import fold
from bot.domain.when import Part, Reading

from .codes import codes_in
from .proving import is_proven
from .scene import Scene

_WEEKDAY = re.compile(r"\bthu (?:[2-7]|hai|ba|tu|nam|sau|bay)\b|\bt[2-7]\b|\bcn\b|chu nhat|day\b|요일|周|星期|曜")
_PARTS = {Part.MORNING: (0, 11), Part.NOON: (11, 13), Part.AFTERNOON: (12, 18), Part.EVENING: (17, 24)}


@dataclass(frozen=True, slots=True)
class Found:
    """`meant` is open to the contact; `locked` needs its telephone first; `unknown` is a code that is none.
    Without a code, `own` are those it may be."""

    own: tuple[Appointment, ...] = ()
    meant: Appointment | None = None
    locked: str | None = None
    unknown: str | None = None


async def find(scene: Scene, text: str, *, when: str | None = None) -> Found:
    """The appointment `text` speaks of; `when`: the part of it that may name its day or hour."""
    own = await _theirs(scene)
    said = codes_in(text)
    for code in said.all:
        if (found := await _by_code(scene, code, own)) is not None:
            return found
    if said.named is not None:
        return Found(own, unknown=said.named)
    narrowed = narrow(scene, own, text if when is None else when, text)
    return Found(narrowed, narrowed[0] if len(narrowed) == 1 else None)


async def _theirs(scene: Scene) -> tuple[Appointment, ...]:
    """What they booked here; where that is nothing, what they have just shown to be theirs."""
    if own := await scene.around.book.of(scene.tracker.address, scene.now):
        return own
    named = [await scene.around.book.found(code) for code in scene.tracker.proven if is_proven(scene, code)]
    return tuple(each for each in named if each is not None and each.state is State.BOOKED and each.ends_at > scene.now)


async def find_code(scene: Scene, code: str) -> Found:
    """The appointment of a code."""
    own = await scene.around.book.of(scene.tracker.address, scene.now)
    return await _by_code(scene, code, own) or Found(own, unknown=code)


async def _by_code(scene: Scene, code: str, own: Sequence[Appointment]) -> Found | None:
    for appointment in own:
        if appointment.code == code:
            return Found(tuple(own), appointment)
    found = await scene.around.book.found(code)
    if found is None or found.state is State.HELD:
        return None
    # What is over is spoken of by its code alone.
    is_over = found.state not in (State.BOOKED, State.ARRIVED) or found.ends_at <= scene.now
    may = is_over or is_proven(scene, code)
    return Found(tuple(own), meant=found) if may else Found(tuple(own), locked=code)


def narrow(scene: Scene, own: Sequence[Appointment], when: str, text: str) -> tuple[Appointment, ...]:
    """Those of `own` that fit the day, the hour, the department or the service named; all where none does."""
    left = tuple(own)
    if len(left) < 2:
        return left
    reading = scene.around.read_time(when, scene.now, scene.speaker.language) if when.strip() else Reading()
    at = tuple(a for a in left if _at(a, reading)) if not reading.empty else ()
    if not at and reading.date is not None and reading.range_end is None and _WEEKDAY.search(fold(when).lower()):
        # "Thứ sáu" of somebody who has an appointment on another Friday than the next means that one.
        days = (reading.date + dt.timedelta(weeks=week) for week in range(1, 9))
        at = tuple(a for day in days for a in left if _at(a, replace(reading, date=day)))
    for fitting in (
        at,
        tuple(a for a in left if _named(scene, a, fold(text).lower())),
    ):
        left = tuple(a for a in left if a in fitting) or left
    return left


def _at(appointment: Appointment, reading: Reading) -> bool:
    local = appointment.starts_at.astimezone(CITY_TIME)
    if reading.date is not None and not reading.date <= local.date() <= (reading.range_end or reading.date):
        return False
    if reading.time is not None:
        return local.time() == reading.time
    if reading.part is not None:
        first, last = _PARTS[reading.part]
        return first <= local.hour < last
    return True


def _named(scene: Scene, appointment: Appointment, folded: str) -> bool:
    department = scene.around.directory.department(appointment.service.department)
    names = [appointment.service.title, *([department.name] if department is not None else [])]
    return any(name in folded for text in names for name in _spoken(text))


def _spoken(name: Text) -> list[str]:
    written = [fold(said).lower() for language in Language if (said := name.within(language))]
    short = [each.removeprefix("so ").removeprefix("department of ") for each in written]
    return [each for each in (*written, *short) if len(each) > 2]
