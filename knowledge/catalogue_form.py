"""The two forms a catalogue line may have, and the reading of either into a `Procedure`.

The compact form is what `bot knowledge import` takes by default. The portal's own API records are first
brought into the compact form, so that both say the same about the same procedure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, StringConstraints

from bot.domain.procedure import (
    Caution,
    Document,
    DocumentCase,
    Fee,
    LegalBasis,
    Method,
    Origin,
    Procedure,
    ProcessingTime,
    Source,
    Text,
)

from . import charges, cleaning

PORTAL = "Cổng Dịch vụ công quốc gia"
_PAGE = "https://dichvucong.gov.vn/thu-tuc-hanh-chinh/"
_HAI_PHONG = "H24"
_CLOCK = ZoneInfo("Asia/Ho_Chi_Minh")
_LEVELS = {
    "Cấp bộ": "ministry",
    "Cấp tỉnh": "province",
    "Cấp xã": "commune",
    "Ngành dọc": "sectoral",
    "Cơ quan khác": "other",
}
_ELSEWHERE = re.compile(
    r"(?i:tỉnh|thành phố|tp\.?)\s*(?:HCM|Huế|(?!Hải Phòng|Trung ương)[A-ZĐ][^\W\d_]+ [A-ZĐ][^\W\d_]+)"
)
_HERE = re.compile(r"Hải Phòng", re.IGNORECASE)

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class _Loose(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class FeeLine(_Loose):
    value: float | None = None
    currency: str = ""
    note: str = ""


class MethodLine(_Loose):
    method: str
    time: float | str | None = None
    unit: str = ""
    note: str = ""
    fees: tuple[FeeLine, ...] = ()


class FormLine(_Loose):
    name: str


class DocumentLine(_Loose):
    name: str
    original: int = 0
    copies: int = Field(default=0, alias="copy")
    forms: tuple[FormLine, ...] = ()


class CaseLine(_Loose):
    case: str = ""
    documents: tuple[DocumentLine, ...] = ()


class LegalLine(_Loose):
    name: str = ""
    code: str = ""


class CompactLine(_Loose):
    """One line of the compact form; what the portal leaves out may be missing here too."""

    code: Annotated[str, StringConstraints(pattern=r"^\d\.\d{6}(?:\.[\d.]+H24)?$")]
    title: Words
    scope: str = "national"
    sector: str = ""
    levels: tuple[str, ...] = ()
    executing: tuple[str, ...] = ()
    executing_text: str = ""
    authority: tuple[str, ...] = ()
    receiving_address: str = ""
    steps: tuple[str, ...] = ()
    methods: tuple[MethodLine, ...] = ()
    cases: tuple[CaseLine, ...] = ()
    conditions: str = ""
    results: tuple[str, ...] = ()
    legal: tuple[LegalLine, ...] = ()
    keywords: str = ""
    updated_at: Annotated[int, Field(ge=0, lt=10**14)]
    source_url: HttpUrl


def from_portal(record: Mapping[str, Any]) -> dict[str, Any]:
    """The compact form of a record of the national portal's API. Raises `KeyError` or `TypeError`."""
    detail = record["detail"]

    def names(key: str) -> list[str]:
        return [entry["name"] for entry in detail.get(key) or () if entry and entry.get("name")]

    levels = {"isMinistry": "Cấp bộ", "isProvince": "Cấp tỉnh", "isWard": "Cấp xã"} | {
        "isVertical": "Ngành dọc",
        "isOtherAgency": "Cơ quan khác",
    }
    methods = {"ONLINE": "Trực tuyến", "DIRECT": "Trực tiếp", "POSTAL": "Dịch vụ bưu chính"}
    units = {"WORKING_DAY": "ngày làm việc", "DAY": "ngày", "HOUR": "giờ", "MONTH": "tháng", "YEAR": "năm"}
    return {
        "code": record["code"],
        "title": detail.get("name") or record["name"],
        "scope": "haiphong" if detail.get("departmentPromulgateCode") == _HAI_PHONG else "national",
        "sector": (detail.get("category") or {}).get("name") or next(iter(names("categoriesDetails")), ""),
        "levels": [level for flag, level in levels.items() if detail.get(flag)],
        "executing": names("departmentsExecuting") + names("unitGroupsExecuting"),
        "executing_text": detail.get("executingAgencies") or "",
        "authority": names("departmentsAuthority") + names("unitGroupsAuthority"),
        "receiving_address": detail.get("dossierReceivingAddresses") or "",
        "steps": [
            "\n".join(part for part in (step.get("name"), step.get("description")) if part)
            for step in detail.get("executionSteps") or ()
        ],
        "methods": [
            {
                "method": methods.get(way["submissionMethod"], ""),
                "time": way.get("processingTime"),
                "unit": units.get(way.get("processingTimeUnit") or "", ""),
                "note": way.get("description") or "",
                "fees": [
                    {
                        "value": fee.get("value"),
                        "currency": fee.get("currencyId") or "",
                        "note": fee.get("description") or "",
                    }
                    for fee in way.get("fees") or ()
                ],
            }
            for way in detail.get("executionMethods") or ()
        ],
        "cases": [
            {
                "case": case.get("name") or "",
                "documents": [
                    {
                        "name": paper["name"],
                        "original": paper.get("originalQty") or 0,
                        "copy": paper.get("copyQty") or 0,
                        "forms": [{"name": form["fileName"]} for form in paper.get("attachments") or ()],
                    }
                    for paper in case.get("profileComponents") or ()
                ],
            }
            for case in detail.get("executionCases") or ()
        ],
        "conditions": detail.get("requirementsAndConditions") or "",
        "results": names("resultsDetails"),
        "legal": [
            {"name": basis.get("name") or "", "code": basis.get("code") or ""}
            for basis in detail.get("legalBasisesDetails") or ()
        ],
        "keywords": detail.get("keywords") or "",
        "updated_at": detail["updatedAt"],
        "source_url": _PAGE + record["id"],
    }


