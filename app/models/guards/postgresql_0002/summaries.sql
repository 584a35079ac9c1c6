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

-- Blocks as a statement found them, or left them: what `count_changed_blocks` needs to know.
CREATE TYPE teak.block_totals AS (
    count bigint, reserved bigint, size bigint, reserved_size bigint, account_id bigint,
    unit_type text, is_of_one boolean, has_own boolean
);

-- Holdings are written in the order of their accounts, in which everybody locks them.
CREATE FUNCTION teak.move_between_holdings(
    from_account bigint, to_account bigint, of_type text, size bigint
) RETURNS void LANGUAGE plpgsql AS $body$
BEGIN
    IF from_account = to_account THEN
        PERFORM teak.add_to_holding(from_account, of_type, 0, -size);
    ELSIF from_account < to_account THEN
        PERFORM teak.add_to_holding(from_account, of_type, -size, -size);
        PERFORM teak.add_to_holding(to_account, of_type, size, 0);
    ELSE
        PERFORM teak.add_to_holding(to_account, of_type, size, 0);
        PERFORM teak.add_to_holding(from_account, of_type, -size, -size);
    END IF;
END $body$;

-- Nearly every statement reserves blocks of one account, or lets go of all that one transaction
-- had reserved: then sums over the blocks before and after say everything, since a block that was
-- free cannot move and one that was reserved cannot split. Any other is counted block by block.
CREATE FUNCTION teak.count_changed_blocks() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
    was teak.block_totals;
    became teak.block_totals;
    change record;
    has_moved boolean := false;
    has_let_go boolean := false;
BEGIN
    SELECT count(*), count(reserved_by), sum(last_serial - first_serial + 1),
        sum(last_serial - first_serial + 1) FILTER (WHERE reserved_by IS NOT NULL),
        min(account_id), min(unit_type),
        min(account_id) = max(account_id) AND min(unit_type) = max(unit_type),
        bool_or(account_id = issued_to)
    INTO was FROM before;
    IF was.count = 0 THEN
        RETURN NULL;
    END IF;
    SELECT count(*), count(reserved_by), sum(last_serial - first_serial + 1),
        sum(last_serial - first_serial + 1) FILTER (WHERE reserved_by IS NOT NULL),
        min(account_id), min(unit_type),
        min(account_id) = max(account_id) AND min(unit_type) = max(unit_type),
        bool_or(account_id = issued_to)
    INTO became FROM after;
    IF was.is_of_one AND became.is_of_one AND was.reserved = 0 THEN
        IF became.reserved > 0 THEN
            PERFORM teak.add_to_holding(
                became.account_id, became.unit_type, 0, became.reserved_size);
        END IF;
        RETURN NULL;
    END IF;
    IF was.is_of_one AND became.is_of_one AND was.reserved = was.count AND became.reserved = 0 THEN
        has_let_go := was.has_own OR became.has_own;
        has_moved := was.account_id <> became.account_id;
        PERFORM teak.move_between_holdings(
            was.account_id, became.account_id, was.unit_type, was.size);
    ELSE
        -- One pass over all blocks; a block's two states are brought together by its id.
        FOR change IN
            SELECT side.account_id, pair.unit_type, sum(side.quantity)::bigint AS quantity,
                sum(side.reserved)::bigint AS reserved
            FROM (
                SELECT both_states.id, max(both_states.unit_type) AS unit_type,
                    max(account_id) FILTER (WHERE NOT is_new) AS old_account,
                    max(account_id) FILTER (WHERE is_new) AS new_account,
                    max(size) FILTER (WHERE is_new) AS size,
                    bool_or(is_reserved) FILTER (WHERE NOT is_new) AS was_reserved,
                    bool_or(is_reserved) FILTER (WHERE is_new) AS is_reserved
                FROM (
                    SELECT id, unit_type, account_id, last_serial - first_serial + 1 AS size,
                        reserved_by IS NOT NULL AS is_reserved, false AS is_new FROM before
                    UNION ALL
                    SELECT id, unit_type, account_id, last_serial - first_serial + 1,
                        reserved_by IS NOT NULL, true FROM after
                ) both_states
                GROUP BY both_states.id
            ) pair
            CROSS JOIN LATERAL (VALUES
                (pair.old_account,
                    CASE WHEN pair.old_account <> pair.new_account THEN -pair.size ELSE 0 END,
                    CASE WHEN pair.was_reserved THEN -pair.size ELSE 0 END),
                (pair.new_account,
                    CASE WHEN pair.old_account <> pair.new_account THEN pair.size ELSE 0 END,
                    CASE WHEN pair.is_reserved THEN pair.size ELSE 0 END)
            ) side (account_id, quantity, reserved)
            GROUP BY side.account_id, pair.unit_type
            HAVING sum(side.quantity) <> 0 OR sum(side.reserved) <> 0
            ORDER BY side.account_id, pair.unit_type
        LOOP
            has_moved := has_moved OR change.quantity <> 0;
            has_let_go := has_let_go OR change.reserved < 0;
            PERFORM teak.add_to_holding(
                change.account_id, change.unit_type, change.quantity, change.reserved);
        END LOOP;
    END IF;
    IF NOT has_let_go THEN
        RETURN NULL;
    END IF;
    IF has_moved THEN
        FOR change IN
            SELECT side.account_id, side.unit_type, side.period, sum(side.passed)::bigint AS passed
            FROM (
                SELECT account_id, unit_type, applicable_period AS period, reserved_by AS moved_by,
                    last_serial - first_serial + 1 AS passed
                FROM before WHERE account_id = issued_to
                UNION ALL
                SELECT account_id, unit_type, applicable_period, moved_by,
                    first_serial - last_serial - 1
                FROM after WHERE account_id = issued_to AND reserved_by IS NULL
            ) side
            JOIN teak.registry_transaction t ON t.id = side.moved_by
            WHERE t.type IN (3, 10) AND t.status = 4
            GROUP BY side.account_id, side.unit_type, side.period
            HAVING sum(side.passed) <> 0
            ORDER BY side.account_id, side.unit_type, side.period
        LOOP
            PERFORM teak.add_to_own_units(
                change.account_id, change.unit_type, change.period, 0, change.passed);
        END LOOP;
    ELSE
        FOR change IN
            SELECT side.account_id, side.unit_type, side.period, sum(side.issued)::bigint AS issued
            FROM (
                SELECT account_id, unit_type, applicable_period AS period,
                    first_serial - last_serial - 1 AS issued
                FROM before WHERE account_id = issued_to
                UNION ALL
                SELECT account_id, unit_type, applicable_period, last_serial - first_serial + 1
                FROM after WHERE account_id = issued_to
            ) side
            GROUP BY side.account_id, side.unit_type, side.period
            HAVING sum(side.issued) <> 0
            ORDER BY side.account_id, side.unit_type, side.period
        LOOP
            PERFORM teak.add_to_own_units(
                change.account_id, change.unit_type, change.period, change.issued, 0);
        END LOOP;
    END IF;
    RETURN NULL;
END $body$;

CREATE TRIGGER count_changed_blocks AFTER UPDATE ON unit_block
REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT
EXECUTE FUNCTION teak.count_changed_blocks();
