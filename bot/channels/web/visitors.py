"""Visitors: who writes in the web chat, known by a signed token that the page keeps.

A bearer token and no cookie, since browsers drop cookies inside another site's frame. It proves that the
same browser is back and nothing else: nobody signs in to ask a question.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import timedelta

from itsdangerous import BadData, URLSafeTimedSerializer

from bot.domain.errors import AssistantError

TOKEN_LASTS = timedelta(days=365)
_LONGEST_TOKEN = 200
_CONTACT = re.compile(r"[0-9a-f]{32}")


class UnknownVisitor(AssistantError):
    """The token was not made by us, was changed on its way, or is too old."""


class Visitors:
    """Makes and reads visitors' tokens; `secret` is the setting `secret_key`."""

    def __init__(self, secret: str) -> None:
        self._signer = URLSafeTimedSerializer(
            secret, salt="web visitor", signer_kwargs={"digest_method": hashlib.sha256}
        )

    def welcome(self) -> str:
        """A token for somebody new, whose contact id is 128 random bits."""
        return self.token_of(secrets.token_hex(16))

    def token_of(self, contact: str) -> str:
        """The token of a contact id."""
        token = self._signer.dumps(contact)
        return token.decode() if isinstance(token, bytes) else token

    def recognise(self, token: str) -> str:
        """The contact id in `token`. Raises `UnknownVisitor`."""
        if len(token) > _LONGEST_TOKEN:
            raise UnknownVisitor("token too long")
        try:
            contact = self._signer.loads(token, max_age=int(TOKEN_LASTS.total_seconds()))
        except BadData as error:
            raise UnknownVisitor(type(error).__name__) from error
        if not isinstance(contact, str) or not _CONTACT.fullmatch(contact):
            raise UnknownVisitor("not a contact")
        return contact
