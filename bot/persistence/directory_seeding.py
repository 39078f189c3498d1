"""At every start: the directory's files go into the tables, where nobody edited these on a page."""

from __future__ import annotations

import asyncio
from pathlib import Path

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from knowledge.offices_checking import read_offices, texts_of
from knowledge.offices_faults import Fault

from .directory_store import store

log = structlog.get_logger(__name__)


async def seed(engine: AsyncEngine, folder: Path) -> list[Fault]:
    """Store the files of `folder`; what is wrong with them, and then the tables stay as they are.

    A mistake in a file must not close the counters: the offices of the last good files go on.
    Raises `OSError`, `UnicodeDecodeError`.
    """
    texts = await asyncio.to_thread(texts_of, folder)
    offices, faults = await asyncio.to_thread(read_offices, texts)
    if faults:
        for fault in faults:
            log.error("directory_file_broken", fault=fault.line())
        return faults
    async with engine.begin() as connection:
        done = await store(connection, offices)
    if changes := {what: number for what, number in done.items() if number and what != "kept"}:
        log.info("directory_stored", **changes)
    return []
