"""The day's list as an official narrows it down, and as a file for a spreadsheet."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Iterable

from bot.conversation.booking.numbers import show_telephone
from bot.domain.booking.offices import CITY_TIME
from bot.domain.procedure import Language
from bot.domain.vietnamese import fold
from bot.persistence.desk import Day, Line

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for a formula at the beginning of a cell (OWASP, CSV injection)."""
COLUMNS = "number at counter state code name telephone service procedure attending".split()


def narrowed(lines: Iterable[Line], *, counter: int | None, state: str | None, asked: str) -> list[Line]:
    """The lines at a counter, in a state, that hold what was asked for: a number, code, name or telephone."""
    wanted = fold(asked.strip())
    return [
        line
        for line in lines
        if (counter is None or line.counter == counter)
        and (not state or line.state == state)
        and (not wanted or _holds(line, wanted))
    ]


def as_csv(day: Day, lines: Iterable[Line], say: Callable[[str], str], language: Language) -> bytes:
    """The list in UTF-8 with the mark that spreadsheets want; no cell is taken for a formula."""
    names = {counter.id: counter.name.best(language)[0] for counter in day.counters}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([say(f"desk_column_{column}") for column in COLUMNS])
    for line in lines:
        writer.writerow(
            map(
                harmless,
                (
                    line.visit.number if line.visit else "",
                    f"{line.at.astimezone(CITY_TIME):%Y-%m-%d %H:%M}",
                    names.get(line.counter or 0, ""),
                    say(f"desk_state_{line.state}"),
                    line.code or "",
                    line.name or "",
                    show_telephone(line.telephone) if line.telephone else "",
                    line.service.best(language)[0] if line.service else "",
                    line.procedure.best(language)[0] if line.procedure else "",
                    say("desk_yes") if line.attending else "",
                ),
            )
        )
    return "\ufeff".encode() + out.getvalue().encode()


def minutes(time: dt.timedelta) -> int:
    """Whole minutes."""
    return int(time.total_seconds() // 60)


def harmless(value: object) -> str:
    """A cell that a spreadsheet shows as it is written."""
    text = str(value)
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def _holds(line: Line, wanted: str) -> bool:
    digits = re.sub(r"\D", "", wanted)
    if line.visit is not None and wanted == str(line.visit.number):
        return True
    if len(digits) >= 3 and line.telephone is not None:
        national = digits.removeprefix("0")
        if national and national in line.telephone:
            return True
    texts = (line.code, line.name, line.service.vi if line.service else None)
    return any(wanted in fold(text) for text in texts if text)
