"""The waiting list: a freed place is offered to whoever has waited longest for it, for a while, then to the next.

Only the constraint on appointments decides who has a place: an offer is a hold like any other. Services are
looked after one sweep at a time, so that two cannot offer to the wrong one first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Protocol

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation.ports import Openings
from bot.domain.booking.reminding import quiet_until

from .contacted import Busy
from .ending_offers import Parting, end
from .engine import is_database_away
from .offering_places import Offering, free_for, offer
from .unit_of_work import SqlUnitOfWork
from .waiting_queue import Entry, forget_past_wishes, over, waiting

log = structlog.get_logger(__name__)

AT_ONCE = 200
"""Entries looked at in one ring, the oldest first."""


class Invite(Offering, Parting, Protocol):
    """Composes what the waiting list says."""


class SqlWaitingList:
    """Offers freed places. Any number of processes may do so at once."""

    def __init__(self, engine: AsyncEngine, openings: Openings, invite: Invite) -> None:
        self._engine = engine
        self._openings = openings
        self._invite = invite

    async def sweep(self, now: datetime, limit: int = AT_ONCE) -> dict[str, int]:
        """End what is over, then offer what is free at `now`; counts both. In the quiet hours everything waits."""
        done: Counter[str] = Counter()
        if quiet_until(now) is not None:
            return done
        await forget_past_wishes(self._engine, now)
        for entry in await over(self._engine, now, limit):
            done[await self._guarded(entry, partial(end, entry=entry, parting=self._invite, now=now))] += 1
        nothing: set[tuple[object, ...]] = set()
        elsewhere: set[str] = set()
        for entry in await waiting(self._engine, now, limit):
            wish = (entry.service_key, entry.first_on, entry.last_on, entry.part)
            if wish in nothing or entry.service_key in elsewhere:
                continue
            free = await free_for(self._openings, entry, now)
            if not free:
                nothing.add(wish)
                continue
            offering = partial(offer, entry=entry, free=free, invite=self._invite, now=now)
            result = await self._guarded(entry, offering)
            done[result] += 1
            if result == "elsewhere":
                elsewhere.add(entry.service_key)  # going on with a younger entry would overtake the other sweep
        return {what: count for what, count in done.items() if what in ("offered", "lapsed", "left")}

    async def _guarded(self, entry: Entry, step: Callable[[SqlUnitOfWork], Awaitable[str]]) -> str:
        """One entry that cannot be served must not keep the others back."""
        try:
            async with SqlUnitOfWork(self._engine) as uow:
                return await step(uow)
        except Busy:
            return "busy"
        except Exception as error:
            if is_database_away(error):
                raise
            log.exception("offer_failed", waiting=entry.id)
            return "failed"
