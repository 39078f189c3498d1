"""Links: the address of an appointment's own page. It is a key: who has it may read, confirm and cancel there.

The token holds the appointment's id and a signature, nothing that tells who comes. Whether the page is still
shown is not in the token but follows from the appointment, since that may be moved.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import uuid

from itsdangerous import Signer

from bot.domain.errors import AssistantError

_SCANNED = re.compile(r"(?:^|/a/)([A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43})(?=$|[/?#])")


class UnknownLink(AssistantError):
    """The token was not made by us, or was changed on its way."""


class Links:
    """Makes and reads links; `secret` is the setting `secret_key`, `public_url` where the world reaches us."""

    def __init__(self, secret: str, public_url: str | None) -> None:
        self._signer = Signer(secret, salt="appointment link", key_derivation="hmac", digest_method=hashlib.sha256)
        self._home = (public_url or "").rstrip("/")

    def token(self, appointment: uuid.UUID) -> str:
        """The token of an appointment: 66 characters that stand in an address as they are."""
        name = base64.urlsafe_b64encode(appointment.bytes).rstrip(b"=")
        return self._signer.sign(name).decode()

    def read(self, token: str) -> uuid.UUID:
        """The id in `token`. Raises `UnknownLink`."""
        try:
            appointment = uuid.UUID(bytes=base64.urlsafe_b64decode(token.partition(".")[0] + "=="))
        except (ValueError, binascii.Error) as error:
            raise UnknownLink(type(error).__name__) from None
        # Made anew and compared whole: base64 has spare bits, so that a changed letter may mean the same bytes.
        if not hmac.compare_digest(self.token(appointment).encode(), token.encode()):
            raise UnknownLink("signature")
        return appointment

    def path(self, appointment: uuid.UUID) -> str:
        """Where our web app serves the page."""
        return f"/a/{self.token(appointment)}"

    def address(self, appointment: uuid.UUID) -> str:
        """The whole link; empty where nobody outside reaches us."""
        return self._home + self.path(appointment) if self._home else ""

    def scanned(self, text: str) -> uuid.UUID | None:
        """The appointment in what a scanner read, a link or its token; None where it is none of ours."""
        found = _SCANNED.search(text.strip())
        try:
            return self.read(found[1]) if found is not None else None
        except UnknownLink:
            return None
