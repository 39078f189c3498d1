"""Departments: each one named by a source, no contact point without the day it was verified."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from bot.domain.procedure import Language, Procedure
from knowledge.directory import Directory
from knowledge.procedures import read_procedures

DATA = Path(__file__).resolve().parents[2] / "data"
FILE = DATA / "directory" / "departments.yml"
FIVE = {language.value: "Sở" for language in Language}


@cache
def directory() -> Directory:
    return Directory.read(FILE)


def test_every_department_a_procedure_names_is_in_the_directory() -> None:
    named = {p.department for p in read_procedures(DATA / "procedures") if isinstance(p, Procedure)}
    assert None not in named
    assert named - directory().keys() == set()


def test_every_department_has_a_name_a_duty_and_a_source() -> None:
    for key in directory().keys():  # noqa: SIM118 - the directory is no mapping
        department = directory().department(key)
        assert department is not None
        assert department.source.url.startswith("https://")
        assert department.source.updated_on is not None
        assert all(department.name.within(language) for language in Language)
        assert all(department.duties.within(language) for language in Language)


def test_no_telephone_is_written_without_its_source_and_day() -> None:
    for key in directory().keys():  # noqa: SIM118 - the directory is no mapping
        department = directory().department(key)
        assert department is not None
        for point in department.contact_points:
            assert str(point.source).startswith("https://")
            assert point.verified_on.year >= 2025


def test_the_service_centre_has_a_sourced_address() -> None:
    centre = directory().department("public_service_centre")
    assert centre is not None
    assert centre.address is not None
    assert "Hoàng Diệu" in centre.address.vi


def test_nobody_is_found_under_no_name() -> None:
    assert directory().department(None) is None
    assert directory().department("ministry_of_magic") is None


@pytest.mark.parametrize("missing", ["source", "verified_on", "value", "kind"])
def test_a_contact_point_without_its_proof_is_refused(tmp_path: Path, missing: str) -> None:
    point = {"kind": "telephone", "value": "0225 3 000 000", "source": "https://x.vn/", "verified_on": "2026-01-31"}
    del point[missing]
    source = {"title": "x", "url": "https://x.vn/", "updated_on": "2026-01-31"}
    department = {"name": FIVE, "duties": FIVE, "source": source, "contact_points": [point]}
    path = tmp_path / "departments.yml"
    path.write_text(yaml.safe_dump({"x": department}, allow_unicode=True), encoding="utf-8")
    with pytest.raises(ValidationError, match=missing):
        Directory.read(path)
