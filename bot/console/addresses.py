"""The address of the page that is asked for, with its query as it is or changed."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from starlette.requests import Request

BASE = "/console"


def own_path(request: Request) -> str:
    """Path and query of this request below /console, to come back to."""
    path = request.url.path.removeprefix(BASE)
    return f"{path}?{request.url.query}" if request.url.query else path


def query(request: Request, changes: Mapping[str, object]) -> str:
    """This page's query with some values changed; None takes one away."""
    values: dict[str, object] = {**request.query_params, **changes}
    return "?" + urlencode({name: str(value) for name, value in values.items() if value not in (None, "")})


def sorted_link(request: Request, column: str) -> str:
    """The query that sorts by `column`, the other way round where it does already; `sort=-name` is descending."""
    return query(
        request, {"sort": f"-{column}" if request.query_params.get("sort") == column else column, "page": None}
    )


def sorted_as(request: Request, column: str) -> str:
    """`ascending`, `descending` or `none`, for aria-sort."""
    asked = request.query_params.get("sort")
    return {column: "ascending", f"-{column}": "descending"}.get(asked or "", "none")
