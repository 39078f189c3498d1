"""What an appointment is for and where the contact is received, in words."""

from __future__ import annotations

from bot.domain.booking.appointment import Appointment
from bot.domain.booking.offices import Service
from bot.domain.procedure import Text
from knowledge.answerer import Answerer
from knowledge.composing import Fact, Line
from knowledge.directory import Directory

from .exchange import Exchange


class Matters:
    """Names them; one instance serves all conversations."""

    def __init__(self, answerer: Answerer, directory: Directory) -> None:
        self._answerer = answerer
        self._directory = directory

    def department(self, service: Service) -> Text:
        found = self._directory.department(service.department)
        return found.name if found is not None else Text(service.department)

    def matter(self, exchange: Exchange, service: Service) -> Text:
        """What the appointment is for, as exactly as is known."""
        procedure = self._answerer.procedure(exchange.slots.get("procedure", ""))
        if procedure is not None:
            return procedure.title
        group = self._answerer.group(exchange.slots.get("group", ""))
        return group.title if group is not None and not service.procedures else service.title

    def matter_line(self, exchange: Exchange, service: Service) -> Line:
        facts: dict[str, Fact] = {
            "matter": self.matter(exchange, service),
            "department": self.department(service),
        }
        return Line("book_for", facts)

    def place_lines(self, service: Service, appointment: Appointment | None) -> list[Line]:
        """Department, and counter and address where they are known."""
        department = self.department(service)
        if appointment is None:
            return [Line("book_line_department", {"department": department})]
        lines = [Line("book_line_place", {"department": department, "counter": appointment.counter.name})]
        if appointment.counter.address is not None:
            lines.append(Line("book_line_address", {"address": appointment.counter.address}))
        return lines
