"""Triggers of the first schema by which an SQLite registry itself refuses.

Whoever holds the connection, these acts fail: overlapping serials within a series, units
without an approved issuance, a change of quantity, a move without its completed transaction,
reviving a cancelled unit, deciding one's own proposal, changing a final transaction, editing or
deleting anything append-only. Each message starts with `teak:`, by which
`app.models.storage.translate` knows it. Summaries (`holding`) are kept here as well, so that
they cannot differ from the blocks.

These statements belong to the migration of the same number and are never edited afterwards.
"""

from __future__ import annotations


def _refuse(name: str, event: str, table: str, message: str, condition: str = "") -> str:
    when = f"WHEN {condition} " if condition else ""
    return (
        f"CREATE TRIGGER guard_{name} BEFORE {event} ON {table} {when}"
        f"BEGIN SELECT RAISE(ABORT, 'teak: {message}'); END"
    )


def _append_only(table: str, what: str) -> tuple[str, str]:
    return (
        _refuse(f"{table}_update", "UPDATE", table, f"{what} cannot be changed"),
        _refuse(f"{table}_delete", "DELETE", table, f"{what} cannot be deleted"),
    )


_APPEND_ONLY = (
    *_append_only("log_entry", "a log entry"),
    *_append_only("transaction_event", "the history of a transaction"),
    *_append_only("transaction_block", "the blocks of a transaction"),
    *_append_only("account_change", "the history of an account"),
    *_append_only("document", "a document"),
    *_append_only("certificate", "a certificate"),
    *_append_only("unit_batch", "a batch of units"),
    *_append_only("series", "a series"),
    _refuse("unit_block_delete", "DELETE", "unit_block", "a unit block cannot be deleted"),
    _refuse(
        "registry_transaction_delete",
        "DELETE",
        "registry_transaction",
        "a transaction cannot be deleted",
    ),
    _refuse("account_delete", "DELETE", "account", "an account cannot be deleted"),
    _refuse("person_delete", "DELETE", "person", "a person cannot be deleted, only revoked"),
    _refuse("registry_delete", "DELETE", "registry", "the registry row cannot be deleted"),
    _refuse(
        "verified_reduction_delete",
        "DELETE",
        "verified_reduction",
        "a verified reduction cannot be deleted",
    ),
)

_LOG = (
    _refuse(
        "log_entry_sequence",
        "INSERT",
        "log_entry",
        "log entries follow one another without a gap",
        "NEW.sequence <> (SELECT COALESCE(MAX(sequence), 0) + 1 FROM log_entry)",
    ),
)

_REGISTRY = (
    _refuse(
        "registry_identity",
        "UPDATE",
        "registry",
        "a registry keeps its identity, and a real one never becomes a demo or the reverse",
        "NEW.registry_id <> OLD.registry_id OR NEW.is_demo <> OLD.is_demo "
        "OR NEW.country <> OLD.country",
    ),
    _refuse(
        "account_number",
        "UPDATE",
        "account",
        "an account keeps its number",
        "NEW.number <> OLD.number OR NEW.unit_state <> OLD.unit_state "
        "OR NEW.proposed_by <> OLD.proposed_by",
    ),
    _refuse(
        "account_closed",
        "UPDATE",
        "account",
        "a closed account never reopens",
        "OLD.state IN ('closed', 'rejected') AND NEW.state <> OLD.state",
    ),
    _refuse(
        "account_close_units",
        "UPDATE",
        "account",
        "an account with units cannot close",
        "NEW.state = 'closed' AND OLD.state <> 'closed' AND EXISTS "
        "(SELECT 1 FROM holding WHERE account_id = OLD.id AND quantity > 0)",
    ),
    _refuse(
        "one_time_code_reuse",
        "UPDATE",
        "person",
        "a one-time code is accepted once",
        "NEW.last_code_step < OLD.last_code_step",
    ),
)

