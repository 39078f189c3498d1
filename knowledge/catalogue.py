"""Importing the procedure catalogue: line by line, in batches, so that it can be stopped and run again.

A broken line is refused with its number and the reason; the others go on. Records that did not change are
not written again, so a second run after a kill only does what is left.
"""

from __future__ import annotations

import asyncio
import enum
import gzip
import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from bot.domain.errors import AssistantError
from bot.domain.procedure import Origin, Procedure

from .catalogue_form import CompactLine, from_portal, to_procedure
from .ports import ProcedureStore
from .records import digest

BATCH = 200
_LONGEST_LINE = 4_000_000
"""Characters; the longest line of the portal has some 90,000."""


class CatalogueForm(enum.StrEnum):
    """Which of the two forms a catalogue file has."""

    COMPACT = "compact"
    PORTAL = "portal"


class CatalogueUnreadable(AssistantError):
    """The file is missing, is no gzip though its name says so, or is no UTF-8 text at all."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path} cannot be read: {reason}")
        self.path = path
        self.reason = reason


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A line that was not imported; `code` is None where not even that could be read."""

    line: int
    code: str | None
    reason: str


@dataclass(slots=True)
class ImportReport:
    """What an import did; `read` counts the lines that were not blank."""

    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list[RefusedLine] = field(default_factory=list)


Progress = Callable[[int], None]
"""Told how many lines have been read so far."""


def read_catalogue(
    path: Path, form: CatalogueForm = CatalogueForm.COMPACT
) -> Iterator[tuple[int, Procedure | RefusedLine]]:
    """Each line of `path` with its number (from 1), as a procedure or refused. Raises `CatalogueUnreadable`."""
    seen: dict[str, int] = {}
    for number, line in _lines(path):
        read = _read(number, line, form)
        if isinstance(read, Procedure):
            if read.code in seen:
                read = RefusedLine(number, read.code, f"repeats line {seen[read.code]}")
            else:
                seen[read.code] = number
        yield number, read


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    opener = gzip.open if path.suffix == ".gz" else Path.open
    try:
        with opener(path, "rb") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield number, line
    except (OSError, EOFError, zlib.error) as error:
        raise CatalogueUnreadable(path, str(error) or type(error).__name__) from error


def _read(number: int, line: bytes, form: CatalogueForm) -> Procedure | RefusedLine:
    if len(line) > _LONGEST_LINE:
        return RefusedLine(number, None, f"longer than {_LONGEST_LINE} bytes")
    try:
        data = json.loads(line)
    except (ValueError, RecursionError) as error:
        return RefusedLine(number, None, f"no JSON: {error}")
    if not isinstance(data, dict):
        return RefusedLine(number, None, "no JSON object")
    found = data.get("code")
    code = found[:48] if isinstance(found, str) else None
    try:
        compact = from_portal(data) if form is CatalogueForm.PORTAL else data
        return to_procedure(CompactLine.model_validate(compact))
    except ValidationError as error:
        first = error.errors()[0]
        return RefusedLine(number, code, f"{'.'.join(map(str, first['loc']))}: {first['msg']}")
    except KeyError as error:
        return RefusedLine(number, code, f"{error.args[0]}: missing")
    except (TypeError, AttributeError, ValueError, OverflowError) as error:
        return RefusedLine(number, code, f"wrong shape: {error}")


async def import_catalogue(
    path: Path,
    form: CatalogueForm,
    store: ProcedureStore,
    progress: Progress | None = None,
) -> ImportReport:
    """Bring the catalogue at `path` into `store`, `BATCH` records a transaction.

    Raises `CatalogueUnreadable`; what was read before that stays imported.
    """
    report = ImportReport()
    known = await store.digests(Origin.CATALOGUE)
    lines = read_catalogue(path, form)
    while batch := await asyncio.to_thread(_take, lines):
        changed: list[Procedure] = []
        for read, its_digest in batch:
            report.read += 1
            if isinstance(read, RefusedLine):
                report.refused.append(read)
            elif read.code not in known:
                report.new += 1
                changed.append(read)
            elif known[read.code] != its_digest:
                report.changed += 1
                changed.append(read)
            else:
                report.unchanged += 1
        if changed:
            await store.save(changed)
        if progress is not None:
            progress(report.read)
    return report


def _take(lines: Iterator[tuple[int, Procedure | RefusedLine]]) -> list[tuple[Procedure | RefusedLine, str]]:
    batch: list[tuple[Procedure | RefusedLine, str]] = []
    for _, read in lines:
        batch.append((read, digest(read) if isinstance(read, Procedure) else ""))
        if len(batch) == BATCH:
            break
    return batch
