"""The schema of `data/procedures/` and `data/lay/`, and their reading.

A file that breaks the schema is reported by name and line of thought, and the others still load: one
mistake by an editor must not silence the assistant. `knowledge/checking.py` checks all files.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, HttpUrl, StringConstraints, ValidationError

from bot.domain import procedure as domain
from bot.domain.procedure import Method, TimeUnit

Code = Annotated[str, StringConstraints(pattern=r"^\d\.\d{6}(\.\d{3}\.\d{2}\.\d{2}\.H24)?$")]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=44)]


_Loader: type[yaml.SafeLoader] | type[yaml.CSafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Reads seven times as fast where libyaml is there; a start reads some two hundred files."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TextData(_Strict):
    """A text in all five languages: a city that answers in five must not fall silent in one."""

    vi: Words
    en: Words
    ko: Words
    zh: Words
    ja: Words

    def to_domain(self) -> domain.Text:
        return domain.Text(self.vi, self.en, self.ko, self.zh, self.ja)


class ShortTextData(_Strict):
    """A text for a button, in all five languages, at most 44 characters."""

    vi: Short
    en: Short
    ko: Short
    zh: Short
    ja: Short

    def to_domain(self) -> domain.Text:
        return domain.Text(self.vi, self.en, self.ko, self.zh, self.ja)


class DocumentData(_Strict):
    name: TextData
    original: int = Field(default=0, ge=0)
    copies: int = Field(default=0, ge=0)
    required: bool = True
    forms: tuple[Words, ...] = ()


class CaseData(_Strict):
    case: TextData | None = None
    items: tuple[DocumentData, ...] = Field(min_length=1)


class FeeData(_Strict):
    method: Method
    amount: int | None = Field(ge=0)
    note: TextData | None = None
    basis: Words | None = None
    local: bool = False


class TimeData(_Strict):
    method: Method
    amount: int | None = Field(ge=0)
    unit: TimeUnit
    note: TextData | None = None
    local: bool = False


class LegalData(_Strict):
    code: Words
    name: Words


class SourceData(_Strict):
    title: Words
    url: HttpUrl
    updated_on: date

    def to_domain(self) -> domain.Source:
        return domain.Source(self.title, str(self.url), self.updated_on)


class ProcedureData(_Strict):
    """One file of `data/procedures/`."""

    code: Code
    title: TextData
    variant: ShortTextData
    group: str | None = None
    sector: Words
    department: Words
    levels: tuple[Literal["province", "commune", "ministry", "sectoral"], ...] = Field(min_length=1)
    overview: TextData
    documents: tuple[CaseData, ...] = Field(min_length=1)
    steps: tuple[TextData, ...] = Field(min_length=1)
    fees: tuple[FeeData, ...] = ()
    times: tuple[TimeData, ...] = Field(min_length=1)
    place: TextData
    conditions: tuple[TextData, ...] = ()
    results: tuple[TextData, ...] = Field(min_length=1)
    legal_basis: tuple[LegalData, ...] = Field(min_length=1)
    keywords: tuple[Words, ...] = ()
    source: SourceData
    sources: tuple[SourceData, ...] = ()

    def to_domain(self) -> domain.Procedure:
        return domain.Procedure(
            code=self.code,
            title=self.title.to_domain(),
            variant=self.variant.to_domain(),
            group=self.group,
            sector=self.sector,
            department=self.department,
            origin=domain.Origin.CITY,
            levels=tuple(self.levels),
            overview=self.overview.to_domain(),
            documents=tuple(
                domain.DocumentCase(
                    case.case.to_domain() if case.case else None,
                    tuple(
                        domain.Document(item.name.to_domain(), item.original, item.copies, item.required, item.forms)
                        for item in case.items
                    ),
                )
                for case in self.documents
            ),
            steps=tuple(step.to_domain() for step in self.steps),
            fees=tuple(
                domain.Fee(f.method, f.amount, f.note.to_domain() if f.note else None, f.basis, f.local)
                for f in self.fees
            ),
            times=tuple(
                domain.ProcessingTime(t.method, t.amount, t.unit, t.note.to_domain() if t.note else None, t.local)
                for t in self.times
            ),
            place=self.place.to_domain(),
            conditions=tuple(c.to_domain() for c in self.conditions),
            legal_basis=tuple(domain.LegalBasis(entry.code, entry.name) for entry in self.legal_basis),
            results=tuple(r.to_domain() for r in self.results),
            keywords=tuple(self.keywords),
            source=self.source.to_domain(),
            sources=tuple(s.to_domain() for s in self.sources),
        )


class GroupData(_Strict):
    """One entry of a `groups.yml`: near-duplicate procedures and the one question that parts them."""

    question: TextData
    title: TextData


class LayData(_Strict):
    """Questions about one procedure as owners type them, and their words for it (`data/lay/`).

    `origin` says who wrote them; `folded` holds Vietnamese typed without diacritics.
    """

    origin: Literal["people", "generated"]
    checked_on: date | None = None
    vi: tuple[Words, ...] = ()
    folded: tuple[Words, ...] = ()
    en: tuple[Words, ...] = ()
    ko: tuple[Words, ...] = ()
    zh: tuple[Words, ...] = ()
    ja: tuple[Words, ...] = ()
    words: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class BrokenFile:
    """A data file that could not be used, and why, in words an editor understands."""

    path: Path
    reason: str


def load(path: Path) -> dict[Any, Any]:
    """The names and values of a content file. Raises `OSError`, `UnicodeDecodeError` or `yaml.YAMLError`."""
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a safe loader
    except UnicodeDecodeError:
        raise
    except ValueError as error:  # a day that no calendar has
        raise yaml.YAMLError(str(error)) from error
    if data is None or isinstance(data, dict):
        return data or {}
    raise yaml.YAMLError("names and values were expected, not a list or a text")


def explain(error: ValidationError | yaml.YAMLError | OSError | UnicodeDecodeError) -> str:
    """What is wrong with a file, on one line."""
    if isinstance(error, ValidationError):
        return "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()[:5])
    return str(error).replace("\n", " ")


def read_procedures(folder: Path) -> Iterator[domain.Procedure | BrokenFile]:
    """Every procedure of `folder`/**/*.yml, in path order; a broken file comes as `BrokenFile`."""
    for path in sorted(folder.rglob("*.yml")):
        if path.name == "groups.yml":
            continue
        try:
            yield ProcedureData.model_validate(load(path)).to_domain()
        except (ValidationError, yaml.YAMLError, OSError, UnicodeDecodeError) as error:
            yield BrokenFile(path, explain(error))


def read_groups(folder: Path) -> dict[str, GroupData]:
    """The groups of every `groups.yml` below `folder`. Raises `ValidationError` or `yaml.YAMLError`."""
    return {
        key: GroupData.model_validate(value)
        for path in sorted(folder.rglob("groups.yml"))
        for key, value in load(path).items()
    }


def read_lay(folder: Path) -> Iterator[tuple[str, LayData] | BrokenFile]:
    """Lay questions by procedure code from every file of `folder`."""
    for path in sorted(folder.rglob("*.yml")):
        try:
            data = load(path)
        except (yaml.YAMLError, OSError, UnicodeDecodeError) as error:
            yield BrokenFile(path, explain(error))
            continue
        for code, entry in data.items():
            try:
                yield str(code), LayData.model_validate(entry)
            except ValidationError as error:
                yield BrokenFile(path, f"{code}: {explain(error)}")