_TRANSACTIONS = (
    _refuse(
        "transaction_born",
        "INSERT",
        "registry_transaction",
        "a transaction begins as a proposal",
        "NEW.status NOT IN (1, 2) OR NEW.decided_by IS NOT NULL OR NEW.completed_at IS NOT NULL",
    ),
    _refuse(
        "transaction_final",
        "UPDATE",
        "registry_transaction",
        "a transaction that has ended cannot be changed",
        "OLD.status IN (4, 5, 6, 7)",
    ),
    _refuse(
        "transaction_content",
        "UPDATE",
        "registry_transaction",
        "what was proposed cannot be changed",
        "NEW.type <> OLD.type OR NEW.supplementary_type <> OLD.supplementary_type "
        "OR NEW.from_account_id IS NOT OLD.from_account_id "
        "OR NEW.to_account_id <> OLD.to_account_id OR NEW.unit_type <> OLD.unit_type "
        "OR NEW.quantity <> OLD.quantity OR NEW.act <> OLD.act "
        "OR NEW.request_id <> OLD.request_id OR NEW.proposed_by <> OLD.proposed_by "
        "OR NEW.proposed_at <> OLD.proposed_at",
    ),
    _refuse(
        "transaction_approver",
        "UPDATE",
        "registry_transaction",
        "only an active approver completes a transaction",
        "NEW.status = 4 AND NOT EXISTS (SELECT 1 FROM person WHERE id = NEW.decided_by "
        "AND role = 'approver' AND state = 'active')",
    ),
)

_COMPLETION = (
    _refuse(
        "transaction_quantity",
        "UPDATE OF status",
        "registry_transaction",
        "a transaction moves exactly the quantity it says",
        "NEW.status = 4 AND NEW.from_account_id IS NOT NULL AND NEW.quantity IS NOT "
        "(SELECT SUM(last_serial - first_serial + 1) FROM unit_block WHERE reserved_by = NEW.id)",
    ),
)

_REDUCTIONS = (
    _refuse(
        "reduction_period",
        "INSERT",
        "verified_reduction",
        "monitoring periods of one project cannot overlap",
        "EXISTS (SELECT 1 FROM verified_reduction WHERE project_id = NEW.project_id "
        "AND period_from <= NEW.period_to AND period_to >= NEW.period_from)",
    ),
    _refuse(
        "reduction_content",
        "UPDATE",
        "verified_reduction",
        "a verified reduction cannot be changed",
        "NEW.project_id <> OLD.project_id OR NEW.period_from <> OLD.period_from "
        "OR NEW.period_to <> OLD.period_to OR NEW.quantity <> OLD.quantity "
        "OR NEW.reference <> OLD.reference OR NEW.document_sha256 <> OLD.document_sha256",
    ),
    _refuse(
        "reduction_issued_once",
        "UPDATE",
        "verified_reduction",
        "a monitoring period is issued once",
        "OLD.issued_by IS NOT NULL AND NEW.issued_by IS NOT OLD.issued_by AND NOT EXISTS "
        "(SELECT 1 FROM registry_transaction WHERE id = OLD.issued_by AND status IN (5, 6, 7))",
    ),
)

_RULES = (
    _refuse(
        "rule_range",
        "INSERT",
        "rule",
        "validity ranges of one rule cannot overlap",
        "EXISTS (SELECT 1 FROM rule WHERE kind = NEW.kind AND unit_type = NEW.unit_type "
        "AND valid_from <= NEW.valid_to AND valid_to >= NEW.valid_from)",
    ),
    *_append_only("rule", "a rule"),
)

# Units. A batch is the range a completed issuance created, once; its blocks always cover it
# exactly. A block splits by raising its first serial: the database itself puts the head back as
# a block of its own, so that no unit can appear or vanish. Everything is refused that would
# create a block outside its batch, over another block, or move it without its transaction.
_BATCHES = (
    _refuse(
        "batch_issuance",
        "INSERT",
        "unit_batch",
        "units are created by an approved issuance only, and never more than it says",
        "NOT EXISTS (SELECT 1 FROM registry_transaction t WHERE t.id = NEW.created_by "
        "AND t.type IN (1, 2, 3) AND t.status = 4 AND t.unit_type = NEW.unit_type "
        "AND t.quantity = NEW.last_serial - NEW.first_serial + 1)",
    ),
)

