"""An office for tests: one department, two services, two counters and weekday hours with a lunch break."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.booking.offices import CITY_TIME
from bot.persistence.booking_rows import (
    ClosureRow,
    CounterRow,
    DepartmentRow,
    HolidayOverrideRow,
    OpeningRuleRow,
    ServiceRow,
)

DEPARTMENT = "finance"
COMPANY = "register_company"
"""A service of 30 minutes."""
HOUSEHOLD = "register_household"
"""A service of 15 minutes at the same counters."""
MORNING = (dt.time(8), dt.time(11, 30))
AFTERNOON = (dt.time(13, 30), dt.time(17))
MONDAY = dt.date(2026, 3, 2)
"""An ordinary working week begins here: no holiday, no Tết."""


def city(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    """An hour of a day in the city."""
    return dt.datetime.combine(day, dt.time(hour, minute), CITY_TIME)


EARLY = city(MONDAY, 7)
"""Monday at seven, before the counters open."""


async def fill_office(
    engine: AsyncEngine,
    *,
    counters: int = 2,
    capacity: int = 1,
    reserved: int = 0,
    notice_minutes: int = 60,
    window_days: int = 30,
    cancel_minutes: int = 120,
    spans: Sequence[tuple[dt.time, dt.time]] = (MORNING, AFTERNOON),
    weekdays: Sequence[int] = range(5),
) -> list[int]:
    """Fill the tables; gives the ids of the counters, keys `counter-1`, `counter-2`, …"""
    async with engine.begin() as connection:
        await connection.execute(
            upsert(DepartmentRow)
            .values(key=DEPARTMENT, record={"name": {"vi": "Sở Tài chính", "en": "Department of Finance"}})
            .on_conflict_do_nothing()
        )
        await connection.execute(
            insert(ServiceRow),
            [
                {
                    "key": key,
                    "department_key": DEPARTMENT,
                    "record": {"title": {"vi": vi, "en": en}, "documents": [{"vi": "Căn cước", "en": "Identity card"}]},
                    "procedures": procedures,
                    "duration_minutes": minutes,
                    "notice_minutes": notice_minutes,
                    "window_days": window_days,
                    "cancel_minutes": cancel_minutes,
                    "demonstration": True,
                }
                for key, vi, en, procedures, minutes in (
                    (COMPANY, "Nộp hồ sơ thành lập công ty", "Company registration", ["2.001583"], 30),
                    (HOUSEHOLD, "Đăng ký hộ kinh doanh", "Household business registration", [], 15),
                )
            ],
        )
        ids = list(
            await connection.scalars(
                insert(CounterRow).returning(CounterRow.id, sort_by_parameter_order=True),
                [
                    {
                        "key": f"counter-{number}",
                        "department_key": DEPARTMENT,
                        "record": {"name": {"vi": f"Quầy {number}", "en": f"Counter {number}"}},
                        "services": [],
                    }
                    for number in range(1, counters + 1)
                ],
            )
        )
        await connection.execute(
            insert(OpeningRuleRow),
            [
                {
                    "counter_id": counter,
                    "weekday": weekday,
                    "starts": starts,
                    "ends": ends,
                    "capacity": capacity,
                    "reserved": reserved,
                }
                for counter in ids
                for weekday in weekdays
                for starts, ends in spans
            ],
        )
    return ids


async def close(
    engine: AsyncEngine,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    *,
    reason: str = "Bảo trì hệ thống",
    department: str | None = None,
    counter: int | None = None,
) -> None:
    """No appointments from `starts_at` to `ends_at`."""
    async with engine.begin() as connection:
        await connection.execute(
            insert(ClosureRow).values(
                department_key=department,
                counter_id=counter,
                starts_at=starts_at,
                ends_at=ends_at,
                reason=reason,
                created_by="test",
            )
        )


async def decide(engine: AsyncEngine, day: dt.date, name: str, worked_as: int | None = None) -> None:
    """An administrator decides about a day."""
    async with engine.begin() as connection:
        await connection.execute(insert(HolidayOverrideRow).values(day=day, name=name, worked_as=worked_as))
