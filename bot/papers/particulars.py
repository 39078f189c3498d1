"""Particulars: what a holder needs to know of an appointment, in words of one language. No personal data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.conversation.wording import Wording, show_date
from bot.domain.booking.appointment import Appointment
from bot.domain.booking.offices import CITY_TIME
from bot.domain.procedure import Language, Procedure, Text
from knowledge.composing import document_line

WEEKDAYS = (
    "papers_monday",
    "papers_tuesday",
    "papers_wednesday",
    "papers_thursday",
    "papers_friday",
    "papers_saturday",
    "papers_sunday",
)


class _Department(Protocol):
    @property
    def name(self) -> Text: ...


class Departments(Protocol):
    """The departments' names, by key."""

    def department(self, key: str | None) -> _Department | None: ...


@dataclass(frozen=True, slots=True)
class CaseDocuments:
    """Documents to bring, of one case where a procedure has several."""

    case: str | None
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Particulars:
    """Ready to be shown; None where nothing is known, so that nothing is made up."""

    code: str
    service: str
    procedure: str | None
    department: str | None
    counter: str
    address: str | None
    day: str
    """With its weekday."""
    hours: str
    documents: tuple[CaseDocuments, ...]
    instructions: str | None
    demonstration: bool


class Clerk:
    """Puts an appointment into words. `procedure` finds a procedure by its code."""

    def __init__(
        self, wording: Wording, departments: Departments, procedure: Callable[[str], Procedure | None]
    ) -> None:
        self._wording = wording
        self._departments = departments
        self._procedure = procedure

    def describe(self, appointment: Appointment, language: Language) -> Particulars:
        """What is to be known of `appointment`, in city time."""
        service = appointment.service
        starts, ends = appointment.starts_at.astimezone(CITY_TIME), appointment.ends_at.astimezone(CITY_TIME)
        procedure = self._procedure(appointment.procedure) if appointment.procedure is not None else None
        department = self._departments.department(service.department)
        return Particulars(
            code=appointment.code,
            service=_said(service.title, language),
            procedure=_said(procedure.title, language) if procedure is not None else None,
            department=_said(department.name, language) if department is not None else None,
            counter=_said(appointment.counter.name, language),
            address=_said(appointment.counter.address, language) if appointment.counter.address is not None else None,
            day=show_day(starts, self._wording, language),
            hours=f"{starts:%H:%M} – {ends:%H:%M}",
            documents=self._documents(appointment, procedure, language),
            instructions=_said(service.instructions, language) if service.instructions is not None else None,
            demonstration=service.demonstration,
        )

    def _documents(
        self, appointment: Appointment, procedure: Procedure | None, language: Language
    ) -> tuple[CaseDocuments, ...]:
        if procedure is None or not procedure.documents:
            names = tuple(_said(document, language) for document in appointment.service.documents)
            return (CaseDocuments(None, names),) if names else ()
        return tuple(
            CaseDocuments(
                _said(case.case, language) if case.case is not None else None,
                tuple(
                    self._wording.lines((document_line(document),), language).removeprefix("• ")
                    for document in case.documents
                ),
            )
            for case in procedure.documents
        )


def show_day(moment: datetime, wording: Wording, language: Language) -> str:
    """The weekday and date of a moment in city time."""
    weekday = wording.say(WEEKDAYS[moment.weekday()], language)
    return wording.say("papers_day", language, weekday=weekday, day=show_date(moment.date(), language))


def _said(text: Text, language: Language) -> str:
    return text.best(language)[0]
