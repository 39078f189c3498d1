"""The dispatcher: takes stored replies to their platform, in order, each until it arrived or never can.

At least once: where it is unknown whether a reply arrived, it is sent again, later and counted.
"""

from __future__ import annotations

import asyncio
import random
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog
from prometheus_client import Counter, Histogram

from bot.persistence.engine import is_database_away
from bot.persistence.outbox_queue import Claim, SqlOutboxQueue

from .errors import DeliveryError, OutOfWindow, PlatformDown, Rejected, Throttled, Unreachable
from .port import Channel, Channels, OutboundReply

log = structlog.get_logger(__name__)

RESULTS = Counter("ctc_replies", "Replies by what became of them.", ["channel", "result"])
SENT_AGAIN = Counter("ctc_replies_sent_again", "Replies sent again though they may have arrived.", ["channel"])
WAITED = Histogram("ctc_reply_age_seconds", "Time from a reply's writing to its arrival.", ["channel"])

MOST_TIME = timedelta(seconds=15)
"""For one delivery; with the two pauses below shorter than a claim lasts, so that nobody else delivers it too."""
MOST_ATTEMPTS = 12
"""Where each attempt may have reached the contact, or fails for a reason of our own."""
TOO_OLD = timedelta(hours=24)
"""An answer this late serves nobody any more."""
LONGEST_PAUSE = timedelta(minutes=5)
LONGEST_SLEEP = timedelta(seconds=5)
"""A pause between two replies up to this is slept through; a longer one frees the claim."""
_SETTLE_AGAIN = (0.2, 0.5, 1, 2, 4)
"""Seconds between attempts to note what happened while the database restarts."""


