"""Passwords: which are refused, how they are hashed, and one-time passwords.

Argon2id as OWASP's Password Storage Cheat Sheet asks at least: 19 MiB, two passes, one lane. The rules are those
of NIST SP 800-63B: length counts, and nothing common; no demands for signs.
"""

from __future__ import annotations

import asyncio
import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type

LEAST = 12
MOST = 200
_AT_ONCE = 2
"""Hashes reckoned at the same time; a flood of sign-ins may not take all memory and every core."""
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that are mistaken for another when read out
_COMMON = frozenset(
    """
    123456789012 1234567890123 12345678901234 123123123123 111111111111 000000000000 012345678910 098765432109
    qwertyuiop12 qwertyuiop123 qwertyuiopas qwerty123456 1q2w3e4r5t6y 1qaz2wsx3edc qazwsxedcrfv asdfghjkl123
    password1234 password12345 passwordpassword password123456 passw0rd1234 p@ssw0rd1234 mypassword123
    administrator administrator1 admin1234567 admin123456789 adminadminadmin letmein12345 welcome12345 iloveyou1234
    changeme1234 abcdefghijkl abcd12345678 abc123456789 aaaaaaaaaaaa aa1234567890 abcdef123456 a1b2c3d4e5f6
    matkhau12345 matkhau123456 matkhaumatkhau anhyeuem1234 anhyeuem123456 emyeuanh1234 yeuemnhieulam vietnam12345
    vietnamvodich haiphong1234 haiphong12345 haiphong2024 haiphong2025 haiphong2026 haiphong2027 haiphong123456
    cungthanhcong cungthanhcong1 cungthanhcong123 thanhphohaiphong hoaphuongdo123 hoaphuongdo1 dichvucong123
    dichvucong12 hanhchinhcong ubndhaiphong ubndtphaiphong sotaichinh12
    """.split()
)


def fault_of(password: str, login: str) -> str | None:
    """The key of the sentence that says why `password` is refused; None where it is good."""
    folded = "".join(password.casefold().split())
    if len(password) < LEAST:
        return "sign_in_password_short"
    if len(password) > MOST:
        return "sign_in_password_long"
    if login.casefold() in folded:
        return "sign_in_password_is_login"
    if folded in _COMMON or len(set(folded)) < 5:
        return "sign_in_password_common"
    return None


def one_time_password() -> str:
    """Easy to read out and type: 79 bits in four groups."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


class Passwords:
    """Hashes and checks in a thread, a few at once."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, type=Type.ID)
        self._room = asyncio.Semaphore(_AT_ONCE)
        self._nobodys: str | None = None

    def hash_now(self, password: str) -> str:
        """For programs without a loop."""
        return self._hasher.hash(_composed(password))

    async def hash(self, password: str) -> str:
        async with self._room:
            return await asyncio.to_thread(self.hash_now, password)

    async def fits(self, kept: str | None, password: str) -> bool:
        """Whether `password` is that of the hash `kept`. Without one it takes as long, and is never so."""
        if self._nobodys is None:
            self._nobodys = await self.hash(secrets.token_urlsafe(16))
        async with self._room:
            right = await asyncio.to_thread(self._verify, kept or self._nobodys, password[:MOST])
        return right and kept is not None

    def is_outdated(self, kept: str) -> bool:
        """Whether a hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(kept)

    def _verify(self, kept: str, password: str) -> bool:
        try:
            return self._hasher.verify(kept, _composed(password))
        except (VerificationError, InvalidHashError):
            return False


def _composed(password: str) -> str:
    """Keyboards write the same Vietnamese letter in more than one way."""
    return unicodedata.normalize("NFC", password)
