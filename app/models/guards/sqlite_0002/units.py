"""Guards of units: batches, blocks, and the holdings that follow from them.

A batch is the range a completed issuance created, once; its blocks always cover it exactly. A
block splits by raising its first serial: the database itself puts the head back as a block of
its own, so that no unit can appear or vanish. Everything is refused that would create a block
outside its batch, over another block, or move it without its transaction.
"""

from __future__ import annotations

from app.models.guards.sqlite_0002.refusing import refuse

BATCHES = (
    refuse(
        "batch_issuance",
        "INSERT",
        "unit_batch",
        "units are created by an approved issuance only, and never more than it says",
        "NOT EXISTS (SELECT 1 FROM registry_transaction t WHERE t.id = NEW.created_by "
        "AND t.type IN (1, 2, 3) AND t.status = 4 AND t.from_account_id IS NULL "
        "AND t.unit_type = NEW.unit_type "
        "AND t.quantity = NEW.last_serial - NEW.first_serial + 1)",
    ),
)

BLOCKS = (
    refuse(
        "block_batch",
        "INSERT",
        "unit_block",
        "a block lies within its batch and carries its attributes",
        "NOT EXISTS (SELECT 1 FROM unit_batch b JOIN series s ON s.id = b.series_id "
        "WHERE b.id = NEW.batch_id AND b.series_id = NEW.series_id AND s.key = NEW.series "
        "AND NEW.first_serial >= b.first_serial AND NEW.last_serial <= b.last_serial "
        "AND b.unit_type = NEW.unit_type AND b.created_by = NEW.created_by "
        "AND NEW.fifo_vintage = COALESCE(b.vintage, 9999) AND (NEW.parent_id IS NOT NULL "
        "OR (NEW.fifo_expiry = COALESCE(b.expires_on, '9999-12-31') "
        "AND NEW.applicable_period = b.applicable_period)))",
    ),
    refuse(
        "block_head",
        "INSERT",
        "unit_block",
        "the head of a block carries what its block does",
        "NEW.parent_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM unit_block p "
        "WHERE p.id = NEW.parent_id AND p.batch_id = NEW.batch_id "
        "AND p.first_serial = NEW.last_serial + 1 AND p.account_id = NEW.account_id "
        "AND p.fifo_expiry = NEW.fifo_expiry AND p.applicable_period = NEW.applicable_period "
        "AND p.issued_to = NEW.issued_to AND p.moved_by IS NEW.moved_by)",
    ),
    refuse(
        "block_overlap",
        "INSERT",
        "unit_block",
        "serial numbers of one series cannot overlap",
        "(SELECT last_serial FROM unit_block "
        "WHERE series_id = NEW.series_id AND first_serial <= NEW.last_serial "
        "ORDER BY first_serial DESC LIMIT 1) >= NEW.first_serial",
    ),
    refuse(
        "block_birth",
        "INSERT",
        "unit_block",
        "a new block stands in the account its issuance names, or in a buffer",
        "NEW.reserved_by IS NOT NULL OR NEW.state <> "
        "(SELECT unit_state FROM account WHERE id = NEW.account_id) OR (NEW.parent_id IS NULL "
        "AND NEW.issued_to <> NEW.account_id) OR (NEW.parent_id IS NULL "
        "AND NEW.account_id <> (SELECT to_account_id FROM registry_transaction "
        "WHERE id = NEW.created_by) AND NOT EXISTS "
        "(SELECT 1 FROM account WHERE id = NEW.account_id AND type_code = 901))",
    ),
    refuse(
        "block_ended",
        "UPDATE",
        "unit_block",
        "a cancelled or retired unit stays where it is",
        "OLD.state <> 'held'",
    ),
    refuse(
        "block_content",
        "UPDATE",
        "unit_block",
        "a unit block keeps its serials and attributes",
        "NEW.id <> OLD.id OR NEW.last_serial <> OLD.last_serial OR NEW.series_id <> OLD.series_id "
        "OR NEW.series <> OLD.series OR NEW.batch_id <> OLD.batch_id "
        "OR NEW.unit_type <> OLD.unit_type OR NEW.created_by <> OLD.created_by "
        "OR NEW.fifo_vintage <> OLD.fifo_vintage OR NEW.issued_to <> OLD.issued_to "
        "OR NEW.parent_id IS NOT OLD.parent_id",
    ),
    refuse(
        "block_expiry",
        "UPDATE OF fifo_expiry, applicable_period",
        "unit_block",
        "an expiry date or a period changes only by the completed transaction that says so",
        "(NEW.fifo_expiry <> OLD.fifo_expiry OR NEW.applicable_period <> OLD.applicable_period) "
        "AND NOT EXISTS (SELECT 1 FROM registry_transaction t WHERE t.id = OLD.reserved_by "
        "AND NEW.moved_by = t.id AND t.status = 4 AND ("
        "(t.type = 8 AND NEW.fifo_expiry = COALESCE(t.to_expiry, '9999-12-31') "
        "AND NEW.applicable_period = OLD.applicable_period) "
        "OR (t.type = 7 AND NEW.applicable_period = t.to_period "
        "AND NEW.fifo_expiry = OLD.fifo_expiry)))",
    ),
    refuse(
        "block_split",
        "UPDATE OF first_serial",
        "unit_block",
        "only an unreserved block splits, and only at its head",
        "NEW.first_serial <> OLD.first_serial AND (NEW.first_serial < OLD.first_serial "
        "OR NEW.first_serial > OLD.last_serial OR OLD.reserved_by IS NOT NULL "
        "OR NEW.reserved_by IS NOT NULL OR NEW.account_id <> OLD.account_id)",
    ),
    refuse(
        "block_reserve",
        "UPDATE OF reserved_by",
        "unit_block",
        "a block is reserved by one pending transaction of its account",
        "NEW.reserved_by IS NOT NULL AND NEW.reserved_by IS NOT OLD.reserved_by "
        "AND (OLD.reserved_by IS NOT NULL OR NOT EXISTS (SELECT 1 FROM registry_transaction t "
        "WHERE t.id = NEW.reserved_by AND t.status IN (1, 2) "
        "AND t.from_account_id = OLD.account_id AND t.unit_type = OLD.unit_type))",
    ),
    refuse(
        "block_release",
        "UPDATE OF reserved_by",
        "unit_block",
        "a reserved block is released when its transaction ends",
        "OLD.reserved_by IS NOT NULL AND NEW.reserved_by IS NULL AND NOT EXISTS "
        "(SELECT 1 FROM registry_transaction t WHERE t.id = OLD.reserved_by "
        "AND (t.status IN (5, 6, 7) OR (t.status = 4 AND NEW.account_id = t.to_account_id)))",
    ),
    refuse(
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
        "unit_type, account_id, state, fifo_expiry, fifo_vintage, applicable_period, issued_to, "
        "moved_by, created_by, parent_id) "
        "VALUES (OLD.batch_id, OLD.series_id, OLD.series, OLD.first_serial, NEW.first_serial - 1, "
        "OLD.unit_type, OLD.account_id, OLD.state, OLD.fifo_expiry, OLD.fifo_vintage, "
        "OLD.applicable_period, OLD.issued_to, OLD.moved_by, OLD.created_by, OLD.id); END"
    ),
)

