"""`bot directory`: departments, services, counters and hours by file: checked, taken in, given out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.app import database
from bot.domain.errors import AssistantError
from bot.domain.procedure import Procedure
from bot.persistence.audit import COMMAND_LINE, Entry, record
from bot.persistence.directory_store import read, store
from bot.persistence.engine import create_engine
from bot.settings import Settings
from knowledge.offices_checking import DEPARTMENTS, FILES, read_offices, texts_of
from knowledge.offices_writing import write_to
from knowledge.procedures import explain, read_procedures

GOOD = "departments, services, counters and hours are well formed"


class DirectoryUnusable(AssistantError):
    """The files or the rows of the directory cannot be used; the message says which and why."""


def check(folder: Path, data: Path) -> list[str]:
    """Everything wrong with the directory's files in `folder`, a line each; procedures are those of `data`."""
    try:
        texts = texts_of(folder)
    except (OSError, UnicodeDecodeError) as error:
        return [f"{folder}: {error}"]
    missing = [f"{folder / name}: is missing" for name in FILES if name not in texts]
    _, faults = read_offices(texts, _codes(data))
    return missing + [fault.line() for fault in faults]


async def take_in(settings: Settings, folder: Path, *, overwrite: bool, say: Callable[[str], None]) -> None:
    """Store the files of `folder`. Raises `DirectoryUnusable`, and then nothing was stored."""
    try:
        texts = texts_of(folder)
    except (OSError, UnicodeDecodeError) as error:
        raise DirectoryUnusable(f"{folder}: {error}") from error
    if DEPARTMENTS not in texts:
        raise DirectoryUnusable(f"{folder} holds no {DEPARTMENTS}")
    offices, faults = read_offices(texts, _codes(settings.data_dir))
    if faults:
        raise DirectoryUnusable("\n  ".join([f"{len(faults)} mistakes", *(fault.line() for fault in faults)]))
    async with database(settings) as url:
        engine = create_engine(url, pool=1)
        try:
            async with engine.begin() as connection:
                done = await store(connection, offices, overwrite=overwrite)
                after = {"overwrite": overwrite, **done}
                await record(connection, Entry(COMMAND_LINE, "directory.import", "directory", "files", None, after))
        finally:
            await engine.dispose()
    say(
        f"{done['new']} new, {done['changed']} changed, {done['kept']} kept since they were edited on a page, "
        f"{done['retired']} retired"
    )


async def give_out(settings: Settings, folder: Path, say: Callable[[str], None]) -> None:
    """Write the directory in use into `folder`. Raises `DirectoryUnusable`."""
    async with database(settings) as url:
        engine = create_engine(url, pool=1)
        try:
            await write_out(engine, folder)
        except (OSError, ValidationError) as error:
            reason = explain(error)
            raise DirectoryUnusable(f"{folder}: {reason}") from error
        finally:
            await engine.dispose()
    say(f"written to {folder}")


async def write_out(engine: AsyncEngine, folder: Path) -> None:
    """The same on an engine."""
    async with engine.connect() as connection:
        offices = await read(connection)
    write_to(folder, offices)


def _codes(data: Path) -> frozenset[str]:
    return frozenset(one.code for one in read_procedures(data / "procedures") if isinstance(one, Procedure))
