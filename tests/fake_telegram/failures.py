"""Failures: trouble that a test orders beforehand, for the next calls of a method."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["throttle", "error", "outage", "page", "hang", "drop", "truncate"]


@dataclass(slots=True)
class Failure:
    """One ordered trouble.

    * throttle: 429 with `retry_after` seconds
    * error: `code` with `description`
    * outage: a gateway's web page with `code`, nothing is done; page: done, then 200 with a web page
    * hang: done, then silence for `seconds`
    * drop: done, then the connection breaks; truncate: done, then half of the answer
    """

    kind: Kind
    method: str = "sendmessage"
    times: int = 1
    after: int = 0
    """Calls that go well before it."""
    seconds: float = 1.0
    code: int = 502
    description: str = "Bad Gateway"

    @property
    def comes_before(self) -> bool:
        return self.kind in ("throttle", "error", "outage")


class Failures:
    """The ordered troubles, used up in order."""

    def __init__(self) -> None:
        self._ordered: list[Failure] = []

    def order(self, failure: Failure) -> None:
        failure.method = failure.method.lower()
        self._ordered.append(failure)

    def clear(self) -> None:
        self._ordered.clear()

    def next(self, method: str) -> Failure | None:
        """The trouble of this call, if there is one."""
        for failure in self._ordered:
            if failure.method not in (method, "*"):
                continue
            if failure.after > 0:
                failure.after -= 1
                return None
            failure.times -= 1
            if failure.times <= 0:
                self._ordered.remove(failure)
            return failure
        return None
