"""The tables of appointments. Every moment is aware and stored in UTC."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Identity,
    Index,
    Integer,
    SmallInteger,
    String,
    Time,
    UniqueConstraint,
    Uuid,
    func,
)
from sqlalchemy import (
    text as sql,
)
from sqlalchemy.dialects.postgresql import TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from .rows import Row


class DepartmentRow(Row):
    """A department as the administrators keep it; `record` has the shape of `data/directory/departments.yml`."""

    __tablename__ = "department"

    key: Mapped[str] = mapped_column(String(48), primary_key=True)
    record: Mapped[dict[str, Any]]
    active: Mapped[bool] = mapped_column(Boolean, server_default=sql("true"))
    version: Mapped[int] = mapped_column(Integer, server_default="0")
    edited_by: Mapped[str | None] = mapped_column(String(80))
    """Null while the row is as the file says; then a new file replaces it, otherwise it stays."""
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())


class ServiceRow(Row):
    """What an appointment may be for; `record` holds title, documents and instructions in five languages."""

    __tablename__ = "service"
    __table_args__ = (
        CheckConstraint("duration_minutes between 5 and 480", name="duration"),
        CheckConstraint("notice_minutes >= 0 and cancel_minutes >= 0 and window_days between 1 and 180", name="limits"),
    )

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    department_key: Mapped[str] = mapped_column(ForeignKey("department.key"), index=True)
    record: Mapped[dict[str, Any]]
    procedures: Mapped[list[Any]] = mapped_column(server_default=sql("'[]'::jsonb"))
    duration_minutes: Mapped[int] = mapped_column(Integer)
    notice_minutes: Mapped[int] = mapped_column(Integer)
    window_days: Mapped[int] = mapped_column(Integer)
    cancel_minutes: Mapped[int] = mapped_column(Integer)
    demonstration: Mapped[bool] = mapped_column(Boolean, server_default=sql("false"))
    active: Mapped[bool] = mapped_column(Boolean, server_default=sql("true"))
    version: Mapped[int] = mapped_column(Integer, server_default="0")
    edited_by: Mapped[str | None] = mapped_column(String(80))
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())


class CounterRow(Row):
    """A desk; `record` holds name and address in five languages, `services` keys (empty: all of its department)."""

    __tablename__ = "counter"

    id: Mapped[int] = mapped_column(Integer, Identity(), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    department_key: Mapped[str] = mapped_column(ForeignKey("department.key"), index=True)
    record: Mapped[dict[str, Any]]
    services: Mapped[list[Any]] = mapped_column(server_default=sql("'[]'::jsonb"))
    active: Mapped[bool] = mapped_column(Boolean, server_default=sql("true"))
    version: Mapped[int] = mapped_column(Integer, server_default="0")
    edited_by: Mapped[str | None] = mapped_column(String(80))
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())


class OpeningRuleRow(Row):
    """A weekly span of hours at a counter; Monday is 0."""

    __tablename__ = "opening_rule"
    __table_args__ = (
        CheckConstraint("weekday between 0 and 6", name="weekday"),
        CheckConstraint("starts < ends", name="span"),
        CheckConstraint("capacity >= 0 and reserved >= 0 and capacity + reserved between 1 and 50", name="capacity"),
    )

    id: Mapped[int] = mapped_column(Integer, Identity(), primary_key=True)
    counter_id: Mapped[int] = mapped_column(ForeignKey("counter.id", ondelete="CASCADE"), index=True)
    weekday: Mapped[int] = mapped_column(SmallInteger)
    starts: Mapped[time] = mapped_column(Time)
    ends: Mapped[time] = mapped_column(Time)
    capacity: Mapped[int] = mapped_column(Integer, server_default="1")
    reserved: Mapped[int] = mapped_column(Integer, server_default="0")
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    edited_by: Mapped[str | None] = mapped_column(String(80))


class ClosureRow(Row):
    """A time without appointments, at a counter, at a department or everywhere."""

    __tablename__ = "closure"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="span"),
        CheckConstraint("handling in ('move', 'inform')", name="handling"),
    )

    id: Mapped[int] = mapped_column(Integer, Identity(), primary_key=True)
    department_key: Mapped[str | None] = mapped_column(ForeignKey("department.key"), index=True)
    counter_id: Mapped[int | None] = mapped_column(ForeignKey("counter.id", ondelete="CASCADE"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(200))
    handling: Mapped[str] = mapped_column(String(8), server_default="inform")
    """What is done with those who are booked then: moved to the nearest opening, or told, so that they choose."""
    created_by: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class HolidayOverrideRow(Row):
    """What the administrators decided about a day; wins over the calendar of public holidays."""

    __tablename__ = "holiday_override"
    __table_args__ = (CheckConstraint("worked_as between 0 and 6", name="worked_as"),)

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    worked_as: Mapped[int | None] = mapped_column(SmallInteger)
    """The weekday whose hours are worked; null: nobody works."""
    edited_by: Mapped[str | None] = mapped_column(String(80))


class AppointmentRow(Row):
    """A place that is or was taken. The exclusion constraint alone decides who has it."""

    __tablename__ = "appointment"
    __table_args__ = (
        CheckConstraint("state in ('held', 'booked', 'arrived', 'served', 'missed', 'cancelled')", name="state"),
        CheckConstraint("(state = 'held') = (hold_until is not null)", name="hold"),
        CheckConstraint("place >= 1", name="place"),
        CheckConstraint("not isempty(during)", name="during"),
        ExcludeConstraint(
            (sql("int4range(counter_id, counter_id, '[]')"), "&&"),
            (sql("int4range(place, place, '[]')"), "&&"),
            (sql("during"), "&&"),
            name="ex_appointment_sold_once",
            using="gist",
            where=sql("state in ('held', 'booked', 'arrived')"),
        ),
        Index(
            "ix_appointment_one_for_a_service",
            "conversation_id",
            "service_key",
            unique=True,
            postgresql_where=sql("state in ('booked', 'arrived')"),
        ),
        Index("ix_appointment_hold_until", "hold_until", postgresql_where=sql("state = 'held'")),
        Index("ix_appointment_counter_id_starts", "counter_id", sql("lower(during)")),
        Index("ix_appointment_ends", sql("upper(during)"), postgresql_where=sql("state in ('booked', 'arrived')")),
    )

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=uuid.uuid4)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    conversation_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("conversation.id", ondelete="SET NULL"), index=True
    )
    """Null where an official booked it, or the contact is forgotten."""
    service_key: Mapped[str] = mapped_column(ForeignKey("service.key"), index=True)
    counter_id: Mapped[int] = mapped_column(ForeignKey("counter.id"))
    place: Mapped[int] = mapped_column(Integer)
    """Which unit of the counter's capacity, from 1."""
    during: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)
    state: Mapped[str] = mapped_column(String(16))
    hold_until: Mapped[datetime | None]
    replaces: Mapped[str | None] = mapped_column(String(12))
    version: Mapped[int] = mapped_column(Integer, server_default="0")
    procedure_code: Mapped[str | None] = mapped_column(String(48))
    language: Mapped[str] = mapped_column(String(2), server_default="vi")
    name: Mapped[str | None] = mapped_column(String(120))
    telephone: Mapped[str | None] = mapped_column(String(24), index=True)
    tax_code: Mapped[str | None] = mapped_column(String(16))
    note: Mapped[str | None] = mapped_column(String(400))
    attending_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())


