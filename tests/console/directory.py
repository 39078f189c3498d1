"""A console with the directory's pages over the shipped offices, for tests."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from bot.console.directory.part import add_directory
from bot.conversation.booking.closing import ClosingNotices
from bot.conversation.messages import Address
from bot.conversation.wording import Wording
from bot.domain.booking.appointment import Appointment, Details
from bot.persistence.closing import SqlClosing
from bot.persistence.directory_seeding import seed
from bot.persistence.official_rows import AuditRow
from bot.persistence.unit_of_work import SqlUnitOfWork
from bot.settings import ROOT
from tests.conftest import Database
from tests.console.visiting import Browser, Place
from tests.offices import EARLY

FOLDER = ROOT / "data" / "directory"
HOURS = "/directory/counters/finance_1/hours"
SERVICE = "finance_general"


@dataclass
class Office:
    """The place and what happens behind its counters."""

    database: Database
    place: Place

    async def book(self, contact: str, at: Any, service: str = SERVICE) -> Appointment:
        """A contact books at Monday, seven in the morning."""
        address = Address("test", contact)
        async with SqlUnitOfWork(self.database.engine) as uow:
            hold = await uow.appointments.hold(address, service, at, EARLY)
            number = f"+849{sum(map(ord, contact)):08d}"
            booked = await uow.appointments.confirm(address, hold.code, Details("Nguyễn Văn An", number), EARLY)
            await uow.commit()
        return booked

    async def row(self, table: Any, *conditions: Any) -> Any:
        async with self.database.engine.connect() as connection:
            return (await connection.execute(select(*table.__table__.c).where(*conditions))).one_or_none()

    async def audited(self) -> list[Any]:
        async with self.database.engine.connect() as connection:
            wanted = select(*AuditRow.__table__.c).where(AuditRow.action.like("directory.%")).order_by(AuditRow.id)
            return list(await connection.execute(wanted))


async def open_office(database: Database) -> Office:
    """The shipped directory, on a Monday at seven."""
    assert await seed(database.engine, FOLDER) == []
    place = Place(database.engine)
    place.clock.now = EARLY
    notices = ClosingNotices(Wording.read(ROOT / "data" / "wording"))
    add_directory(place.console, database.engine, SqlClosing(database.engine, notices).settle)
    return Office(database, place)


async def fields(browser: Browser, path: str) -> dict[str, str]:
    """What the form of a page holds: text fields, areas, chosen boxes and options."""
    page = (await browser.get(path)).text
    main = page[page.index("<main") :]
    found = {}
    for tag in re.findall(r"<input[^>]*>", main):
        name, kind = re.search(r'name="([^"]*)"', tag), re.search(r'type="([^"]*)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name is None or (kind is not None and kind[1] in ("checkbox", "radio") and " checked" not in tag):
            continue
        found[name[1]] = value[1] if value else ""
    found |= dict(re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>([^<]*)</textarea>', main))
    return found
