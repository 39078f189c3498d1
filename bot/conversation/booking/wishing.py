"""When a contact would like to come, kept in the slots of the tracker and changed by what they say next. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import MutableMapping

from bot.domain.booking.openings import Wish
from bot.domain.when import Edge, Part, Reading

SLOTS = ("day", "day_end", "time", "until", "part", "edge", "excluding")
_DAYS = ("day", "day_end")
_HOURS = ("time", "until", "part", "edge")

Slots = MutableMapping[str, str]


def wish_in(slots: Slots) -> Wish:
    """The wish that the slots hold."""
    return Wish(
        first=_date(slots.get("day")),
        last=_date(slots.get("day_end")) or _date(slots.get("day")),
        time=_time(slots.get("time")),
        until=_time(slots.get("until")),
        part=Part(slots["part"]) if "part" in slots else None,
        edge=Edge(slots["edge"]) if "edge" in slots else None,
        excluding=tuple(dt.date.fromisoformat(day) for day in slots.get("excluding", "").split(",") if day),
    )


def says_when(reading: Reading) -> bool:
    """Whether anything of a day or an hour was read, be it only "đầu giờ"."""
    return not reading.empty or reading.edge is not None


def take_reading(slots: Slots, reading: Reading) -> bool:
    """Change the wish by what was read; False where that says nothing of it.

    A day alone keeps the hour that was named before, an hour alone the day: "à không, thứ năm cơ".
    """
    if not says_when(reading):
        return False
    if reading.date is not None:
        forget(slots, (*_DAYS, "excluding"))
        slots["day"] = reading.date.isoformat()
        if reading.range_end is not None and reading.range_end != reading.date:
            slots["day_end"] = reading.range_end.isoformat()
            if reading.time is None:
                forget(slots, ("time", "until"))  # an hour of one day says little about a week
    if reading.excluding:
        slots["excluding"] = ",".join(day.isoformat() for day in reading.excluding)
    if reading.time is not None or reading.part is not None or reading.edge is not None:
        forget(slots, _HOURS)
        for slot, value in (("time", reading.time), ("until", reading.until)):
            if value is not None:
                slots[slot] = value.isoformat("minutes")
        if reading.part is not None and reading.time is None:
            slots["part"] = reading.part.value
        if reading.edge is not None:
            slots["edge"] = reading.edge.value
    return True


def wish_for(slots: Slots, starts_at: dt.datetime) -> None:
    """The wish is the opening that begins then (in the city's time)."""
    forget(slots, SLOTS)
    slots["day"] = starts_at.date().isoformat()
    slots["time"] = starts_at.time().isoformat("minutes")


def wish_for_another_day(slots: Slots) -> None:
    """Any day but the one spoken of; the hour stays wished for only as a part of the day."""
    passed = [day for day in slots.get("excluding", "").split(",") if day]
    if (day := slots.get("day")) is not None and "day_end" not in slots:
        passed.append(day)
    forget(slots, (*_DAYS, "time", "until", "edge"))
    if passed:
        slots["excluding"] = ",".join(dict.fromkeys(passed))


def forget(slots: Slots, names: tuple[str, ...]) -> None:
    for name in names:
        slots.pop(name, None)


def _date(value: str | None) -> dt.date | None:
    return dt.date.fromisoformat(value) if value else None


def _time(value: str | None) -> dt.time | None:
    return dt.time.fromisoformat(value) if value else None
