"""Every setting is documented in `.env.example`, and a wrong one is refused before anything starts.

`python -m tests.test_settings > .env.example` writes the file anew.
"""

from __future__ import annotations

import re
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError
from pydantic_settings import SettingsConfigDict

from bot.settings import ROOT, Settings

EXAMPLE = ROOT / ".env.example"
HEAD = """\
# Every setting with its default, in the order of bot/settings.py. Copy this file to .env and take the mark
# away from the lines you change. A variable of the environment wins over the file.
"""
DEMONSTRATION_SECRETS = frozenset({"demonstration-only-secret", ""})


class Defaults(Settings):
    """The settings of a machine on which nothing is set."""

    model_config = SettingsConfigDict(env_file=None)


def example() -> str:
    """What `.env.example` must hold."""
    parts = [HEAD]
    for name, field in Settings.model_fields.items():
        parts.append(f"\n# {field.description}\n# CTC_{name.upper()}={_written(field.default)}\n")
    return "".join(parts)


def _written(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case Path():
            return str(value.relative_to(ROOT))
        case timedelta():
            return f"PT{value.total_seconds():g}S"
        case SecretStr():
            return value.get_secret_value()
        case tuple():
            return "[]"
        case _:
            return str(value)


@pytest.fixture(autouse=True)
def _nothing_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"CTC_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)


def test_the_example_lists_every_setting_with_its_default_and_description() -> None:
    assert EXAMPLE.read_text(encoding="utf-8") == example()


def test_every_setting_is_described_in_a_sentence() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description is not None, name
        assert re.fullmatch(r"\S.{10,120}\.", field.description), name


def test_the_example_with_all_its_lines_switched_on_changes_nothing(tmp_path: Path) -> None:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    switched_on = [line.removeprefix("# ") for line in lines if line.startswith("# CTC_")]
    assert len(switched_on) == len(Settings.model_fields)
    (tmp_path / ".env").write_text("\n".join(switched_on), encoding="utf-8")
    read, default = Settings().model_dump(), Defaults().model_dump()
    for name in ("data_dir", "var_dir"):
        read[name] = ROOT / read[name]
    assert read == default


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("CTC_PORT=8090\nCTC_HOST=0.0.0.0\n", encoding="utf-8")
    monkeypatch.setenv("CTC_PORT", "8091")
    assert (Settings().port, Settings().host) == (8091, "0.0.0.0")  # noqa: S104 - nothing listens


@pytest.mark.parametrize("name", ["DATABASE_URL", "TELEGRAM_TOKEN", "RASA_URL", "CHROMA_URL", "PORT"])
def test_an_empty_variable_is_one_that_is_not_set(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"CTC_{name}", "")
    assert Settings().model_dump() == Defaults().model_dump()


def test_settings_cannot_be_changed_afterwards() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Defaults().port = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "http"),
        ("DATABASE_POOL", "1"),
        ("TELEGRAM_MODE", "pigeon"),
        ("RETENTION_DAYS", "0"),
        ("RATE_PER_CONTACT", "-1"),
        ("LOG_LEVEL", "info"),
        ("RASA_TIMEOUT", "2"),
        ("MODEL_TIMEOUT", "4"),
        ("MODEL_URL", "http://127.0.0.1/v1"),  # of which model?
        ("WEB_ALLOWED_ORIGINS", "https://a.vn"),
        ("DEMONSTRATION", "perhaps"),
    ],
)
def test_a_setting_that_cannot_be_is_refused(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"CTC_{name}", value)
    with pytest.raises(ValueError, match=name.lower()):
        Settings()


def test_secrets_are_not_shown() -> None:
    shown = repr(Settings(telegram_token=SecretStr("123:ABC"), secret_key=SecretStr("my own secret")))
    assert "123:ABC" not in shown
    assert "my own secret" not in shown


def test_no_default_is_a_real_secret() -> None:
    for name, field in Settings.model_fields.items():
        if isinstance(field.default, SecretStr):
            assert field.default.get_secret_value() in DEMONSTRATION_SECRETS, name


if __name__ == "__main__":
    sys.stdout.write(example())
