"""What the composition root takes: all pages of the directory and their places in the navigation."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.console.console import Console
from bot.console.frame import NavigationEntry
from bot.domain.official import Official
from bot.persistence.directory_editing import SqlDirectoryEditing
from bot.persistence.directory_hours import SqlHoursEditing

from .closings import ClosingPages
from .entries import EntryPages
from .files import FilePages
from .hours import HoursPages
from .settling import Settle
from .special_days import SpecialDayPages


def add_directory(console: Console, engine: AsyncEngine, settle: Settle) -> None:
    """`settle` moves or tells those who are booked at a time that was closed (`SqlClosing.settle`)."""
    frame, editing, hours = console.frame, SqlDirectoryEditing(engine), SqlHoursEditing(engine)
    # before the entries, whose paths with a key would take these
    console.add(HoursPages(frame, editing, hours, settle).router())
    console.add(SpecialDayPages(frame, engine).router())
    console.add(FilePages(frame, editing, engine).router())
    console.add(
        ClosingPages(frame, editing, engine, settle).router(),
        NavigationEntry("/closings", "directory_closings_nav", order=30, shown=_works_somewhere),
    )
    console.add(
        EntryPages(frame, editing, hours).router(),
        NavigationEntry("/directory", "directory_nav", order=40, shown=_works_somewhere),
    )


def _works_somewhere(official: Official) -> bool:
    return official.is_administrator or bool(official.departments)
