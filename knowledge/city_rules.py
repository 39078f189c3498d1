"""The city's own rules over records of the national catalogue (`data/city_rules.yml`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, HttpUrl, TypeAdapter

from bot.domain.procedure import Fee, LegalBasis, Method, Origin, Procedure, Source

from .procedures import Code, TextData, Words


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DecisionData(_Strict):
    """What the city decided, and from when it counts."""

    code: Words
    name: Words
    title: Words
    url: HttpUrl
    issued_on: date
    in_force_from: date


class RuleFeeData(_Strict):
    """The fee that takes the place of the national default for one way of filing; `amount` in đồng."""

    method: Method
    amount: int | None = Field(ge=0)
    note: TextData


class RuleData(_Strict):
    """One rule and the records it is about."""

    decision: DecisionData
    fee: RuleFeeData
    procedures: tuple[Code, ...] = Field(min_length=1)


def read_city_rules(path: Path) -> tuple[RuleData, ...]:
    """The rules at `path`. Raises `OSError`, `yaml.YAMLError`, `ValidationError`."""
    entries: Any = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else []
    return tuple(TypeAdapter(list[RuleData]).validate_python(entries or []))


def with_city_rules(
    procedures: Mapping[str, Procedure], rules: Sequence[RuleData], today: date
) -> dict[str, Procedure]:
    """`procedures` with every rule in force on `today` laid over the catalogue's records."""
    ruled = dict(procedures)
    for rule in rules:
        if rule.decision.in_force_from > today:
            continue
        for code in rule.procedures:
            procedure = ruled.get(code)
            if procedure is not None and procedure.origin is Origin.CATALOGUE:
                ruled[code] = _ruled(procedure, rule)
    return ruled


def _ruled(procedure: Procedure, rule: RuleData) -> Procedure:
    decision, fee = rule.decision, rule.fee
    own = Fee(fee.method, fee.amount, fee.note.to_domain(), decision.code, local=True)
    others = tuple(each for each in procedure.fees if each.method is not fee.method)
    source = Source(decision.title, str(decision.url), decision.issued_on)
    return replace(
        procedure,
        fees=(own, *others),
        legal_basis=(*procedure.legal_basis, LegalBasis(decision.code, decision.name)),
        sources=(*procedure.sources, source),
    )
