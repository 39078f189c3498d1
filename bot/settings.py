"""Every setting, typed, frozen and read once; `.env.example` lists them all and a test says so."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Read from the environment and `.env`; every name begins with `CTC_`."""

    model_config = SettingsConfigDict(
        env_prefix="CTC_", env_file=".env", env_ignore_empty=True, frozen=True, extra="ignore"
    )

    demonstration: bool = Field(
        default=True, description="Local demonstration: default secrets are allowed and every page says so."
    )
    data_dir: Path = Field(default=ROOT / "data", description="Content: procedures, wording, NLU data.")
    var_dir: Path = Field(
        default=ROOT / "var", description="Everything written at run time: database, index, models, logs."
    )

    database_url: str | None = Field(
        default=None, description="postgresql://… ; empty: the embedded PostgreSQL below var_dir."
    )
    database_pool: int = Field(default=10, ge=2, le=100, description="Connections a process keeps.")

    host: str = Field(default="127.0.0.1", description="Address the web app listens on.")
    port: int = Field(default=8080, ge=1, le=65535, description="Port the web app listens on.")
    public_url: str | None = Field(
        default=None,
        description="https://… under which the world reaches us; needed for webhooks and appointment links.",
    )
    secret_key: SecretStr = Field(
        default=SecretStr("demonstration-only-secret"),
        description="Signs tokens and links, seals second steps; 32 characters of your own outside the demonstration.",
    )

    rasa_url: str | None = Field(default=None, description="A Rasa server; empty: one is started as a child.")
    rasa_port: int = Field(default=0, ge=0, le=65535, description="Port of the child Rasa server; 0: any free one.")
    rasa_token: SecretStr = Field(default=SecretStr(""), description="Token of the Rasa server, where it has one.")
    rasa_timeout: timedelta = Field(
        default=timedelta(seconds=2), description="Longest wait for the NLU in a turn; PT2S is two seconds."
    )

    model_url: str | None = Field(
        default=None, description="An OpenAI-compatible endpoint, https://…/v1, that may rephrase answers; empty: none."
    )
    model_name: str | None = Field(default=None, description="The model there; needed with an endpoint.")
    model_key: SecretStr = Field(default=SecretStr(""), description="Key of the endpoint, where it has one.")
    model_timeout: timedelta = Field(
        default=timedelta(seconds=4), description="Longest wait for the model; then the answer goes out as composed."
    )

    chroma_url: str | None = Field(default=None, description="A Chroma server; empty: embedded below var_dir.")

    telegram_token: SecretStr | None = Field(
        default=None, description="Bot token from BotFather; empty: Telegram is off."
    )
    telegram_secret: SecretStr | None = Field(default=None, description="Secret of the webhook; needed for webhooks.")
    telegram_api_url: str = Field(default="https://api.telegram.org", description="Base address of the Bot API.")
    telegram_mode: str = Field(
        default="polling", pattern="^(polling|webhook)$", description="How updates arrive: polling or webhook."
    )

    web_allowed_origins: tuple[str, ...] = Field(default=(), description="JSON list of sites that may embed the chat.")
    rate_per_contact: int = Field(default=20, ge=1, description="Messages a minute from one contact.")
    rate_per_address: int = Field(
        default=60, ge=1, description="Web requests that create or send, a minute from one network address."
    )
    trust_proxy: bool = Field(default=False, description="Read the client's address from X-Forwarded-For.")

    workers: int = Field(default=4, ge=1, le=64, description="Turns taken at once in one process.")
    retention_days: int = Field(
        default=180,
        ge=1,
        description="Days after which utterances, updates and the names of past appointments are deleted.",
    )
    log_level: str = Field(
        default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="DEBUG, INFO, WARNING or ERROR."
    )
    log_json: bool = Field(default=False, description="Logs as JSON lines.")

    @model_validator(mode="after")
    def _endpoint_names_a_model(self) -> Self:
        if self.model_url is not None and self.model_name is None:
            raise ValueError("model_name is needed with model_url")
        return self


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process."""
    return Settings()
