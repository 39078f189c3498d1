"""Where officials sign in from: wrong tries are counted for each browser that was in before, and for each network."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sign_in_source",
        sa.Column("official_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("failed_attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["official_id"], ["official.id"], name=op.f("fk_sign_in_source_official_id_official"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("official_id", "source", name=op.f("pk_sign_in_source")),
    )


def downgrade() -> None:
    op.drop_table("sign_in_source")
