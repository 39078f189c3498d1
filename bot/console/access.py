"""Who may see a page or make a change: by sign-in, by role, by department; and how they are told that they may not."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from bot.domain.errors import AssistantError
from bot.domain.official import Doing, Official, may


class Refused(AssistantError):
    """The page cannot be shown or the change not be made; the sentence of `key` tells the official why."""

    def __init__(self, status: int, key: str, **facts: object) -> None:
        super().__init__(f"{status} {key}")
        self.status = status
        self.key = key
        self.facts = facts


class SignInFirst(AssistantError):
    """The page is for those who signed in, or who took the step at `path` first."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


def only_administrators(official: Official) -> bool:
    """For `NavigationEntry.shown`."""
    return official.is_administrator


def signed_in(request: Request) -> Official:
    """The official who signed in and has taken every step asked of them. Raises `SignInFirst`."""
    official: Official | None = request.state.official
    if official is None:
        raise SignInFirst("/sign-in")
    needs_code = official.has_second_factor or official.is_administrator
    if needs_code and not official.session.second_factor:
        raise SignInFirst("/second-step" if official.has_second_factor else "/second-factor")
    if official.must_change_password:
        raise SignInFirst("/password")
    return official


SignedIn = Annotated[Official, Depends(signed_in)]


def administrator(official: SignedIn) -> Official:
    """The administrator who signed in. Raises `Refused` for officials."""
    if not official.is_administrator:
        raise Refused(403, "frame_only_administrators")
    return official


Administrator = Annotated[Official, Depends(administrator)]


def require(official: Official, department: str, doing: Doing) -> None:
    """Raises `Refused` unless `official` may do this for `department`."""
    if not may(official, department, doing):
        raise Refused(403, "frame_not_your_department")


def is_in(request: Request) -> bool:
    """Whether whoever asks has taken every step."""
    try:
        return request.state.official is not None and signed_in(request) is not None
    except SignInFirst:
        return False
