"""Who asks to be forgotten, or came long ago, leaves no name behind; their places are free again."""

from __future__ import annotations

import datetime as dt

from bot.domain.booking.appointment import State
from bot.persistence.appointment_book import SqlAppointmentBook
from bot.persistence.contact_data import erase_contact, export_contact
from bot.persistence.retention import delete_old
from tests.builders import an_address
from tests.conftest import Database
from tests.offices import COMPANY, EARLY, MONDAY, fill_office
from tests.persistence.test_appointments import AN, NINE, TEN, booked, do, history, places_left
from tests.persistence.test_intake import rows

PEOPLE = "SELECT name, telephone, tax_code, note FROM appointment"


async def test_a_contact_sees_their_appointments_in_what_we_hold(database: Database) -> None:
    await fill_office(database.engine)
    address, other = an_address(), an_address()
    appointment = await booked(database, address)
    await do(database, lambda uow: uow.appointments.wait(address, COMPANY, MONDAY, MONDAY, None, EARLY))
    await booked(database, other)
    held = await export_contact(database.engine, address)
    (shown,) = held["appointments"]
    assert (shown["code"], shown["name"], shown["telephone"]) == (appointment.code, AN.name, AN.telephone)
    assert len(held["waiting"]) == 1


async def test_who_is_erased_comes_no_more_and_has_no_name(database: Database) -> None:
    await fill_office(database.engine, counters=1)
    address = an_address()
    appointment = await booked(database, address, TEN)
    await do(database, lambda uow: uow.appointments.wait(address, COMPANY, MONDAY, MONDAY, None, EARLY))
    await booked(database, an_address(), NINE)
    assert await rows(database, "SELECT count(*) FROM reminder WHERE state = 'due'") == [(1,)]
    await do(database, lambda uow: uow.contacts.erase(address, EARLY))
    book = SqlAppointmentBook(database.engine)
    gone = await book.found(appointment.code)
    assert gone is not None
    assert (gone.state, gone.details) == (State.CANCELLED, None)
    assert (await book.of(address, EARLY), await book.waiting(address)) == ((), ())
    assert await places_left(database, TEN) == 1
    changed = await rows(database, "SELECT at FROM appointment_change WHERE change = 'cancelled'")
    assert changed == [(EARLY,)], "by the turn's clock"
    assert await rows(database, "SELECT count(*) FROM reminder WHERE state = 'due'") == [(0,)]
    assert [what for what, _, _ in await history(database, appointment.code)] == ["held", "booked", "cancelled"]
    assert {row[0] for row in await rows(database, PEOPLE)} == {None, AN.name}, "others keep theirs"


async def test_who_asks_to_be_forgotten_after_coming_did_not_cancel(database: Database) -> None:
    await fill_office(database.engine)
    address = an_address()
    appointment = await booked(database, address)
    await do(database, lambda uow: uow.contacts.erase(address, EARLY + dt.timedelta(days=1)))
    assert [what for what, _, _ in await history(database, appointment.code)] == ["held", "booked"]
    assert await rows(database, "SELECT name, state FROM appointment") == [(None, "booked")]


async def test_whoever_is_expected_is_not_forgotten_however_long_they_are_silent(database: Database) -> None:
    await fill_office(database.engine)
    expected, silent = an_address(), an_address()
    await booked(database, expected)
    await do(database, lambda uow: uow.conversations.of(silent))
    await rows(database, "UPDATE contact SET last_seen_at = now() - interval '200 days' RETURNING 1")
    assert (await delete_old(database.engine, dt.timedelta(days=180)))["contact"] == 1
    assert await rows(database, "SELECT external_id FROM contact") == [(expected.contact,)]


async def test_a_contact_deleted_whole_leaves_an_appointment_without_anybody(database: Database) -> None:
    await fill_office(database.engine, counters=1)
    address = an_address()
    appointment = await booked(database, address)
    assert await erase_contact(database.engine, address, EARLY)
    assert [tuple(row) for row in await rows(database, PEOPLE)] == [(None, None, None, None)]
    gone = await SqlAppointmentBook(database.engine).found(appointment.code)
    assert gone is not None
    assert gone.state is State.CANCELLED


async def test_old_appointments_lose_their_names_and_new_ones_keep_them(database: Database) -> None:
    await fill_office(database.engine)
    old, new = await booked(database, an_address()), await booked(database, an_address())
    for code, days in ((old.code, 200), (new.code, 100)):
        await rows(
            database,
            "UPDATE appointment SET during = tstzrange(now() - make_interval(days => :days),"
            " now() - make_interval(days => :days) + interval '30 minutes') WHERE code = :code RETURNING 1",
            days=days,
            code=code,
        )
    assert (await delete_old(database.engine, dt.timedelta(days=180)))["appointment"] == 1
    assert (await delete_old(database.engine, dt.timedelta(days=180)))["appointment"] == 0
    found = [await SqlAppointmentBook(database.engine).found(code) for code in (old.code, new.code)]
    assert [one is not None and one.details for one in found] == [None, AN]
