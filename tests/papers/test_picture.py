"""The QR picture, read back by another program."""

from __future__ import annotations

import base64
import io
import re

import zxingcpp
from PIL import Image

from bot.domain.procedure import Language
from bot.papers import picture
from tests.papers.bookings import an_appointment, papers


def read(png: bytes) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(Image.open(io.BytesIO(png)).convert("L"))]


def test_the_picture_holds_the_link_where_the_world_reaches_us() -> None:
    appointment = an_appointment()
    code, _ = papers().of(appointment, Language.VI)
    assert read(base64.b64decode(code.content)) == [papers().link(appointment)]
    assert (code.media_type, code.filename) == ("image/png", "ABC234.png")


def test_the_picture_holds_the_bare_code_where_there_is_no_public_address() -> None:
    code, _ = papers(public_url=None).of(an_appointment(), Language.VI)
    assert read(base64.b64decode(code.content)) == ["ABC234"]


def test_the_picture_is_still_read_when_it_is_small_and_badly_kept() -> None:
    link = papers().link(an_appointment())
    image = Image.open(io.BytesIO(picture.png(link))).convert("L").resize((180, 180))
    worn = io.BytesIO()
    image.save(worn, format="JPEG", quality=30)
    assert read(worn.getvalue()) == [link]


def test_the_picture_is_large_and_has_its_quiet_zone() -> None:
    for content in ("ABC234", papers().link(an_appointment())):
        image = Image.open(io.BytesIO(picture.png(content))).convert("L")
        assert image.width == image.height >= 480
        assert image.crop((0, 0, image.width, image.width // 20)).getextrema() == (255, 255)


def test_the_picture_for_the_page_is_svg_on_white() -> None:
    drawn = picture.svg("ABC234").decode()
    assert re.search(r'<svg [^>]*viewBox="0 0 \d+ \d+"', drawn)
    assert "#fff" in drawn
    assert "<script" not in drawn
