"""Appointments: departments, services, counters, hours, appointments and what follows from them; officials; audit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("object_kind", sa.String(length=32), nullable=False),
        sa.Column("object_key", sa.String(length=80), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_at"), "audit", ["at"], unique=False)
    op.create_index("ix_audit_object", "audit", ["object_kind", "object_key"], unique=False)
    op.create_table(
        "department",
        sa.Column("key", sa.String(length=48), nullable=False),
        sa.Column("record", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("edited_by", sa.String(length=80), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_department")),
    )
    op.create_table(
        "holiday_override",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("worked_as", sa.SmallInteger(), nullable=True),
        sa.Column("edited_by", sa.String(length=80), nullable=True),
        sa.CheckConstraint("worked_as between 0 and 6", name=op.f("ck_holiday_override_worked_as")),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_holiday_override")),
    )
    op.create_table(
        "official",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("login", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=2), server_default="vi", nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("totp_secret", sa.String(length=400), nullable=True),
        sa.Column("totp_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("totp_last_step", sa.BigInteger(), nullable=True),
        sa.Column("failed_attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("role in ('official', 'administrator')", name=op.f("ck_official_role")),
        sa.CheckConstraint("login = lower(login)", name=op.f("ck_official_login")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_official")),
        sa.UniqueConstraint("login", name=op.f("uq_official_login")),
    )
    op.create_table(
        "counter",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("department_key", sa.String(length=48), nullable=False),
        sa.Column("record", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "services", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'::jsonb"), nullable=False
        ),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("edited_by", sa.String(length=80), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["department_key"], ["department.key"], name=op.f("fk_counter_department_key_department")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counter")),
        sa.UniqueConstraint("key", name=op.f("uq_counter_key")),
    )
    op.create_index(op.f("ix_counter_department_key"), "counter", ["department_key"], unique=False)
    op.create_table(
        "official_department",
        sa.Column("official_id", sa.Uuid(), nullable=False),
        sa.Column("department_key", sa.String(length=48), nullable=False),
        sa.Column("role", sa.String(length=16), server_default="clerk", nullable=False),
        sa.CheckConstraint("role in ('clerk', 'head')", name=op.f("ck_official_department_role")),
        sa.ForeignKeyConstraint(
            ["department_key"], ["department.key"], name=op.f("fk_official_department_department_key_department")
        ),
        sa.ForeignKeyConstraint(
            ["official_id"],
            ["official.id"],
            name=op.f("fk_official_department_official_id_official"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("official_id", "department_key", name=op.f("pk_official_department")),
    )
    op.create_table(
        "official_session",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("official_id", sa.Uuid(), nullable=False),
        sa.Column("csrf_token", sa.String(length=64), nullable=False),
        sa.Column("second_factor", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("user_agent", sa.String(length=200), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["official_id"], ["official.id"], name=op.f("fk_official_session_official_id_official"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_official_session")),
    )
    op.create_index(op.f("ix_official_session_official_id"), "official_session", ["official_id"], unique=False)
    op.create_table(
        "service",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("department_key", sa.String(length=48), nullable=False),
        sa.Column("record", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "procedures", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'::jsonb"), nullable=False
        ),
        sa.Column("duration_minutes", sa.Integer(), nullable=False),
        sa.Column("notice_minutes", sa.Integer(), nullable=False),
        sa.Column("window_days", sa.Integer(), nullable=False),
        sa.Column("cancel_minutes", sa.Integer(), nullable=False),
        sa.Column("demonstration", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("edited_by", sa.String(length=80), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("duration_minutes between 5 and 480", name=op.f("ck_service_duration")),
        sa.CheckConstraint(
            "notice_minutes >= 0 and cancel_minutes >= 0 and window_days between 1 and 180",
            name=op.f("ck_service_limits"),
        ),
        sa.ForeignKeyConstraint(
            ["department_key"], ["department.key"], name=op.f("fk_service_department_key_department")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_service")),
    )
    op.create_index(op.f("ix_service_department_key"), "service", ["department_key"], unique=False)
    op.create_table(
        "appointment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column("service_key", sa.String(length=64), nullable=False),
        sa.Column("counter_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("during", postgresql.TSTZRANGE(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("hold_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replaces", sa.String(length=12), nullable=True),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("procedure_code", sa.String(length=48), nullable=True),
        sa.Column("language", sa.String(length=2), server_default="vi", nullable=False),
        sa.Column("name", sa.String(length=120), nullable=True),
        sa.Column("telephone", sa.String(length=24), nullable=True),
        sa.Column("tax_code", sa.String(length=16), nullable=True),
        sa.Column("note", sa.String(length=400), nullable=True),
        sa.Column("attending_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.text("int4range(counter_id, counter_id, '[]')"), "&&"),
            (sa.text("int4range(place, place, '[]')"), "&&"),
            (sa.text("during"), "&&"),
            where=sa.text("state in ('held', 'booked', 'arrived')"),
            using="gist",
            name="ex_appointment_sold_once",
        ),
        sa.CheckConstraint("(state = 'held') = (hold_until is not null)", name=op.f("ck_appointment_hold")),
        sa.CheckConstraint(
            "state in ('held', 'booked', 'arrived', 'served', 'missed', 'cancelled')", name=op.f("ck_appointment_state")
        ),
        sa.CheckConstraint("not isempty(during)", name=op.f("ck_appointment_during")),
        sa.CheckConstraint("place >= 1", name=op.f("ck_appointment_place")),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_appointment_conversation_id_conversation"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["counter_id"], ["counter.id"], name=op.f("fk_appointment_counter_id_counter")),
        sa.ForeignKeyConstraint(["service_key"], ["service.key"], name=op.f("fk_appointment_service_key_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
        sa.UniqueConstraint("code", name=op.f("uq_appointment_code")),
    )
    op.create_index(op.f("ix_appointment_conversation_id"), "appointment", ["conversation_id"], unique=False)
    op.create_index(
        "ix_appointment_counter_id_starts",
        "appointment",
        ["counter_id", sa.literal_column("lower(during)")],
        unique=False,
    )
    op.create_index(
        "ix_appointment_ends",
        "appointment",
        [sa.literal_column("upper(during)")],
        unique=False,
        postgresql_where=sa.text("state in ('booked', 'arrived')"),
    )
    op.create_index(
        "ix_appointment_hold_until",
        "appointment",
        ["hold_until"],
        unique=False,
        postgresql_where=sa.text("state = 'held'"),
    )
    op.create_index(
        "ix_appointment_one_for_a_service",
        "appointment",
        ["conversation_id", "service_key"],
        unique=True,
        postgresql_where=sa.text("state in ('booked', 'arrived')"),
    )
    op.create_index(op.f("ix_appointment_service_key"), "appointment", ["service_key"], unique=False)
    op.create_index(op.f("ix_appointment_telephone"), "appointment", ["telephone"], unique=False)
    op.create_table(
        "closure",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("department_key", sa.String(length=48), nullable=True),
        sa.Column("counter_id", sa.Integer(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("handling", sa.String(length=8), server_default="inform", nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_closure_span")),
        sa.CheckConstraint("handling in ('move', 'inform')", name=op.f("ck_closure_handling")),
        sa.ForeignKeyConstraint(
            ["counter_id"], ["counter.id"], name=op.f("fk_closure_counter_id_counter"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["department_key"], ["department.key"], name=op.f("fk_closure_department_key_department")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closure")),
    )
    op.create_index(op.f("ix_closure_counter_id"), "closure", ["counter_id"], unique=False)
    op.create_index(op.f("ix_closure_department_key"), "closure", ["department_key"], unique=False)
    op.create_table(
        "opening_rule",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("counter_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.SmallInteger(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("capacity", sa.Integer(), server_default="1", nullable=False),
        sa.Column("reserved", sa.Integer(), server_default="0", nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("edited_by", sa.String(length=80), nullable=True),
        sa.CheckConstraint(
            "capacity >= 0 and reserved >= 0 and capacity + reserved between 1 and 50",
            name=op.f("ck_opening_rule_capacity"),
        ),
        sa.CheckConstraint("starts < ends", name=op.f("ck_opening_rule_span")),
        sa.CheckConstraint("weekday between 0 and 6", name=op.f("ck_opening_rule_weekday")),
        sa.ForeignKeyConstraint(
            ["counter_id"], ["counter.id"], name=op.f("fk_opening_rule_counter_id_counter"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_rule")),
    )
    op.create_index(op.f("ix_opening_rule_counter_id"), "opening_rule", ["counter_id"], unique=False)
    op.create_table(
        "appointment_change",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("change", sa.String(length=16), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "facts", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointment.id"],
            name=op.f("fk_appointment_change_appointment_id_appointment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment_change")),
    )
    op.create_index(
        op.f("ix_appointment_change_appointment_id"), "appointment_change", ["appointment_id"], unique=False
    )
    op.create_index(
        "ix_appointment_change_hold",
        "appointment_change",
        [sa.literal_column("(facts ->> 'hold')")],
        unique=False,
        postgresql_where=sa.text("change = 'moved'"),
    )
    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=16), server_default="due", nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind in ('day_before', 'hours_before')", name=op.f("ck_reminder_kind")),
        sa.CheckConstraint("state in ('due', 'sent', 'dropped')", name=op.f("ck_reminder_state")),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointment.id"],
            name=op.f("fk_reminder_appointment_id_appointment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint("appointment_id", "version", "kind", name=op.f("uq_reminder_appointment_id_version_kind")),
    )
    op.create_index("ix_reminder_due", "reminder", ["due_at"], unique=False, postgresql_where=sa.text("state = 'due'"))
    op.create_table(
        "visit",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("department_key", sa.String(length=48), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("counter_id", sa.Integer(), nullable=True),
        sa.Column("service_key", sa.String(length=64), nullable=True),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(length=16), server_default="waiting", nullable=False),
        sa.Column("calls", sa.Integer(), server_default="0", nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("served_by", sa.String(length=80), nullable=True),
        sa.CheckConstraint("state in ('waiting', 'called', 'served', 'missed')", name=op.f("ck_visit_state")),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointment.id"],
            name=op.f("fk_visit_appointment_id_appointment"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["counter_id"], ["counter.id"], name=op.f("fk_visit_counter_id_counter"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["department_key"], ["department.key"], name=op.f("fk_visit_department_key_department")
        ),
        sa.ForeignKeyConstraint(["service_key"], ["service.key"], name=op.f("fk_visit_service_key_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
        sa.UniqueConstraint("appointment_id", name=op.f("uq_visit_appointment_id")),
        sa.UniqueConstraint("department_key", "on_date", "number", name=op.f("uq_visit_department_key_on_date_number")),
    )
    op.create_table(
        "waiting",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("service_key", sa.String(length=64), nullable=False),
        sa.Column("procedure_code", sa.String(length=48), nullable=True),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("part", sa.String(length=16), nullable=True),
        sa.Column("state", sa.String(length=16), server_default="waiting", nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("offer_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("state in ('waiting', 'offered', 'taken', 'lapsed', 'left')", name=op.f("ck_waiting_state")),
        sa.CheckConstraint("first_on <= last_on", name=op.f("ck_waiting_days")),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["appointment.id"],
            name=op.f("fk_waiting_appointment_id_appointment"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.id"],
            name=op.f("fk_waiting_conversation_id_conversation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["service_key"], ["service.key"], name=op.f("fk_waiting_service_key_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting")),
    )
    op.create_index(
        "ix_waiting_one_for_a_service",
        "waiting",
        ["conversation_id", "service_key"],
        unique=True,
        postgresql_where=sa.text("state in ('waiting', 'offered')"),
    )
    op.create_index(op.f("ix_waiting_service_key"), "waiting", ["service_key"], unique=False)
    op.execute(
        """
        CREATE FUNCTION audit_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'the audit trail is never changed'; END $$
        """
    )
    op.execute(
        "CREATE TRIGGER audit_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit"
        " FOR EACH STATEMENT EXECUTE FUNCTION audit_is_kept()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER audit_is_kept ON audit")
    op.execute("DROP FUNCTION audit_is_kept()")
    op.drop_index(op.f("ix_waiting_service_key"), table_name="waiting")
    op.drop_index(
        "ix_waiting_one_for_a_service",
        table_name="waiting",
        postgresql_where=sa.text("state in ('waiting', 'offered')"),
    )
    op.drop_table("waiting")
    op.drop_table("visit")
    op.drop_index("ix_reminder_due", table_name="reminder", postgresql_where=sa.text("state = 'due'"))
    op.drop_table("reminder")
    op.drop_index(
        "ix_appointment_change_hold",
        table_name="appointment_change",
        postgresql_where=sa.text("change = 'moved'"),
    )
    op.drop_index(op.f("ix_appointment_change_appointment_id"), table_name="appointment_change")
    op.drop_table("appointment_change")
    op.drop_index(op.f("ix_opening_rule_counter_id"), table_name="opening_rule")
    op.drop_table("opening_rule")
    op.drop_index(op.f("ix_closure_department_key"), table_name="closure")
    op.drop_index(op.f("ix_closure_counter_id"), table_name="closure")
    op.drop_table("closure")
    op.drop_index(op.f("ix_appointment_telephone"), table_name="appointment")
    op.drop_index(op.f("ix_appointment_service_key"), table_name="appointment")
    op.drop_index(
        "ix_appointment_one_for_a_service",
        table_name="appointment",
        postgresql_where=sa.text("state in ('booked', 'arrived')"),
    )
    op.drop_index("ix_appointment_hold_until", table_name="appointment", postgresql_where=sa.text("state = 'held'"))
    op.drop_index(
        "ix_appointment_ends",
        table_name="appointment",
        postgresql_where=sa.text("state in ('booked', 'arrived')"),
    )
    op.drop_index("ix_appointment_counter_id_starts", table_name="appointment")
    op.drop_index(op.f("ix_appointment_conversation_id"), table_name="appointment")
    op.drop_table("appointment")
    op.drop_index(op.f("ix_service_department_key"), table_name="service")
    op.drop_table("service")
    op.drop_index(op.f("ix_official_session_official_id"), table_name="official_session")
    op.drop_table("official_session")
    op.drop_table("official_department")
    op.drop_index(op.f("ix_counter_department_key"), table_name="counter")
    op.drop_table("counter")
    op.drop_table("official")
    op.drop_table("holiday_override")
    op.drop_table("department")
    op.drop_index("ix_audit_object", table_name="audit")
    op.drop_index(op.f("ix_audit_at"), table_name="audit")
    op.drop_table("audit")
