"""What each database role of a networked registry may do, written as grants and policies.

Given when a registry is created, after its migrations, by its owner: the names of roles begin
with the registry's prefix. Nobody writes the ledger but the functions of the schema `teak`,
which run with the owner's rights; persons write directly only where triggers guard every wrong
use, column by column, so that none of them may lock a table. What a person may read shows
nothing until they have signed in (row-level security). Owns no function's rules.
"""

from __future__ import annotations

from app.models.guards.postgresql_0002.identity import identity_rights

GROUPS = ("officer", "approver", "committee", "administrator", "technician", "auditor")

_READABLE = (
    "account",
    "account_change",
    "certificate",
    "certificate_request",
    "checkpoint",
    "commitment_period",
    "document",
    "draft",
    "holder",
    "holder_document",
    "holding",
    "holiday",
    "log_entry",
    "log_queue",
    "notice",
    "own_units",
    "project",
    "project_account",
    "registry",
    "registry_transaction",
    "representative",
    "rule",
    "rule_change",
    "scheme",
    "series",
    "source_unit",
    "traffic",
    "transaction_block",
    "transaction_document",
    "transaction_event",
    "transaction_rule",
    "trusted_account",
    "unit_batch",
    "unit_block",
    "unit_type",
    "verified_reduction",
    "vote",
    "worker_lease",
)

_READABLE_IN_PART = {
    "person": "id, user_name, name, email, role, state, last_code_step, created_at",
    "signing_key": "id, public_key, wrapping, created_at, retired_at",
}
"""Tables with a secret in another column."""

_UNREADABLE = ("person_session", "recovery_code")
"""Read by functions alone."""

_INSERTS = {
    "officer": (
        "account",
        "account_change",
        "document",
        "holder",
        "holder_document",
        "notice",
        "project",
        "project_account",
        "representative",
        "source_unit",
        "trusted_account",
        "verified_reduction",
    ),
    "approver": ("account_change", "document", "rule"),
    "committee": ("document",),
    "administrator": (
        "account",
        "account_change",
        "commitment_period",
        "document",
        "holiday",
        "notice",
        "rule_change",
        "trusted_account",
    ),
    "technician": ("document",),
    "person": ("certificate_request", "draft"),
}

_UPDATES = {
    "officer": {
        "notice": "status",
        "rule_change": "status, decided_by, decided_at, comment",
        "trusted_account": "state, decided_by, decided_at, effective_at, removed_at",
    },
    "approver": {
        "account": "state, approved_by, opened_on",
        "rule": "valid_to, ended_by",
        "rule_change": "status, decided_by, decided_at, comment",
        "trusted_account": "state, decided_by, decided_at, effective_at, removed_at",
    },
    "administrator": {
        "account": "state, approved_by, opened_on",
        "holiday": "name_en, name_th",
        "notice": "status",
        "registry": "idle_lock_minutes",
        "rule_change": "status, decided_by, decided_at, comment",
        "trusted_account": "state, decided_by, decided_at, effective_at, removed_at",
    },
    "person": {"draft": "content, saved_at"},
}

_DELETES = {"person": ("draft",), "administrator": ("holiday",)}

_FUNCTIONS = {
    "person": ("is_owner()", "log(text, jsonb, jsonb)"),
    "officer": ("propose(jsonb)", "end_transaction(jsonb)"),
    "administrator": ("propose(jsonb)", "end_transaction(jsonb)"),
    "approver": ("complete(jsonb)", "end_transaction(jsonb)"),
    "committee": ("complete(jsonb)", "end_transaction(jsonb)", "vote(jsonb)"),
    "worker": (
        "is_owner()",
        "log(text, jsonb, jsonb)",
        "envelope(teak.log_queue)",
        "stop(text)",
    ),
}

_WORKER_INSERTS = ("certificate", "checkpoint", "document", "log_entry", "signing_key", "traffic")
_WORKER_INSERTS_TOO = ("worker_lease",)
_WORKER_UPDATES = {
    "certificate_request": "state, file_sha256, problem",
    "signing_key": "private_key, wrapping, retired_at",
    "worker_lease": "holder, expires_at, problem",
}
_WORKER_DELETES = ("log_queue", "traffic")

_SIGNED_IN = "(SELECT teak.is_signed_in())"
_POLICIES = {
    "draft": f"{_SIGNED_IN} AND person_id = (SELECT teak.person_id())",
    "traffic": f"{_SIGNED_IN} AND (SELECT teak.person_role()) IN ('administrator', 'auditor')",
    "verified_reduction": _SIGNED_IN,
}
_CHECKS = {"verified_reduction": f"{_SIGNED_IN} AND NOT is_proposed AND issued_by IS NULL"}


