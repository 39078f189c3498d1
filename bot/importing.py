"""`bot knowledge import`: a catalogue file into the store and the index, with progress and a report."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from bot.app import database, knowledge
from bot.domain.errors import AssistantError
from bot.persistence.engine import create_engine
from bot.settings import Settings
from knowledge.catalogue import CatalogueForm, import_catalogue

SHOWN = 20
"""Refused lines that are printed; the rest is counted."""


class UnknownForm(AssistantError):
    """There is no such form of the catalogue."""

    def __init__(self, form: str) -> None:
        super().__init__(f"--format is compact or portal, not {form}")


async def import_file(settings: Settings, file: Path, form: str, say: Callable[[str], None]) -> int:
    """Import and index; the number of refused lines. Raises `CatalogueUnreadable`, `UnknownForm`."""
    if form not in set(CatalogueForm):
        raise UnknownForm(form)
    async with database(settings) as url:
        engine = create_engine(url, pool=settings.database_pool)
        try:
            store, answerer = knowledge(settings, engine)
            tell = _every_two_seconds(say)
            report = await import_catalogue(
                file, CatalogueForm(form), store, lambda lines: tell(f"reading: {lines} records")
            )
            say(
                f"{report.read} records read: {report.new} new, {report.changed} changed, "
                f"{report.unchanged} as before, {len(report.refused)} refused"
            )
            for line in report.refused[:SHOWN]:
                say(f"  line {line.line}{f' ({line.code})' if line.code else ''}: {line.reason}")
            found = await answerer.refresh(lambda done, whole: tell(f"indexing: {done} of {whole} passages"))
            say(f"{found.procedures} procedures can be asked about")
            return len(report.refused)
        finally:
            await engine.dispose()


def _every_two_seconds(say: Callable[[str], None]) -> Callable[[str], None]:
    last = [0.0]

    def tell(text: str) -> None:
        if time.monotonic() - last[0] > 2:
            last[0] = time.monotonic()
            say(text)

    return tell
