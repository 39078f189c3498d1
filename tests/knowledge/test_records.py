"""Two records of one code become one; records survive the database unchanged."""

from __future__ import annotations

import dataclasses

from bot.domain.procedure import Caution, Origin, Procedure, Text
from bot.persistence.procedure_store import SqlProcedureStore
from knowledge.catalogue import read_catalogue
from knowledge.records import by_code, digest, from_record, merge, to_record

from .conftest import COMPACT


def catalogue() -> list[Procedure]:
    return [found for _, found in read_catalogue(COMPACT) if isinstance(found, Procedure)]


def city(record: Procedure) -> Procedure:
    return dataclasses.replace(record, origin=Origin.CITY, title=Text("Nuôi rùa", en="Turtles"), cautions=())


def test_a_record_comes_back_from_its_json_as_it_was() -> None:
    for record in catalogue():
        assert from_record(to_record(record)) == record
        assert digest(from_record(to_record(record))) == digest(record)


def test_the_citys_record_wins_and_the_catalogue_fills_what_it_leaves_empty() -> None:
    background = catalogue()[0]
    ours = dataclasses.replace(city(background), fees=(), place=Text("Quầy 3"))
    merged = merge(ours, background)
    assert merged.title.en == "Turtles"
    assert merged.origin is Origin.CITY
    assert merged.place == Text("Quầy 3")
    assert merged.fees == background.fees
    assert merged.cautions == (Caution.FEES_ARE_NATIONAL_DEFAULTS,)


def test_a_full_record_of_the_city_takes_nothing_from_the_catalogue() -> None:
    background = catalogue()[0]
    ours = city(background)
    assert merge(ours, background) is ours


async def test_the_store_keeps_both_records_of_a_code_and_gives_one(store: SqlProcedureStore) -> None:
    background = catalogue()[0]
    ours = city(background)
    await store.save([background, ours])
    stored = await store.all()
    assert sorted(stored, key=lambda p: p.origin) == sorted([background, ours], key=lambda p: p.origin)
    assert by_code(stored)[background.code].origin is Origin.CITY
    await store.remove(Origin.CITY, [background.code, "unknown"])
    assert await store.get(background.code) == [background]