class AppointmentChangeRow(Row):
    """The history of an appointment: what, when and by whom (`contact`, `clock`, or an official's login)."""

    __tablename__ = "appointment_change"
    __table_args__ = (
        Index("ix_appointment_change_hold", sql("(facts ->> 'hold')"), postgresql_where=sql("change = 'moved'")),
    )

    id: Mapped[int] = mapped_column(Integer, Identity(), primary_key=True)
    appointment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("appointment.id", ondelete="CASCADE"), index=True)
    version: Mapped[int] = mapped_column(Integer)
    change: Mapped[str] = mapped_column(String(16))
    actor: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
    facts: Mapped[dict[str, Any]] = mapped_column(server_default=sql("'{}'::jsonb"))
    """Old and new counter and time, a reason; never personal data."""


class ReminderRow(Row):
    """Something to remind of; derived anew at sending time, so that a moved appointment cannot be announced."""

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint("appointment_id", "version", "kind"),
        CheckConstraint("kind in ('day_before', 'hours_before')", name="kind"),
        CheckConstraint("state in ('due', 'sent', 'dropped')", name="state"),
        Index("ix_reminder_due", "due_at", postgresql_where=sql("state = 'due'")),
    )

    id: Mapped[int] = mapped_column(Integer, Identity(), primary_key=True)
    appointment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("appointment.id", ondelete="CASCADE"))
    version: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(16))
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(16), server_default="due")
    reason: Mapped[str | None] = mapped_column(String(40))
    """Why it was dropped: cancelled, moved, late."""
    done_at: Mapped[datetime | None]


class WaitingRow(Row):
    """A contact who waits for a place; the oldest whose wish fits a freed place is offered it for a while."""

    __tablename__ = "waiting"
    __table_args__ = (
        CheckConstraint("state in ('waiting', 'offered', 'taken', 'lapsed', 'left')", name="state"),
        CheckConstraint("first_on <= last_on", name="days"),
        Index(
            "ix_waiting_one_for_a_service",
            "conversation_id",
            "service_key",
            unique=True,
            postgresql_where=sql("state in ('waiting', 'offered')"),
        ),
    )

    id: Mapped[int] = mapped_column(Integer, Identity(), primary_key=True)
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    service_key: Mapped[str] = mapped_column(ForeignKey("service.key"), index=True)
    procedure_code: Mapped[str | None] = mapped_column(String(48))
    first_on: Mapped[date] = mapped_column(Date)
    last_on: Mapped[date] = mapped_column(Date)
    part: Mapped[str | None] = mapped_column(String(16))
    """morning, noon, afternoon, evening; null: any hour."""
    state: Mapped[str] = mapped_column(String(16), server_default="waiting")
    appointment_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("appointment.id", ondelete="SET NULL"))
    """The hold that is offered."""
    offer_until: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class VisitRow(Row):
    """Somebody who came: by appointment or as a walk-in, with a number in the day's queue of a department."""

    __tablename__ = "visit"
    __table_args__ = (
        UniqueConstraint("department_key", "on_date", "number"),
        UniqueConstraint("appointment_id"),
        CheckConstraint("state in ('waiting', 'called', 'served', 'missed')", name="state"),
    )

    id: Mapped[int] = mapped_column(Integer, Identity(), primary_key=True)
    department_key: Mapped[str] = mapped_column(ForeignKey("department.key"))
    on_date: Mapped[date] = mapped_column(Date)
    number: Mapped[int] = mapped_column(Integer)
    counter_id: Mapped[int | None] = mapped_column(ForeignKey("counter.id", ondelete="SET NULL"))
    service_key: Mapped[str | None] = mapped_column(ForeignKey("service.key"))
    appointment_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("appointment.id", ondelete="SET NULL"))
    state: Mapped[str] = mapped_column(String(16), server_default="waiting")
    calls: Mapped[int] = mapped_column(Integer, server_default="0")
    version: Mapped[int] = mapped_column(Integer, server_default="0")
    arrived_at: Mapped[datetime]
    called_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    served_by: Mapped[str | None] = mapped_column(String(80))
