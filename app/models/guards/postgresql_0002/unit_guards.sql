-- Guards of units: batches and blocks.
--
-- A batch is the range a completed issuance created, once; its blocks always cover it exactly. A
-- block splits by lowering its last serial: the database itself puts the rest back as a block of
-- its own, so that no unit can appear or vanish. One statement can so split a block and reserve
-- its head. Every trigger says in WHEN whom it concerns, so that others cost nothing.

ALTER TABLE unit_block ADD CONSTRAINT ex_unit_block_serials EXCLUDE USING gist (
    int8range((series_id << 44) + first_serial, (series_id << 44) + last_serial, '[]') WITH &&
);

-- Numbers stay within what the constraint above keeps apart.
ALTER TABLE unit_block ADD CONSTRAINT ck_unit_block_largest
CHECK (last_serial < 1::bigint << 43 AND series_id < 1::bigint << 19);

CREATE FUNCTION teak.guard_batch() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM teak.registry_transaction t
        WHERE t.id = NEW.created_by AND t.type IN (1, 2, 3) AND t.status = 4
        AND t.from_account_id IS NULL AND t.unit_type = NEW.unit_type
        AND t.quantity = NEW.last_serial - NEW.first_serial + 1
    ) THEN
        PERFORM teak.stop(
            'units are created by an approved issuance only, and never more than it says');
    END IF;
    RETURN NEW;
END $body$;

CREATE TRIGGER guard_batch BEFORE INSERT ON unit_batch FOR EACH ROW
EXECUTE FUNCTION teak.guard_batch();

-- At commit: the blocks of a new batch cover it; overlapping is excluded, so counting is enough.
CREATE FUNCTION teak.guard_batch_covered() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    IF NEW.last_serial - NEW.first_serial + 1 IS DISTINCT FROM (
        SELECT sum(last_serial - first_serial + 1) FROM teak.unit_block WHERE batch_id = NEW.id
    ) THEN
        PERFORM teak.stop('the blocks of a batch cover it exactly');
    END IF;
    RETURN NULL;
END $body$;

CREATE CONSTRAINT TRIGGER guard_batch_covered AFTER INSERT ON unit_batch
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
EXECUTE FUNCTION teak.guard_batch_covered();

CREATE FUNCTION teak.guard_block_birth() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM teak.unit_batch b JOIN teak.series s ON s.id = b.series_id
        WHERE b.id = NEW.batch_id AND b.series_id = NEW.series_id AND s.key = NEW.series
        AND NEW.first_serial >= b.first_serial AND NEW.last_serial <= b.last_serial
        AND b.unit_type = NEW.unit_type AND b.created_by = NEW.created_by
        AND NEW.fifo_vintage = COALESCE(b.vintage, 9999)
        AND NEW.fifo_expiry = COALESCE(b.expires_on, '9999-12-31')
        AND NEW.applicable_period = b.applicable_period
    ) THEN
        PERFORM teak.stop('a block lies within its batch and carries its attributes');
    END IF;
    IF NEW.reserved_by IS NOT NULL OR NEW.moved_by IS NOT NULL
        OR NEW.issued_to <> NEW.account_id
        OR NOT EXISTS (
            SELECT 1 FROM teak.account a
            WHERE a.id = NEW.account_id AND a.unit_state = NEW.state
            AND (a.type_code = 901 OR a.id = (
                SELECT to_account_id FROM teak.registry_transaction WHERE id = NEW.created_by)))
    THEN
        PERFORM teak.stop('a new block stands in the account its issuance names, or in a buffer');
    END IF;
    RETURN NEW;
END $body$;

CREATE TRIGGER guard_block_birth BEFORE INSERT ON unit_block FOR EACH ROW
WHEN (NEW.parent_id IS NULL)
EXECUTE FUNCTION teak.guard_block_birth();

-- Inside the trigger that puts back the rest of a split the depth is 1 and more.
CREATE TRIGGER guard_block_rest BEFORE INSERT ON unit_block FOR EACH ROW
WHEN (NEW.parent_id IS NOT NULL AND pg_trigger_depth() = 0)
EXECUTE FUNCTION teak.refuse('the rest of a block is put back by its split alone');

CREATE TRIGGER guard_block_ended BEFORE UPDATE ON unit_block FOR EACH ROW
WHEN (OLD.state <> 'held')
EXECUTE FUNCTION teak.refuse('a cancelled or retired unit stays where it is');

CREATE TRIGGER guard_block_content BEFORE UPDATE ON unit_block FOR EACH ROW
WHEN (
    NEW.id <> OLD.id OR NEW.first_serial <> OLD.first_serial OR NEW.series_id <> OLD.series_id
    OR NEW.series <> OLD.series OR NEW.batch_id <> OLD.batch_id
    OR NEW.unit_type <> OLD.unit_type OR NEW.created_by <> OLD.created_by
    OR NEW.fifo_vintage <> OLD.fifo_vintage OR NEW.issued_to <> OLD.issued_to
    OR NEW.parent_id IS DISTINCT FROM OLD.parent_id
)
EXECUTE FUNCTION teak.refuse('a unit block keeps its serials and attributes');

