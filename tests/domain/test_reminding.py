"""Reminding: a day and two hours before, nobody woken, nothing said too late or twice within the hour."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.booking.offices import CITY_TIME
from bot.domain.booking.reminding import APART, JUST_TOLD, Kind, quiet_until, reminders_for, still_worth

DAY, HOURS = Kind.DAY_BEFORE, Kind.HOURS_BEFORE


def at(text: str) -> datetime:
    """`5 09:00`: the day and hour of March 2026, city time."""
    day, hour = text.split()
    return datetime.fromisoformat(f"2026-03-{int(day):02}T{hour}").replace(tzinfo=CITY_TIME)


@pytest.mark.parametrize(
    ("starts", "booked", "expected"),
    [
        ("5 09:00", "2 10:00", [(DAY, "4 09:00"), (HOURS, "5 07:00")]),
        ("5 14:30", "2 10:00", [(DAY, "4 14:30"), (HOURS, "5 12:30")]),
        ("5 08:00", "2 10:00", [(DAY, "4 08:00"), (HOURS, "5 06:30")]),  # due at 6, when the city sleeps
        ("5 07:15", "2 10:00", [(DAY, "4 07:15"), (HOURS, "5 06:30")]),  # 45 minutes are enough
        ("5 07:00", "2 10:00", [(DAY, "4 07:00"), (HOURS, "4 20:30")]),  # 30 are not
        ("5 22:00", "2 10:00", [(DAY, "5 06:30"), (HOURS, "5 20:00")]),
        ("5 23:30", "2 10:00", [(DAY, "5 06:30"), (HOURS, "5 20:30")]),
        ("5 05:00", "2 10:00", [(DAY, "4 06:30"), (HOURS, "4 20:30")]),
        ("5 09:00", "4 10:00", [(HOURS, "5 07:00")]),  # tomorrow morning: a day before is past
        ("5 07:00", "4 15:00", [(HOURS, "4 20:30")]),
        ("5 07:00", "4 20:45", []),  # the evening before is past too
        ("5 09:00", "5 07:30", []),  # in an hour and a half
        ("5 09:00", "4 08:45", [(HOURS, "5 07:00")]),  # nobody is reminded a quarter of an hour after booking
        ("5 09:00", "6 08:45", []),
    ],
)
def test_an_appointment_is_reminded_of_at_sensible_moments(
    starts: str, booked: str, expected: list[tuple[Kind, str]]
) -> None:
    assert reminders_for(at(starts), at(booked)) == [(kind, at(moment)) for kind, moment in expected]


moments = st.integers(0, 20 * 24 * 12).map(lambda step: at("2 00:00") + timedelta(minutes=5 * step))


@given(moments, moments)
def test_reminders_are_ahead_apart_and_never_at_night(starts: datetime, booked: datetime) -> None:
    found = reminders_for(starts, booked)
    due = [moment for _, moment in found]
    assert all(booked + JUST_TOLD <= moment < starts and quiet_until(moment) is None for moment in due)
    assert all(still_worth(kind, starts, moment) for kind, moment in found)
    assert len(due) < 2 or due[1] - due[0] > APART
    assert len({kind for kind, _ in found}) == len(found)


@pytest.mark.parametrize(
    ("kind", "now", "worth"),
    [
        (DAY, "4 09:00", True),
        (DAY, "5 06:00", True),
        (DAY, "5 06:01", False),
        (HOURS, "5 08:40", True),
        (HOURS, "5 08:41", False),
        (HOURS, "5 09:00", False),
        (DAY, "5 09:30", False),
    ],
)
def test_a_late_reminder_is_worth_sending_only_while_it_is_of_use(kind: Kind, now: str, worth: bool) -> None:
    assert still_worth(kind, at("5 09:00"), at(now)) is worth


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("4 20:59", None),
        ("4 21:00", "5 06:30"),
        ("4 23:59", "5 06:30"),
        ("5 00:00", "5 06:30"),
        ("5 06:29", "5 06:30"),
        ("5 06:30", None),
        ("5 12:00", None),
    ],
)
def test_the_night_is_quiet(now: str, until: str | None) -> None:
    assert quiet_until(at(now)) == (None if until is None else at(until))
