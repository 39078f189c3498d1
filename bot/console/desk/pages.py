"""Everything of the desk, taken into the console."""

from __future__ import annotations

from bot.console.console import Console
from bot.console.frame import NavigationEntry
from bot.conversation.wording import Wording

from .appointment import AppointmentPages
from .booking import BookingPages
from .codes import Scanned
from .day import DayPages
from .doing import DoingPages
from .screen import ScreenKeys, ScreenPages
from .week import WeekPages


def add_desk(console: Console, wording: Wording, scanned: Scanned, secret: str) -> None:
    """`scanned`: the appointment in a signed link; `secret`: what the address of a screen is signed with."""
    keys = ScreenKeys(secret)
    frame, engine = console.frame, console.engine
    console.add(DayPages(frame, engine, keys).router(), NavigationEntry("/day", "desk_nav_day", order=10))
    console.add(DoingPages(frame, engine, scanned).router())
    console.add(WeekPages(frame, engine).router(), NavigationEntry("/week", "desk_nav_week", order=20))
    console.add(AppointmentPages(frame, engine, wording).router())
    console.add(BookingPages(frame, engine, wording).router())
    console.add_open(ScreenPages(frame, engine, keys).router())
