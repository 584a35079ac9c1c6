"""Guards of transactions and of the verified reductions they issue."""

from __future__ import annotations

from app.models.guards.sqlite_0002.refusing import refuse

TRANSACTIONS = (
    refuse(
        "transaction_born",
        "INSERT",
        "registry_transaction",
        "a transaction begins as a proposal",
        "NEW.status NOT IN (1, 2) OR NEW.decided_by IS NOT NULL OR NEW.completed_at IS NOT NULL",
    ),
    refuse(
        "transaction_source",
        "INSERT",
        "registry_transaction",
        "units come from an account, or into being by an issuance",
        "(NEW.from_account_id IS NULL AND NEW.type NOT IN (1, 2, 3)) "
        "OR (NEW.from_account_id IS NOT NULL AND NEW.type IN (1, 2))",
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
        "OR NEW.proposed_at <> OLD.proposed_at OR NEW.effective_on IS NOT OLD.effective_on "
        "OR NEW.reverses_id IS NOT OLD.reverses_id "
        "OR NEW.notice_id IS NOT OLD.notice_id OR NEW.not_before IS NOT OLD.not_before "
        "OR NEW.to_expiry IS NOT OLD.to_expiry OR NEW.to_period IS NOT OLD.to_period",
    ),
    refuse(
        "transaction_withdrawn",
        "UPDATE",
        "registry_transaction",
        "a proposal is withdrawn by the one who made it",
        "NEW.status = 7 AND NEW.decided_by IS NOT OLD.proposed_by",
    ),
    refuse(
        "transaction_approver",
        "UPDATE",
        "registry_transaction",
        "only an active approver completes a transaction, a committee member a conversion",
        "NEW.status = 4 AND NOT EXISTS (SELECT 1 FROM person WHERE id = NEW.decided_by "
        "AND role = CASE NEW.type WHEN 2 THEN 'committee' ELSE 'approver' END "
        "AND state = 'active')",
    ),
    refuse(
        "transaction_delay",
        "UPDATE",
        "registry_transaction",
        "a delayed transaction completes no sooner than its delay says",
        "NEW.status = 4 AND NEW.not_before IS NOT NULL AND NEW.completed_at < NEW.not_before",
    ),
    refuse(
        "transaction_quorum",
        "UPDATE",
        "registry_transaction",
        "a conversion completes only with its quorum of the committee",
        "NEW.status = 4 AND NEW.type = 2 AND (SELECT COUNT(*) FROM vote v "
        "JOIN person p ON p.id = v.person_id WHERE v.transaction_id = NEW.id "
        "AND v.choice = 'yes' AND p.role = 'committee' AND p.state = 'active') < "
        "COALESCE((SELECT CAST(value AS INTEGER) FROM rule WHERE kind = 'committee-quorum' "
        "AND unit_type = NEW.unit_type AND valid_from <= date(NEW.decided_at, '+7 hours') "
        "AND valid_to >= date(NEW.decided_at, '+7 hours')), 3)",
    ),
    refuse(
        "transaction_reverses",
        "INSERT",
        "registry_transaction",
        "only a completed transfer can be rolled back, to where it came from",
        "NEW.reverses_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM registry_transaction t "
        "WHERE t.id = NEW.reverses_id AND t.status = 4 AND t.type = 10 AND NEW.type = 10 "
        "AND t.reverses_id IS NULL AND t.from_account_id = NEW.to_account_id "
        "AND t.to_account_id = NEW.from_account_id AND t.quantity = NEW.quantity "
        "AND t.unit_type = NEW.unit_type)",
    ),
    refuse(
        "transaction_rolled_back_moved",
        "UPDATE OF status",
        "registry_transaction",
        "a rollback takes back the very units its transfer moved",
        "NEW.status = 4 AND NEW.reverses_id IS NOT NULL AND EXISTS (SELECT 1 FROM unit_block "
        "WHERE reserved_by = NEW.id AND moved_by IS NOT NEW.reverses_id)",
    ),
    refuse(
        "transaction_sources",
        "UPDATE OF status",
        "registry_transaction",
        "a conversion reissues exactly the source units it names",
        "NEW.status = 4 AND NEW.type = 2 AND NEW.quantity IS NOT (SELECT "
        "SUM(last_serial - first_serial + 1) FROM source_unit WHERE converted_by = NEW.id)",
    ),
)

