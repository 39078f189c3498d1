"""What an administrative procedure is: its papers, steps, fees, times, and where each fact comes from.

Pure data. No I/O and no wording: sentences are composed elsewhere from these fields, so that an
answer can say only what a record says.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import date


class Language(enum.StrEnum):
    """The five languages we answer in, by ISO 639-1 code."""

    VI = "vi"
    EN = "en"
    KO = "ko"
    ZH = "zh"
    JA = "ja"


class Facet(enum.StrEnum):
    """Which side of a procedure a question is about."""

    OVERVIEW = "overview"
    DOCUMENTS = "documents"
    STEPS = "steps"
    FEE = "fee"
    TIME = "time"
    PLACE = "place"
    CONDITIONS = "conditions"
    LEGAL_BASIS = "legal_basis"
    FORMS = "forms"
    STATUS = "status"


class Method(enum.StrEnum):
    """How a dossier is handed in."""

    ONLINE = "online"
    DIRECT = "direct"
    POST = "post"
    ANY = "any"


class TimeUnit(enum.StrEnum):
    """Units in which a processing time is stated."""

    HOUR = "hour"
    DAY = "day"
    WORKING_DAY = "working_day"
    MONTH = "month"
    YEAR = "year"


class Origin(enum.StrEnum):
    """Whether a record is ours (`city`) or imported from the national catalogue (`catalogue`)."""

    CITY = "city"
    CATALOGUE = "catalogue"


class Caution(enum.StrEnum):
    """A weak point of a record that its reader must be told; wording says it in the reader's language."""

    FEES_ARE_NATIONAL_DEFAULTS = "fees_are_national_defaults"
    """The city may have set its own fees; those of the record are the country's."""
    FEES_ARE_UNCLEAR = "fees_are_unclear"
    """At least one fee of the source was a placeholder; only its words were kept."""
    FEES_ARE_BARE_ZEROS = "fees_are_bare_zeros"
    """The source writes 0 đồng and no word beside it: free, or a number nobody filled in."""
    FEES_ARE_NOT_STATED = "fees_are_not_stated"
    TIME_IS_NOT_STATED = "time_is_not_stated"
    STEPS_OF_CASES_RUN_TOGETHER = "steps_of_cases_run_together"
    """The source writes the steps of several cases into one text."""
    FORMS_WITHOUT_ADDRESS = "forms_without_address"
    """Forms are named but cannot be linked to."""
    NO_LEGAL_BASIS = "no_legal_basis"


@dataclass(frozen=True, slots=True)
class Text:
    """One piece of text in some of the five languages; Vietnamese is always there."""

    vi: str
    en: str | None = None
    ko: str | None = None
    zh: str | None = None
    ja: str | None = None

    def within(self, language: Language) -> str | None:
        """The text in `language`, or None where it was not written."""
        value = getattr(self, language.value)
        return value if isinstance(value, str) else None

    def best(self, language: Language) -> tuple[str, Language]:
        """The text nearest to `language` (itself, then English, then Vietnamese) and which one it is."""
        for candidate in (language, Language.EN, Language.VI):
            if language is Language.VI and candidate is Language.EN:
                continue
            if (found := self.within(candidate)) is not None:
                return found, candidate
        return self.vi, Language.VI


@dataclass(frozen=True, slots=True)
class Document:
    """A paper to hand in. `original` and `copy` count pieces; 0 and 0 means the source does not say."""

    name: Text
    original: int = 0
    copy: int = 0
    required: bool = True
    forms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentCase:
    """The papers of one case; `case` is None where the procedure has only one."""

    case: Text | None
    documents: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class Fee:
    """What is paid.

    `amount` in đồng, None where the source gives only words; `local` means the city's own rule.
    """

    method: Method
    amount: int | None
    note: Text | None = None
    basis: str | None = None
    local: bool = False


@dataclass(frozen=True, slots=True)
class ProcessingTime:
    """How long it takes once the dossier is complete; `amount` None where the source gives only words."""

    method: Method
    amount: int | None
    unit: TimeUnit
    note: Text | None = None
    local: bool = False


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """A legal document, by its number and name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where the facts come from and how old they are."""

    title: str
    url: str
    updated_on: date | None


@dataclass(frozen=True, slots=True)
class Procedure:
    """One administrative procedure. `code` is the national one, for example 2.001583.

    `group` names near-duplicates among which the contact must choose; `variant` is what tells this one
    apart there, short enough for a button. `department` is a key of `data/directory`.
    """

    code: str
    title: Text
    sector: str
    origin: Origin
    source: Source
    variant: Text | None = None
    group: str | None = None
    department: str | None = None
    levels: tuple[str, ...] = ()
    overview: Text | None = None
    documents: tuple[DocumentCase, ...] = ()
    steps: tuple[Text, ...] = ()
    fees: tuple[Fee, ...] = ()
    times: tuple[ProcessingTime, ...] = ()
    place: Text | None = None
    conditions: tuple[Text, ...] = ()
    legal_basis: tuple[LegalBasis, ...] = ()
    results: tuple[Text, ...] = ()
    keywords: tuple[str, ...] = ()
    sources: tuple[Source, ...] = field(default=())
    """Further sources, such as the city's own decisions, beside the main one."""
    cautions: tuple[Caution, ...] = ()
    """What the reader must be told about the record itself."""
