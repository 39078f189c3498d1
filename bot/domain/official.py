"""Officials: who they are and what they may do. Pure rules, no passwords, no sessions' secrets."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

Part = Literal["clerk", "head"]
Doing = Literal["desk", "manage"]
"""`desk`: appointments and queues of a department. `manage`: also its hours, services and counters."""


class Role(enum.StrEnum):
    """What an account is for."""

    OFFICIAL = "official"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser; `key` is the hash of its token and opens nothing."""

    key: str
    csrf: str
    second_factor: bool


@dataclass(frozen=True, slots=True)
class Official:
    """Somebody who signed in. `departments` maps a department's key to what they are there."""

    id: UUID
    login: str
    name: str
    role: Role
    language: str
    departments: Mapping[str, Part]
    session: Session
    must_change_password: bool = False
    has_second_factor: bool = field(default=False)
    """Whether a second factor is set up; administrators must have one."""

    @property
    def is_administrator(self) -> bool:
        return self.role is Role.ADMINISTRATOR


def may(official: Official, department: str, doing: Doing) -> bool:
    """Whether `official` may do this for `department`: clerks keep the desk, heads manage too, administrators all."""
    if official.is_administrator:
        return True
    part = official.departments.get(department)
    return part == "head" if doing == "manage" else part is not None