def rights(prefix: str) -> tuple[str, ...]:
    """Write every grant and policy of a registry whose roles begin with `prefix`.

    To be run by the owner in the registry's database, after the migrations.
    """
    return (
        *identity_rights(prefix),
        *_of_the_database(),
        *_reading(prefix),
        *_writing(prefix),
        *_calling(prefix),
        *_policies(prefix),
    )


def _of_the_database() -> tuple[str, ...]:
    """Take from everybody what PostgreSQL gives everybody, as far as the owner may."""
    return (
        "REVOKE ALL ON SCHEMA teak FROM PUBLIC",
        "REVOKE ALL ON ALL TABLES IN SCHEMA teak FROM PUBLIC",
        "REVOKE ALL ON ALL SEQUENCES IN SCHEMA teak FROM PUBLIC",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA teak REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
    )


WITHOUT_LARGE_OBJECTS = (
    "DO $$ DECLARE f regprocedure; BEGIN FOR f IN SELECT oid::regprocedure FROM pg_proc "
    "WHERE pronamespace = 'pg_catalog'::regnamespace AND (proname LIKE 'lo\\_%' "
    "OR proname IN ('lowrite', 'loread')) LOOP "
    "EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f); END LOOP; "
    "EXCEPTION WHEN insufficient_privilege THEN NULL; END $$"
)
"""Takes large objects from everybody, so that no person's role can fill the database with what no
table holds. Only a superuser can: run by another creator it changes nothing."""


def _reading(prefix: str) -> tuple[str, ...]:
    readers = f'"{prefix}_person", "{prefix}_worker"'
    return (
        *(f"GRANT SELECT ON teak.{table} TO {readers}" for table in _READABLE),
        *(
            f"GRANT SELECT ({columns}) ON teak.{table} TO {readers}"
            for table, columns in _READABLE_IN_PART.items()
        ),
        f'GRANT SELECT ON teak.signing_key TO "{prefix}_worker"',
        f"GRANT SELECT ON teak.alembic_version TO {readers}",
    )


def _writing(prefix: str) -> tuple[str, ...]:
    inserts = _INSERTS | {"worker": (*_WORKER_INSERTS, *_WORKER_INSERTS_TOO)}
    updates = _UPDATES | {"worker": _WORKER_UPDATES}
    deletes = _DELETES | {"worker": _WORKER_DELETES}
    return (
        *(
            f'GRANT INSERT ON teak.{table} TO "{prefix}_{group}"'
            for group, tables in inserts.items()
            for table in tables
        ),
        *(
            f'GRANT UPDATE ({columns}) ON teak.{table} TO "{prefix}_{group}"'
            for group, changes in updates.items()
            for table, columns in changes.items()
        ),
        *(
            f'GRANT DELETE ON teak.{table} TO "{prefix}_{group}"'
            for group, tables in deletes.items()
            for table in tables
        ),
        *(
            f'GRANT USAGE ON SEQUENCE teak.{table}_id_seq TO "{prefix}_{group}"'
            for group, tables in inserts.items()
            for table in tables
            if table not in _WITHOUT_SEQUENCE
        ),
    )


_WITHOUT_SEQUENCE = (
    "checkpoint",
    "commitment_period",
    "document",
    "draft",
    "holder_document",
    "holiday",
    "log_entry",
    "project_account",
)


def _calling(prefix: str) -> tuple[str, ...]:
    return tuple(
        f'GRANT EXECUTE ON FUNCTION teak.{function} TO "{prefix}_{group}"'
        for group, functions in _FUNCTIONS.items()
        for function in functions
    )


def _policies(prefix: str) -> tuple[str, ...]:
    """Write who sees which rows: persons once signed in, the worker always, the owner all."""
    statements: list[str] = []
    for table in (*_READABLE, *_READABLE_IN_PART, *_UNREADABLE):
        seen = _POLICIES.get(table, _SIGNED_IN)
        checked = _CHECKS.get(table, seen)
        statements += [
            f"ALTER TABLE teak.{table} ENABLE ROW LEVEL SECURITY",
            f"DROP POLICY IF EXISTS signed_in ON teak.{table}",
            (
                f'CREATE POLICY signed_in ON teak.{table} TO "{prefix}_person" '
                f"USING ({seen}) WITH CHECK ({checked})"
            ),
            f"DROP POLICY IF EXISTS worker ON teak.{table}",
            (
                f'CREATE POLICY worker ON teak.{table} TO "{prefix}_worker" '
                "USING (true) WITH CHECK (true)"
            ),
        ]
    return tuple(statements)
