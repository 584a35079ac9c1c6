"""Guards of what is only ever added to: log, history, people, accounts, keys, rules."""

from __future__ import annotations

from app.models.guards.sqlite_0001.refusing import append_only, never_replaced, refuse

APPEND_ONLY = (
    *append_only("log_entry", "a log entry"),
    *append_only("transaction_event", "the history of a transaction"),
    *append_only("transaction_block", "the blocks of a transaction"),
    *append_only("account_change", "the history of an account"),
    *append_only("document", "a document"),
    *append_only("certificate", "a certificate"),
    *append_only("unit_batch", "a batch of units"),
    *append_only("series", "a series"),
    refuse("unit_block_delete", "DELETE", "unit_block", "a unit block cannot be deleted"),
    refuse(
        "registry_transaction_delete",
        "DELETE",
        "registry_transaction",
        "a transaction cannot be deleted",
    ),
    refuse("account_delete", "DELETE", "account", "an account cannot be deleted"),
    refuse("person_delete", "DELETE", "person", "a person cannot be deleted, only revoked"),
    refuse("registry_delete", "DELETE", "registry", "the registry row cannot be deleted"),
)

NEVER_REPLACED = (
    never_replaced("log_entry", "a log entry", "sequence", "transaction_id"),
    never_replaced("transaction_event", "the history of a transaction", "id"),
    never_replaced("transaction_block", "the blocks of a transaction", "id"),
    never_replaced("account_change", "the history of an account", "id"),
    never_replaced("document", "a document", "sha256"),
    never_replaced("certificate", "a certificate", "id", "number", "transaction_id"),
    never_replaced("unit_batch", "a batch of units", "id", "created_by"),
    never_replaced("series", "a series", "id", "key"),
    never_replaced("unit_block", "a unit block", "id"),
    never_replaced("registry_transaction", "a transaction", "id", "request_id"),
    never_replaced("account", "an account", "id", "number"),
    never_replaced("person", "a person", "id", "user_name"),
    never_replaced("registry", "the registry row", "id"),
    never_replaced("verified_reduction", "a verified reduction", "id", "issued_by"),
    never_replaced("rule", "a rule", "id"),
    never_replaced("signing_key", "a signing key", "id"),
)

LOG = (
    refuse(
        "log_entry_sequence",
        "INSERT",
        "log_entry",
        "log entries follow one another without a gap",
        "NEW.sequence <> (SELECT COALESCE(MAX(sequence), 0) + 1 FROM log_entry)",
    ),
)

REGISTRY = (
    refuse(
        "registry_identity",
        "UPDATE",
        "registry",
        "a registry keeps its identity, and a real one never becomes a demo or the reverse",
        "NEW.id <> OLD.id OR NEW.registry_id <> OLD.registry_id OR NEW.is_demo <> OLD.is_demo "
        "OR NEW.country <> OLD.country",
    ),
    refuse(
        "account_number",
        "UPDATE",
        "account",
        "an account keeps its number",
        "NEW.id <> OLD.id OR NEW.number <> OLD.number OR NEW.unit_state <> OLD.unit_state "
        "OR NEW.proposed_by <> OLD.proposed_by",
    ),
    refuse(
        "account_closed",
        "UPDATE",
        "account",
        "a closed account never reopens",
        "OLD.state IN ('closed', 'rejected') AND NEW.state <> OLD.state",
    ),
    refuse(
        "account_close_units",
        "UPDATE",
        "account",
        "an account with units cannot close",
        "NEW.state = 'closed' AND OLD.state <> 'closed' AND EXISTS "
        "(SELECT 1 FROM holding WHERE account_id = OLD.id AND quantity > 0)",
    ),
    refuse(
        "person_identity",
        "UPDATE",
        "person",
        "a person keeps their user name and role",
        "NEW.id <> OLD.id OR NEW.user_name <> OLD.user_name OR NEW.role <> OLD.role",
    ),
    refuse(
        "signing_key_kept",
        "UPDATE",
        "signing_key",
        "a signing key is retired, never changed",
        "NEW.id <> OLD.id OR NEW.public_key <> OLD.public_key "
        "OR NEW.private_key <> OLD.private_key OR OLD.retired_at IS NOT NULL",
    ),
    refuse(
        "signing_key_delete", "DELETE", "signing_key", "a signing key is retired, never deleted"
    ),
    refuse(
        "one_time_code_reuse",
        "UPDATE",
        "person",
        "a one-time code is accepted once",
        "NEW.last_code_step < OLD.last_code_step",
    ),
)

RULES = (
    refuse(
        "rule_range",
        "INSERT",
        "rule",
        "validity ranges of one rule cannot overlap",
        "EXISTS (SELECT 1 FROM rule WHERE kind = NEW.kind AND unit_type = NEW.unit_type "
        "AND valid_from <= NEW.valid_to AND valid_to >= NEW.valid_from)",
    ),
    *append_only("rule", "a rule"),
)
