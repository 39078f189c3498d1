"""The runner: rings the sweeps; the only user of APScheduler."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from prometheus_client import Counter, Histogram

from .jobs import Sweep

log = structlog.get_logger(__name__)

FAILED = Counter("ctc_sweeps_failed", "Sweeps that ended in an error.", ["sweep"])
TOOK = Histogram("ctc_sweep_seconds", "Time a sweep takes.", ["sweep"])


async def run_scheduler(sweeps: Sequence[Sweep], *, patience: float = 5) -> None:
    """Ring `sweeps` until cancelled, then let those that run end, for `patience` seconds.

    One that fails is logged and rings again; one that is late rings once.
    """
    logging.getLogger("apscheduler").setLevel(logging.WARNING)  # it reports each ring at INFO
    scheduler = AsyncIOScheduler(timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1})
    running: set[asyncio.Task[None]] = set()
    for sweep in sweeps:
        scheduler.add_job(
            _ringing(sweep, running),
            "interval",
            seconds=sweep.every.total_seconds(),
            id=sweep.name,
            next_run_time=datetime.now(UTC) + sweep.after,
            misfire_grace_time=None,
        )
    scheduler.start()
    try:
        await asyncio.Event().wait()
    finally:
        scheduler.remove_all_jobs()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await asyncio.sleep(0)  # those just created join the others
                while running:
                    await asyncio.wait(running)
        late = list(running)
        scheduler.shutdown(wait=False)  # cancels what still runs
        await asyncio.gather(*late, return_exceptions=True)


def _ringing(sweep: Sweep, running: set[asyncio.Task[None]]) -> Callable[[], Awaitable[None]]:
    async def ring() -> None:
        task = asyncio.current_task()
        if task is not None:
            running.add(task)
            task.add_done_callback(running.discard)
        began = time.perf_counter()
        try:
            done = await sweep.run()
        except Exception:
            FAILED.labels(sweep.name).inc()
            log.exception("sweep_failed", sweep=sweep.name)
        else:
            TOOK.labels(sweep.name).observe(time.perf_counter() - began)
            if done:
                log.debug("sweep_done", sweep=sweep.name, done=str(done)[:200])

    return ring
