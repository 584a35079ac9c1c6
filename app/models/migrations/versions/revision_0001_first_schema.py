"""The first schema: registry, people, accounts, projects, units, transactions, log.

Revision 0001. The guards of an SQLite registry are `app.models.guards.sqlite_0001`.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.guards.sqlite_0001 import STATEMENTS
from app.models.tables.base import BIG, ExactDecimal, UtcTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:  # noqa: PLR0915 — one statement a table
    """Create every table, then the guards."""
    op.create_table(
        "commitment_period",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_commitment_period")),
    )
    op.create_table(
        "holder",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("name_th", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("tax_id", sa.String(length=40), nullable=False),
        sa.Column("country", sa.String(length=40), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("identity_check", sa.String(length=40), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holder")),
    )
    op.create_index(op.f("ix_holder_name_en"), "holder", ["name_en"], unique=False)
    op.create_table(
        "log_entry",
        sa.Column("sequence", BIG, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("entry", sa.LargeBinary(), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("chain_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("transaction_id", BIG, nullable=True),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_log_entry")),
        sa.UniqueConstraint("transaction_id", name=op.f("uq_log_entry_transaction_id")),
    )
    op.create_table(
        "person",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("user_name", sa.String(length=40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("one_time_secret", sa.String(length=64), nullable=True),
        sa.Column("last_code_step", BIG, nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.CheckConstraint("state IN ('active', 'revoked')", name=op.f("ck_person_state_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("user_name", name=op.f("uq_person_user_name")),
    )
    op.create_table(
        "project",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("origin", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("name_th", sa.Text(), nullable=False),
        sa.Column("country", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sectoral_scope", sa.Integer(), nullable=False),
        sa.Column("methodology", sa.Text(), nullable=False),
        sa.Column("proponent", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
        sa.UniqueConstraint("origin", "code", name=op.f("uq_project_origin_code")),
    )
    op.create_index(op.f("ix_project_code"), "project", ["code"], unique=False)
    op.create_table(
        "registry",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("registry_id", sa.String(length=40), nullable=False),
        sa.Column("country", sa.String(length=40), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("name_th", sa.Text(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("idle_lock_minutes", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_registry_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registry")),
    )
    op.create_table(
        "series",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
        sa.UniqueConstraint("key", name=op.f("uq_series_key")),
    )
    op.create_table(
        "signing_key",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("public_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("private_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("retired_at", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_key")),
    )
    op.create_table(
        "traffic",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("user_name", sa.String(length=40), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_traffic")),
    )
    op.create_index(op.f("ix_traffic_at"), "traffic", ["at"], unique=False)
    op.create_table(
        "unit_type",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("name_th", sa.Text(), nullable=False),
        sa.Column("measure", sa.String(length=40), nullable=False),
        sa.Column("is_domestic", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_unit_type")),
    )
    op.create_table(
        "account",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("country", sa.String(length=40), nullable=False),
        sa.Column("type_code", sa.Integer(), nullable=False),
        sa.Column("identifier", BIG, nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("holder_id", BIG, nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("unit_state", sa.String(length=40), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("proposed_by", BIG, nullable=False),
        sa.Column("approved_by", BIG, nullable=True),
        sa.CheckConstraint(
            "state IN ('proposed', 'open', 'suspended', 'locked', 'closed', 'rejected')",
            name=op.f("ck_account_state_known"),
        ),
        sa.CheckConstraint(
            "approved_by IS NULL OR approved_by <> proposed_by", name=op.f("ck_account_two_persons")
        ),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["person.id"], name=op.f("fk_account_approved_by")
        ),
        sa.ForeignKeyConstraint(["holder_id"], ["holder.id"], name=op.f("fk_account_holder_id")),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["person.id"], name=op.f("fk_account_proposed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint(
            "country",
            "type_code",
            "identifier",
            "period",
            name=op.f("uq_account_country_type_code_identifier_period"),
        ),
        sa.UniqueConstraint("number", name=op.f("uq_account_number")),
    )
    op.create_index(op.f("ix_account_holder_id"), "account", ["holder_id"], unique=False)
    op.create_index(op.f("ix_account_name"), "account", ["name"], unique=False)
    op.create_table(
        "document",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("size_bytes", BIG, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", UtcTime(), nullable=False),
        sa.Column("added_by", BIG, nullable=False),
        sa.CheckConstraint("size_bytes >= 0", name=op.f("ck_document_size")),
        sa.ForeignKeyConstraint(["added_by"], ["person.id"], name=op.f("fk_document_added_by")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_document")),
    )
    op.create_table(
        "draft",
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("form", sa.String(length=60), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("saved_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_draft_person_id")),
        sa.PrimaryKeyConstraint("person_id", "form", name=op.f("pk_draft")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("code_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("used_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_recovery_code_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
    )
    op.create_index(
        op.f("ix_recovery_code_person_id"), "recovery_code", ["person_id"], unique=False
    )
    op.create_table(
        "rule",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("unit_type", sa.String(length=40), nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("value", ExactDecimal(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["period"], ["commitment_period.number"], name=op.f("fk_rule_period")
        ),
        sa.ForeignKeyConstraint(["unit_type"], ["unit_type.code"], name=op.f("fk_rule_unit_type")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule")),
    )
    op.create_index(
        op.f("ix_rule_kind_unit_type_valid_from"),
        "rule",
        ["kind", "unit_type", "valid_from"],
        unique=False,
    )
    op.create_table(
        "account_change",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_account_change_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_account_change_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_change")),
    )
    op.create_index(
        op.f("ix_account_change_account_id"), "account_change", ["account_id"], unique=False
    )
    op.create_table(
        "holder_document",
        sa.Column("holder_id", BIG, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["holder.id"], name=op.f("fk_holder_document_holder_id")
        ),
        sa.ForeignKeyConstraint(
            ["sha256"], ["document.sha256"], name=op.f("fk_holder_document_sha256")
        ),
        sa.PrimaryKeyConstraint("holder_id", "sha256", name=op.f("pk_holder_document")),
    )
    op.create_table(
        "holding",
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("unit_type", sa.String(length=40), nullable=False),
        sa.Column("quantity", BIG, nullable=False),
        sa.Column("reserved", BIG, nullable=False),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_holding_not_negative")),
        sa.CheckConstraint(
            "reserved >= 0 AND reserved <= quantity", name=op.f("ck_holding_reserved_within")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_holding_account_id")),
        sa.ForeignKeyConstraint(
            ["unit_type"], ["unit_type.code"], name=op.f("fk_holding_unit_type")
        ),
        sa.PrimaryKeyConstraint("account_id", "unit_type", name=op.f("pk_holding")),
    )
    op.create_table(
        "project_account",
        sa.Column("project_id", BIG, nullable=False),
        sa.Column("account_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_project_account_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_project_account_project_id")
        ),
        sa.PrimaryKeyConstraint("project_id", "account_id", name=op.f("pk_project_account")),
    )
    op.create_table(
        "registry_transaction",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("type", sa.Integer(), nullable=False),
        sa.Column("supplementary_type", sa.Integer(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=True),
        sa.Column("from_account_id", BIG, nullable=True),
        sa.Column("to_account_id", BIG, nullable=False),
        sa.Column("unit_type", sa.String(length=40), nullable=False),
        sa.Column("quantity", BIG, nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("proposed_by", BIG, nullable=False),
        sa.Column("proposed_at", UtcTime(), nullable=False),
        sa.Column("decided_by", BIG, nullable=True),
        sa.Column("decided_at", UtcTime(), nullable=True),
        sa.Column("completed_at", UtcTime(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "decided_by IS NULL OR decided_by <> proposed_by OR status = 7",
            name=op.f("ck_registry_transaction_two_persons"),
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_registry_transaction_positive")),
        sa.CheckConstraint(
            "status <> 4 OR decided_by IS NOT NULL",
            name=op.f("ck_registry_transaction_completed_needs_decision"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["person.id"], name=op.f("fk_registry_transaction_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["from_account_id"],
            ["account.id"],
            name=op.f("fk_registry_transaction_from_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["person.id"], name=op.f("fk_registry_transaction_proposed_by")
        ),
        sa.ForeignKeyConstraint(
            ["to_account_id"], ["account.id"], name=op.f("fk_registry_transaction_to_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["unit_type"], ["unit_type.code"], name=op.f("fk_registry_transaction_unit_type")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registry_transaction")),
        sa.UniqueConstraint("request_id", name=op.f("uq_registry_transaction_request_id")),
    )
    op.create_index(
        op.f("ix_registry_transaction_from_account_id"),
        "registry_transaction",
        ["from_account_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_registry_transaction_proposed_by"),
        "registry_transaction",
        ["proposed_by"],
        unique=False,
    )
    op.create_index(
        op.f("ix_registry_transaction_status"), "registry_transaction", ["status"], unique=False
    )
    op.create_index(
        op.f("ix_registry_transaction_to_account_id"),
        "registry_transaction",
        ["to_account_id"],
        unique=False,
    )
    op.create_table(
        "representative",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("rights", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_representative_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_representative")),
    )
    op.create_index(
        op.f("ix_representative_account_id"), "representative", ["account_id"], unique=False
    )
    op.create_table(
        "certificate",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("transaction_id", BIG, nullable=False),
        sa.Column("statement", sa.LargeBinary(), nullable=False),
        sa.Column("signing_key_id", BIG, nullable=False),
        sa.Column("issued_at", UtcTime(), nullable=False),
        sa.Column("issued_by", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["issued_by"], ["person.id"], name=op.f("fk_certificate_issued_by")
        ),
        sa.ForeignKeyConstraint(
            ["signing_key_id"], ["signing_key.id"], name=op.f("fk_certificate_signing_key_id")
        ),
        sa.ForeignKeyConstraint(
            ["transaction_id"],
            ["registry_transaction.id"],
            name=op.f("fk_certificate_transaction_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("number", name=op.f("uq_certificate_number")),
        sa.UniqueConstraint("transaction_id", name=op.f("uq_certificate_transaction_id")),
    )
    op.create_table(
        "transaction_event",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("transaction_id", BIG, nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=True),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("codes", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_transaction_event_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["transaction_id"],
            ["registry_transaction.id"],
            name=op.f("fk_transaction_event_transaction_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transaction_event")),
    )
    op.create_index(
        op.f("ix_transaction_event_transaction_id"),
        "transaction_event",
        ["transaction_id"],
        unique=False,
    )
    op.create_table(
        "unit_batch",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("series_id", BIG, nullable=False),
        sa.Column("first_serial", BIG, nullable=False),
        sa.Column("last_serial", BIG, nullable=False),
        sa.Column("unit_type", sa.String(length=40), nullable=False),
        sa.Column("origin", sa.String(length=40), nullable=False),
        sa.Column("project_id", BIG, nullable=False),
        sa.Column("vintage", sa.Integer(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("original_period", sa.Integer(), nullable=False),
        sa.Column("applicable_period", sa.Integer(), nullable=False),
        sa.Column("lulucf_activity", sa.Integer(), nullable=False),
        sa.Column("track", sa.Integer(), nullable=False),
        sa.Column("grammar", sa.String(length=40), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("created_by", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by"], ["registry_transaction.id"], name=op.f("fk_unit_batch_created_by")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_unit_batch_project_id")
        ),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_unit_batch_series_id")),
        sa.ForeignKeyConstraint(
            ["unit_type"], ["unit_type.code"], name=op.f("fk_unit_batch_unit_type")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_batch")),
        sa.UniqueConstraint("created_by", name=op.f("uq_unit_batch_created_by")),
    )
    op.create_index(op.f("ix_unit_batch_project_id"), "unit_batch", ["project_id"], unique=False)
    op.create_table(
        "verified_reduction",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("project_id", BIG, nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_to", sa.Date(), nullable=False),
        sa.Column("quantity", BIG, nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("document_sha256", sa.String(length=64), nullable=False),
        sa.Column("is_proposed", sa.Boolean(), nullable=False),
        sa.Column("issued_by", BIG, nullable=True),
        sa.CheckConstraint(
            "period_from <= period_to", name=op.f("ck_verified_reduction_period_in_order")
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_verified_reduction_positive")),
        sa.ForeignKeyConstraint(
            ["issued_by"], ["registry_transaction.id"], name=op.f("fk_verified_reduction_issued_by")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_verified_reduction_project_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verified_reduction")),
        sa.UniqueConstraint("issued_by", name=op.f("uq_verified_reduction_issued_by")),
    )
    op.create_index(
        op.f("ix_verified_reduction_project_id_period_from"),
        "verified_reduction",
        ["project_id", "period_from"],
        unique=False,
    )
    op.create_table(
        "transaction_block",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("transaction_id", BIG, nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("first_serial", BIG, nullable=False),
        sa.Column("last_serial", BIG, nullable=False),
        sa.Column("serial", sa.Text(), nullable=False),
        sa.Column("batch_id", BIG, nullable=True),
        sa.Column("from_account_id", BIG, nullable=True),
        sa.Column("to_account_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["unit_batch.id"], name=op.f("fk_transaction_block_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["from_account_id"], ["account.id"], name=op.f("fk_transaction_block_from_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["to_account_id"], ["account.id"], name=op.f("fk_transaction_block_to_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["transaction_id"],
            ["registry_transaction.id"],
            name=op.f("fk_transaction_block_transaction_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transaction_block")),
    )
    op.create_index(
        op.f("ix_transaction_block_series_first_serial"),
        "transaction_block",
        ["series", "first_serial"],
        unique=False,
    )
    op.create_index(
        op.f("ix_transaction_block_transaction_id"),
        "transaction_block",
        ["transaction_id"],
        unique=False,
    )
    op.create_table(
        "unit_block",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("batch_id", BIG, nullable=False),
        sa.Column("series_id", BIG, nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("first_serial", BIG, nullable=False),
        sa.Column("last_serial", BIG, nullable=False),
        sa.Column("unit_type", sa.String(length=40), nullable=False),
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("fifo_expiry", sa.Date(), nullable=False),
        sa.Column("fifo_vintage", sa.Integer(), nullable=False),
        sa.Column("reserved_by", BIG, nullable=True),
        sa.Column("moved_by", BIG, nullable=True),
        sa.Column("created_by", BIG, nullable=False),
        sa.Column("parent_id", BIG, nullable=True),
        sa.CheckConstraint(
            "first_serial >= 0 AND last_serial >= first_serial", name=op.f("ck_unit_block_range")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_unit_block_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["unit_batch.id"], name=op.f("fk_unit_block_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["registry_transaction.id"], name=op.f("fk_unit_block_created_by")
        ),
        sa.ForeignKeyConstraint(
            ["moved_by"], ["registry_transaction.id"], name=op.f("fk_unit_block_moved_by")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["unit_block.id"], name=op.f("fk_unit_block_parent_id")
        ),
        sa.ForeignKeyConstraint(
            ["reserved_by"], ["registry_transaction.id"], name=op.f("fk_unit_block_reserved_by")
        ),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_unit_block_series_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_block")),
    )
    op.create_index(op.f("ix_unit_block_batch_id"), "unit_block", ["batch_id"], unique=False)
    op.create_index(
        "ix_unit_block_fifo",
        "unit_block",
        ["account_id", "unit_type", "fifo_expiry", "fifo_vintage", "series", "first_serial"],
        unique=False,
    )
    op.create_index("ix_unit_block_range", "unit_block", ["series_id", "first_serial"], unique=True)
    op.create_index(
        "ix_unit_block_reserved",
        "unit_block",
        ["reserved_by"],
        unique=False,
        sqlite_where=sa.text("reserved_by IS NOT NULL"),
        postgresql_where=sa.text("reserved_by IS NOT NULL"),
    )
    if op.get_bind().dialect.name == "sqlite":
        for statement in STATEMENTS:
            op.get_bind().exec_driver_sql(statement)
