"""The whole ledger: rule changes, conversions and votes, notices, trust, checkpoints, sessions.

Revision 0002. Blocks get what carry-over and expiry changes alter, and whom they were issued to;
the guards of both engines are made anew (`app.models.guards`).
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from app.models.guards.postgresql_0002 import STATEMENTS as POSTGRESQL_GUARDS
from app.models.guards.sqlite_0002 import STATEMENTS as SQLITE_GUARDS
from app.models.tables.base import BIG, ExactDecimal, UtcTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the new tables and columns, fill them from what is there, make the guards anew."""
    is_embedded = op.get_bind().dialect.name == "sqlite"
    if is_embedded:
        _drop_triggers()
    _create_tables()
    _add_columns(is_embedded=is_embedded)
    _fill_blocks()
    # Without parameters a percent sign is one.
    plain = op.get_bind().execution_options(no_parameters=True)
    if is_embedded:
        # No networked registry is older than this revision.
        plain.exec_driver_sql(RECORD_APPLIED_RULES)
        _add_schemes()
        _add_rules()
    for statement in SQLITE_GUARDS if is_embedded else POSTGRESQL_GUARDS:
        plain.exec_driver_sql(statement)


def _drop_triggers() -> None:
    found = op.get_bind().exec_driver_sql("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
    for (name,) in found.fetchall():
        op.execute(f"DROP TRIGGER {name}")


_NEW_COLUMNS = (
    ("account", "scheme", sa.String(length=40), None, "scheme.code"),
    ("project", "scheme", sa.String(length=40), None, "scheme.code"),
    ("registry", "role_prefix", sa.String(length=40), "''", None),
    ("registry_transaction", "reverses_id", BIG, None, "registry_transaction.id"),
    ("registry_transaction", "notice_id", BIG, None, "notice.id"),
    ("registry_transaction", "not_before", UtcTime(), None, None),
    ("registry_transaction", "to_expiry", sa.Date(), None, None),
    ("registry_transaction", "to_period", sa.Integer(), None, None),
    ("rule", "change_id", BIG, None, "rule_change.id"),
    ("rule", "ended_by", BIG, None, "rule_change.id"),
    ("signing_key", "wrapping", sa.String(length=40), "'none'", None),
    ("transaction_event", "passed", sa.Text(), "''", None),
    ("transaction_event", "said", sa.Text(), "''", None),
    ("unit_block", "applicable_period", sa.Integer(), "0", None),
    ("unit_block", "issued_to", BIG, "0", "account.id"),
)
"""Table, column, type, the value of rows that are there (a column without one may be empty), and
the column it refers to."""


def _add_columns(*, is_embedded: bool) -> None:
    for table, name, kind, value, target in _NEW_COLUMNS:
        if is_embedded:
            _add_column_in_place(table, name, kind, value, target)
        else:
            op.add_column(
                table, sa.Column(name, kind, nullable=value is None, server_default=value)
            )
            if target is not None and value is None:
                _refer(table, name, target)
    op.create_index(
        op.f("ix_registry_transaction_notice_id"), "registry_transaction", ["notice_id"]
    )
    op.create_index(
        "uq_registry_transaction_reverses",
        "registry_transaction",
        ["reverses_id"],
        unique=True,
        sqlite_where=sa.text("status IN (1, 2, 4)"),
        postgresql_where=sa.text("status IN (1, 2, 4)"),
    )


def _refer(table: str, name: str, target: str) -> None:
    other, column = target.split(".")
    op.create_foreign_key(op.f(f"fk_{table}_{name}"), table, other, [name], [column])


def _add_column_in_place(
    table: str, name: str, kind: sa.types.TypeEngine[Any], value: str | None, target: str | None
) -> None:
    """Add a column as SQLite can, without writing the table anew and losing its constraints."""
    text = kind.compile(dialect=op.get_bind().dialect)
    if value is not None:
        text += f" DEFAULT {value} NOT NULL"
    if target is not None:
        other, column = target.split(".")
        text += f" CONSTRAINT fk_{table}_{name} REFERENCES {other} ({column})"
    op.execute(f"ALTER TABLE {table} ADD COLUMN {name} {text}")


def _fill_blocks() -> None:
    """Give each block its period and the account it was issued to, then count own units."""
    op.execute(
        "UPDATE unit_block SET applicable_period = "
        "(SELECT applicable_period FROM unit_batch WHERE id = unit_block.batch_id), "
        "issued_to = (SELECT t.to_account_id FROM transaction_block t "
        "WHERE t.transaction_id = unit_block.created_by AND t.series = unit_block.series "
        "AND t.first_serial <= unit_block.first_serial "
        "AND t.last_serial >= unit_block.last_serial)"
    )
    if op.get_bind().dialect.name == "postgresql":
        _refer("unit_block", "issued_to", "account.id")
        for table, name, _, value, _ in _NEW_COLUMNS:
            if value is not None:
                op.alter_column(table, name, server_default=None)
    op.execute(
        "INSERT INTO own_units (account_id, unit_type, period, issued, passed_on) "
        "SELECT issued_to, unit_type, applicable_period, SUM(last_serial - first_serial + 1), 0 "
        "FROM unit_block GROUP BY issued_to, unit_type, applicable_period"
    )
    op.execute(COUNT_PASSED_ON)


_SCHEMES = (
    ("T-VER", "T-VER", "T-VER โครงการลดก๊าซเรือนกระจกภาคสมัครใจ", "TER"),
    ("LCC", "Low-carbon city", "เมืองคาร์บอนต่ำ", "TER"),
    ("T-COP", "T-COP", "T-COP โครงการชดเชยคาร์บอน", "TER"),
    ("EPC", "Energy performance certificates", "ใบรับรองสมรรถนะพลังงาน", "EPC"),
)


def _add_schemes() -> None:
    """Give a registry that is there its schemes; its own projects and its buffer were T-VER's.

    `app.services.registry.migrating` logs them: nothing here can write to the log.
    """
    connection = op.get_bind()
    columns = ("code", "name_en", "name_th", "unit_type")
    for values in _SCHEMES:
        connection.execute(
            sa.text(
                "INSERT INTO scheme (code, name_en, name_th, unit_type) "
                "SELECT :code, :name_en, :name_th, :unit_type FROM registry"
            ),
            dict(zip(columns, values, strict=True)),
        )
    op.execute("UPDATE project SET scheme = 'T-VER' WHERE origin = (SELECT country FROM registry)")
    op.execute("UPDATE account SET scheme = 'T-VER' WHERE type_code = 901")


_RULES = (("rollback-window", "TER", "5"), ("rollback-window", "EPC", "5"),
    ("committee-quorum", "TER", "3"))  # fmt: skip


def _add_rules() -> None:
    """Give the first period of a registry that is there the rules that this revision knows.

    They are valid over the whole period, as its other first rules are: nothing was judged by
    them before, as no act went by them. Logged by `app.services.registry.migrating`; afterwards
    the guards let no rule in but by its approved change.
    """
    connection = op.get_bind()
    for kind, unit_type, value in _RULES:
        connection.execute(
            sa.text(
                "INSERT INTO rule (kind, unit_type, period, value, valid_from, valid_to) "
                "SELECT :kind, :unit_type, p.number, :value, p.first_day, p.last_day "
                "FROM commitment_period p, registry "
                "WHERE p.number = (SELECT MIN(number) FROM commitment_period)"
            ),
            {"kind": kind, "unit_type": unit_type, "value": value},
        )


RECORD_APPLIED_RULES = (
    "INSERT INTO transaction_rule (transaction_id, rule_id) "
    "SELECT DISTINCT e.transaction_id, r.value FROM log_entry e, "
    "json_each(CAST(e.entry AS TEXT), '$.body.rules') r WHERE e.transaction_id IS NOT NULL"
)
"""Which rules applied to the transactions there are: until then the log alone kept it."""

COUNT_PASSED_ON = (
    "UPDATE own_units SET passed_on = COALESCE((SELECT SUM((m.last_serial - m.first_serial + 1) "
    "* CASE WHEN m.from_account_id = own_units.account_id THEN 1 ELSE -1 END) "
    "FROM transaction_block m JOIN registry_transaction t ON t.id = m.transaction_id "
    "AND t.type IN (3, 10) AND t.status = 4 JOIN transaction_block c ON c.series = m.series "
    "AND c.from_account_id IS NULL AND c.first_serial <= m.first_serial "
    "AND c.last_serial >= m.last_serial JOIN unit_batch b ON b.id = c.batch_id "
    "WHERE m.from_account_id <> m.to_account_id AND c.to_account_id = own_units.account_id "
    "AND own_units.account_id IN (m.from_account_id, m.to_account_id) "
    "AND t.unit_type = own_units.unit_type AND b.applicable_period = own_units.period), 0)"
)
"""What each account passed on of its own units, from every transfer there ever was: a unit passed
on may have been cancelled, or have come back, since."""


def _create_tables() -> None:
    op.create_table(
        "holiday",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("name_th", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_holiday")),
    )
    op.create_table(
        "log_queue",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("persons", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("transaction_id", BIG, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_queue")),
        sa.UniqueConstraint("transaction_id", name=op.f("uq_log_queue_transaction_id")),
    )
    op.create_table(
        "worker_lease",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("holder", sa.String(length=40), nullable=False),
        sa.Column("expires_at", UtcTime(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_worker_lease_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker_lease")),
    )
    op.create_table(
        "checkpoint",
        sa.Column("tree_size", BIG, autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(length=32), nullable=False),
        sa.Column("peaks", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("signing_key_id", BIG, nullable=False),
        sa.Column("signed_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["signing_key_id"], ["signing_key.id"], name=op.f("fk_checkpoint_signing_key_id")
        ),
        sa.PrimaryKeyConstraint("tree_size", name=op.f("pk_checkpoint")),
    )
    op.create_table(
        "person_session",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("database_role", sa.Text(), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("signed_in_at", UtcTime(), nullable=False),
        sa.Column("expires_at", UtcTime(), nullable=False),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_session_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_session")),
    )
    op.create_index(
        op.f("ix_person_session_token_digest"), "person_session", ["token_digest"], unique=False
    )

    op.create_table(
        "rule_change",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("unit_type", sa.String(length=40), nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("value", ExactDecimal(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("proposed_by", BIG, nullable=False),
        sa.Column("proposed_at", UtcTime(), nullable=False),
        sa.Column("decided_by", BIG, nullable=True),
        sa.Column("decided_at", UtcTime(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "decided_by IS NULL OR decided_by <> proposed_by OR status = 'withdrawn'",
            name=op.f("ck_rule_change_two_persons"),
        ),
        sa.CheckConstraint(
            "status IN ('proposed', 'approved', 'rejected', 'withdrawn')",
            name=op.f("ck_rule_change_status_known"),
        ),
        sa.CheckConstraint("valid_from <= valid_to", name=op.f("ck_rule_change_range_in_order")),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["person.id"], name=op.f("fk_rule_change_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["period"], ["commitment_period.number"], name=op.f("fk_rule_change_period")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["person.id"], name=op.f("fk_rule_change_proposed_by")
        ),
        sa.ForeignKeyConstraint(
            ["unit_type"], ["unit_type.code"], name=op.f("fk_rule_change_unit_type")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_change")),
        sa.UniqueConstraint("request_id", name=op.f("uq_rule_change_request_id")),
    )
    op.create_index(op.f("ix_rule_change_status"), "rule_change", ["status"], unique=False)

    op.create_table(
        "scheme",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("name_th", sa.Text(), nullable=False),
        sa.Column("unit_type", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["unit_type"], ["unit_type.code"], name=op.f("fk_scheme_unit_type")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_scheme")),
    )
    op.create_table(
        "notice",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("type", sa.Integer(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("unit_type", sa.String(length=40), nullable=True),
        sa.Column("project_id", BIG, nullable=True),
        sa.Column("account_id", BIG, nullable=True),
        sa.Column("target_quantity", BIG, nullable=True),
        sa.Column("period", sa.Integer(), nullable=True),
        sa.Column("received_at", UtcTime(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", BIG, nullable=False),
        sa.CheckConstraint("status IN (1, 2, 3)", name=op.f("ck_notice_status_known")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_notice_account_id")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_notice_project_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_notice_recorded_by")),
        sa.ForeignKeyConstraint(
            ["unit_type"], ["unit_type.code"], name=op.f("fk_notice_unit_type")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("number", name=op.f("uq_notice_number")),
    )
    op.create_index(op.f("ix_notice_status"), "notice", ["status"], unique=False)

    op.create_table(
        "own_units",
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("unit_type", sa.String(length=40), nullable=False),
        sa.Column("period", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("issued", BIG, nullable=False),
        sa.Column("passed_on", BIG, nullable=False),
        sa.CheckConstraint(
            "passed_on >= 0 AND passed_on <= issued", name=op.f("ck_own_units_within")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_own_units_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["unit_type"], ["unit_type.code"], name=op.f("fk_own_units_unit_type")
        ),
        sa.PrimaryKeyConstraint("account_id", "unit_type", "period", name=op.f("pk_own_units")),
    )
    op.create_table(
        "trusted_account",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("trusted_number", sa.String(length=40), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("proposed_by", BIG, nullable=False),
        sa.Column("proposed_at", UtcTime(), nullable=False),
        sa.Column("decided_by", BIG, nullable=True),
        sa.Column("decided_at", UtcTime(), nullable=True),
        sa.Column("effective_at", UtcTime(), nullable=True),
        sa.Column("removed_at", UtcTime(), nullable=True),
        sa.CheckConstraint(
            "state IN ('proposed', 'approved', 'rejected', 'removed')",
            name=op.f("ck_trusted_account_state_known"),
        ),
        sa.CheckConstraint(
            "decided_by IS NULL OR decided_by <> proposed_by",
            name=op.f("ck_trusted_account_two_persons"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_trusted_account_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["person.id"], name=op.f("fk_trusted_account_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["person.id"], name=op.f("fk_trusted_account_proposed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trusted_account")),
    )
    op.create_index(
        op.f("ix_trusted_account_account_id_trusted_number"),
        "trusted_account",
        ["account_id", "trusted_number"],
        unique=False,
    )

    op.create_table(
        "certificate_request",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("transaction_id", BIG, nullable=False),
        sa.Column("asked_by", BIG, nullable=False),
        sa.Column("asked_at", UtcTime(), nullable=False),
        sa.Column("language", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["person.id"], name=op.f("fk_certificate_request_asked_by")
        ),
        sa.ForeignKeyConstraint(
            ["file_sha256"], ["document.sha256"], name=op.f("fk_certificate_request_file_sha256")
        ),
        sa.ForeignKeyConstraint(
            ["transaction_id"],
            ["registry_transaction.id"],
            name=op.f("fk_certificate_request_transaction_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_request")),
    )
    op.create_index(
        op.f("ix_certificate_request_state"), "certificate_request", ["state"], unique=False
    )

    op.create_table(
        "source_unit",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("serial", sa.Text(), nullable=False),
        sa.Column("grammar", sa.String(length=40), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("first_serial", BIG, nullable=False),
        sa.Column("last_serial", BIG, nullable=False),
        sa.Column("unit_type", sa.String(length=40), nullable=False),
        sa.Column("host_country", sa.String(length=40), nullable=False),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("attributes", sa.Text(), nullable=False),
        sa.Column("record_sha256", sa.String(length=64), nullable=False),
        sa.Column("attestation_sha256", sa.String(length=64), nullable=False),
        sa.Column("registered_by", BIG, nullable=False),
        sa.Column("registered_at", UtcTime(), nullable=False),
        sa.Column("converted_by", BIG, nullable=True),
        sa.Column("reissued_series", sa.String(), nullable=True),
        sa.Column("reissued_first", BIG, nullable=True),
        sa.Column("reissued_last", BIG, nullable=True),
        sa.CheckConstraint(
            "first_serial >= 0 AND last_serial >= first_serial", name=op.f("ck_source_unit_range")
        ),
        sa.ForeignKeyConstraint(
            ["attestation_sha256"],
            ["document.sha256"],
            name=op.f("fk_source_unit_attestation_sha256"),
        ),
        sa.ForeignKeyConstraint(
            ["converted_by"], ["registry_transaction.id"], name=op.f("fk_source_unit_converted_by")
        ),
        sa.ForeignKeyConstraint(
            ["record_sha256"], ["document.sha256"], name=op.f("fk_source_unit_record_sha256")
        ),
        sa.ForeignKeyConstraint(
            ["registered_by"], ["person.id"], name=op.f("fk_source_unit_registered_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_unit")),
    )
    op.create_index(
        op.f("ix_source_unit_converted_by"), "source_unit", ["converted_by"], unique=False
    )
    op.create_index(
        op.f("ix_source_unit_series_first_serial"),
        "source_unit",
        ["series", "first_serial"],
        unique=True,
    )

    op.create_table(
        "transaction_document",
        sa.Column("transaction_id", BIG, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sha256"], ["document.sha256"], name=op.f("fk_transaction_document_sha256")
        ),
        sa.ForeignKeyConstraint(
            ["transaction_id"],
            ["registry_transaction.id"],
            name=op.f("fk_transaction_document_transaction_id"),
        ),
        sa.PrimaryKeyConstraint("transaction_id", "sha256", name=op.f("pk_transaction_document")),
    )
    op.create_table(
        "transaction_rule",
        sa.Column("transaction_id", BIG, nullable=False),
        sa.Column("rule_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(["rule_id"], ["rule.id"], name=op.f("fk_transaction_rule_rule_id")),
        sa.ForeignKeyConstraint(
            ["transaction_id"],
            ["registry_transaction.id"],
            name=op.f("fk_transaction_rule_transaction_id"),
        ),
        sa.PrimaryKeyConstraint("transaction_id", "rule_id", name=op.f("pk_transaction_rule")),
    )
    op.create_table(
        "vote",
        sa.Column("transaction_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("choice", sa.String(length=40), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.CheckConstraint("choice IN ('yes', 'no')", name=op.f("ck_vote_choice_known")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_vote_person_id")),
        sa.ForeignKeyConstraint(
            ["transaction_id"], ["registry_transaction.id"], name=op.f("fk_vote_transaction_id")
        ),
        sa.PrimaryKeyConstraint("transaction_id", "person_id", name=op.f("pk_vote")),
    )
