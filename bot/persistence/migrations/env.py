"""What Alembic runs for each command: our tables, on the connection we were given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from alembic import context

from bot.persistence import booking_rows, official_rows  # noqa: F401 - their tables join the metadata
from bot.persistence.rows import Row


def is_ours(name: str | None, kind: str, _parents: Mapping[Any, str | None]) -> bool:
    """Whether a thing found in the database is ours; the job queue keeps its tables there too."""
    return not (kind == "table" and name is not None and name.startswith("procrastinate_"))


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Row.metadata,
    include_name=is_ours,
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
