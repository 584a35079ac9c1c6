-- Summaries that follow from the blocks, kept in the same statement, so that they cannot differ:
-- what an account holds and has reserved, and what it was itself issued and passed on.

CREATE TRIGGER guard_holding_written BEFORE INSERT OR UPDATE ON holding FOR EACH ROW
WHEN (pg_trigger_depth() = 0)
EXECUTE FUNCTION teak.refuse('holdings follow from the blocks; nobody writes them');

CREATE TRIGGER guard_own_units_written BEFORE INSERT OR UPDATE ON own_units FOR EACH ROW
WHEN (pg_trigger_depth() = 0)
EXECUTE FUNCTION teak.refuse('counts of own units follow from the blocks; nobody writes them');

CREATE FUNCTION teak.add_to_holding(
    of_account bigint, of_type text, add_quantity bigint, add_reserved bigint
) RETURNS void LANGUAGE plpgsql AS $body$
BEGIN
    UPDATE teak.holding
    SET quantity = quantity + add_quantity, reserved = reserved + add_reserved
    WHERE account_id = of_account AND unit_type = of_type;
    IF NOT FOUND THEN
        INSERT INTO teak.holding AS h (account_id, unit_type, quantity, reserved)
        VALUES (of_account, of_type, add_quantity, add_reserved)
        ON CONFLICT (account_id, unit_type) DO UPDATE
        SET quantity = h.quantity + excluded.quantity, reserved = h.reserved + excluded.reserved;
    END IF;
END $body$;

CREATE FUNCTION teak.add_to_own_units(
    of_account bigint, of_type text, of_period integer, add_issued bigint, add_passed bigint
) RETURNS void LANGUAGE plpgsql AS $body$
BEGIN
    UPDATE teak.own_units
    SET issued = issued + add_issued, passed_on = passed_on + add_passed
    WHERE account_id = of_account AND unit_type = of_type AND period = of_period;
    IF NOT FOUND THEN
        INSERT INTO teak.own_units AS o (account_id, unit_type, period, issued, passed_on)
        VALUES (of_account, of_type, of_period, add_issued, add_passed)
        ON CONFLICT (account_id, unit_type, period) DO UPDATE
        SET issued = o.issued + excluded.issued, passed_on = o.passed_on + excluded.passed_on;
    END IF;
END $body$;

CREATE FUNCTION teak.count_new_block() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
    size bigint := NEW.last_serial - NEW.first_serial + 1;
BEGIN
    PERFORM teak.add_to_holding(NEW.account_id, NEW.unit_type, size, 0);
    PERFORM teak.add_to_own_units(
        NEW.account_id, NEW.unit_type, NEW.applicable_period, size, 0);
    RETURN NULL;
END $body$;

CREATE TRIGGER count_new_block AFTER INSERT ON unit_block FOR EACH ROW
WHEN (NEW.parent_id IS NULL)
EXECUTE FUNCTION teak.count_new_block();

-- Both holdings in one statement, in the order of their accounts, in which everybody locks them.
CREATE FUNCTION teak.move_between_holdings(
    from_account bigint, to_account bigint, of_type text, size bigint
) RETURNS void LANGUAGE plpgsql AS $body$
DECLARE
    done integer;
BEGIN
    IF from_account = to_account THEN
        PERFORM teak.add_to_holding(from_account, of_type, 0, -size);
        RETURN;
    END IF;
    UPDATE teak.holding
    SET quantity = quantity + CASE account_id WHEN to_account THEN size ELSE -size END,
        reserved = reserved - CASE account_id WHEN to_account THEN 0 ELSE size END
    WHERE account_id IN (from_account, to_account) AND unit_type = of_type;
    GET DIAGNOSTICS done = ROW_COUNT;
    IF done < 2 THEN
        PERFORM teak.add_to_holding(to_account, of_type, size, 0);
    END IF;
END $body$;

-- Judges what guard_block_update cannot see in one block, once for all blocks of a statement, and
-- counts it. A statement reserves blocks of one account for one transaction, or lets go of all
-- that one had reserved. What was free cannot have moved, what was reserved cannot have split or
-- stayed reserved: so of a reservation the blocks as they are now say everything, of its end those
-- before and after. (Walked, not summed up: for the one or two blocks of nearly all transfers the
-- server needs longer to prepare a sum than to walk them.)
CREATE FUNCTION teak.follow_changed_blocks() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
    block record;
    t record;
    change record;
    of_account bigint;
    of_type text;
    of_transaction bigint;
    of_period integer;
    is_of_one boolean := true;
    is_of_one_period boolean := true;
    comes_home boolean := false;
    size bigint := 0;
    own_size bigint := 0;
