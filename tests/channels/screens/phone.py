"""A contact with Telegram on the telephone, who opens what the bot sends."""

from __future__ import annotations

import asyncio
import io
import re
import time

import httpx
import zxingcpp
from icalendar import Calendar
from PIL import Image

from tests.fake_telegram import FakeTelegram, Person, Seen
from tests.waiting import PATIENCE

from .playing import Shown, ShownFile

_PART = re.compile(r"\((\d+)/(\d+)\)\n")


class Phone:
    """`Chat` in Telegram."""

    def __init__(self, telegram: FakeTelegram, person: Person) -> None:
        self._telegram = telegram
        self._person = person

    async def says(self, text: str) -> None:
        self._person.says(text)

    async def taps(self, title: str) -> None:
        self._person.taps(title)

    async def sees(self, replies: int, files: int) -> list[Shown]:
        """As the port says; a text that comes in several messages is one reply."""
        found: list[Shown] = []
        until = time.monotonic() + PATIENCE
        more = False
        while more or len(found) < replies or sum(len(shown.files) for shown in found) < files:
            if time.monotonic() > until:
                raise AssertionError(f"too little came: {found}")
            (seen,) = await self._person.hears(within=PATIENCE)
            if (file := self._file(seen)) is not None:
                if not found:
                    raise AssertionError(f"an unexpected file: {file}")
                found[-1] = Shown(found[-1].text, found[-1].titles, (*found[-1].files, file))
                continue
            part = _PART.match(seen.text)
            more = part is not None and part[1] != part[2]
            if part is not None and part[1] != "1":
                found[-1] = Shown(found[-1].text + "\n" + seen.text[part.end() :], tuple(seen.titles))
            else:
                found.append(Shown(seen.text[part.end() :] if part else seen.text, tuple(seen.titles)))
        return found

    async def heard_nothing_more(self) -> None:
        """Nothing came beyond what was expected, also a moment later."""
        before = len(self._person.sees)
        await asyncio.sleep(0.1)
        assert len(self._person.sees) == before
        assert not await self._unread()

    async def opens_papers(self) -> list[str]:
        """Scans each QR picture and opens its link; reads each calendar file. Gives the codes."""
        codes: list[str] = []
        for seen in self._person.sees:
            if "photo" in seen.data:
                picture = Image.open(io.BytesIO(self._content(seen.data["photo"][0])))
                (scanned,) = zxingcpp.read_barcodes(picture.convert("L"))
                async with httpx.AsyncClient(timeout=PATIENCE) as http:
                    page = await http.get(scanned.text)
                assert page.status_code == 200, scanned.text
                code = seen.text.split()[-1]
                assert code in page.text
                codes.append(code)
            elif "document" in seen.data:
                document = seen.data["document"]
                calendar = Calendar.from_ical(self._content(document))
                assert len(calendar.walk("VEVENT")) == 1
                assert document["file_name"].endswith(".ics")
        return codes

    def _content(self, file: dict[str, str]) -> bytes:
        return self._telegram.world.files[file["file_id"]]

    async def _unread(self) -> list[Seen]:
        try:
            return await self._person.hears(within=0)
        except AssertionError:
            return []

    @staticmethod
    def _file(seen: Seen) -> ShownFile | None:
        if "photo" in seen.data:
            return ShownFile(seen.text, "image/png")
        if "document" in seen.data:
            return ShownFile(seen.text, seen.data["document"]["mime_type"])
        return None
