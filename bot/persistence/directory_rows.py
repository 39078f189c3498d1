"""Between the directory's files and its tables: what each entry is as a row, and the other way round."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from knowledge.directory import DepartmentData
from knowledge.offices import CounterData, HolidayData, RuleData, ServiceData, Weekday

Values = dict[str, Any]

HOURS_EDITED_BY = "hours_edited_by"
"""In a counter's record: who changed its hours on a page. Kept there, since a counter may be left without any."""
_IN_COLUMNS = {
    "department",
    "procedures",
    "services",
    "duration_minutes",
    "notice_minutes",
    "window_days",
    "cancel_minutes",
}


def department_values(data: DepartmentData) -> Values:
    return {"record": data.model_dump(mode="json", exclude_none=True, exclude_defaults=True), "active": True}


def department_data(row: Any) -> DepartmentData:
    """Raises `pydantic.ValidationError` for a row that no file and no page wrote."""
    return DepartmentData.model_validate(row.record)


def service_values(data: ServiceData) -> Values:
    return {
        "department_key": data.department,
        "record": data.model_dump(
            mode="json", exclude=_IN_COLUMNS | {"demonstration"}, exclude_none=True, exclude_defaults=True
        ),
        "procedures": list(data.procedures),
        "duration_minutes": data.duration_minutes,
        "notice_minutes": data.notice_minutes,
        "window_days": data.window_days,
        "cancel_minutes": data.cancel_minutes,
        "demonstration": data.demonstration,
        "active": True,
    }


def service_data(row: Any) -> ServiceData:
    return ServiceData.model_validate(
        {
            **row.record,
            "department": row.department_key,
            "procedures": row.procedures,
            "duration_minutes": row.duration_minutes,
            "notice_minutes": row.notice_minutes,
            "window_days": row.window_days,
            "cancel_minutes": row.cancel_minutes,
            "demonstration": row.demonstration,
        }
    )


def counter_values(data: CounterData) -> Values:
    return {
        "department_key": data.department,
        "record": data.model_dump(mode="json", exclude=_IN_COLUMNS, exclude_none=True, exclude_defaults=True),
        "services": list(data.services),
        "active": True,
    }


def counter_data(row: Any) -> CounterData:
    record = {key: value for key, value in row.record.items() if key != HOURS_EDITED_BY}
    return CounterData.model_validate({**record, "department": row.department_key, "services": row.services})


def rule_values(rules: Iterable[RuleData]) -> list[Values]:
    """One row for each weekday and span, in a fixed order."""
    rows = [
        {
            "weekday": weekday.number,
            "starts": starts,
            "ends": ends,
            "capacity": rule.capacity,
            "reserved": rule.reserved,
            "valid_from": rule.valid_from,
            "valid_to": rule.valid_to,
        }
        for rule in rules
        for weekday in rule.weekdays
        for starts, ends in rule.spans
    ]
    return sorted(rows, key=_order)


def rule_data(rows: Sequence[Any]) -> tuple[RuleData, ...]:
    """The rows of one counter as the shortest list of rules: weekdays with the same spans come together."""
    spans = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.weekday, row.starts)):
        terms = (row.capacity, row.reserved, row.valid_from, row.valid_to)
        spans[terms, row.weekday].append((row.starts, row.ends))
    weekdays = defaultdict(list)
    for (terms, weekday), own in spans.items():
        weekdays[terms, tuple(own)].append(Weekday.of(weekday))
    return tuple(
        RuleData(weekdays=tuple(days), spans=own, capacity=c, reserved=r, valid_from=first, valid_to=last)
        for ((c, r, first, last), own), days in weekdays.items()
    )


def holiday_values(data: HolidayData) -> Values:
    return {"name": data.name, "worked_as": data.worked_as.number if data.worked_as else None}


def holiday_data(row: Any) -> HolidayData:
    return HolidayData(name=row.name, worked_as=None if row.worked_as is None else Weekday.of(row.worked_as))


def _order(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return (
        row["valid_from"] or dt.date.min,
        row["valid_to"] or dt.date.max,
        row["weekday"],
        row["starts"],
        row["ends"],
        row["capacity"],
        row["reserved"],
    )