BEGIN
    FOR block IN
        SELECT account_id, reserved_by, unit_type, last_serial - first_serial + 1 AS size
        FROM after
    LOOP
        IF of_account IS NULL THEN
            of_account := block.account_id;
            of_type := block.unit_type;
            of_transaction := block.reserved_by;
            EXIT WHEN of_transaction IS NULL;
        END IF;
        is_of_one := is_of_one AND block.account_id = of_account AND block.unit_type = of_type
            AND block.reserved_by IS NOT DISTINCT FROM of_transaction;
        size := size + block.size;
    END LOOP;
    IF of_account IS NULL THEN
        RETURN NULL;
    END IF;
    IF of_transaction IS NOT NULL THEN
        SELECT status, from_account_id, unit_type INTO t FROM teak.registry_transaction
        WHERE id = of_transaction;
        IF t.status IS NULL OR t.status NOT IN (1, 2) OR NOT is_of_one
            OR t.unit_type <> of_type OR t.from_account_id IS DISTINCT FROM of_account
        THEN
            PERFORM teak.stop('a block is reserved by one pending transaction of its account');
        END IF;
        PERFORM teak.add_to_holding(of_account, of_type, 0, size);
        RETURN NULL;
    END IF;
    of_account := NULL;
    FOR block IN
        SELECT account_id, reserved_by, applicable_period, issued_to,
            last_serial - first_serial + 1 AS size
        FROM before
    LOOP
        IF of_account IS NULL THEN
            of_account := block.account_id;
            of_transaction := block.reserved_by;
            of_period := block.applicable_period;
        END IF;
        is_of_one := is_of_one AND block.account_id = of_account
            AND block.reserved_by IS NOT DISTINCT FROM of_transaction;
        is_of_one_period := is_of_one_period AND block.applicable_period = of_period;
        size := size + block.size;
        IF block.issued_to = of_account THEN
            own_size := own_size + block.size;
        END IF;
    END LOOP;
    IF NOT is_of_one THEN
        PERFORM teak.stop('blocks are reserved and let go for one transaction at a time');
    END IF;
    IF of_transaction IS NULL THEN
        -- A split alone; but what became reserved would have been among the first.
        IF EXISTS (SELECT FROM after WHERE reserved_by IS NOT NULL) THEN
            PERFORM teak.stop('blocks are reserved and let go for one transaction at a time');
        END IF;
        RETURN NULL;
    END IF;
    SELECT d.id, d.status, d.type, d.from_account_id, d.to_account_id, d.unit_type, d.to_expiry,
        d.to_period, a.unit_state
    INTO t
    FROM teak.registry_transaction d JOIN teak.account a ON a.id = d.to_account_id
    WHERE d.id = of_transaction;
    IF t.status IS NULL OR t.status IN (1, 2) THEN
        PERFORM teak.stop('a reserved block is released when its transaction ends');
    END IF;
    IF t.status <> 4 THEN
        IF EXISTS (SELECT FROM after WHERE moved_by = t.id) THEN
            PERFORM teak.stop('units move only by the completed transaction that reserved them');
        END IF;
        PERFORM teak.add_to_holding(of_account, t.unit_type, 0, -size);
        RETURN NULL;
    END IF;
    FOR block IN
        SELECT account_id, state, moved_by, fifo_expiry, applicable_period, issued_to FROM after
    LOOP
        IF block.moved_by IS DISTINCT FROM t.id OR block.account_id <> t.to_account_id
            OR block.state <> t.unit_state OR t.from_account_id <> of_account
        THEN
            PERFORM teak.stop('units move only by the completed transaction that reserved them');
        END IF;
        IF (t.type = 8 AND block.fifo_expiry <> COALESCE(t.to_expiry, '9999-12-31'))
            OR (t.type = 7 AND block.applicable_period <> t.to_period)
        THEN
            PERFORM teak.stop('an expiry date or a period changes only by the completed '
                || 'transaction that says so');
        END IF;
        comes_home := comes_home OR block.issued_to = t.to_account_id;
    END LOOP;
    PERFORM teak.move_between_holdings(of_account, t.to_account_id, t.unit_type, size);
    -- A carry-over stays in its account; what was issued to it is then issued for another period.
    IF t.type NOT IN (3, 7, 10) OR (t.type = 7 AND t.to_account_id <> of_account)
        OR (own_size = 0 AND NOT comes_home)
    THEN
        RETURN NULL;
    END IF;
    -- Nearly always of one period, and none of them comes back to whom it was issued to.
    IF is_of_one_period AND NOT comes_home THEN
        PERFORM teak.add_to_own_units(of_account, t.unit_type, of_period, 0, own_size);
        RETURN NULL;
    END IF;
    FOR change IN
        SELECT side.account_id, side.period, sum(side.size)::bigint AS size
        FROM (
            SELECT account_id, applicable_period AS period,
                last_serial - first_serial + 1 AS size
            FROM before WHERE account_id = issued_to
            UNION ALL
            SELECT account_id, applicable_period, first_serial - last_serial - 1
            FROM after WHERE account_id = issued_to
        ) side
        GROUP BY side.account_id, side.period
        HAVING sum(side.size) <> 0 ORDER BY side.account_id, side.period
    LOOP
        IF t.type = 7 THEN
            PERFORM teak.add_to_own_units(
                change.account_id, t.unit_type, change.period, -change.size, 0);
        ELSE
            PERFORM teak.add_to_own_units(
                change.account_id, t.unit_type, change.period, 0, change.size);
        END IF;
    END LOOP;
    RETURN NULL;
END $body$;

CREATE TRIGGER follow_changed_blocks AFTER UPDATE ON unit_block
REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT
EXECUTE FUNCTION teak.follow_changed_blocks();
