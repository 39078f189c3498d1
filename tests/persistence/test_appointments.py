"""Appointments in PostgreSQL: held, confirmed, moved, cancelled, waited for; every way in which that is refused."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest
from sqlalchemy.exc import IntegrityError

from bot.conversation.messages import Address
from bot.domain.booking.appointment import HOLD, Appointment, Change, Details, State
from bot.domain.booking.errors import (
    AlreadyBooked,
    AppointmentOver,
    HoldLapsed,
    OpeningFull,
    OpeningGone,
    StaleAppointment,
    TooLateToChange,
    TooManyAppointments,
    UnknownAppointment,
)
from bot.domain.booking.openings import Why
from bot.domain.booking.waiting import OFFER
from bot.domain.when import Part
from bot.persistence.appointment_book import SqlAppointmentBook
from bot.persistence.appointment_records import change
from bot.persistence.openings import SqlOpenings
from bot.persistence.places import lapse_holds
from bot.persistence.unit_of_work import SqlUnitOfWork
from tests.builders import a_reply, an_address
from tests.conftest import Database
from tests.offices import COMPANY, EARLY, HOUSEHOLD, MONDAY, city, close, decide, fill_office
from tests.persistence.test_intake import rows

T = TypeVar("T")

NINE = city(MONDAY, 9)
TEN = city(MONDAY, 10)
AN = Details("Nguyễn Văn An", "+84912345678", "0100109106")


async def do(database: Database, deed: Callable[[SqlUnitOfWork], Awaitable[T]]) -> T:
    """Something done and committed."""
    async with SqlUnitOfWork(database.engine) as uow:
        done = await deed(uow)
        await uow.commit()
        return done


async def held(
    database: Database,
    address: Address,
    starts_at: dt.datetime = NINE,
    now: dt.datetime = EARLY,
    *,
    service: str = COMPANY,
    moving: str | None = None,
    instead_of: str | None = None,
    keep: dt.timedelta = HOLD,
) -> Appointment:
    return await do(
        database,
        lambda uow: uow.appointments.hold(
            address, service, starts_at, now, moving=moving, instead_of=instead_of, keep=keep
        ),
    )


async def confirmed(
    database: Database, address: Address, code: str, now: dt.datetime = EARLY, details: Details = AN
) -> Appointment:
    return await do(database, lambda uow: uow.appointments.confirm(address, code, details, now))


async def booked(
    database: Database,
    address: Address,
    starts_at: dt.datetime = NINE,
    *,
    service: str = COMPANY,
    details: Details = AN,
    now: dt.datetime = EARLY,
) -> Appointment:
    hold = await held(database, address, starts_at, now, service=service)
    return await confirmed(database, address, hold.code, now, details)


async def cancelled(database: Database, code: str, now: dt.datetime = EARLY, actor: str = "contact") -> Appointment:
    return await do(database, lambda uow: uow.appointments.cancel(code, now, actor=actor))


async def places_left(database: Database, starts_at: dt.datetime, now: dt.datetime = EARLY) -> int:
    day = starts_at.date()
    listed = await SqlOpenings(database.engine).listing(COMPANY, day, day, now)
    return next((each.places for each in listed if each.starts_at == starts_at), 0)


async def history(database: Database, code: str) -> list[tuple[str, str, int]]:
    return [
        (str(what), str(actor), int(version))
        for what, actor, version in await rows(
            database,
            "SELECT change, actor, c.version FROM appointment_change c JOIN appointment a ON a.id = appointment_id"
            f" WHERE code = '{code}' ORDER BY c.id",
        )
    ]


async def test_a_place_is_held_then_booked_with_who_comes(database: Database) -> None:
    await fill_office(database.engine)
    address = an_address()
    hold = await held(database, address)
    assert (hold.state, hold.hold_until, hold.details) == (State.HELD, EARLY + HOLD, None)
    assert await places_left(database, NINE) == 1
    appointment = await confirmed(database, address, hold.code)
    assert (appointment.state, appointment.code, appointment.details) == (State.BOOKED, hold.code, AN)
    assert (appointment.starts_at, appointment.ends_at) == (NINE, NINE + dt.timedelta(minutes=30))
    assert appointment.service.documents[0].vi == "Căn cước"
    assert await history(database, hold.code) == [("held", "contact", 0), ("booked", "contact", 1)]
    book = SqlAppointmentBook(database.engine)
    assert await book.of(address, EARLY) == (appointment,)
    assert await book.found(hold.code.lower()) == appointment
    assert await book.of(an_address(), EARLY) == ()


async def test_a_hold_is_no_appointment_yet(database: Database) -> None:
    await fill_office(database.engine)
    address = an_address()
    hold = await held(database, address)
    book = SqlAppointmentBook(database.engine)
    assert await book.of(address, EARLY) == ()
    assert await book.found(hold.code) is None


async def test_confirming_twice_books_once(database: Database) -> None:
    await fill_office(database.engine)
    address = an_address()
    hold = await held(database, address)
    first = await confirmed(database, address, hold.code)
    assert await confirmed(database, address, hold.code) == first
    assert [what for what, _, _ in await history(database, hold.code)] == ["held", "booked"]


async def test_two_confirmations_at_once_book_once(database: Database) -> None:
    await fill_office(database.engine)
    address = an_address()
    hold = await held(database, address)
    one, two = await asyncio.gather(*(confirmed(database, address, hold.code) for _ in range(2)))
    assert one == two
    assert [what for what, _, _ in await history(database, hold.code)] == ["held", "booked"]


async def test_the_last_place_is_sold_once(database: Database) -> None:
    await fill_office(database.engine, counters=1)
    await held(database, an_address())
    with pytest.raises(OpeningFull):
        await held(database, an_address())


async def test_places_reserved_for_officials_are_not_given_to_contacts(database: Database) -> None:
    await fill_office(database.engine, counters=1, capacity=1, reserved=2)
    await held(database, an_address())
    with pytest.raises(OpeningFull):
        await held(database, an_address())


async def test_an_error_leaves_the_transaction_usable(database: Database) -> None:
    await fill_office(database.engine, counters=1)
    await held(database, an_address())
    address = an_address()
    async with SqlUnitOfWork(database.engine) as uow:
        with pytest.raises(OpeningFull):
            await uow.appointments.hold(address, COMPANY, NINE, EARLY)
        await uow.appointments.hold(address, COMPANY, TEN, EARLY)
        await uow.commit()
    assert await places_left(database, TEN) == 0


async def test_a_service_of_another_length_cannot_overlap_at_the_same_counter(database: Database) -> None:
    await fill_office(database.engine, counters=1)
    await held(database, an_address(), city(MONDAY, 9, 15), service=HOUSEHOLD)
    with pytest.raises(OpeningFull):
        await held(database, an_address(), NINE)
    await held(database, an_address(), city(MONDAY, 9, 30))


@pytest.mark.parametrize(
    ("starts_at", "why"),
    [
        (city(MONDAY, 6, 30), Why.PAST),
        (city(MONDAY, 12), Why.OUTSIDE_HOURS),
        (city(MONDAY, 9, 10), Why.BETWEEN_OPENINGS),
        (city(MONDAY, 8), None),
        (city(dt.date(2026, 3, 7), 9), Why.DAY_OFF),
        (city(dt.date(2026, 4, 3), 9), Why.TOO_FAR),
    ],
)
async def test_a_time_against_the_rules_cannot_be_held(
    database: Database, starts_at: dt.datetime, why: Why | None
) -> None:
    await fill_office(database.engine)
    if why is None:
        await held(database, an_address(), starts_at)
        return
    with pytest.raises(OpeningGone) as gone:
        await held(database, an_address(), starts_at)
    assert gone.value.why is why


async def test_notice_holidays_closures_and_unknown_services_are_checked_when_holding(database: Database) -> None:
    await fill_office(database.engine)
    await close(database.engine, NINE, TEN)
    await decide(database.engine, dt.date(2026, 3, 3), "Nghỉ kiểm kê")
    for service, starts_at, now, why in (
        (COMPANY, TEN, city(MONDAY, 9, 30), Why.TOO_SOON),
        (COMPANY, NINE, EARLY, Why.CLOSED),
        (COMPANY, city(dt.date(2026, 3, 3), 9), EARLY, Why.HOLIDAY),
        ("no_such_service", TEN, EARLY, Why.NOT_OFFERED),
    ):
        with pytest.raises(OpeningGone) as gone:
            await held(database, an_address(), starts_at, now, service=service)
        assert gone.value.why is why


async def test_a_day_closed_after_holding_cannot_be_confirmed(database: Database) -> None:
    await fill_office(database.engine)
    address = an_address()
    hold = await held(database, address)
    await close(database.engine, NINE, TEN)
    with pytest.raises(OpeningGone) as gone:
        await confirmed(database, address, hold.code)
    assert gone.value.why is Why.CLOSED


async def test_a_hold_is_good_for_ten_minutes_even_where_the_notice_runs_out_meanwhile(database: Database) -> None:
    await fill_office(database.engine)
    address = an_address()
    held_at = city(MONDAY, 8)
    hold = await held(database, address, NINE, held_at)
    booked = await confirmed(database, address, hold.code, held_at + dt.timedelta(minutes=9))
    assert booked.state is State.BOOKED


async def test_a_hold_not_confirmed_in_time_is_lost_and_its_place_free_again(database: Database) -> None:
    await fill_office(database.engine, counters=1)
    address = an_address()
    hold = await held(database, address)
    later = EARLY + HOLD
    with pytest.raises(HoldLapsed):
        await confirmed(database, address, hold.code, later)
    assert await places_left(database, NINE, later) == 1
    other = an_address()
    second = await held(database, other, NINE, later)
    assert [what for what, _, _ in await history(database, hold.code)] == ["held", "lapsed"]
    await confirmed(database, other, second.code, later)
    with pytest.raises(HoldLapsed):
        await confirmed(database, address, hold.code, later)


async def test_the_sweep_gives_back_what_was_held_too_long_once(database: Database) -> None:
    await fill_office(database.engine)
    await held(database, an_address())
    kept = await held(database, an_address(), keep=OFFER)
    assert await lapse_holds(database.engine, EARLY + HOLD - dt.timedelta(seconds=1)) == 0
    assert await lapse_holds(database.engine, EARLY + HOLD) == 1
    assert await lapse_holds(database.engine, EARLY + HOLD) == 0
    assert await rows(database, "SELECT code FROM appointment WHERE state = 'held'") == [(kept.code,)]


async def test_a_hold_given_back_frees_the_place(database: Database) -> None:
    await fill_office(database.engine, counters=1)
    address = an_address()
    hold = await held(database, address)
    for _ in range(2):
        await do(database, lambda uow: uow.appointments.release(address, hold.code, EARLY))
    assert await places_left(database, NINE) == 1
    with pytest.raises(HoldLapsed):
        await confirmed(database, address, hold.code)


async def test_another_persons_hold_can_neither_be_given_back_nor_confirmed(database: Database) -> None:
    await fill_office(database.engine, counters=1)
    hold = await held(database, an_address())
    thief = an_address()
    await do(database, lambda uow: uow.appointments.release(thief, hold.code, EARLY))
    assert await places_left(database, NINE) == 0
    with pytest.raises(UnknownAppointment):
        await confirmed(database, thief, hold.code)


async def test_a_contact_keeps_one_place_at_a_time(database: Database) -> None:
    await fill_office(database.engine, counters=1)
    address = an_address()
    first = await held(database, address, NINE)
    await held(database, address, TEN, instead_of=first.code)
    assert (await places_left(database, NINE), await places_left(database, TEN)) == (1, 0)
    await held(database, address, city(MONDAY, 11), service=HOUSEHOLD)
    assert await places_left(database, TEN) == 1
    again = await held(database, address, TEN)
    assert (await held(database, address, TEN, instead_of=again.code)).code != again.code


async def test_a_full_opening_leaves_the_contact_with_what_they_held(database: Database) -> None:
    await fill_office(database.engine, counters=1)
    await held(database, an_address(), TEN)
    address = an_address()
    first = await held(database, address, NINE)
    with pytest.raises(OpeningFull):
        await held(database, address, TEN, instead_of=first.code)
    await confirmed(database, address, first.code)


async def test_a_contact_has_one_appointment_for_a_service(database: Database) -> None:
    await fill_office(database.engine)
    address = an_address()
    first = await booked(database, address)
    with pytest.raises(AlreadyBooked) as already:
        await held(database, address, TEN)
    assert already.value.code == first.code
    await booked(database, address, TEN, service=HOUSEHOLD)


async def test_a_second_hold_cannot_be_confirmed_beside_an_appointment(database: Database) -> None:
    await fill_office(database.engine)
    address = an_address()
    offered = await held(database, address, TEN, keep=OFFER)
    other = await held(database, address, NINE, keep=OFFER)
    first = await confirmed(database, address, other.code)
    with pytest.raises(AlreadyBooked) as already:
        await confirmed(database, address, offered.code)
    assert already.value.code == first.code


async def test_an_appointment_of_the_past_that_nobody_marked_is_in_nobodys_way(database: Database) -> None:
    await fill_office(database.engine)
    address = an_address()
    first = await booked(database, address)
    tomorrow = EARLY + dt.timedelta(days=1)
    await booked(database, address, NINE + dt.timedelta(days=1), now=tomorrow)
    assert (await history(database, first.code))[-1][:2] == ("missed", "clock")


async def test_a_telephone_number_has_at_most_three_appointments(database: Database) -> None:
    await fill_office(database.engine, counters=4)
    for _ in range(3):
        await booked(database, an_address())
    address = an_address()
    hold = await held(database, address)
    with pytest.raises(TooManyAppointments) as too_many:
        await confirmed(database, address, hold.code)
    assert too_many.value.limit == 3
    await confirmed(database, address, hold.code, details=Details("Trần Thị Bình", "+84987654321"))


async def test_one_telephone_number_confirmed_by_two_contacts_at_once_stays_within_its_limit(
    database: Database,
) -> None:
    await fill_office(database.engine, counters=6)
    for _ in range(2):
        await booked(database, an_address())
    contacts = [an_address() for _ in range(4)]
    holds = [await held(database, address) for address in contacts]
    ends = await asyncio.gather(
        *(confirmed(database, address, hold.code) for address, hold in zip(contacts, holds, strict=True)),
        return_exceptions=True,
    )
    assert [type(end) for end in ends].count(Appointment) == 1
    assert [type(end) for end in ends].count(TooManyAppointments) == 3


async def test_a_contact_who_taps_two_times_at_once_holds_one_place(database: Database) -> None:
    await fill_office(database.engine)
    address = an_address()
    await held(database, address, city(MONDAY, 8))
    await asyncio.gather(*(held(database, address, starts_at) for starts_at in (NINE, TEN)))
    assert await rows(database, "SELECT count(*) FROM appointment WHERE state = 'held'") == [(1,)]


async def test_a_counter_closed_after_holding_cannot_be_confirmed_though_another_is_open(database: Database) -> None:
    await fill_office(database.engine, counters=2)
    address = an_address()
    hold = await held(database, address)
    await close(database.engine, NINE, TEN, counter=hold.counter.id)
    with pytest.raises(OpeningGone) as gone:
        await confirmed(database, address, hold.code)
    assert gone.value.why is Why.CLOSED


async def test_an_appointment_that_is_moved_and_cancelled_at_once_ends_and_nobody_waits_for_ever(
    database: Database,
) -> None:
    """The contact confirms a move, an official cancels and writes to the contact: both lock in one order."""
    await fill_office(database.engine)
    for _ in range(6):
        address = an_address()
        old = await booked(database, address)
        hold = await held(database, address, TEN, moving=old.code)

        async def cancel_and_tell(code: str = old.code, address: Address = address) -> None:
            async with SqlUnitOfWork(database.engine) as uow:
                await uow.appointments.cancel(code, EARLY, actor="an.nguyen")
                await uow.outbox.add(address, (a_reply("đã hủy"),))
                await uow.commit()

        move, cancel = await asyncio.gather(
            confirmed(database, address, hold.code), cancel_and_tell(), return_exceptions=True
        )
        assert cancel is None
        assert isinstance(move, Appointment | HoldLapsed | AppointmentOver)
    assert await rows(database, "SELECT DISTINCT state FROM appointment") == [("cancelled",)]


async def test_what_was_changed_since_it_was_read_is_not_changed_again(database: Database) -> None:
    await fill_office(database.engine)
    read = await booked(database, an_address())
    await cancelled(database, read.code)
    with pytest.raises(StaleAppointment):
        await do(
            database, lambda uow: change(uow.connection, read, Change.MISSED, "clock", EARLY, state=State.MISSED.value)
        )
    assert [what for what, _, _ in await history(database, read.code)] == ["held", "booked", "cancelled"]


async def test_the_database_itself_keeps_one_appointment_of_a_contact_for_a_service(database: Database) -> None:
    await fill_office(database.engine)
    address = an_address()
    await booked(database, address)
    with pytest.raises(IntegrityError):
        await rows(
            database,
            "INSERT INTO appointment (id, code, conversation_id, service_key, counter_id, place, during, state)"
            " SELECT gen_random_uuid(), 'ABCDEF', conversation_id, service_key, counter_id, 9, during, state"
            " FROM appointment RETURNING 1",
        )


async def test_a_moved_appointment_keeps_its_code_and_frees_its_place(database: Database) -> None:
    await fill_office(database.engine, counters=1)
    address = an_address()
    old = await booked(database, address)
    hold = await held(database, address, TEN, moving=old.code)
    assert (await places_left(database, NINE), await places_left(database, TEN)) == (0, 0)
    moved = await confirmed(database, address, hold.code)
    assert (moved.code, moved.id, moved.starts_at) == (old.code, old.id, TEN)
    assert moved.version > old.version
    assert (await places_left(database, NINE), await places_left(database, TEN)) == (1, 0)
    assert await rows(database, "SELECT count(*) FROM appointment") == [(1,)]
    assert await confirmed(database, address, hold.code) == moved
    assert [what for what, _, _ in await history(database, old.code)] == ["held", "booked", "moved"]


async def test_a_move_that_was_confirmed_twice_at_once_happened_once(database: Database) -> None:
    await fill_office(database.engine, counters=1)
    address = an_address()
    old = await booked(database, address)
    hold = await held(database, address, TEN, moving=old.code)
    one, two = await asyncio.gather(*(confirmed(database, address, hold.code) for _ in range(2)))
    assert one == two
    assert one.version == old.version + 1


async def test_confirming_a_move_again_gives_it_to_nobody_else_and_not_after_it_was_cancelled(
    database: Database,
) -> None:
    await fill_office(database.engine)
    address = an_address()
    old = await booked(database, address)
    hold = await held(database, address, TEN, moving=old.code)
    await confirmed(database, address, hold.code)
    with pytest.raises(UnknownAppointment):
        await confirmed(database, an_address(), hold.code, details=Details("Trần Thị Bình", "+84987654321"))
    await cancelled(database, old.code)
    with pytest.raises(AppointmentOver):
        await confirmed(database, address, hold.code)


async def test_what_cannot_be_moved(database: Database) -> None:
    await fill_office(database.engine)
    address = an_address()
    old = await booked(database, address, NINE)
    with pytest.raises(UnknownAppointment):
        await held(database, an_address(), TEN, moving=old.code)
    with pytest.raises(TooLateToChange) as late:
        await held(database, address, city(MONDAY, 10), city(MONDAY, 7, 30), moving=old.code)
    assert late.value.until == city(MONDAY, 7)
    hold = await held(database, address, TEN, moving=old.code)
    await cancelled(database, old.code)
    with pytest.raises((HoldLapsed, AppointmentOver)):
        await confirmed(database, address, hold.code)
    with pytest.raises(AppointmentOver):
        await held(database, address, TEN, moving=old.code)


async def test_a_cancelled_appointment_frees_its_place_and_is_cancelled_once(database: Database) -> None:
    await fill_office(database.engine, counters=1)
    address = an_address()
    appointment = await booked(database, address)
    gone = await cancelled(database, appointment.code)
    assert gone.state is State.CANCELLED
    assert await cancelled(database, appointment.code) == gone
    assert await places_left(database, NINE) == 1
    assert await SqlAppointmentBook(database.engine).of(address, EARLY) == ()
    with pytest.raises(AppointmentOver):
        await confirmed(database, address, appointment.code)
    with pytest.raises(UnknownAppointment):
        await cancelled(database, "ABCDEF")


async def test_after_the_deadline_only_officials_cancel(database: Database) -> None:
    await fill_office(database.engine)
    appointment = await booked(database, an_address())
    late = NINE - dt.timedelta(hours=1)
    with pytest.raises(TooLateToChange):
        await cancelled(database, appointment.code, late)
    assert (await cancelled(database, appointment.code, late, "an.nguyen")).state is State.CANCELLED
    assert (await history(database, appointment.code))[-1][:2] == ("cancelled", "an.nguyen")


async def test_who_has_arrived_can_no_longer_cancel(database: Database) -> None:
    await fill_office(database.engine)
    appointment = await booked(database, an_address())
    await rows(database, "UPDATE appointment SET state = 'arrived' RETURNING 1")
    with pytest.raises(AppointmentOver):
        await cancelled(database, appointment.code)


async def test_who_says_they_will_come_says_so_once(database: Database) -> None:
    await fill_office(database.engine)
    appointment = await booked(database, an_address())
    for _ in range(2):
        answered = await do(database, lambda uow: uow.appointments.attend(appointment.code, EARLY))
    assert (answered.attending, answered.version) == (True, appointment.version)
    assert [what for what, _, _ in await history(database, appointment.code)] == ["held", "booked", "attending"]
    with pytest.raises(UnknownAppointment):
        await do(database, lambda uow: uow.appointments.attend("ABCDEF", EARLY))
    await cancelled(database, appointment.code)
    with pytest.raises(AppointmentOver):
        await do(database, lambda uow: uow.appointments.attend(appointment.code, EARLY))


async def test_reminders_are_those_of_the_newest_version(database: Database) -> None:
    await fill_office(database.engine)
    address = an_address()
    thursday, friday = city(dt.date(2026, 3, 5), 9), city(dt.date(2026, 3, 6), 9)
    old = await booked(database, address, thursday)
    hold = await held(database, address, friday, moving=old.code)
    moved = await confirmed(database, address, hold.code)
    listed = await rows(database, "SELECT version, state, reason FROM reminder ORDER BY id")
    assert [tuple(row) for row in listed] == [(old.version, "dropped", "moved")] * 2 + [
        (moved.version, "due", None)
    ] * 2
    await cancelled(database, old.code)
    assert await rows(database, "SELECT count(*) FROM reminder WHERE state = 'due'") == [(0,)]


async def test_who_waits_is_on_the_list_with_the_newest_wish_until_they_leave(database: Database) -> None:
    await fill_office(database.engine)
    address = an_address()
    first, last = MONDAY, dt.date(2026, 3, 6)
    book = SqlAppointmentBook(database.engine)
    await do(database, lambda uow: uow.appointments.wait(address, COMPANY, first, last, None, EARLY))
    await do(database, lambda uow: uow.appointments.wait(address, COMPANY, first, first, Part.MORNING, EARLY))
    (waiting,) = await book.waiting(address)
    assert (waiting.service.key, waiting.first, waiting.last, waiting.part) == (COMPANY, first, first, Part.MORNING)
    assert await do(database, lambda uow: uow.appointments.leave(address, COMPANY, EARLY))
    assert not await do(database, lambda uow: uow.appointments.leave(address, COMPANY, EARLY))
    assert await book.waiting(address) == ()


async def test_who_leaves_the_list_gives_back_what_was_offered(database: Database) -> None:
    await fill_office(database.engine, counters=1)
    address = an_address()
    await do(database, lambda uow: uow.appointments.wait(address, COMPANY, MONDAY, MONDAY, None, EARLY))
    offered = await held(database, address, keep=OFFER)
    await rows(
        database,
        f"UPDATE waiting SET state = 'offered', appointment_id = '{offered.id}' RETURNING 1",
    )
    (waiting,) = await SqlAppointmentBook(database.engine).waiting(address)
    assert waiting.offered == offered.code
    await held(database, address, TEN)
    assert await places_left(database, NINE) == 0, "the offer stays while they look at something else"
    await do(database, lambda uow: uow.appointments.leave(address, COMPANY, EARLY))
    assert await places_left(database, NINE) == 1


async def test_who_takes_what_was_offered_waits_no_longer(database: Database) -> None:
    await fill_office(database.engine, counters=1)
    address = an_address()
    await do(database, lambda uow: uow.appointments.wait(address, COMPANY, MONDAY, MONDAY, None, EARLY))
    offered = await held(database, address, keep=OFFER)
    await rows(database, f"UPDATE waiting SET state = 'offered', appointment_id = '{offered.id}' RETURNING 1")
    await confirmed(database, address, offered.code, EARLY + dt.timedelta(minutes=25))
    assert await SqlAppointmentBook(database.engine).waiting(address) == ()
    assert await rows(database, "SELECT state FROM waiting") == [("taken",)]
