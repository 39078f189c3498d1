"""Sets: the files of `data/evaluation` as typed entries. A file that is missing is no mistake, a broken one is."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from bot.conversation.outcomes import Outcome, Route
from bot.domain.errors import AssistantError
from bot.domain.procedure import Facet

T = TypeVar("T", bound=BaseModel)


class SetBroken(AssistantError):
    """A file of the evaluation cannot be used; the message says which and why."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Said(_Entry):
    """An utterance with the intent it has."""

    text: str = Field(min_length=1)
    intent: str
    language: str


class Asked(_Entry):
    """A question, every procedure that answers it, and the facet it is after."""

    text: str = Field(min_length=1)
    language: str
    codes: tuple[str, ...] = Field(min_length=1)
    facet: Facet | None = None
    style: str = "colloquial"
    catalogue: bool = False


class Refused(_Entry):
    """A question that must not be answered with a procedure."""

    text: str = Field(min_length=1)
    language: str


class Expected(_Entry):
    """What a turn must come to; what is not named is not checked. `procedure` is the first candidate's code."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    procedure: str | None = None
    facet: Facet | None = None
    outcome: Outcome | None = None
    route: Route | None = None


class DialogueTurn(_Entry):
    """What the contact writes or taps, and what must follow."""

    text: str | None = None
    choice: str | None = None
    expect: Expected

    @model_validator(mode="after")
    def _one_of_two(self) -> DialogueTurn:
        if (self.text is None) == (self.choice is None):
            raise ValueError("either text or choice is needed")
        return self


class Dialogue(_Entry):
    """Turns of one conversation."""

    name: str
    turns: tuple[DialogueTurn, ...] = Field(min_length=1)


def read_set(path: Path, kind: type[T]) -> list[T] | None:
    """The entries of `path`; None where there is no such file. Raises `SetBroken`."""
    if not path.exists():
        return None
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))
        return TypeAdapter(list[kind]).validate_python(entries or [])  # type: ignore[valid-type]
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as error:
        raise SetBroken(f"{path}: {error}") from error
