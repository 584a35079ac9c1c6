-- Proposing in one call: the proposal, its history, the blocks it reserves and what it claims.
--
-- The plan comes from the desk; what it rests on must still be so. Holdings are locked in the
-- order of their accounts before anything is read that another act could change.

CREATE FUNCTION teak.may_propose(held text, of_type integer, supplementary integer)
RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $body$
DECLARE
    -- Rollbacks, corrections and the buffer's own acts.
    is_administrators boolean := (of_type = 10 AND supplementary = 92)
        OR supplementary IN (9020, 9021, 9022, 9023, 9024, 9025, 9026);
    -- Mandatory cancellations and account closures.
    is_of_both boolean := (of_type = 4 AND supplementary = 48)
        OR (of_type = 10 AND supplementary = 91);
BEGIN
    RETURN COALESCE((held = 'officer' AND NOT is_administrators)
        OR (held = 'administrator' AND (is_administrators OR is_of_both)), false);
END $body$;

-- Splits and reserves, piece by piece, what a person picked by hand anywhere in a block; what is
-- reserved already counts. Null when a piece is not to be had.
CREATE FUNCTION teak.reserve_picked(t teak.registry_transaction, pieces jsonb) RETURNS bigint
LANGUAGE plpgsql AS $body$
DECLARE
    piece record;
    block record;
    done bigint := 0;
BEGIN
    FOR piece IN
        SELECT series_id, first, last FROM jsonb_to_recordset(pieces)
            AS p (series_id bigint, first bigint, last bigint)
        ORDER BY series_id, first
    LOOP
        done := done + 1;
        SELECT id, first_serial, last_serial, account_id, unit_type, reserved_by, state
        INTO block FROM teak.unit_block b
        WHERE b.series_id = piece.series_id AND b.first_serial <= piece.first
        ORDER BY b.first_serial DESC LIMIT 1 FOR UPDATE;
        CONTINUE WHEN block.reserved_by = t.id AND block.first_serial = piece.first
            AND block.last_serial = piece.last;
        IF block.id IS NULL OR block.last_serial < piece.last OR piece.last < piece.first
            OR block.reserved_by IS NOT NULL OR block.state <> 'held'
            OR block.account_id <> t.from_account_id OR block.unit_type <> t.unit_type
        THEN
            RETURN NULL;
        END IF;
        IF block.first_serial < piece.first THEN
            UPDATE teak.unit_block SET last_serial = piece.first - 1 WHERE id = block.id;
        END IF;
        UPDATE teak.unit_block SET reserved_by = t.id, last_serial = piece.last
        WHERE series_id = piece.series_id AND first_serial = piece.first;
    END LOOP;
    RETURN done;
END $body$;

CREATE FUNCTION teak.reserve(t teak.registry_transaction, pieces jsonb) RETURNS void
LANGUAGE plpgsql AS $body$
DECLARE
    asked integer := jsonb_array_length(pieces);
    done bigint;
    found_quantity bigint;
BEGIN
    IF asked IS NULL OR asked = 0 OR asked > 3000 THEN
        PERFORM teak.stop('a transaction moves one block at least, and 3,000 at most');
    END IF;
    -- Nearly always whole blocks and the head of the last one: one statement for all of them.
    UPDATE teak.unit_block b SET reserved_by = t.id, last_serial = p.last
    FROM jsonb_to_recordset(pieces) AS p (block_id bigint, block_last bigint, first bigint,
        last bigint)
    WHERE b.id = p.block_id AND b.first_serial = p.first AND b.last_serial = p.block_last
    AND b.account_id = t.from_account_id AND b.unit_type = t.unit_type
    AND b.reserved_by IS NULL AND b.state = 'held';
    GET DIAGNOSTICS done = ROW_COUNT;
    IF done <> asked THEN
        done := teak.reserve_picked(t, pieces);
    END IF;
    IF done IS DISTINCT FROM asked THEN
        PERFORM teak.stop_for_conflict('these units were taken by another act meanwhile');
    END IF;
    WITH written AS (
        INSERT INTO teak.transaction_block (
            transaction_id, role, series, first_serial, last_serial, serial, batch_id,
            from_account_id, to_account_id)
        SELECT t.id, 'move', b.series, b.first_serial, b.last_serial,
            teak.print_serial(u.template, b.first_serial, b.last_serial), b.batch_id,
            t.from_account_id, t.to_account_id
        FROM teak.unit_block b JOIN teak.unit_batch u ON u.id = b.batch_id
        WHERE b.reserved_by = t.id
        ORDER BY b.fifo_expiry, b.fifo_vintage, b.series, b.first_serial
        RETURNING last_serial - first_serial + 1 AS size)
    SELECT sum(size) INTO found_quantity FROM written;
    IF found_quantity <> t.quantity THEN
        PERFORM teak.stop('a transaction moves exactly the quantity it says');
    END IF;