CREATE TRIGGER guard_block_split BEFORE UPDATE ON unit_block FOR EACH ROW
WHEN (
    NEW.last_serial <> OLD.last_serial
    AND (NEW.last_serial > OLD.last_serial OR NEW.last_serial < OLD.first_serial
        OR OLD.reserved_by IS NOT NULL OR NEW.account_id <> OLD.account_id)
)
EXECUTE FUNCTION teak.refuse('only an unreserved block splits, and only within itself');

CREATE FUNCTION teak.guard_block_reserve() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF OLD.reserved_by IS NOT NULL OR NOT EXISTS (
        SELECT 1 FROM teak.registry_transaction t
        WHERE t.id = NEW.reserved_by AND t.status IN (1, 2)
        AND t.from_account_id = OLD.account_id AND t.unit_type = OLD.unit_type
    ) THEN
        PERFORM teak.stop('a block is reserved by one pending transaction of its account');
    END IF;
    RETURN NEW;
END $body$;

CREATE TRIGGER guard_block_reserve BEFORE UPDATE ON unit_block FOR EACH ROW
WHEN (NEW.reserved_by IS NOT NULL AND NEW.reserved_by IS DISTINCT FROM OLD.reserved_by)
EXECUTE FUNCTION teak.guard_block_reserve();

-- A reserved block is let go by the end of its transaction alone: it moves or changes as a
-- completed one says, and stays as it was after any other end.
CREATE FUNCTION teak.guard_block_release() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
    t record;
BEGIN
    SELECT d.status, d.type, d.from_account_id, d.to_account_id, d.to_expiry, d.to_period,
        a.unit_state
    INTO t
    FROM teak.registry_transaction d JOIN teak.account a ON a.id = d.to_account_id
    WHERE d.id = OLD.reserved_by;
    IF t.status = 4 THEN
        IF NEW.moved_by IS DISTINCT FROM OLD.reserved_by
            OR t.from_account_id <> OLD.account_id
            OR NEW.account_id <> t.to_account_id OR NEW.state <> t.unit_state
        THEN
            PERFORM teak.stop('units move only by the completed transaction that reserved them');
        END IF;
        IF NEW.fifo_expiry <> (CASE t.type
            WHEN 8 THEN COALESCE(t.to_expiry, '9999-12-31') ELSE OLD.fifo_expiry END)
            OR NEW.applicable_period <> (CASE t.type
            WHEN 7 THEN t.to_period ELSE OLD.applicable_period END)
        THEN
            PERFORM teak.stop('an expiry date or a period changes only by the completed '
                || 'transaction that says so');
        END IF;
    ELSIF t.status IN (5, 6, 7) THEN
        IF (NEW.account_id, NEW.state, NEW.moved_by, NEW.fifo_expiry, NEW.applicable_period)
            IS DISTINCT FROM
            (OLD.account_id, OLD.state, OLD.moved_by, OLD.fifo_expiry, OLD.applicable_period)
        THEN
            PERFORM teak.stop('units move only by the completed transaction that reserved them');
        END IF;
    ELSE
        PERFORM teak.stop('a reserved block is released when its transaction ends');
    END IF;
    RETURN NEW;
END $body$;

CREATE TRIGGER guard_block_release BEFORE UPDATE ON unit_block FOR EACH ROW
WHEN (OLD.reserved_by IS NOT NULL AND NEW.reserved_by IS NULL)
EXECUTE FUNCTION teak.guard_block_release();

CREATE TRIGGER guard_block_move BEFORE UPDATE ON unit_block FOR EACH ROW
WHEN (
    (OLD.reserved_by IS NULL OR NEW.reserved_by IS NOT NULL)
    AND (NEW.account_id <> OLD.account_id OR NEW.state <> OLD.state
        OR NEW.moved_by IS DISTINCT FROM OLD.moved_by)
)
EXECUTE FUNCTION teak.refuse('units move only by the completed transaction that reserved them');

CREATE TRIGGER guard_block_expiry BEFORE UPDATE ON unit_block FOR EACH ROW
WHEN (
    (OLD.reserved_by IS NULL OR NEW.reserved_by IS NOT NULL)
    AND (NEW.fifo_expiry <> OLD.fifo_expiry OR NEW.applicable_period <> OLD.applicable_period)
)
EXECUTE FUNCTION teak.refuse(
    'an expiry date or a period changes only by the completed transaction that says so'
);

CREATE FUNCTION teak.put_back_rest() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    INSERT INTO teak.unit_block (
        batch_id, series_id, series, first_serial, last_serial, unit_type, account_id, state,
        fifo_expiry, fifo_vintage, applicable_period, issued_to, moved_by, created_by, parent_id)
    VALUES (
        OLD.batch_id, OLD.series_id, OLD.series, NEW.last_serial + 1, OLD.last_serial,
        OLD.unit_type, OLD.account_id, OLD.state, OLD.fifo_expiry, OLD.fifo_vintage,
        OLD.applicable_period, OLD.issued_to, OLD.moved_by, OLD.created_by, OLD.id);
    RETURN NULL;
END $body$;

CREATE TRIGGER put_back_rest AFTER UPDATE ON unit_block FOR EACH ROW
WHEN (NEW.last_serial <> OLD.last_serial)
EXECUTE FUNCTION teak.put_back_rest();
