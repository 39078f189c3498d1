"""The second factor: time-based codes (RFC 6238), their secret kept encrypted."""

from __future__ import annotations

import base64
import hmac
from datetime import datetime

import pyotp
import segno
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

STEP = 30
_ISSUER = "Cùng Thành Công"


class SecretLost(Exception):
    """The kept secret was encrypted with another key: `CTC_SECRET_KEY` was changed."""


class SecondFactor:
    """`secret` is that of the installation; the key of the encryption is derived from it."""

    def __init__(self, secret: str) -> None:
        key = HKDF(SHA256(), length=32, salt=None, info=b"second factor").derive(secret.encode())
        self._box = Fernet(base64.urlsafe_b64encode(key))

    def new_secret(self) -> str:
        """160 random bits in base 32, as the apps read it."""
        return pyotp.random_base32()

    def seal(self, secret: str) -> str:
        """`secret` as it is kept."""
        return self._box.encrypt(secret.encode()).decode()

    def unseal(self, kept: str) -> str:
        """The secret. Raises `SecretLost`."""
        try:
            return self._box.decrypt(kept.encode()).decode()
        except InvalidToken as error:
            raise SecretLost from error

    def step_of(self, secret: str, code: str, now: datetime, last: int | None) -> int | None:
        """The time step `code` belongs to, one step of slack each way; None where it is wrong or used already."""
        digits = "".join(code.split())
        current = int(now.timestamp()) // STEP
        found = None
        for step in (current - 1, current, current + 1):
            right = hmac.compare_digest(pyotp.TOTP(secret).generate_otp(step).encode(), digits.encode())
            if right and (last is None or step > last):
                found = step
        return found

    def link(self, secret: str, login: str) -> str:
        """What an authenticator app reads."""
        return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=_ISSUER)

    def picture(self, secret: str, login: str) -> str:
        """The link as a QR code, a `data:` address of an SVG."""
        return str(segno.make(self.link(secret, login), error="m").svg_data_uri(scale=5, border=3, light="#fff"))
