-- Guards of units: batches and blocks.
--
-- A batch is the range a completed issuance created, once; its blocks always cover it exactly.
-- That no serial is issued twice is a constraint of the table, whatever happens at the same time;
-- that the blocks of a batch lie apart follows, block by block: a new one looks at its neighbour,
-- and a block splits by lowering its last serial, whereupon the database itself puts the rest back
-- as a block of its own. So no unit can appear or vanish, and one statement can split a block and
-- reserve its head. (The same constraint on the blocks would be written anew with every change of
-- any of their columns: a sixth of what a transfer costs.) One trigger judges all of a row: each
-- further one, and each condition of WHEN, is read anew by the server for every statement.

ALTER TABLE unit_batch ADD CONSTRAINT ex_unit_batch_serials EXCLUDE USING gist (
    int8range((series_id << 44) + first_serial, (series_id << 44) + last_serial, '[]') WITH &&
);

CREATE FUNCTION teak.guard_batch() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF NEW.first_serial < 0 OR NEW.last_serial >= 1::bigint << 43
        OR NEW.series_id >= 1::bigint << 19
    THEN
        PERFORM teak.stop('serial numbers go up to 2^43 - 1, in at most 2^19 - 1 series');
    END IF;
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

-- At commit: the blocks of a new batch cover it; none overlaps another, so counting is enough.
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

CREATE FUNCTION teak.guard_block_insert() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    -- One that ends before it begins would count as less than nothing, and hide an overlap.
    IF NEW.last_serial < NEW.first_serial THEN
        PERFORM teak.stop('a block has its serials in order');
    END IF;
    IF (
        SELECT last_serial FROM teak.unit_block
        WHERE series_id = NEW.series_id AND first_serial <= NEW.last_serial
        ORDER BY first_serial DESC LIMIT 1
    ) >= NEW.first_serial THEN
        PERFORM teak.stop('serial numbers of one series cannot overlap');
    END IF;
    IF NEW.parent_id IS NOT NULL THEN
        -- One level is this trigger; the other is the one that puts back the rest of a split.
        IF pg_trigger_depth() < 2 THEN
            PERFORM teak.stop('the rest of a block is put back by its split alone');
        END IF;
        RETURN NEW;
    END IF;
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

CREATE TRIGGER guard_block_insert BEFORE INSERT ON unit_block FOR EACH ROW
EXECUTE FUNCTION teak.guard_block_insert();

-- Only what a change of expiry date or a carry-over says changes these.
CREATE FUNCTION teak.require_said_change(was teak.unit_block, becomes teak.unit_block)
RETURNS void LANGUAGE plpgsql AS $body$
DECLARE
    kind integer := (SELECT type FROM teak.registry_transaction WHERE id = was.reserved_by);
BEGIN
    IF kind IS NULL OR becomes.reserved_by IS NOT NULL
        OR becomes.moved_by IS DISTINCT FROM was.reserved_by
        OR (becomes.fifo_expiry <> was.fifo_expiry AND kind <> 8)
        OR (becomes.applicable_period <> was.applicable_period AND kind <> 7)
    THEN
        PERFORM teak.stop('an expiry date or a period changes only by the completed '
            || 'transaction that says so');
    END IF;
END $body$;

-- What can be judged by the block alone. That its reservation, or the end of one, is that of the
-- right transaction is judged once for all blocks of a statement: teak.follow_changed_blocks.
CREATE FUNCTION teak.guard_block_update() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF OLD.state <> 'held' THEN
        PERFORM teak.stop('a cancelled or retired unit stays where it is');
    END IF;
    IF NEW.id <> OLD.id OR NEW.first_serial <> OLD.first_serial OR NEW.series_id <> OLD.series_id
        OR NEW.series <> OLD.series OR NEW.batch_id <> OLD.batch_id
        OR NEW.unit_type <> OLD.unit_type OR NEW.created_by <> OLD.created_by
        OR NEW.fifo_vintage <> OLD.fifo_vintage OR NEW.issued_to <> OLD.issued_to
        OR NEW.parent_id IS DISTINCT FROM OLD.parent_id
    THEN
        PERFORM teak.stop('a unit block keeps its serials and attributes');
    END IF;
    IF NEW.last_serial <> OLD.last_serial
        AND (NEW.last_serial > OLD.last_serial OR NEW.last_serial < OLD.first_serial
            OR OLD.reserved_by IS NOT NULL)
    THEN
        PERFORM teak.stop('only an unreserved block splits, and only within itself');
    END IF;
    IF NEW.fifo_expiry <> OLD.fifo_expiry OR NEW.applicable_period <> OLD.applicable_period THEN
        PERFORM teak.require_said_change(OLD, NEW);
    END IF;
    IF OLD.reserved_by IS NOT NULL AND NEW.reserved_by IS NOT NULL THEN
        PERFORM teak.stop('a block is reserved by one pending transaction of its account');
    END IF;
    IF (NEW.account_id <> OLD.account_id OR NEW.state <> OLD.state
            OR NEW.moved_by IS DISTINCT FROM OLD.moved_by)
        AND (OLD.reserved_by IS NULL OR NEW.reserved_by IS NOT NULL
            OR NEW.moved_by IS DISTINCT FROM OLD.reserved_by)
    THEN
        PERFORM teak.stop('units move only by the completed transaction that reserved them');
    END IF;
    RETURN NEW;
END $body$;

CREATE TRIGGER guard_block_update BEFORE UPDATE ON unit_block FOR EACH ROW
EXECUTE FUNCTION teak.guard_block_update();

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
