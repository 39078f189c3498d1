"""The city's own fees take the place of the national defaults, and are shown as its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.domain.procedure import Method, Origin, Procedure
from knowledge.catalogue import CatalogueForm, read_catalogue
from knowledge.city_rules import RuleData, read_city_rules, with_city_rules

from .conftest import COMPACT, ROOT

IN_FORCE = date(2026, 8, 8)


def rule(code: str) -> RuleData:
    (first, *_) = read_city_rules(ROOT / "data" / "city_rules.yml")
    return first.model_copy(update={"procedures": (code,)})


def a_record() -> Procedure:
    read = read_catalogue(COMPACT, CatalogueForm.COMPACT)
    return next(p for _, p in read if isinstance(p, Procedure) and any(fee.method is Method.DIRECT for fee in p.fees))


def test_online_costs_nothing_and_the_other_ways_stay() -> None:
    record = a_record()
    ruled = with_city_rules({record.code: record}, [rule(record.code)], IN_FORCE)[record.code]
    own = ruled.fees[0]
    assert (own.method, own.amount, own.local, own.basis) == (Method.ONLINE, 0, True, "23/2026/NQ-HĐND")
    assert [fee for fee in ruled.fees[1:] if fee.method is Method.ONLINE] == []
    assert {fee for fee in record.fees if fee.method is not Method.ONLINE} <= set(ruled.fees)
    assert ruled.sources[-1].url.startswith("https://cdn.haiphong.gov.vn/")
    assert ruled.legal_basis[-1].code == "23/2026/NQ-HĐND"


def test_before_its_day_a_rule_changes_nothing() -> None:
    record = a_record()
    assert with_city_rules({record.code: record}, [rule(record.code)], date(2026, 8, 7)) == {record.code: record}


def test_a_record_of_our_own_carries_its_fees_itself() -> None:
    ours = replace(a_record(), origin=Origin.CITY)
    assert with_city_rules({ours.code: ours}, [rule(ours.code)], IN_FORCE) == {ours.code: ours}


def test_a_rule_without_its_decision_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rules.yml"
    path.write_text("- {fee: {method: online, amount: 0, note: {vi: x}}, procedures: ['1.000001']}", encoding="utf-8")
    with pytest.raises(ValidationError, match="decision"):
        read_city_rules(path)
