"""Requests: parameters as the Bot API takes them, from the address, a form, JSON or an upload."""

from __future__ import annotations

import email
import email.policy
import json
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from .refusals import bad_request


class Upload(bytes):
    """An uploaded file and the name it came with."""

    filename: str


async def parameters(request: Request) -> dict[str, Any]:
    """All parameters of a request; uploaded files as `Upload`."""
    body = await request.body()
    kind = request.headers.get("content-type", "")
    found: dict[str, Any] = dict(request.query_params)
    if kind.startswith("application/json"):
        try:
            found |= json.loads(body or b"{}")
        except (ValueError, TypeError):
            raise bad_request("can't parse JSON object") from None
    elif kind.startswith("application/x-www-form-urlencoded"):
        found |= dict(parse_qsl(body.decode(), keep_blank_values=True))
    elif kind.startswith("multipart/form-data"):
        found |= _multipart(kind, body)
    return found


def _multipart(kind: str, body: bytes) -> dict[str, Any]:
    whole = email.message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + body, policy=email.policy.HTTP)
    found: dict[str, Any] = {}
    for part in whole.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            found[name] = _upload(content, filename) if (filename := part.get_filename()) else content.decode()
    return found


def _upload(content: bytes, filename: str) -> Upload:
    upload = Upload(content)
    upload.filename = filename
    return upload