END $body$;

-- Names the units a replacement takes the place of: each once, and they stay where they are.
CREATE FUNCTION teak.name_replaced(t teak.registry_transaction, replaced jsonb) RETURNS void
LANGUAGE plpgsql AS $body$
DECLARE
    quantity bigint;
BEGIN
    PERFORM 1 FROM jsonb_to_recordset(replaced) AS r (series text, first bigint, last bigint)
    JOIN teak.unit_block b ON b.series = r.series AND b.first_serial <= r.first
        AND b.last_serial >= r.last
    ORDER BY b.id FOR UPDATE OF b;
    IF EXISTS (
        SELECT 1 FROM (
            SELECT first, lag(last) OVER (PARTITION BY series ORDER BY first) AS last_before
            FROM jsonb_to_recordset(replaced) AS r (series text, first bigint, last bigint)
        ) named WHERE last_before >= first
    ) THEN
        PERFORM teak.stop('a temporary unit is replaced once');
    END IF;
    IF EXISTS (
        SELECT 1 FROM jsonb_to_recordset(replaced) AS r (series text, first bigint, last bigint)
        JOIN teak.transaction_block m ON m.series = r.series AND m.role = 'replaced'
            AND m.first_serial <= r.last AND m.last_serial >= r.first
        JOIN teak.registry_transaction o ON o.id = m.transaction_id
        WHERE o.status NOT IN (5, 6, 7)
    ) THEN
        PERFORM teak.stop_for_conflict('these units were replaced by another act meanwhile');
    END IF;
    WITH written AS (
        INSERT INTO teak.transaction_block (
            transaction_id, role, series, first_serial, last_serial, serial, batch_id,
            from_account_id, to_account_id)
        SELECT t.id, 'replaced', b.series, r.first, r.last,
            teak.print_serial(u.template, r.first, r.last), b.batch_id, b.account_id, b.account_id
        FROM jsonb_to_recordset(replaced) AS r (series text, first bigint, last bigint)
        JOIN teak.unit_block b ON b.series = r.series AND b.first_serial <= r.first
            AND b.last_serial >= r.last AND b.state IN ('held', 'retired')
            AND b.unit_type IN ('tCER', 'lCER')
        JOIN teak.unit_batch u ON u.id = b.batch_id
        WHERE r.last >= r.first
        ORDER BY b.series, r.first
        RETURNING last_serial - first_serial + 1 AS size)
    SELECT sum(size) INTO quantity FROM written;
    IF quantity IS DISTINCT FROM t.quantity THEN
        PERFORM teak.stop('a replacement is one for one, of temporary units that are still there');
    END IF;
END $body$;

-- Ties to the transaction what only one may have: a verified reduction, source units.
CREATE FUNCTION teak.claim(t teak.registry_transaction, proposal jsonb) RETURNS void
LANGUAGE plpgsql AS $body$
DECLARE
    asked bigint;
    done bigint;
