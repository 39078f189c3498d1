"""The desk: what an official sees of a department's day. Only reads; `arrivals` and `visits` change."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.domain.booking.offices import CITY_TIME, Counter, Service
from bot.domain.booking.visiting import Visit, VisitState
from bot.domain.procedure import Text

from .booking_rows import AppointmentChangeRow, AppointmentRow, DepartmentRow, ServiceRow, VisitRow
from .desk_mark import read_mark
from .desk_waits import estimate_waits
from .engine import at_once
from .offices import read_counters, read_services, text_of
from .rows import ProcedureRow
from .visit_records import VISIT, to_visit
from .visits import SqlVisits


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the day's list: an appointment, a walk-in, or both. `state` is one of `STATES`.

    `wait` is about how long who waits still waits; `ahead` how many are called before them.
    """

    state: str
    at: dt.datetime
    counter: int | None
    service: Text | None
    code: str | None = None
    name: str | None = None
    telephone: str | None = None
    procedure: Text | None = None
    attending: bool = False
    visit: Visit | None = None
    wait: dt.timedelta | None = None
    ahead: int | None = None


STATES = ("expected", "waiting", "called", "served", "missed", "cancelled", "elsewhere")


@dataclass(frozen=True, slots=True)
class Day:
    """A department's day. `waiting_time` is what somebody who comes now would wait."""

    department: str
    name: Text
    on: dt.date
    counters: tuple[Counter, ...]
    services: tuple[Service, ...]
    lines: tuple[Line, ...]
    waiting_time: dt.timedelta

    def count(self, *states: str) -> int:
        return sum(line.state in states for line in self.lines)

    @property
    def came(self) -> int:
        return sum(line.visit is not None for line in self.lines)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another department that receives people, and what it may be asked for."""

    key: str
    name: Text
    services: tuple[Service, ...]


@dataclass(frozen=True, slots=True)
class HistoryLine:
    at: dt.datetime
    change: str
    actor: str
    facts: Mapping[str, Any]


class SqlDesk:
    """Reads what the pages of the desk show."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = at_once(engine)

    async def departments(self) -> dict[str, Text]:
        """The departments that receive people, by key, with their names."""
        async with self._engine.connect() as connection:
            rows = await connection.execute(
                select(DepartmentRow.key, DepartmentRow.record).where(DepartmentRow.active).order_by(DepartmentRow.key)
            )
            receiving = {counter.department for counter in await read_counters(connection)}
        return {row.key: text_of(row.record.get("name")) or Text(row.key) for row in rows if row.key in receiving}

    async def elsewhere(self, department: str) -> list[Elsewhere]:
        """The other departments that receive people, with their services."""
        async with self._engine.connect() as connection:
            services = await read_services(connection)
        return [
            Elsewhere(key, name, tuple(each for each in services if each.department == key))
            for key, name in (await self.departments()).items()
            if key != department
        ]

    async def mark(self, department: str, on: dt.date) -> str:
        """Another one after every change of a visit or an appointment of that day; far cheaper than the day."""
        async with self._engine.connect() as connection:
            return await read_mark(connection, department, on)

    async def name(self, department: str) -> Text | None:
        """The name of a department; None where there is none."""
        async with self._engine.connect() as connection:
            return await _name(connection, department)

    async def day(self, department: str, on: dt.date, now: dt.datetime) -> Day | None:
        """The day's list in order of time; None for an unknown department."""
        async with self._engine.connect() as connection:
            name = await _name(connection, department)
            if name is None:
                return None
            counters = tuple(each for each in await read_counters(connection) if each.department == department)
            services = tuple(each for each in await read_services(connection) if each.department == department)
            rows = await _rows(connection, department, on)
            titles = await _titles(connection, {row["procedure_code"] for row in rows if row["procedure_code"]})
            queue: list[int] = []
            if on == now.astimezone(CITY_TIME).date():
                queue = await SqlVisits(connection).queue(department, now)
        lengths = {service.key: service.duration for service in services}
        waits, after = estimate_waits(rows, queue, lengths, now)
        lines = [_line(row, department, titles, waits, queue) for row in rows]
        lines.sort(key=lambda line: (line.at, line.visit.number if line.visit else 0, line.code or ""))
        return Day(department, name, on, counters, services, tuple(lines), after)

    async def screen(self, department: str, on: dt.date) -> tuple[Text, list[tuple[int, Text]], int] | None:
        """For the waiting room: the department, which number goes to which counter (newest first), how many wait."""
        async with self._engine.connect() as connection:
            name = await _name(connection, department)
            if name is None:
                return None
            names = {each.id: each.name for each in await read_counters(connection)}
            rows = await connection.execute(
                select(VISIT.c.number, VISIT.c.counter_id)
                .where(VISIT.c.department_key == department, VISIT.c.on_date == on, VISIT.c.state == "called")
                .order_by(VISIT.c.called_at.desc())
            )
            called = [(row.number, names[row.counter_id]) for row in rows if row.counter_id in names]
            waiting = await connection.scalar(
                select(func.count()).where(
                    VISIT.c.department_key == department, VISIT.c.on_date == on, VISIT.c.state == "waiting"
                )
            )
        return name, called, waiting or 0

    async def history(self, appointment: uuid.UUID) -> list[HistoryLine]:
        """What happened to an appointment, oldest first."""
        row = AppointmentChangeRow
        async with self._engine.connect() as connection:
            found = await connection.execute(
                select(row.at, row.change, row.actor, row.facts)
                .where(row.appointment_id == appointment)
                .order_by(row.id)
            )
            return [HistoryLine(each.at, each.change, each.actor, each.facts) for each in found]

    async def procedure_titles(self, codes: Iterable[str]) -> dict[str, Text]:
        """The titles of procedures by code; what is not known is left out."""
        async with self._engine.connect() as connection:
            return await _titles(connection, codes)