# Holdings follow the blocks; the split above changes neither quantity nor reservation.
_SIZE = "(NEW.last_serial - NEW.first_serial + 1)"
HOLDINGS = (
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

_TRANSFERRED = "(SELECT type FROM registry_transaction WHERE id = NEW.moved_by) IN (3, 10)"
OWN_UNITS = (
    (
        "CREATE TRIGGER own_units_of_new_block AFTER INSERT ON unit_block "
        "WHEN NEW.parent_id IS NULL BEGIN "
        "INSERT INTO own_units (account_id, unit_type, period, issued, passed_on) "
        f"VALUES (NEW.account_id, NEW.unit_type, NEW.applicable_period, {_SIZE}, 0) "
        "ON CONFLICT (account_id, unit_type, period) DO UPDATE "
        "SET issued = issued + excluded.issued; END"
    ),
    (
        "CREATE TRIGGER own_units_passed_on AFTER UPDATE OF account_id ON unit_block "
        "WHEN NEW.account_id <> OLD.account_id AND OLD.account_id = OLD.issued_to "
        f"AND {_TRANSFERRED} BEGIN UPDATE own_units SET passed_on = passed_on + {_SIZE} "
        "WHERE account_id = OLD.account_id AND unit_type = OLD.unit_type "
        "AND period = OLD.applicable_period; END"
    ),
    (
        "CREATE TRIGGER own_units_come_back AFTER UPDATE OF account_id ON unit_block "
        "WHEN NEW.account_id <> OLD.account_id AND NEW.account_id = NEW.issued_to "
        f"AND {_TRANSFERRED} BEGIN UPDATE own_units SET passed_on = passed_on - {_SIZE} "
        "WHERE account_id = NEW.account_id AND unit_type = NEW.unit_type "
        "AND period = NEW.applicable_period; END"
    ),
    (
        "CREATE TRIGGER own_units_change_period AFTER UPDATE OF applicable_period ON unit_block "
        "WHEN NEW.applicable_period <> OLD.applicable_period "
        "AND NEW.account_id = NEW.issued_to BEGIN "
        f"UPDATE own_units SET issued = issued - {_SIZE} WHERE account_id = OLD.account_id "
        "AND unit_type = OLD.unit_type AND period = OLD.applicable_period; "
        "INSERT INTO own_units (account_id, unit_type, period, issued, passed_on) "
        f"VALUES (NEW.account_id, NEW.unit_type, NEW.applicable_period, {_SIZE}, 0) "
        "ON CONFLICT (account_id, unit_type, period) DO UPDATE "
        "SET issued = issued + excluded.issued; END"
    ),
)
