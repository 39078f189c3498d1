"""The secret that sessions' forms, second factors and links hang on.

It is `CTC_SECRET_KEY`. A demonstration that sets none gets a random one of its own in `var/`, made once:
a secret that stands in the source is none.
"""

from __future__ import annotations

import os
import secrets
import time
from pathlib import Path

from bot.settings import Settings


def secret_key(settings: Settings) -> str:
    """The secret of this installation."""
    given = settings.secret_key.get_secret_value()
    if not (settings.demonstration and given.startswith("demonstration")):
        return given
    path = settings.var_dir / "secret_key"
    path.parent.mkdir(parents=True, exist_ok=True)
    _make_once(path)
    return _read(path)


def _make_once(path: Path) -> None:
    try:
        opened = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return
    with os.fdopen(opened, "w") as file:
        file.write(secrets.token_urlsafe(48))


def _read(path: Path) -> str:
    for _ in range(50):
        if secret := path.read_text().strip():
            return secret
        time.sleep(0.02)  # another process has just made it and is about to write
    raise OSError(f"{path} is empty; remove it")
