"""The sweeps: what is looked after now and then, and how often.

Each is harmless when run twice or by two processes at once: it claims rows, or changes nothing twice.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation.booking.reminding import Reminding
from bot.persistence.intake import SqlIntake
from bot.persistence.jobs import SILENCE, retry_stalled
from bot.persistence.missed import miss
from bot.persistence.openings import SqlOpenings
from bot.persistence.places import lapse_holds
from bot.persistence.reminders import SqlReminders
from bot.persistence.retention import delete_old
from bot.persistence.waiting_list import SqlWaitingList

ORPHANED = timedelta(seconds=10)
"""An update that waits so long without a job lost it."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """Something to do `every` so often, first `after` the start; what it gives back is only logged."""

    name: str
    every: timedelta
    run: Callable[[], Awaitable[object]]
    after: timedelta = timedelta(0)


def sweeps(
    engine: AsyncEngine,
    *,
    deliver_due: Callable[[], Awaitable[object]],
    refresh_index: Callable[[], Awaitable[object]],
    keep: timedelta,
    silence: timedelta = SILENCE,
    orphaned: timedelta = ORPHANED,
) -> list[Sweep]:
    """The sweeps of the assistant; `keep` is how long texts are kept."""
    intake = SqlIntake(engine)
    return [
        Sweep("deliver_due", timedelta(seconds=2), deliver_due),
        Sweep("retry_stalled", timedelta(seconds=5), lambda: retry_stalled(engine, silence)),
        Sweep("defer_orphans", timedelta(seconds=5), lambda: intake.defer_orphans(orphaned.total_seconds())),
        Sweep("refresh_index", timedelta(minutes=1), refresh_index, after=timedelta(minutes=1)),
        Sweep("delete_old", timedelta(hours=6), lambda: delete_old(engine, keep), after=timedelta(minutes=2)),
    ]


def booking_sweeps(
    engine: AsyncEngine, reminding: Reminding, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> list[Sweep]:
    """The sweeps of appointments; `clock` tells the time they go by."""
    reminders = SqlReminders(engine, reminding.remind)
    waiting_list = SqlWaitingList(engine, SqlOpenings(engine), reminding)
    return [
        Sweep("lapse_holds", timedelta(seconds=15), lambda: lapse_holds(engine, clock())),
        Sweep("send_reminders", timedelta(seconds=15), lambda: reminders.send(clock())),
        Sweep("offer_places", timedelta(seconds=20), lambda: waiting_list.sweep(clock())),
        Sweep("miss", timedelta(minutes=10), lambda: miss(engine, clock()), after=timedelta(minutes=1)),
    ]