BEGIN
    IF proposal #>> '{reduction,reduction_id}' IS NOT NULL THEN
        UPDATE teak.verified_reduction SET issued_by = t.id
        WHERE id = (proposal #>> '{reduction,reduction_id}')::bigint
        AND project_id = (proposal #>> '{reduction,project_id}')::bigint;
        IF NOT FOUND THEN
            PERFORM teak.stop_for_conflict('this verified reduction is no longer there');
        END IF;
    ELSIF proposal #>> '{reduction,project_id}' IS NOT NULL THEN
        INSERT INTO teak.verified_reduction (
            project_id, period_from, period_to, quantity, reference, document_sha256,
            is_proposed, issued_by)
        SELECT r.project_id, r.period_from, r.period_to, r.quantity, r.reference,
            r.document_sha256, true, t.id
        FROM jsonb_to_record(proposal -> 'reduction') AS r (
            project_id bigint, period_from date, period_to date, quantity bigint,
            reference text, document_sha256 text);
    END IF;
    asked := jsonb_array_length(COALESCE(proposal -> 'source_ids', '[]'));
    IF asked > 0 THEN
        UPDATE teak.source_unit SET converted_by = t.id
        WHERE id IN (
            SELECT value::bigint FROM jsonb_array_elements_text(proposal -> 'source_ids'))
        AND (converted_by IS NULL OR converted_by IN (
            SELECT id FROM teak.registry_transaction WHERE status IN (5, 6, 7)));
        GET DIAGNOSTICS done = ROW_COUNT;
        IF done <> asked THEN
            PERFORM teak.stop_for_conflict('a source unit was taken by another act meanwhile');
        END IF;
    END IF;
END $body$;

-- Everything is found by its key, by plans made once: left to itself the planner, who thinks a JSON
-- array long and small tables cheap to read whole, reads every block there is, and plans anew.
CREATE FUNCTION teak.propose(proposal jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off SET jit = off
SET plan_cache_mode = force_generic_plan AS $body$
DECLARE
    me teak.actor := teak.actor((proposal ->> 'person_id')::bigint);
    t teak.registry_transaction;
    earlier record;
BEGIN
    t := jsonb_populate_record(NULL::teak.registry_transaction, proposal);
    IF NOT teak.may_propose(me.role, t.type, t.supplementary_type) THEN
        PERFORM teak.stop('a registry officer proposes, or an administrator what is theirs');
    END IF;
    PERFORM 1 FROM teak.holding
    WHERE account_id = t.from_account_id AND unit_type = t.unit_type FOR UPDATE;
    INSERT INTO teak.registry_transaction (
        request_id, type, supplementary_type, status, stage, from_account_id, to_account_id,
        unit_type, quantity, act, proposed_by, proposed_at, effective_on, reverses_id, notice_id,
        not_before, to_expiry, to_period)
    VALUES (
        t.request_id, t.type, t.supplementary_type, 2, CASE t.type WHEN 2 THEN 9002 ELSE 9001 END,
        t.from_account_id, t.to_account_id, t.unit_type, t.quantity, t.act, me.id, teak.now(),
        t.effective_on, t.reverses_id, t.notice_id, t.not_before, t.to_expiry, t.to_period)
    ON CONFLICT (request_id) DO NOTHING
    RETURNING id, proposed_at INTO t.id, t.proposed_at;
    IF t.id IS NULL OR NOT FOUND THEN
        SELECT id, status, act INTO earlier FROM teak.registry_transaction
        WHERE request_id = t.request_id AND proposed_by = me.id;
        IF earlier.act IS DISTINCT FROM t.act THEN
            PERFORM teak.stop('this request id stands for another act');
        END IF;
        RETURN jsonb_build_object('id', earlier.id, 'status', earlier.status, 'repeated', true);
    END IF;
    INSERT INTO teak.transaction_event (
        transaction_id, status, stage, at, person_id, comment, codes, passed, said)
    VALUES
        (t.id, 1, NULL, t.proposed_at, me.id, '', '', '', ''),
        (t.id, 2, CASE t.type WHEN 2 THEN 9002 ELSE 9001 END, t.proposed_at, me.id, '',
            COALESCE(proposal #>> '{said,codes}', ''), COALESCE(proposal #>> '{said,passed}', ''),
            COALESCE(proposal #>> '{said,sentences}', ''));
    IF t.from_account_id IS NOT NULL THEN
        PERFORM teak.reserve(t, proposal -> 'pieces');
        IF t.type = 6 THEN
            PERFORM teak.name_replaced(t, COALESCE(proposal -> 'replaced', '[]'));
        END IF;
    ELSE
        PERFORM teak.claim(t, proposal);
    END IF;
    IF jsonb_array_length(COALESCE(proposal -> 'documents', '[]')) > 0 THEN
        INSERT INTO teak.transaction_document (transaction_id, sha256, purpose)
        SELECT t.id, d ->> 0, d ->> 1 FROM jsonb_array_elements(proposal -> 'documents') d;
    END IF;
    PERFORM teak.tell_often('transactions');
    RETURN jsonb_build_object('id', t.id, 'status', 2, 'repeated', false);
END $body$;
