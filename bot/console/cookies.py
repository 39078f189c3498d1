"""The console's cookies: their names and their flags.

`__Host-` makes the browser refuse a cookie of that name from a sibling site; it asks for https.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from starlette.responses import Response


@dataclass(frozen=True, slots=True)
class Cookies:
    """`https`: whether the world reaches us so."""

    https: bool
    session: str = field(init=False)
    door: str = field(init=False)
    """Of a browser that has not signed in yet: ties the sign-in form to it."""
    browser: str = field(init=False)
    """Of a browser in which somebody was in before: strangers' wrong tries do not keep it out."""
    flash: str = field(init=False)
    language: str = field(init=False)

    def __post_init__(self) -> None:
        prefix = "__Host-" if self.https else ""
        for name in ("session", "door", "browser", "flash", "language"):
            object.__setattr__(self, name, f"{prefix}console_{name}")

    def keep(self, response: Response, name: str, value: str, *, lasts: int | None = None) -> None:
        """`lasts`: seconds; None: until the browser closes."""
        response.set_cookie(name, value, max_age=lasts, path="/", secure=self.https, httponly=True, samesite="lax")

    def forget(self, response: Response, name: str) -> None:
        """Take a cookie away."""
        response.delete_cookie(name, path="/", secure=self.https, httponly=True, samesite="lax")