def pause_before(attempt: int, *, perhaps_delivered: bool, retries_are_safe: bool) -> timedelta:
    """How long to wait after `attempt` (from 1) failed: doubling from 1 s, spread by a quarter.

    Where the contact might get the reply twice it grows faster, from 10 s: most outages are over by then.
    """
    careful = perhaps_delivered and not retries_are_safe
    seconds = 10 * 4 ** min(attempt - 1, 8) if careful else 2 ** min(attempt - 1, 16)
    pause = min(timedelta(seconds=seconds), LONGEST_PAUSE)
    return pause * random.uniform(0.75, 1.25)


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one attempt, how to write it down, and whether the next reply may go at once."""

    result: str
    settle: Callable[[], Awaitable[None]]
    next_may_go: bool


class Dispatcher:
    """Delivers the replies of the channels it is given; those of other processes' channels it leaves alone."""

    def __init__(self, queue: SqlOutboxQueue, channels: Channels, *, at_once: int = 16) -> None:
        self._queue = queue
        self._channels: dict[str, Channel] = {channel.name: channel for channel in channels}
        # One slow platform must not hold up the others.
        self._room = {name: asyncio.Semaphore(at_once) for name in self._channels}
        self._running: dict[asyncio.Task[None], uuid.UUID] = {}

    async def deliver(self, conversation: uuid.UUID) -> None:
        """Deliver what is due in a conversation. Two callers at once are harmless; errors are logged."""
        try:
            while (claim := await self._queue.claim(conversation, list(self._channels))) is not None:
                channel = self._channels[claim.address.channel]
                fate = await self._forestall(claim, channel) or await self._in_turn(claim, channel)
                await self._note(claim, fate)
                if not fate.next_may_go:
                    return
        except Exception as error:
            if not is_database_away(error):
                raise
            log.warning("delivery_interrupted", conversation=str(conversation), reason=type(error).__name__)

    def soon(self, conversation: uuid.UUID) -> None:
        """Deliver in the background; `drain` waits for it."""
        task = asyncio.create_task(self._guarded(conversation), name=f"deliver {conversation}")
        self._running[task] = conversation
        task.add_done_callback(self._running.pop)

    async def drain(self, patience: float = MOST_TIME.total_seconds()) -> None:
        """Wait for deliveries begun by `soon`, `patience` in seconds; the rest is interrupted."""
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=patience)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def deliver_due(self) -> int:
        """Begin to deliver whatever is due anywhere, and count the conversations: the sweep that loses nothing."""
        busy = set(self._running.values())
        due = [conversation for conversation in await self._queue.due(list(self._channels)) if conversation not in busy]
        for conversation in due:
            self.soon(conversation)
        return len(due)

    async def _guarded(self, conversation: uuid.UUID) -> None:
        try:
            await self.deliver(conversation)
        except Exception:
            log.exception("delivery_failed", conversation=str(conversation))

    async def _forestall(self, claim: Claim, channel: Channel) -> Fate | None:
        """What speaks against an attempt now; None after the pause the platform wants between two replies."""
        queue = self._queue
        if claim.unreachable:
            return Fate("unreachable", lambda: queue.leave(claim, "unreachable"), next_may_go=False)
        if claim.age > TOO_OLD:
            return Fate("dead", lambda: queue.give_up(claim, "too old"), next_may_go=True)
        if claim.since_last is not None:
            early = channel.capabilities.min_interval - claim.since_last
            if early > LONGEST_SLEEP:
                return Fate("waiting", lambda: queue.put_off(claim, early, "", counts=False), next_may_go=False)
            await asyncio.sleep(max(0.0, early.total_seconds()))
        return None

    async def _in_turn(self, claim: Claim, channel: Channel) -> Fate:
        """Attempt it when the channel has room; a crowd must not outlast the claim."""
        room = self._room[channel.name]
        try:
            async with asyncio.timeout(LONGEST_SLEEP.total_seconds()):
                await room.acquire()
        except TimeoutError:
            return Fate(
                "waiting",
                lambda: self._queue.put_off(claim, timedelta(seconds=1), "crowded", counts=False),
                next_may_go=False,
            )
        try:
            return await self._attempt(claim, channel)
        finally:
            room.release()

    async def _attempt(self, claim: Claim, channel: Channel) -> Fate:
        queue = self._queue
        if claim.again:
            SENT_AGAIN.labels(channel.name).inc()
        outbound = OutboundReply(claim.id, claim.address, claim.sequence, claim.reply, claim.tokens)
        try:
            async with asyncio.timeout(MOST_TIME.total_seconds()):
                platform_id = await channel.deliver(outbound)
        except DeliveryError as error:
            return self._after(error, claim, channel)
        except TimeoutError:
            return self._after(PlatformDown("no answer in time", perhaps_delivered=True), claim, channel)
        except Exception as error:
            log.exception("channel_failed", channel=channel.name, outbox=claim.id)
            return self._after(PlatformDown(type(error).__name__, perhaps_delivered=True), claim, channel)
        WAITED.labels(channel.name).observe(claim.age.total_seconds())
        return Fate("sent", lambda: queue.sent(claim, platform_id), next_may_go=True)

    def _after(self, error: DeliveryError, claim: Claim, channel: Channel) -> Fate:
        queue = self._queue
        match error:
            case Throttled():
                pause = error.retry_after
                return Fate(
                    "throttled", lambda: queue.put_off(claim, pause, "throttled", counts=False), next_may_go=False
                )
            case Unreachable():
                return Fate("unreachable", lambda: queue.leave(claim, "unreachable"), next_may_go=False)
            case OutOfWindow():
                return Fate("out_of_window", lambda: queue.wait_for_contact(claim, "out of window"), next_may_go=False)
            case PlatformDown() if not (error.perhaps_delivered and claim.attempt >= MOST_ATTEMPTS):
                uncertain = error.perhaps_delivered
                pause = pause_before(
                    claim.attempt,
                    perhaps_delivered=uncertain,
                    retries_are_safe=channel.capabilities.retries_are_safe,
                )
                return Fate(
                    "uncertain" if uncertain else "retried",
                    lambda: queue.put_off(claim, pause, str(error), uncertain=uncertain),
                    next_may_go=False,
                )
            case Rejected():
                return Fate("rejected", lambda: queue.give_up(claim, f"rejected: {error}"), next_may_go=True)
            case _:
                return Fate("dead", lambda: queue.give_up(claim, str(error)), next_may_go=True)

    async def _note(self, claim: Claim, fate: Fate) -> None:
        """Write down what became of a reply; a reply that arrived must not be forgotten over a restart."""
        for pause in _SETTLE_AGAIN:
            try:
                await fate.settle()
                break
            except Exception as error:
                if not is_database_away(error):
                    raise
                await asyncio.sleep(pause)
        else:
            await fate.settle()
        channel = claim.address.channel
        RESULTS.labels(channel, fate.result).inc()
        if fate.result != "sent":
            log.warning("reply_" + fate.result, channel=channel, outbox=claim.id, attempt=claim.attempt)
