"""Checking: Telegram's rules for texts, keyboards and commands, in Telegram's own words of refusal."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlsplit

from .refusals import bad_request

Data = dict[str, Any]
MOST_TEXT = 4096
MOST_CAPTION = 1024
MOST_CALLBACK_BYTES = 64
MOST_BUTTONS = 100
_PNG, _JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8"
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_PORTS = (443, 80, 88, 8443)
_HERE = ("127.0.0.1", "localhost")


def text(value: object) -> str:
    """A message's text, without blanks around it."""
    if not isinstance(value, str) or not value.strip():
        raise bad_request("message text is empty")
    if len(value) > MOST_TEXT:
        raise bad_request("message is too long")
    return value.strip()


def markup_in(value: str, parse_mode: object) -> None:
    """With a parse mode, text with a stray sign of markup is refused."""
    if parse_mode in (None, ""):
        return
    signs = "<>&" if str(parse_mode).upper() == "HTML" else "*_`["
    if any(value.count(sign) % 2 for sign in signs):
        raise bad_request("can't parse entities: can't find end of the entity")


def caption(value: object) -> str:
    written = value if isinstance(value, str) else ""
    if len(written) > MOST_CAPTION:
        raise bad_request("message caption is too long")
    return written


def upload(content: bytes, kind: str) -> None:
    """A file with something in it; a photo must be a picture, and none that is a mere stripe."""
    if not content:
        raise bad_request("file must be non-empty")
    if kind != "photo":
        return
    if content.startswith(_PNG):
        width, height = (int.from_bytes(content[at : at + 4], "big") for at in (16, 20))
        if width + height > 10_000 or max(width, height) > 20 * min(width, height):
            raise bad_request("PHOTO_INVALID_DIMENSIONS")
    elif not content.startswith(_JPEG):
        raise bad_request("IMAGE_PROCESS_FAILED")


def keyboard(value: object) -> Data | None:
    """An inline keyboard, each button with a title and exactly one thing that it does."""
    if value in (None, ""):
        return None
    markup = json.loads(value) if isinstance(value, str) else value
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" not in markup:
        return None
    buttons = [button for row in markup["inline_keyboard"] for button in row]
    if len(buttons) > MOST_BUTTONS:
        raise bad_request("reply markup is too long")
    for button in buttons:
        _button(button)
    return markup


def _button(button: Data) -> None:
    if not str(button.get("text", "")).strip():
        raise bad_request('can\'t parse inline keyboard button: Field "text" must be non-empty')
    if "url" in button:
        address = urlsplit(str(button["url"]))
        if address.scheme not in ("http", "https", "tg") or "." not in (address.hostname or "."):
            raise bad_request("BUTTON_URL_INVALID")
    elif "callback_data" not in button:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    elif not 1 <= len(str(button["callback_data"]).encode()) <= MOST_CALLBACK_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")


def commands(value: object) -> list[Data]:
    """A list of bot commands."""
    listed = json.loads(value) if isinstance(value, str) else value
    if not isinstance(listed, list) or len(listed) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in listed:
        if not _COMMAND.fullmatch(str(command.get("command", ""))):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(str(command.get("description", ""))) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return listed


def webhook_address(url: str) -> None:
    """HTTPS on one of four ports; as with a Bot API server of one's own, anything on this machine."""
    address = urlsplit(url)
    if address.hostname in _HERE:
        return
    if address.scheme != "https":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if (address.port or 443) not in _PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


def secret(value: object) -> str | None:
    if value in (None, ""):
        return None
    if not isinstance(value, str) or not _SECRET.fullmatch(value):
        raise bad_request("secret token contains unallowed characters")
    return value
