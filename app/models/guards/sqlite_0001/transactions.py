"""Guards of transactions and of the verified reductions they issue."""

from __future__ import annotations

from app.models.guards.sqlite_0001.refusing import refuse

TRANSACTIONS = (
    refuse(
        "transaction_born",
        "INSERT",
        "registry_transaction",
        "a transaction begins as a proposal",
        "NEW.status NOT IN (1, 2) OR NEW.decided_by IS NOT NULL OR NEW.completed_at IS NOT NULL",
    ),
    refuse(
        "transaction_final",
        "UPDATE",
        "registry_transaction",
        "a transaction that has ended cannot be changed",
        "OLD.status IN (4, 5, 6, 7)",
    ),
    refuse(
        "transaction_content",
        "UPDATE",
        "registry_transaction",
        "what was proposed cannot be changed",
        "NEW.id <> OLD.id OR NEW.type <> OLD.type "
        "OR NEW.supplementary_type <> OLD.supplementary_type "
        "OR NEW.from_account_id IS NOT OLD.from_account_id "
        "OR NEW.to_account_id <> OLD.to_account_id OR NEW.unit_type <> OLD.unit_type "
        "OR NEW.quantity <> OLD.quantity OR NEW.act <> OLD.act "
        "OR NEW.request_id <> OLD.request_id OR NEW.proposed_by <> OLD.proposed_by "
        "OR NEW.proposed_at <> OLD.proposed_at",
    ),
    refuse(
        "transaction_approver",
        "UPDATE",
        "registry_transaction",
        "only an active approver completes a transaction",
        "NEW.status = 4 AND NOT EXISTS (SELECT 1 FROM person WHERE id = NEW.decided_by "
        "AND role = 'approver' AND state = 'active')",
    ),
)

COMPLETION = (
    refuse(
        "transaction_quantity",
        "UPDATE OF status",
        "registry_transaction",
        "a transaction moves exactly the quantity it says",
        "NEW.status = 4 AND NEW.from_account_id IS NOT NULL AND NEW.quantity IS NOT "
        "(SELECT SUM(last_serial - first_serial + 1) FROM unit_block WHERE reserved_by = NEW.id)",
    ),
)

REDUCTIONS = (
    refuse(
        "verified_reduction_delete",
        "DELETE",
        "verified_reduction",
        "a verified reduction goes only with the proposal that stated it",
        "NOT (OLD.is_proposed AND EXISTS (SELECT 1 FROM registry_transaction "
        "WHERE id = OLD.issued_by AND status IN (5, 6, 7)))",
    ),
    refuse(
        "reduction_period",
        "INSERT",
        "verified_reduction",
        "monitoring periods of one project cannot overlap",
        "EXISTS (SELECT 1 FROM verified_reduction WHERE project_id = NEW.project_id "
        "AND period_from <= NEW.period_to AND period_to >= NEW.period_from)",
    ),
    refuse(
        "reduction_content",
        "UPDATE",
        "verified_reduction",
        "a verified reduction cannot be changed",
        "NEW.id <> OLD.id OR NEW.project_id <> OLD.project_id "
        "OR NEW.period_from <> OLD.period_from "
        "OR NEW.period_to <> OLD.period_to OR NEW.quantity <> OLD.quantity "
        "OR NEW.is_proposed <> OLD.is_proposed OR NEW.reference <> OLD.reference "
        "OR NEW.document_sha256 <> OLD.document_sha256",
    ),
    refuse(
        "reduction_issued_once",
        "UPDATE",
        "verified_reduction",
        "a monitoring period is issued once",
        "OLD.issued_by IS NOT NULL AND NEW.issued_by IS NOT OLD.issued_by AND NOT EXISTS "
        "(SELECT 1 FROM registry_transaction WHERE id = OLD.issued_by AND status IN (5, 6, 7))",
    ),
    refuse(
        "reduction_of_another",
        "UPDATE",
        "verified_reduction",
        "a transaction issues one verified reduction",
        "NEW.issued_by IS NOT OLD.issued_by AND EXISTS (SELECT 1 FROM verified_reduction "
        "WHERE issued_by = NEW.issued_by)",
    ),
)
