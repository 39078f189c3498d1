"""Our own procedures, from the files of `data/procedures` into the store."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from bot.domain.procedure import Origin, Procedure

from .ports import ProcedureStore
from .procedures import BrokenFile, read_procedures
from .records import digest


@dataclass(frozen=True, slots=True)
class SyncReport:
    """How many records of the city were written, how many removed, and which files are broken."""

    saved: int
    removed: int
    broken: tuple[BrokenFile, ...]


async def synchronise(folder: Path, store: ProcedureStore) -> SyncReport:
    """Make the city's records in `store` those of `folder`; a second run writes nothing.

    While a file is broken nothing is removed: its procedure may be the one that seems to be gone.
    """
    read = await asyncio.to_thread(lambda: list(read_procedures(folder)))
    broken = tuple(found for found in read if isinstance(found, BrokenFile))
    procedures = {found.code: found for found in read if isinstance(found, Procedure)}
    known = await store.digests(Origin.CITY)
    changed = [p for code, p in procedures.items() if known.get(code) != digest(p)]
    if changed:
        await store.save(changed)
    gone = [] if broken else [code for code in known if code not in procedures]
    if gone:
        await store.remove(Origin.CITY, gone)
    return SyncReport(len(changed), len(gone), broken)
