"""Logs carry ids and keys; what identifies a person never reaches the output."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from bot import log

ROOT = Path(__file__).resolve().parents[1]
SECRETS = ("0912345678", "0912 345 678", "an@cong-ty.vn", "0201234567-001", "031090001234")
PROGRAM = """
import logging, sys, uuid
import structlog
from bot import log

log.configure("INFO", as_json=sys.argv[1] == "json")
secret = sys.argv[2]
ours, theirs = structlog.get_logger("bot.x"), logging.getLogger("library")
ours.info("heard " + secret, text=secret, nested={"a": [secret, {"b": (secret,)}]}, error=ValueError(secret))
ours.info("message", message=type("Message", (), {"__repr__": lambda self: secret})())
theirs.warning("a record with %s", secret)
theirs.warning("a record of %r", {"tel": secret})
try:
    raise RuntimeError("could not write " + secret)
except RuntimeError:
    ours.exception("failed")
    theirs.exception("failed too")
structlog.contextvars.bind_contextvars(contact=secret)
ours.warning("in context")
ours.info("kept", conversation=uuid.UUID(int=12345678901234567890), code="2.001583", channel="telegram", update=9123456)
logging.getLogger("httpx").info("GET https://api.telegram.org/bot123:TOKEN/getMe")
"""


@cache
def output(form: str, secret: str) -> str:
    """What a process that logs `secret` in every way writes."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, form, secret], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == ""
    return done.stderr


@pytest.mark.parametrize("form", ["json", "console"])
def test_no_telephone_or_address_reaches_the_output(form: str) -> None:
    text = output(form, " | ".join(SECRETS))
    assert text.count("[telephone]") > 10
    for secret in SECRETS:
        assert secret not in text


def test_ids_and_keys_stay_readable() -> None:
    lines = [json.loads(line) for line in output("json", SECRETS[0]).splitlines()]
    kept = next(line for line in lines if line["event"] == "kept")
    assert kept["conversation"] == "00000000-0000-0000-ab54-a98ceb1f0ad2"
    assert (kept["code"], kept["channel"], kept["update"], kept["level"]) == ("2.001583", "telegram", 9123456, "info")
    assert kept["timestamp"].startswith("20")


def test_libraries_that_log_tokens_are_quiet() -> None:
    assert "TOKEN" not in output("json", SECRETS[0])


def test_every_line_of_json_is_json() -> None:
    assert all(json.loads(line)["event"] for line in output("json", SECRETS[0]).splitlines())


def test_incidents_are_short_and_different() -> None:
    ids = {log.incident() for _ in range(100)}
    assert len(ids) == 100
    assert all(len(each) == 8 for each in ids)
