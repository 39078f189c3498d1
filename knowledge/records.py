"""Procedures as stored records: their JSON form, their digest, and how two of one code become one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter

from bot.domain.procedure import Caution, Origin, Procedure

_ADAPTER: TypeAdapter[Procedure] = TypeAdapter(Procedure)

_BACKGROUND = (
    "levels",
    "overview",
    "documents",
    "steps",
    "fees",
    "times",
    "place",
    "conditions",
    "legal_basis",
    "results",
    "keywords",
)
"""Fields the catalogue may fill where the city's record leaves them empty."""

_CAUTIONS_OF = {
    "documents": {Caution.FORMS_WITHOUT_ADDRESS},
    "steps": {Caution.STEPS_OF_CASES_RUN_TOGETHER},
    "fees": {
        Caution.FEES_ARE_NATIONAL_DEFAULTS,
        Caution.FEES_ARE_UNCLEAR,
        Caution.FEES_ARE_BARE_ZEROS,
    },
    "times": {Caution.TIME_IS_NOT_STATED},
    "legal_basis": {Caution.NO_LEGAL_BASIS},
}


def to_record(procedure: Procedure) -> dict[str, Any]:
    """`procedure` as JSON-ready data."""
    record: dict[str, Any] = _ADAPTER.dump_python(procedure, mode="json")
    return record


def from_record(record: dict[str, Any]) -> Procedure:
    """The procedure of `record`. Raises `pydantic.ValidationError`."""
    return _ADAPTER.validate_python(record)


def digest(procedure: Procedure) -> str:
    """SHA-256 of the record in hexadecimal: equal records have equal digests."""
    text = json.dumps(to_record(procedure), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def merge(city: Procedure, catalogue: Procedure) -> Procedure:
    """The city's record; what it leaves empty comes from the catalogue, together with its cautions."""
    filled: dict[str, Any] = {}
    cautions = list(city.cautions)
    for name in _BACKGROUND:
        if not getattr(city, name) and getattr(catalogue, name):
            filled[name] = getattr(catalogue, name)
            cautions += [c for c in catalogue.cautions if c in _CAUTIONS_OF.get(name, ())]
    if not filled:
        return city
    known = {source.url for source in (city.source, *city.sources)}
    if catalogue.source.url not in known:
        filled["sources"] = (*city.sources, catalogue.source)
    return replace(city, **filled, cautions=tuple(cautions))


def by_code(procedures: Iterable[Procedure]) -> dict[str, Procedure]:
    """One procedure for each code, the city's record before the catalogue's."""
    merged: dict[str, Procedure] = {}
    for procedure in procedures:
        other = merged.get(procedure.code)
        if other is None or other.origin is procedure.origin:
            merged[procedure.code] = procedure
        elif procedure.origin is Origin.CITY:
            merged[procedure.code] = merge(procedure, other)
        else:
            merged[procedure.code] = merge(other, procedure)
    return merged
