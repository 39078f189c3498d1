"""Signed links: they lead to one appointment and nobody can make or alter one."""

from __future__ import annotations

import string
import uuid

import pytest

from bot.papers.links import Links, UnknownLink
from tests.papers.bookings import PUBLIC, SECRET

ID = uuid.UUID("6f9619ff-8b86-4011-b42d-00cf4fc964ff")
ALPHABET = string.ascii_letters + string.digits + "-_"


@pytest.fixture
def links() -> Links:
    return Links(SECRET, PUBLIC + "/")


def test_a_token_leads_back_to_its_appointment(links: Links) -> None:
    for _ in range(50):
        appointment = uuid.uuid4()
        assert links.read(links.token(appointment)) == appointment


def test_a_link_is_an_address_that_survives_being_copied_from_a_text(links: Links) -> None:
    link = links.address(ID)
    assert link == f"{PUBLIC}/a/{links.token(ID)}"
    assert len(link.rsplit("/", 1)[1]) == 66
    assert all(links.token(uuid.uuid4())[-1].isalnum() for _ in range(200)), "messengers cut off - and _ at the end"


def test_without_a_public_address_there_is_a_path_and_no_link() -> None:
    assert Links(SECRET, None).address(ID) == ""
    assert Links(SECRET, None).path(ID).startswith("/a/")


def test_no_letter_of_a_token_can_be_changed(links: Links) -> None:
    token = links.token(ID)
    for at, letter in enumerate(token):
        for other in ALPHABET + ".=/ ":
            if other != letter:
                with pytest.raises(UnknownLink):
                    links.read(token[:at] + other + token[at + 1 :])


def test_nothing_can_be_taken_away_or_added(links: Links) -> None:
    token = links.token(ID)
    for wrong in (*(token[:length] for length in range(len(token))), token + "=", token + "A", " " + token, token * 2):
        with pytest.raises(UnknownLink):
            links.read(wrong)


@pytest.mark.parametrize(
    "wrong", ["", ".", "ABC234", "a" * 66, "ế" * 66, "../../etc/passwd", "%00", str(ID), "x" * 9000]
)
def test_what_is_no_token_is_refused_kindly(links: Links, wrong: str) -> None:
    with pytest.raises(UnknownLink):
        links.read(wrong)


def test_the_signature_of_one_appointment_does_not_open_another(links: Links) -> None:
    own, other = links.token(ID), links.token(uuid.uuid4())
    with pytest.raises(UnknownLink):
        links.read(other.partition(".")[0] + "." + own.partition(".")[2])


def test_whoever_does_not_know_the_secret_makes_no_link(links: Links) -> None:
    with pytest.raises(UnknownLink):
        links.read(Links(SECRET + "x", PUBLIC).token(ID))


def test_a_scanner_may_read_the_link_or_its_token(links: Links) -> None:
    assert links.scanned(f" {links.address(ID)}\r\n") == ID
    assert links.scanned(f"{links.address(ID)}?lang=en") == ID
    assert links.scanned(links.token(ID)) == ID
    for other in ("ABC234", "https://example.com/", links.address(ID)[:-1], ""):
        assert links.scanned(other) is None