def to_procedure(line: CompactLine) -> Procedure:
    """The procedure `line` describes, cleaned, with the cautions its reader must be told."""
    local = line.scope == "haiphong"
    steps, mixed = cleaning.steps(list(line.steps))
    documents = _documents(line)
    fees = _fees(line, local=local)
    times = _times(line, local=local)
    legal = tuple(
        dict.fromkeys(
            LegalBasis(cleaning.plain(each.code), cleaning.plain(each.name))
            for each in line.legal
            if each.code.strip() or each.name.strip()
        )
    )
    weak = (
        (Caution.FEES_ARE_NOT_STATED, not fees),
        (Caution.FEES_ARE_UNCLEAR, any(fee.amount is None for fee in fees)),
        (Caution.FEES_ARE_BARE_ZEROS, bool(fees) and all(f.amount == 0 and not f.note for f in fees)),
        (Caution.FEES_ARE_NATIONAL_DEFAULTS, bool(fees) and not local),
        (Caution.TIME_IS_NOT_STATED, not times),
        (Caution.STEPS_OF_CASES_RUN_TOGETHER, mixed),
        (Caution.FORMS_WITHOUT_ADDRESS, any(paper.forms for case in documents for paper in case.documents)),
        (Caution.NO_LEGAL_BASIS, not legal),
    )
    return Procedure(
        code=line.code,
        title=Text(cleaning.title(line.title)),
        sector=cleaning.plain(line.sector),
        origin=Origin.CATALOGUE,
        source=Source(PORTAL, str(line.source_url), _day(line.updated_at)),
        levels=tuple(_LEVELS.get(level, "other") for level in line.levels),
        documents=documents,
        steps=tuple(Text(step) for step in steps),
        fees=fees,
        times=times,
        place=_place(line),
        conditions=tuple(Text(item) for item in cleaning.items(line.conditions) if not cleaning.says_nothing(item)),
        legal_basis=legal,
        results=tuple(
            Text(each)
            for each in dict.fromkeys(cleaning.unbulleted(cleaning.plain(result)) for result in line.results)
            if each
        ),
        keywords=tuple(
            dict.fromkeys(word for part in re.split(r"[,;\n]", line.keywords) if (word := cleaning.plain(part)))
        ),
        cautions=tuple(caution for caution, holds in weak if holds),
    )


def _day(milliseconds: int) -> date:
    return datetime.fromtimestamp(milliseconds / 1000, tz=_CLOCK).date()


def _method(line: MethodLine) -> Method:
    return charges.METHODS.get(line.method, Method.ANY)


def _fees(line: CompactLine, *, local: bool) -> tuple[Fee, ...]:
    found = [
        charges.fee(_method(way), fee.value, fee.currency, fee.note, local=local)
        for way in line.methods
        for fee in way.fees
    ]
    return charges.collapse_fees([fee for fee in found if fee is not None])


def _times(line: CompactLine, *, local: bool) -> tuple[ProcessingTime, ...]:
    found = [charges.processing_time(_method(way), way.time, way.unit, way.note, local=local) for way in line.methods]
    return charges.collapse_times([time for time in found if time is not None])


def _documents(line: CompactLine) -> tuple[DocumentCase, ...]:
    """The papers by case. The portal shuffles numbered papers: where all are numbered, put in order."""
    cases: list[DocumentCase] = []
    for case in line.cases:
        papers = [(cleaning.plain(paper.name), paper) for paper in case.documents]
        places = [cleaning.position(name) for name, _ in papers]
        if papers and None not in places and len(set(places)) == len(places):
            papers = [
                paper for _, paper in sorted(zip(places, papers, strict=True), key=lambda pair: pair[0] or (0, ""))
            ]
            strip = cleaning.unnumbered
        else:
            strip = cleaning.unbulleted
        documents = dict.fromkeys(
            Document(
                Text(strip(name)),
                max(paper.original, 0),
                max(paper.copies, 0),
                forms=tuple(form.name.strip() for form in paper.forms if form.name.strip()),
            )
            for name, paper in papers
            if strip(name)
        )
        heading = cleaning.unbulleted(cleaning.plain(case.case)).rstrip(":").strip()
        if documents:
            cases.append(DocumentCase(Text(heading) if re.search(r"[^\W\d_]{2}", heading) else None, tuple(documents)))
    return tuple(cases)


def _place(line: CompactLine) -> Text | None:
    """Where the dossier goes: the address given, else the offices; another province's office is left out."""
    address = cleaning.plain(line.receiving_address)
    if address and not cleaning.says_nothing(address):
        return Text(address)
    offices = cleaning.plain(line.executing_text) or ", ".join(
        cleaning.plain(office) for office in (line.executing or line.authority)
    )
    near = [
        office
        for office in dict.fromkeys(part.strip(" .") for part in re.split(r",\s*(?=[A-ZĐ])", offices))
        if office and (_HERE.search(office) or not _ELSEWHERE.search(office))
    ]
    return Text(", ".join(near)) if near else None
