-- What every transfer writes is kept lean: references that the guards prove are not proved twice.
--
-- A foreign key asks once for every row and every column, and locks the row it finds: the same
-- few people, accounts and unit types for everybody, who then wait for one another. Where it is
-- taken away here, a guard or the one function that may write the table proves as much, once:
--   registry_transaction  guard_transaction_insert, guard_transaction_update, require_completion
--   unit_block            guard_block_insert (a new block lies in its batch; the rest of a split
--                         is copied from its block), follow_changed_blocks
--   transaction_event, transaction_block
--                         written by teak.propose, teak.complete, teak.vote and
--                         teak.end_transaction alone, of rows they hold locked or have just made
-- What they refer to can never vanish: accounts, people, series, batches, blocks and transactions
-- are never deleted (refusals). tests/models/guards/test_postgresql_references.py asks for each
-- reference taken away here whether anything dangles.

DO $body$
DECLARE
    referring text[];
BEGIN
    FOREACH referring SLICE 1 IN ARRAY ARRAY[
        ['registry_transaction', 'from_account_id'], ['registry_transaction', 'to_account_id'],
        ['registry_transaction', 'unit_type'], ['registry_transaction', 'proposed_by'],
        ['registry_transaction', 'decided_by'],
        ['unit_block', 'batch_id'], ['unit_block', 'series_id'], ['unit_block', 'account_id'],
        ['unit_block', 'reserved_by'], ['unit_block', 'moved_by'], ['unit_block', 'created_by'],
        ['unit_block', 'parent_id'], ['unit_block', 'issued_to'],
        ['transaction_event', 'transaction_id'], ['transaction_event', 'person_id'],
        ['transaction_block', 'transaction_id'], ['transaction_block', 'batch_id'],
        ['transaction_block', 'from_account_id'], ['transaction_block', 'to_account_id']
    ] LOOP
        EXECUTE format('ALTER TABLE %1$I DROP CONSTRAINT IF EXISTS fk_%1$s_%2$s',
            referring[1], referring[2]);
    END LOOP;
END $body$;

-- Few transactions answer a notice or reverse another; the others need no place in these indexes.
DROP INDEX ix_registry_transaction_notice_id;
CREATE INDEX ix_registry_transaction_notice_id ON registry_transaction (notice_id)
WHERE notice_id IS NOT NULL;
DROP INDEX uq_registry_transaction_reverses;
CREATE UNIQUE INDEX uq_registry_transaction_reverses ON registry_transaction (reverses_id)
WHERE reverses_id IS NOT NULL AND status IN (1, 2, 4);

-- Room on its page for a row's next version, which then needs no new place in any index.
ALTER TABLE holding SET (fillfactor = 50);
ALTER TABLE own_units SET (fillfactor = 50);

-- A CHECK is read anew for every statement too. The range of a block is judged by guard_batch,
-- guard_block_insert and guard_block_update; what stands of a transaction stands in one.
ALTER TABLE unit_block DROP CONSTRAINT ck_unit_block_range;
ALTER TABLE registry_transaction
DROP CONSTRAINT ck_registry_transaction_positive,
DROP CONSTRAINT ck_registry_transaction_two_persons,
DROP CONSTRAINT ck_registry_transaction_completed_needs_decision,
ADD CONSTRAINT ck_registry_transaction_two_persons CHECK (
    quantity > 0 AND (decided_by IS NULL OR decided_by <> proposed_by OR status = 7)
    AND (status <> 4 OR decided_by IS NOT NULL)
);
