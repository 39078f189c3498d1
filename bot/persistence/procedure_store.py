"""Procedures in PostgreSQL: the whole record as JSON beside what is asked for by name."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from bot.domain.procedure import Origin, Procedure
from knowledge.records import digest, from_record, to_record

from .rows import ProcedureRow


class SqlProcedureStore:
    """The `ProcedureStore` of the knowledge over the table `procedure`; one transaction a call."""

    def __init__(self, sessions: async_sessionmaker[AsyncSession]) -> None:
        self._sessions = sessions

    async def save(self, procedures: Sequence[Procedure]) -> None:
        """Write all of them in one transaction, replacing those of the same code and origin."""
        if not procedures:
            return
        values = [
            {
                "code": procedure.code,
                "origin": procedure.origin.value,
                "title": procedure.title.vi,
                "record": to_record(procedure),
                "digest": digest(procedure),
                "updated_on": procedure.source.updated_on,
            }
            # a fixed order of rows: two imports at once must not lock each other out
            for procedure in sorted(procedures, key=lambda p: (p.code, p.origin))
        ]
        statement = insert(ProcedureRow).values(values)
        changes = {column: statement.excluded[column] for column in ("title", "record", "digest", "updated_on")} | {
            "imported_at": func.now()
        }
        async with self._sessions.begin() as session:
            await session.execute(statement.on_conflict_do_update(index_elements=["code", "origin"], set_=changes))

    async def remove(self, origin: Origin, codes: Sequence[str]) -> None:
        """Forget these; unknown codes are no error."""
        async with self._sessions.begin() as session:
            await session.execute(
                delete(ProcedureRow).where(ProcedureRow.origin == origin.value, ProcedureRow.code.in_(codes))
            )

    async def digests(self, origin: Origin) -> dict[str, str]:
        """The digest of each stored procedure of `origin`, by code."""
        async with self._sessions() as session:
            rows = await session.execute(
                select(ProcedureRow.code, ProcedureRow.digest).where(ProcedureRow.origin == origin.value)
            )
            return {row.code: row.digest for row in rows}

    async def all(self) -> list[Procedure]:
        """Every stored procedure, in the order of codes; both records of a code that has two."""
        async with self._sessions() as session:
            records = await session.scalars(
                select(ProcedureRow.record).order_by(ProcedureRow.code, ProcedureRow.origin)
            )
            return [from_record(record) for record in records]

    async def get(self, code: str) -> list[Procedure]:
        """The records stored under `code`: none, one or two."""
        async with self._sessions() as session:
            records = await session.scalars(
                select(ProcedureRow.record).where(ProcedureRow.code == code).order_by(ProcedureRow.origin)
            )
            return [from_record(record) for record in records]

    async def version(self) -> str:
        """A text that changes whenever a stored procedure does."""
        async with self._sessions() as session:
            return str(
                await session.scalar(
                    select(
                        func.md5(
                            func.coalesce(
                                func.string_agg(ProcedureRow.origin + ProcedureRow.code + ProcedureRow.digest, ","),
                                "",
                            )
                        )
                    )
                )
            )