REPLACED = (
    refuse(
        "replaced_named",
        "INSERT",
        "transaction_block",
        "only a pending replacement names temporary units that are still there",
        "NEW.role = 'replaced' AND (NOT EXISTS (SELECT 1 FROM registry_transaction t "
        "WHERE t.id = NEW.transaction_id AND t.type = 6 AND t.status IN (1, 2)) "
        "OR NOT EXISTS (SELECT 1 FROM unit_block b WHERE b.series = NEW.series "
        "AND b.first_serial <= NEW.first_serial AND b.last_serial >= NEW.last_serial "
        "AND b.state IN ('held', 'retired') AND b.unit_type IN ('tCER', 'lCER') "
        "AND b.account_id = NEW.from_account_id AND b.account_id = NEW.to_account_id))",
    ),
    refuse(
        "replaced_once",
        "INSERT",
        "transaction_block",
        "a unit is replaced once",
        "NEW.role = 'replaced' AND EXISTS (SELECT 1 FROM transaction_block m "
        "JOIN registry_transaction t ON t.id = m.transaction_id WHERE m.series = NEW.series "
        "AND m.role = 'replaced' AND m.first_serial <= NEW.last_serial "
        "AND m.last_serial >= NEW.first_serial AND t.status NOT IN (5, 6, 7))",
    ),
)

VOTES = (
    refuse(
        "vote_cast",
        "INSERT",
        "vote",
        "an active committee member votes on a pending conversion that is not their own",
        "NOT EXISTS (SELECT 1 FROM registry_transaction t JOIN person p ON p.id = NEW.person_id "
        "WHERE t.id = NEW.transaction_id AND t.type = 2 AND t.status IN (1, 2) "
        "AND p.role = 'committee' AND p.state = 'active' AND t.proposed_by <> p.id)",
    ),
)

SOURCES = (
    refuse(
        "source_unit_overlap",
        "INSERT",
        "source_unit",
        "a source serial is registered and converted once",
        "(SELECT last_serial FROM source_unit WHERE series = NEW.series "
        "AND first_serial <= NEW.last_serial ORDER BY first_serial DESC LIMIT 1) "
        ">= NEW.first_serial",
    ),
    refuse(
        "source_unit_born",
        "INSERT",
        "source_unit",
        "a source unit begins unconverted",
        "NEW.converted_by IS NOT NULL OR NEW.reissued_first IS NOT NULL",
    ),
    refuse(
        "source_unit_content",
        "UPDATE",
        "source_unit",
        "a source unit keeps its serials and attributes",
        "NEW.id <> OLD.id OR NEW.serial <> OLD.serial OR NEW.grammar <> OLD.grammar "
        "OR NEW.series <> OLD.series OR NEW.first_serial <> OLD.first_serial "
        "OR NEW.last_serial <> OLD.last_serial OR NEW.unit_type <> OLD.unit_type "
        "OR NEW.host_country <> OLD.host_country OR NEW.project <> OLD.project "
        "OR NEW.attributes <> OLD.attributes OR NEW.record_sha256 <> OLD.record_sha256 "
        "OR NEW.attestation_sha256 <> OLD.attestation_sha256 "
        "OR NEW.registered_by <> OLD.registered_by OR NEW.registered_at <> OLD.registered_at",
    ),
    refuse(
        "source_unit_once",
        "UPDATE OF converted_by",
        "source_unit",
        "a source serial converts once",
        "NEW.converted_by IS NOT OLD.converted_by AND ("
        "(OLD.converted_by IS NOT NULL AND NOT EXISTS (SELECT 1 FROM registry_transaction "
        "WHERE id = OLD.converted_by AND status IN (5, 6, 7))) "
        "OR (NEW.converted_by IS NOT NULL AND NOT EXISTS (SELECT 1 FROM registry_transaction "
        "WHERE id = NEW.converted_by AND type = 2 AND status IN (1, 2))))",
    ),
    refuse(
        "source_unit_reissued",
        "UPDATE OF reissued_series, reissued_first, reissued_last",
        "source_unit",
        "a source unit is reissued one for one, once, by its completed conversion",
        "OLD.reissued_first IS NOT NULL OR NOT EXISTS (SELECT 1 FROM unit_batch b "
        "JOIN series s ON s.id = b.series_id WHERE b.created_by = NEW.converted_by "
        "AND s.key = NEW.reissued_series AND NEW.reissued_first >= b.first_serial "
        "AND NEW.reissued_last <= b.last_serial "
        "AND NEW.reissued_last - NEW.reissued_first = OLD.last_serial - OLD.first_serial) "
        "OR EXISTS (SELECT 1 FROM source_unit o WHERE o.id <> NEW.id "
        "AND o.converted_by = NEW.converted_by AND o.reissued_first <= NEW.reissued_last "
        "AND o.reissued_last >= NEW.reissued_first)",
    ),
    refuse("source_unit_delete", "DELETE", "source_unit", "a source unit cannot be deleted"),
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
    refuse(
        "transaction_reduction",
        "UPDATE OF status",
        "registry_transaction",
        "an issuance is of exactly the verified reduction it names",
        "NEW.status = 4 AND NEW.type = 1 AND NEW.supplementary_type = 0 AND NEW.quantity IS NOT "
        "(SELECT quantity FROM verified_reduction WHERE issued_by = NEW.id)",
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
