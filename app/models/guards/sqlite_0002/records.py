"""Guards of what is only ever added to: log, history, people, accounts, keys, rules."""

from __future__ import annotations

from app.models.guards.sqlite_0002.refusing import append_only, never_replaced, refuse

APPEND_ONLY = (
    *append_only("log_entry", "a log entry"),
    *append_only("transaction_event", "the history of a transaction"),
    *append_only("transaction_block", "the blocks of a transaction"),
    *append_only("account_change", "the history of an account"),
    *append_only("document", "a document"),
    *append_only("certificate", "a certificate"),
    *append_only("unit_batch", "a batch of units"),
    *append_only("series", "a series"),
    *append_only("checkpoint", "a checkpoint"),
    *append_only("vote", "a vote"),
    *append_only("transaction_rule", "the rules of a transaction"),
    *append_only("transaction_document", "the evidence of a transaction"),
    refuse("notice_delete", "DELETE", "notice", "a notice cannot be deleted"),
    refuse("rule_change_delete", "DELETE", "rule_change", "a rule change cannot be deleted"),
    refuse("trusted_delete", "DELETE", "trusted_account", "trust is removed, never deleted"),
    refuse("holding_delete", "DELETE", "holding", "a holding cannot be deleted"),
    refuse("own_units_delete", "DELETE", "own_units", "a count of own units cannot be deleted"),
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
    never_replaced("checkpoint", "a checkpoint", "tree_size"),
    refuse(
        "vote_replace",
        "INSERT",
        "vote",
        "a vote cannot be replaced",
        "EXISTS (SELECT 1 FROM vote WHERE transaction_id = NEW.transaction_id "
        "AND person_id = NEW.person_id)",
    ),
    never_replaced("source_unit", "a source unit", "id"),
    never_replaced("notice", "a notice", "id", "number"),
    never_replaced("rule_change", "a rule change", "id", "request_id"),
    never_replaced("trusted_account", "a trusted account", "id"),
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
        "OR NEW.country <> OLD.country OR NEW.type_code <> OLD.type_code "
        "OR NEW.identifier <> OLD.identifier OR NEW.period <> OLD.period "
        "OR NEW.scheme IS NOT OLD.scheme OR NEW.proposed_by <> OLD.proposed_by",
    ),
    refuse(
        "account_closed",
        "UPDATE",
        "account",
        "a closed account never reopens",
        "OLD.state IN ('closed', 'rejected') AND NEW.state <> OLD.state",
    ),
    refuse(
        "account_close_pending",
        "UPDATE",
        "account",
        "an account with pending transactions cannot close",
        "NEW.state = 'closed' AND OLD.state <> 'closed' AND EXISTS "
        "(SELECT 1 FROM registry_transaction WHERE status IN (1, 2) "
        "AND (from_account_id = OLD.id OR to_account_id = OLD.id))",
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
        "account_proposed_again",
        "UPDATE",
        "account",
        "an account is approved once",
        "OLD.state <> 'proposed' AND (NEW.state = 'proposed' "
        "OR NEW.approved_by IS NOT OLD.approved_by)",
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

CHECKPOINTS = (
    refuse(
        "checkpoint_grows",
        "INSERT",
        "checkpoint",
        "a checkpoint states the log as it is, and only ever a longer one",
        "NEW.tree_size <= (SELECT COALESCE(MAX(tree_size), 0) FROM checkpoint) "
        "OR NEW.tree_size > (SELECT COALESCE(MAX(sequence), 0) FROM log_entry)",
    ),
)

TRUST = (
    refuse(
        "trusted_born",
        "INSERT",
        "trusted_account",
        "trust begins as a proposal",
        "NEW.state <> 'proposed' OR NEW.decided_by IS NOT NULL OR NEW.effective_at IS NOT NULL",
    ),
    refuse(
        "trusted_content",
        "UPDATE",
        "trusted_account",
        "what was proposed cannot be changed",
        "NEW.id <> OLD.id OR NEW.account_id <> OLD.account_id "
        "OR NEW.trusted_number <> OLD.trusted_number OR NEW.proposed_by <> OLD.proposed_by "
        "OR NEW.proposed_at <> OLD.proposed_at OR OLD.state IN ('rejected', 'removed') "
        "OR (OLD.state = 'approved' AND NEW.state <> 'removed')",
    ),
    refuse(
        "trusted_approver",
        "UPDATE",
        "trusted_account",
        "a trusted account is approved by an active approver",
        "NEW.state = 'approved' AND (NEW.effective_at IS NULL OR NOT EXISTS (SELECT 1 FROM person "
        "WHERE id = NEW.decided_by AND role = 'approver' AND state = 'active'))",
    ),
)

NOTICES = (
    refuse(
        "notice_content",
        "UPDATE",
        "notice",
        "a notice keeps what it says, and a completed one its status",
        "NEW.id <> OLD.id OR NEW.number <> OLD.number OR NEW.type <> OLD.type "
        "OR NEW.message <> OLD.message OR NEW.unit_type IS NOT OLD.unit_type "
        "OR NEW.project_id IS NOT OLD.project_id OR NEW.account_id IS NOT OLD.account_id "
        "OR NEW.target_quantity IS NOT OLD.target_quantity OR NEW.period IS NOT OLD.period "
        "OR NEW.received_at <> OLD.received_at OR NEW.due_on <> OLD.due_on "
        "OR NEW.recorded_by <> OLD.recorded_by OR OLD.status = 3",
    ),
)

RULE_CHANGES = (
    refuse(
        "rule_change_born",
        "INSERT",
        "rule_change",
        "a rule change begins as a proposal",
        "NEW.status <> 'proposed' OR NEW.decided_by IS NOT NULL",
    ),
    refuse(
        "rule_change_content",
        "UPDATE",
        "rule_change",
        "a rule change that was decided, or what it says, cannot be changed",
        "OLD.status <> 'proposed' OR NEW.id <> OLD.id OR NEW.request_id <> OLD.request_id "
        "OR NEW.kind <> OLD.kind OR NEW.unit_type <> OLD.unit_type OR NEW.period <> OLD.period "
        "OR NEW.value <> OLD.value OR NEW.valid_from <> OLD.valid_from "
        "OR NEW.valid_to <> OLD.valid_to OR NEW.reason <> OLD.reason "
        "OR NEW.proposed_by <> OLD.proposed_by OR NEW.proposed_at <> OLD.proposed_at",
    ),
    refuse(
        "rule_change_approver",
        "UPDATE",
        "rule_change",
        "a rule change is approved by an active approver",
        "NEW.status = 'approved' AND NOT EXISTS (SELECT 1 FROM person "
        "WHERE id = NEW.decided_by AND role = 'approver' AND state = 'active')",
    ),
)

RULES = (
    refuse(
        "rule_approved",
        "INSERT",
        "rule",
        "a rule comes from its approved change",
        "(NEW.change_id IS NULL AND (EXISTS (SELECT 1 FROM log_entry) "
        "OR EXISTS (SELECT 1 FROM log_queue))) OR (NEW.change_id IS NOT NULL AND NOT EXISTS "
        "(SELECT 1 FROM rule_change c WHERE c.id = NEW.change_id AND c.status = 'approved' "
        "AND c.kind = NEW.kind AND c.unit_type = NEW.unit_type AND c.period = NEW.period "
        "AND c.value = NEW.value AND c.valid_from = NEW.valid_from "
        "AND c.valid_to = NEW.valid_to)) OR NEW.ended_by IS NOT NULL",
    ),
    refuse(
        "rule_range",
        "INSERT",
        "rule",
        "validity ranges of one rule cannot overlap",
        "EXISTS (SELECT 1 FROM rule WHERE kind = NEW.kind AND unit_type = NEW.unit_type "
        "AND valid_from <= NEW.valid_to AND valid_to >= NEW.valid_from)",
    ),
    refuse("rule_delete", "DELETE", "rule", "a rule cannot be deleted"),
    refuse(
        "rule_update",
        "UPDATE",
        "rule",
        "a rule changes only by ending earlier for an approved change",
        "NEW.id <> OLD.id OR NEW.kind <> OLD.kind OR NEW.unit_type <> OLD.unit_type "
        "OR NEW.period <> OLD.period OR NEW.value <> OLD.value "
        "OR NEW.valid_from <> OLD.valid_from OR NEW.change_id IS NOT OLD.change_id "
        "OR NEW.valid_to >= OLD.valid_to OR NEW.valid_to < OLD.valid_from OR NOT EXISTS "
        "(SELECT 1 FROM rule_change c WHERE c.id = NEW.ended_by AND c.status = 'approved' "
        "AND c.kind = OLD.kind AND c.unit_type = OLD.unit_type AND c.valid_from > NEW.valid_to "
        "AND c.valid_from <= OLD.valid_to)",
    ),
)
