"""The city's departments (`data/directory/departments.yml`): names, duties, and verified contact points only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, HttpUrl

from bot.domain.procedure import Source, Text
from knowledge.procedures import SourceData, TextData, Words, load


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ContactPointData(_Strict):
    """A way to reach a department. Without a source and the day it was checked it may not be written here."""

    kind: Words
    value: Words
    source: HttpUrl
    verified_on: date


class DepartmentData(_Strict):
    name: TextData
    duties: TextData
    address: TextData | None = None
    source: SourceData
    contact_points: tuple[ContactPointData, ...] = ()


@dataclass(frozen=True, slots=True)
class Department:
    key: str
    name: Text
    duties: Text
    address: Text | None
    source: Source
    contact_points: tuple[ContactPointData, ...]


class Directory:
    """The departments by key, for example `finance`."""

    def __init__(self, departments: Mapping[str, Department]) -> None:
        self._departments = dict(departments)

    @classmethod
    def read(cls, path: Path) -> Directory:
        """Raises `OSError`, `yaml.YAMLError` or `pydantic.ValidationError`."""
        data = load(path)
        return cls(
            {str(key): to_department(str(key), DepartmentData.model_validate(entry)) for key, entry in data.items()}
        )

    def adopt(self, departments: Mapping[str, Department]) -> None:
        """These are the departments from now on, for everyone who holds this directory."""
        self._departments = dict(departments)

    def department(self, key: str | None) -> Department | None:
        return self._departments.get(key) if key is not None else None

    def keys(self) -> frozenset[str]:
        return frozenset(self._departments)


def to_department(key: str, data: DepartmentData) -> Department:
    """A department from its entry."""
    address = data.address.to_domain() if data.address else None
    return Department(
        key, data.name.to_domain(), data.duties.to_domain(), address, data.source.to_domain(), data.contact_points
    )
