"""Which licences a line of business needs, in order, each with its procedure, its reason and its source."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.procedure import Facet, Procedure, Source
from bot.domain.vietnamese import fold, is_folded
from knowledge.composing import Fact, Line, Phrase, Phrases
from knowledge.conditional_lines import ListSourceData
from knowledge.directory import Directory
from knowledge.licences import LicenceStep, LineOfBusiness

from .acting import Act
from .outcomes import Candidate, Citation, Outcome, Route
from .speaking import PORTAL, Speaker

_OPENING = re.compile(
    r"(?<!doc )\b(?:mo|lap|buon|open|opening|start|starting|run|set up|sell|selling)\b"
    r"|(?<!giay phep )(?<!dieu kien )(?<!dang ky )(?<!dia diem )(?<!ho )\bkinh doanh\b"
    r"|(?<!giay phep )(?<!chung nhan )(?<!dang ky )\bdau tu\b"
    r"|열고|열려|열어|창업|차리|开(?=店|设|办|公司|厂|个|一家|家|餐|咖)|经营|開(?=業|店|く|き|設|い)|始め|経営|営業"
)
_LICENCE_NAMED = re.compile(
    r"\b(?:giay phep|giay chung nhan|chung chi)\s+(?!gi\b|nao\b|con\b|khong\b|va\b|o\b|thi\b|can\b|phai\b)\w+\s+\w+"
)
_SELLING = re.compile(r"\bbán\b")
_SELLING_FOLDED = re.compile(r"(?<!uy )(?<!van )\bban\b(?! sao| quan ly| hanh| giao| ve)")
"""Where no mark tells them apart: "bản sao", "ủy ban" and "ban quản lý" sell nothing."""
_RUNNING_ALREADY = re.compile(
    r"cham dut|giai the|tam ngung|dong cua|gia han|cap lai|cap doi|thay doi|dieu chinh|\bclos(?:e|ing)\b"
    r"|\bextend|\brenew|\breplace|\blost\b|\bchange|변경|연장|재발급|폐업|휴업|变更|延期|补发|注销|変更|更新|延長|再発|廃業"
)


def opens_a_business(text: str) -> bool:
    """Whether `text` speaks of starting or running a business rather than of one certificate."""
    folded = fold(text)
    if _RUNNING_ALREADY.search(folded):
        return False
    selling = _SELLING_FOLDED.search(folded) if is_folded(text) else _SELLING.search(text.lower())
    return _OPENING.search(folded) is not None or selling is not None


def names_a_licence(text: str) -> bool:
    """Whether `text` names one licence ("giấy phép kinh doanh vận tải"), and does not ask which ("giấy phép gì")."""
    return _LICENCE_NAMED.search(fold(text)) is not None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an answer about licences refers to: the departments, and the national list with its time in force."""

    directory: Directory
    list_source: ListSourceData | None


def licences_for(
    speaker: Speaker,
    line: LineOfBusiness,
    procedures: Mapping[str, Procedure],
    around: Surroundings,
    perhaps: Sequence[Procedure] = (),
) -> Act:
    """The way to start `line`; a step whose procedure we do not hold is named by its code, never left out.

    `perhaps` are procedures that a search found, offered where no licence of the line is known.
    """
    held = [procedures[step.code] for step in line.steps if step.code in procedures]
    lines = [Line("licence_intro" if line.steps else "licence_intro_none", {"name": line.name})]
    lines += _conditional(line, around.list_source, speaker.today)
    if not line.whole_way:
        lines.append(Line("licence_register_first"))
    if not line.steps:
        lines.append(Line("licence_none_known"))
    for number, step in enumerate(line.steps, 1):
        lines.append(_step(number, step, procedures.get(step.code)))
        if step.when is not None:
            lines.append(Line("licence_when", {"when": step.when}))
        procedure = procedures.get(step.code)
        department = around.directory.department((procedure.department if procedure else None) or step.department)
        if department is not None:
            lines.append(Line("licence_department", {"department": department.name}))
        lines.append(Line("licence_basis", {"basis": step.basis}))
    if not all(step.verified for step in line.steps):
        lines.append(Line("licence_note_unverified"))
    sources = [procedure.source for procedure in held]
    if line.conditional and around.list_source is not None:
        listed = around.list_source
        sources.append(Source(listed.title, listed.url, None))
    for source in sources:
        facts: dict[str, Fact] = {"title": source.title, "url": source.url}
        if source.updated_on is not None:
            lines.append(Line("source_line", {**facts, "date": source.updated_on}))
        else:
            lines.append(Line("source_line_undated", facts))
    if held:
        lines.append(Line("licence_choose"))
    if perhaps:
        lines.append(Line("licence_perhaps"))
    buttons = [speaker.procedure_button(procedure, Facet.DOCUMENTS) for procedure in (*held, *perhaps)]
    reply = speaker.compose("answer_licence", lines, [*buttons, *speaker.service_buttons()])
    return Act(
        Route.LICENCE,
        Outcome.ANSWERED,
        (reply,),
        None,
        tuple(Candidate(procedure.code, procedure.title.vi, 1.0) for procedure in held[:5]),
        tuple(Citation(s.title, s.url, s.updated_on.isoformat() if s.updated_on else None) for s in sources),
    )


def _step(number: int, step: LicenceStep, procedure: Procedure | None) -> Line:
    title: Fact = (
        procedure.title
        if procedure is not None
        else Phrase("licence_step_elsewhere", {"code": step.code, "portal": PORTAL})
    )
    if not step.verified:
        title = Phrases((title, Phrase("licence_unverified")), between=" ")
    return Line("licence_step", {"number": number, "title": title})


def _conditional(line: LineOfBusiness, listed: ListSourceData | None, today: date) -> list[Line]:
    if line.conditional is None:
        return [Line("licence_conditional_unknown")]
    if not line.conditional:
        return [Line("licence_conditional_no")]
    said = [Line("licence_conditional_yes", {"source": line.conditional_source or line.name})]
    if listed is not None and listed.in_force_to is not None:
        span: dict[str, Fact] = {"start": listed.in_force_from, "end": listed.in_force_to}
        said.append(Line("licence_list_expired" if today > listed.in_force_to else "licence_list_in_force", span))
    return said
