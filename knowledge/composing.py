"""An answer composed from a record's own fields, so that it can say only what the record says.

Gives lines of wording key and facts, no sentences: the conversation puts them in the contact's language.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.domain.procedure import (
    Caution,
    Document,
    DocumentCase,
    Facet,
    Fee,
    Language,
    Method,
    Origin,
    Procedure,
    ProcessingTime,
    Source,
    Text,
)

OLD_AFTER_DAYS = 730
"""A record not updated for two years is shown with a caution."""
MANY_DOCUMENTS = 10
"""Above this many papers over several cases the contact is asked for the case first."""


_FEE_CAUTIONS = (Caution.FEES_ARE_NATIONAL_DEFAULTS, Caution.FEES_ARE_UNCLEAR, Caution.FEES_ARE_BARE_ZEROS)
_CAUTIONS = {
    Facet.OVERVIEW: _FEE_CAUTIONS,
    Facet.FEE: _FEE_CAUTIONS,
    Facet.STEPS: (Caution.STEPS_OF_CASES_RUN_TOGETHER,),
    Facet.FORMS: (Caution.FORMS_WITHOUT_ADDRESS,),
}
"""Weak points of a record to be told with a facet; a missing fact has a sentence of its own."""


@dataclass(frozen=True, slots=True)
class Dong:
    """An amount of money in đồng."""

    amount: int


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence part from the wording files."""

    key: str
    facts: Mapping[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Phrases:
    """Several parts in a row."""

    parts: tuple[Fact, ...]
    between: str = ", "


Fact = str | int | date | Text | Dong | Phrase | Phrases


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an answer: its wording key and facts."""

    key: str
    facts: Mapping[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Composition:
    """An answer: its lines, whether the record holds what was asked, and the cases to choose among."""

    lines: tuple[Line, ...]
    holds: bool
    sources: tuple[Source, ...] = ()
    cases: tuple[Text, ...] = ()


def compose(
    procedure: Procedure, facet: Facet, *, language: Language, today: date, case: int | None = None
) -> Composition:
    """The answer to `facet` of `procedure`, with title, sources and cautions."""
    cases: tuple[Text, ...] = ()
    if facet is Facet.DOCUMENTS and case is None and _ask_for_case(procedure.documents):
        cases = tuple(c.case for c in procedure.documents if c.case is not None)
        body: list[Line] = [Line("documents_cases")]
        body += [Line("option_line", {"number": n, "title": title}) for n, title in enumerate(cases, 1)]
    else:
        body = list(_body(procedure, facet, case))
    holds = bool(body)
    head = Line("answer_title", {"title": procedure.title, "code": procedure.code})
    lines = [head, *(body or [Line("no_fact")])]
    lines += [Line(f"caution_{caution}") for caution in _CAUTIONS.get(facet, ()) if caution in procedure.cautions]
    if language is not Language.VI and _only_vietnamese(body):
        lines.append(Line("language_note_vi"))
    lines += _source_lines(procedure, today)
    return Composition(tuple(lines), holds, (procedure.source, *procedure.sources), cases)


def held_facets(procedure: Procedure) -> tuple[Facet, ...]:
    """The facets a record can answer, in the order contacts ask for them."""
    has = {
        Facet.DOCUMENTS: bool(procedure.documents),
        Facet.FEE: bool(procedure.fees) or procedure.origin is Origin.CITY,
        Facet.TIME: bool(procedure.times),
        Facet.STEPS: bool(procedure.steps),
        Facet.PLACE: procedure.place is not None,
        Facet.CONDITIONS: bool(procedure.conditions),
        Facet.FORMS: any(d.forms for c in procedure.documents for d in c.documents),
        Facet.LEGAL_BASIS: bool(procedure.legal_basis),
    }
    return tuple(facet for facet, held in has.items() if held)


def _body(procedure: Procedure, facet: Facet, case: int | None) -> Iterable[Line]:
    match facet:
        case Facet.DOCUMENTS:
            return _documents(procedure.documents, case)
        case Facet.STEPS:
            return _section("section_steps", _numbered(procedure.steps))
        case Facet.FEE:
            return _fees(procedure)
        case Facet.TIME:
            return _section("section_time", _times(procedure.times))
        case Facet.PLACE:
            return _section("section_place", _bullets((procedure.place,) if procedure.place else ()))
        case Facet.CONDITIONS:
            return _section("section_conditions", _bullets(procedure.conditions)) or [Line("no_conditions")]
        case Facet.LEGAL_BASIS:
            lines = [Line("legal_line", {"code": entry.code, "name": entry.name}) for entry in procedure.legal_basis]
            return _section("section_legal_basis", lines)
        case Facet.FORMS:
            return _forms(procedure.documents)
        case Facet.STATUS:
            return []
        case _:
            return _overview(procedure)


def _overview(procedure: Procedure) -> list[Line]:
    lines: list[Line] = []
    if procedure.overview is not None:
        lines.append(Line("bullet", {"text": procedure.overview}))
    lines += _section("section_time", _times(procedure.times, notes=False))
    lines += _section("section_fee", _fee_lines(procedure.fees, notes=False))
    lines += _section("section_place", _bullets((procedure.place,) if procedure.place else ()))
    lines += _section("section_results", _bullets(procedure.results[:3]))
    return lines


def _section(title: str, lines: list[Line]) -> list[Line]:
    return [Line(title), *lines] if lines else []


def _bullets(texts: Iterable[Text]) -> list[Line]:
    return [Line("bullet", {"text": text}) for text in texts]


def _numbered(texts: Iterable[Text]) -> list[Line]:
    return [Line("numbered", {"number": number, "text": text}) for number, text in enumerate(texts, 1)]


def _ask_for_case(cases: tuple[DocumentCase, ...]) -> bool:
    named = [c for c in cases if c.case is not None]
    return len(named) > 1 and sum(len(c.documents) for c in cases) > MANY_DOCUMENTS


def _documents(cases: tuple[DocumentCase, ...], chosen: int | None) -> list[Line]:
    named = [c for c in cases if c.case is not None]
    if chosen is not None and 0 <= chosen < len(named):
        cases = tuple(c for c in cases if c.case is None or c is named[chosen])
    lines: list[Line] = []
    for entry in cases:
        lines.append(
            Line("section_documents") if entry.case is None else Line("section_documents_case", {"case": entry.case})
        )
        lines += [document_line(document) for document in entry.documents]
    return lines


def document_line(document: Document) -> Line:
    if not document.required:
        return Line("document_optional", {"name": document.name})
    if document.original and document.copy:
        count = Phrase("count_both", {"original": document.original, "copies": document.copy})
    elif document.original:
        count = Phrase("count_original", {"number": document.original})
    elif document.copy:
        count = Phrase("count_copy", {"number": document.copy})
    else:
        return Line("document_line", {"name": document.name})
    return Line("document_line_counted", {"name": document.name, "count": count})


def _forms(cases: tuple[DocumentCase, ...]) -> list[Line]:
    names = dict.fromkeys(form for case in cases for document in case.documents for form in document.forms)
    return _section("section_forms", [Line("bullet", {"text": name}) for name in names]) or [Line("no_forms")]


def _methods(methods: Iterable[Method]) -> Phrases | None:
    named = [m for m in dict.fromkeys(methods) if m is not Method.ANY]
    return Phrases(tuple(Phrase(f"method_{m}") for m in named)) if named else None


def _fees(procedure: Procedure) -> list[Line]:
    return _section("section_fee", _fee_lines(procedure.fees)) or [Line("no_fees")]


def _fee_lines(fees: tuple[Fee, ...], *, notes: bool = True) -> list[Line]:
    """Amounts with the notes that explain them; one amount alone may go without where `notes` is false."""
    together: dict[tuple[int | None, Text | None, bool], list[Method]] = {}
    for fee in fees:
        together.setdefault((fee.amount, fee.note, fee.local), []).append(fee.method)
    lines: list[Line] = []
    for (amount, note, local), methods in together.items():
        said: Fact = Dong(amount) if amount is not None else Phrase("amount_unknown")
        if local and amount is not None:
            said = Phrases((said, Phrase("local_mark")), between=" ")
        named = _methods(methods)
        lines.append(
            Line("fee_line", {"methods": named, "amount": said}) if named else Line("fee_line_any", {"amount": said})
        )
        if note is not None and (notes or amount is None or len(together) > 1):
            lines.append(Line("note_line", {"note": note}))
    return lines


def _times(times: tuple[ProcessingTime, ...], *, notes: bool = True) -> list[Line]:
    together: dict[tuple[int | None, str, Text | None, bool], list[Method]] = {}
    for time in times:
        together.setdefault((time.amount, time.unit.value, time.note, time.local), []).append(time.method)
    lines: list[Line] = []
    for (amount, unit, note, local), methods in together.items():
        said: Fact = Phrase(f"duration_{unit}", {"number": amount}) if amount else Phrase("duration_unknown")
        if local and amount:
            said = Phrases((said, Phrase("local_mark")), between=" ")
        named = None if len(together) == 1 else _methods(methods)
        lines.append(
            Line("time_line", {"methods": named, "duration": said})
            if named
            else Line("time_line_any", {"duration": said})
        )
        if note is not None and (notes or not amount or len(together) > 1):
            lines.append(Line("note_line", {"note": note}))
    return lines


def _only_vietnamese(lines: Iterable[Line]) -> bool:
    texts = [fact for line in lines for fact in line.facts.values() if isinstance(fact, Text)]
    return any(text.en is None for text in texts)


def _source_lines(procedure: Procedure, today: date) -> list[Line]:
    lines: list[Line] = []
    for source in (procedure.source, *procedure.sources):
        facts: dict[str, Fact] = {"title": source.title, "url": source.url}
        if source.updated_on is None:
            lines.append(Line("source_line_undated", facts))
        else:
            lines.append(Line("source_line", {**facts, "date": source.updated_on}))
    updated_on = procedure.source.updated_on
    if updated_on is not None and (today - updated_on).days > OLD_AFTER_DAYS:
        lines.append(Line("source_old"))
    return lines
