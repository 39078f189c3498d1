"""What the knowledge needs from the outside: a place where procedures are kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.domain.procedure import Origin, Procedure


class ProcedureStore(Protocol):
    """Keeps procedures of both origins; the same code may be there once for each."""

    async def save(self, procedures: Sequence[Procedure]) -> None:
        """Write all of them in one transaction, replacing those of the same code and origin."""
        ...

    async def remove(self, origin: Origin, codes: Sequence[str]) -> None:
        """Forget these; unknown codes are no error."""
        ...

    async def digests(self, origin: Origin) -> dict[str, str]:
        """The digest of each stored procedure of `origin`, by code."""
        ...

    async def all(self) -> list[Procedure]:
        """Every stored procedure, in the order of codes; both records of a code that has two."""
        ...

    async def get(self, code: str) -> list[Procedure]:
        """The records stored under `code`: none, one or two."""
        ...

    async def version(self) -> str:
        """A text that changes whenever a stored procedure does."""
        ...