_BLOCKS = (
    _refuse(
        "block_batch",
        "INSERT",
        "unit_block",
        "a block lies within its batch and carries its attributes",
        "NOT EXISTS (SELECT 1 FROM unit_batch b JOIN series s ON s.id = b.series_id "
        "WHERE b.id = NEW.batch_id AND b.series_id = NEW.series_id AND s.key = NEW.series "
        "AND NEW.first_serial >= b.first_serial AND NEW.last_serial <= b.last_serial "
        "AND b.unit_type = NEW.unit_type AND b.created_by = NEW.created_by "
        "AND NEW.fifo_expiry = COALESCE(b.expires_on, '9999-12-31') "
        "AND NEW.fifo_vintage = COALESCE(b.vintage, 9999))",
    ),
    _refuse(
        "block_overlap",
        "INSERT",
        "unit_block",
        "serial numbers of one series cannot overlap",
        "(SELECT last_serial FROM unit_block "
        "WHERE series_id = NEW.series_id AND first_serial <= NEW.last_serial "
        "ORDER BY first_serial DESC LIMIT 1) >= NEW.first_serial",
    ),
    _refuse(
        "block_birth",
        "INSERT",
        "unit_block",
        "a new block stands in the account its issuance names, or in a buffer",
        "NEW.reserved_by IS NOT NULL OR NEW.state <> "
        "(SELECT unit_state FROM account WHERE id = NEW.account_id) OR (NEW.parent_id IS NULL "
        "AND NEW.account_id <> (SELECT to_account_id FROM registry_transaction "
        "WHERE id = NEW.created_by) AND NOT EXISTS "
        "(SELECT 1 FROM account WHERE id = NEW.account_id AND type_code = 901))",
    ),
    _refuse(
        "block_ended",
        "UPDATE",
        "unit_block",
        "a cancelled or retired unit stays where it is",
        "OLD.state <> 'held'",
    ),
    _refuse(
        "block_content",
        "UPDATE",
        "unit_block",
        "a unit block keeps its serials and attributes",
        "NEW.last_serial <> OLD.last_serial OR NEW.series_id <> OLD.series_id "
        "OR NEW.series <> OLD.series OR NEW.batch_id <> OLD.batch_id "
        "OR NEW.unit_type <> OLD.unit_type OR NEW.created_by <> OLD.created_by "
        "OR NEW.fifo_expiry <> OLD.fifo_expiry OR NEW.fifo_vintage <> OLD.fifo_vintage "
        "OR NEW.parent_id IS NOT OLD.parent_id",
    ),
    _refuse(
        "block_split",
        "UPDATE OF first_serial",
        "unit_block",
        "only an unreserved block splits, and only at its head",
        "NEW.first_serial <> OLD.first_serial AND (NEW.first_serial < OLD.first_serial "
        "OR NEW.first_serial > OLD.last_serial OR OLD.reserved_by IS NOT NULL "
        "OR NEW.reserved_by IS NOT NULL OR NEW.account_id <> OLD.account_id)",
    ),
    _refuse(
        "block_reserve",
        "UPDATE OF reserved_by",
        "unit_block",
        "a block is reserved by one pending transaction of its account",
        "NEW.reserved_by IS NOT NULL AND NEW.reserved_by IS NOT OLD.reserved_by "
        "AND (OLD.reserved_by IS NOT NULL OR NOT EXISTS (SELECT 1 FROM registry_transaction t "
        "WHERE t.id = NEW.reserved_by AND t.status IN (1, 2) "
        "AND t.from_account_id = OLD.account_id AND t.unit_type = OLD.unit_type))",
    ),
    _refuse(
        "block_release",
        "UPDATE OF reserved_by",
        "unit_block",
        "a reserved block is released when its transaction ends",
        "OLD.reserved_by IS NOT NULL AND NEW.reserved_by IS NULL AND NOT EXISTS "
        "(SELECT 1 FROM registry_transaction t WHERE t.id = OLD.reserved_by "
        "AND (t.status IN (5, 6, 7) OR (t.status = 4 AND NEW.account_id = t.to_account_id)))",
    ),
    _refuse(
        "block_move",
        "UPDATE OF account_id, state, moved_by",
        "unit_block",
        "units move only by the completed transaction that reserved them",
        "(NEW.account_id <> OLD.account_id OR NEW.state <> OLD.state "
        "OR NEW.moved_by IS NOT OLD.moved_by) AND NOT (NEW.reserved_by IS NULL "
        "AND NEW.moved_by IS OLD.reserved_by AND EXISTS (SELECT 1 FROM registry_transaction t "
        "JOIN account a ON a.id = t.to_account_id WHERE t.id = OLD.reserved_by "
        "AND t.status = 4 AND t.from_account_id = OLD.account_id "
        "AND t.to_account_id = NEW.account_id AND a.unit_state = NEW.state))",
    ),
    (
        "CREATE TRIGGER block_split_head AFTER UPDATE OF first_serial ON unit_block "
        "WHEN NEW.first_serial <> OLD.first_serial BEGIN "
        "INSERT INTO unit_block (batch_id, series_id, series, first_serial, last_serial, "
        "unit_type, account_id, state, fifo_expiry, fifo_vintage, moved_by, created_by, parent_id) "
        "VALUES (OLD.batch_id, OLD.series_id, OLD.series, OLD.first_serial, NEW.first_serial - 1, "
        "OLD.unit_type, OLD.account_id, OLD.state, OLD.fifo_expiry, OLD.fifo_vintage, "
        "OLD.moved_by, OLD.created_by, OLD.id); END"
    ),
)

