"""What to bring to an appointment: the papers of the procedure it is for, or else those of its service."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.conversation.outcomes import Citation
from bot.domain.booking.appointment import Appointment
from bot.domain.procedure import Procedure, Text
from knowledge.composing import Line

MOST_DOCUMENTS = 6
"""Papers of a procedure that are named; the others are behind a button."""


def papers_for(appointment: Appointment, procedure: Procedure | None) -> Sequence[Text]:
    """Their names; `procedure` is the one the appointment was booked for."""
    if procedure is not None and procedure.documents:
        return [document.name for document in procedure.documents[0].documents]
    return appointment.service.documents


def what_to_bring(appointment: Appointment, procedure: Procedure | None) -> Iterator[Line]:
    """The papers in lines, with their source where a procedure names them."""
    papers = papers_for(appointment, procedure)
    named = papers[:MOST_DOCUMENTS] if procedure is not None else papers
    if named:
        yield Line("book_bring")
        yield from (Line("book_bring_item", {"name": name}) for name in named)
        if len(papers) > len(named):
            yield Line("book_bring_more", {"count": len(papers) - len(named)})
    if procedure is not None and procedure.documents:
        yield Line("book_bring_source", {"title": procedure.source.title, "url": procedure.source.url})


def sources_of(procedure: Procedure | None) -> tuple[Citation, ...]:
    """Where it is written what to bring."""
    if procedure is None or not procedure.documents:
        return ()
    source = procedure.source
    return (Citation(source.title, source.url, source.updated_on.isoformat() if source.updated_on else None),)
