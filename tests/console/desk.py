"""A desk to work at, for tests: the console with its desk, an office, and a clock on a Monday at nine."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from dataclasses import dataclass

import httpx
from sqlalchemy import text

from bot.console.desk.pages import add_desk
from bot.conversation.wording import Wording
from bot.papers.links import Links
from bot.settings import ROOT
from tests.conftest import Database
from tests.console.visiting import SECRET, Browser, Place
from tests.offices import MONDAY, city, fill_office

NINE = city(MONDAY, 9)
TODAY = "/day/finance"


@dataclass
class Desk:
    """A console with a desk; `counters` are the ids of the office's counters."""

    place: Place
    counters: list[int]
    links: Links

    @property
    def now(self) -> dt.datetime:
        return self.place.clock.now


async def open_desk(database: Database) -> Desk:
    """An office of two counters and the console at nine o'clock."""
    counters = await fill_office(database.engine)
    async with database.engine.begin() as connection:
        await connection.execute(
            text("""INSERT INTO department (key, record) VALUES ('justice', '{"name": {"vi": "Sở Tư pháp"}}')""")
        )
    place = Place(database.engine)
    place.clock.now = NINE
    links = Links(SECRET, None)
    add_desk(place.console, Wording.read(ROOT / "data" / "wording"), links.scanned, SECRET)
    return Desk(place, counters, links)


async def sit(browser: Browser, counter: int) -> None:
    """Choose a counter."""
    assert (await send(browser, f"{TODAY}/counter", counter=counter)).status_code == 303


async def send(browser: Browser, path: str, **fields: object) -> httpx.Response:
    """Send a form of the day's page."""
    return await browser.post(
        path, {name: str(value) for name, value in fields.items()}, csrf=await browser.csrf(TODAY)
    )


async def told(browser: Browser, path: str, **fields: object) -> str:
    """Send a form, and what the page it leads to says was done."""
    page = await browser.follow(await send(browser, path, **fields))
    assert page.status_code == 200, page.text
    found = re.search(r'class="flash \w+" role="\w+">([^<]+)<', page.text)
    assert found is not None, page.text
    return found[1]


async def id_of(database: Database, code: str) -> uuid.UUID:
    async with database.engine.connect() as connection:
        found = await connection.scalar(text("SELECT id FROM appointment WHERE code = :code"), {"code": code})
    assert isinstance(found, uuid.UUID)
    return found
