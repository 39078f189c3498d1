"""Which department, day and counter a page of the desk is about."""

from __future__ import annotations

import datetime as dt

from starlette.requests import Request
from starlette.responses import Response

from bot.console.access import Refused
from bot.console.frame import Frame
from bot.domain.booking.offices import CITY_TIME
from bot.domain.official import Official, may
from bot.domain.procedure import Text
from bot.persistence.desk import SqlDesk

_COOKIE = "console_counter"
_A_WORKING_DAY = 12 * 60 * 60


async def departments_of(desk: SqlDesk, official: Official) -> dict[str, Text]:
    """The departments at whose desk the official works, of those that receive people."""
    return {key: name for key, name in (await desk.departments()).items() if may(official, key, "desk")}


def day_asked(request: Request, now: dt.datetime) -> dt.date:
    """The day in the query, else today. Raises `Refused` for what is no day."""
    asked = request.query_params.get("on")
    if not asked:
        return now.astimezone(CITY_TIME).date()
    try:
        return dt.date.fromisoformat(asked)
    except ValueError:
        raise Refused(404, "frame_not_found") from None


def number_asked(value: object) -> int | None:
    """A number of a form or query; None where there is none."""
    text = str(value) if value is not None else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def moment_asked(value: object) -> dt.datetime | None:
    """A moment of a form, with its zone; None where there is none."""
    try:
        moment = dt.datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def counter_kept(request: Request, department: str) -> int | None:
    """The counter the official sits at, as this browser remembers it."""
    whose, _, counter = request.cookies.get(_COOKIE, "").partition(":")
    return number_asked(counter) if whose == department else None


def keep_counter(frame: Frame, response: Response, department: str, counter: int | None) -> None:
    """Remember the counter for a working day."""
    value = f"{department}:{counter if counter is not None else ''}"
    frame.cookies.keep(response, _COOKIE, value, lasts=_A_WORKING_DAY)