# Holdings follow the blocks; the split above changes neither quantity nor reservation.
_SIZE = "(NEW.last_serial - NEW.first_serial + 1)"
_HOLDINGS = (
    (
        "CREATE TRIGGER holding_of_new_block AFTER INSERT ON unit_block WHEN NEW.parent_id IS NULL "
        "BEGIN INSERT INTO holding (account_id, unit_type, quantity, reserved) "
        f"VALUES (NEW.account_id, NEW.unit_type, {_SIZE}, 0) "
        "ON CONFLICT (account_id, unit_type) DO UPDATE "
        "SET quantity = quantity + excluded.quantity; "
        "END"
    ),
    (
        "CREATE TRIGGER holding_of_reservation AFTER UPDATE OF reserved_by ON unit_block "
        "WHEN NEW.reserved_by IS NOT OLD.reserved_by AND NEW.account_id = OLD.account_id BEGIN "
        f"UPDATE holding SET reserved = reserved + {_SIZE} "
        "* ((NEW.reserved_by IS NOT NULL) - (OLD.reserved_by IS NOT NULL)) "
        "WHERE account_id = NEW.account_id AND unit_type = NEW.unit_type; END"
    ),
    (
        "CREATE TRIGGER holding_of_move AFTER UPDATE OF account_id ON unit_block "
        "WHEN NEW.account_id <> OLD.account_id BEGIN "
        f"UPDATE holding SET quantity = quantity - {_SIZE}, reserved = reserved - {_SIZE} "
        "WHERE account_id = OLD.account_id AND unit_type = OLD.unit_type; "
        "INSERT INTO holding (account_id, unit_type, quantity, reserved) "
        f"VALUES (NEW.account_id, NEW.unit_type, {_SIZE}, 0) "
        "ON CONFLICT (account_id, unit_type) DO UPDATE "
        "SET quantity = quantity + excluded.quantity; "
        "END"
    ),
)

STATEMENTS: tuple[str, ...] = (
    *_APPEND_ONLY,
    *_LOG,
    *_REGISTRY,
    *_TRANSACTIONS,
    *_COMPLETION,
    *_REDUCTIONS,
    *_RULES,
    *_BATCHES,
    *_BLOCKS,
    *_HOLDINGS,
)