async def _name(connection: AsyncConnection, department: str) -> Text | None:
    record = await connection.scalar(select(DepartmentRow.record).where(DepartmentRow.key == department))
    return None if record is None else text_of(record.get("name")) or Text(department)


async def _rows(connection: AsyncConnection, department: str, on: dt.date) -> list[Mapping[str, Any]]:
    """Appointments of the department's services on that day, and everybody who has a number there."""
    starts = dt.datetime.combine(on, dt.time(), CITY_TIME)
    statement = (
        select(
            *(column.label(f"v_{column.name}") for column in VISIT.c),
            AppointmentRow.code,
            AppointmentRow.state,
            AppointmentRow.counter_id.label("booked_at"),
            AppointmentRow.name,
            AppointmentRow.telephone,
            AppointmentRow.procedure_code,
            AppointmentRow.attending_at,
            func.lower(AppointmentRow.during).label("starts_at"),
            ServiceRow.record.label("service"),
        )
        .select_from(AppointmentRow)
        .join(VisitRow, VisitRow.appointment_id == AppointmentRow.id, full=True)
        .outerjoin(ServiceRow, ServiceRow.key == func.coalesce(VISIT.c.service_key, AppointmentRow.service_key))
        .where(
            or_(
                and_(VISIT.c.department_key == department, VISIT.c.on_date == on),
                and_(
                    AppointmentRow.service_key.in_(
                        select(ServiceRow.key).where(ServiceRow.department_key == department).scalar_subquery()
                    ),
                    func.lower(AppointmentRow.during) >= starts,
                    func.lower(AppointmentRow.during) < starts + dt.timedelta(days=1),
                    AppointmentRow.state != "held",
                    # a place that was only held and lapsed is nobody's appointment
                    AppointmentRow.telephone.is_not(None) | (AppointmentRow.state != "cancelled"),
                ),
            )
        )
    )
    return [dict(row) for row in (await connection.execute(statement)).mappings()]


async def _titles(connection: AsyncConnection, codes: Iterable[str]) -> dict[str, Text]:
    """The titles of procedures; the city's own record wins."""
    rows = await connection.execute(
        select(ProcedureRow.code, ProcedureRow.title)
        .where(ProcedureRow.code.in_(list(codes)))
        .order_by(ProcedureRow.origin)
    )
    found: dict[str, Text] = {}
    for row in rows:
        found.setdefault(row.code, Text(row.title))
    return found


def _line(
    row: Mapping[str, Any],
    department: str,
    titles: Mapping[str, Text],
    waits: Mapping[int, dt.timedelta],
    queue: list[int],
) -> Line:
    visit = None
    if row["v_id"] is not None:
        visit = to_visit({name.removeprefix("v_"): value for name, value in row.items() if name.startswith("v_")})
    state = {"booked": "expected", "arrived": "waiting"}.get(row["state"], row["state"])
    if visit is not None:
        if visit.department != department:
            state, visit = "elsewhere", None
        elif row["state"] != "cancelled":
            state = visit.state.value
    waiting = visit is not None and visit.state is VisitState.WAITING
    return Line(
        state=state,
        at=row["starts_at"] or row["v_arrived_at"],
        counter=(visit.counter if visit is not None else None) or row["booked_at"],
        service=text_of((row["service"] or {}).get("title")),
        code=row["code"],
        name=row["name"],
        telephone=row["telephone"],
        procedure=titles.get(row["procedure_code"] or ""),
        attending=row["attending_at"] is not None,
        visit=visit,
        wait=waits.get(visit.id) if waiting and visit is not None else None,
        ahead=queue.index(visit.id) if waiting and visit is not None and visit.id in queue else None,
    )
