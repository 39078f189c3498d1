"""Structured logs: ids and keys, never what a person wrote."""

from __future__ import annotations

import logging
import secrets
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from bot.conversation.redaction import redact


def configure(level: str, *, as_json: bool) -> None:
    """Send our events and the libraries' records to standard error, redacted."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _redact,
    ]
    renderer: structlog.types.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for noisy in (
        "httpx",
        "httpcore",
        "apscheduler",
        "procrastinate",
        "chromadb",
        "bm25s",
        "alembic",
        "uvicorn",
        "telegram",
    ):
        # Their records carry addresses, tokens in URLs, or a line for each of our sweeps.
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.getLevelName(level)))


def incident() -> str:
    """A short id that a contact can quote and an operator can search for."""
    return secrets.token_hex(4)


def _redact(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        if key not in ("timestamp", "level") and not key.startswith("_"):  # structlog keeps its own records there
            event[key] = _redacted(value)
    return event


def _redacted(value: Any) -> Any:
    """`value` as it may be shown; numbers stay, since platforms number their contacts and updates."""
    match value:
        case None | bool() | int() | float():
            return value
        case str():
            return redact(value)
        case dict():
            return {key: _redacted(part) for key, part in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_redacted(part) for part in value]
        case BaseException():
            return redact(repr(value))
        case _:
            return redact(str(value))
