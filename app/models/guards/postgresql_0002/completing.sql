-- Completing in one call. From the desk come the comment, what the checks said and, for new
-- units, their serials; everything else the database takes from the proposal and verifies.

-- What a transaction moves, and what it takes the place of.
CREATE FUNCTION teak.ranges_of(wanted bigint, OUT moves jsonb, OUT replaced jsonb)
LANGUAGE plpgsql STABLE AS $body$
BEGIN
    SELECT
        jsonb_agg(jsonb_build_object(
            'series', m.series, 'start', m.first_serial, 'end', m.last_serial,
            'from', f.number, 'to', a.number) ORDER BY m.id) FILTER (WHERE m.role <> 'replaced'),
        jsonb_agg(jsonb_build_object(
            'series', m.series, 'start', m.first_serial, 'end', m.last_serial,
            'account', a.number) ORDER BY m.id) FILTER (WHERE m.role = 'replaced')
    INTO moves, replaced
    FROM teak.transaction_block m
    JOIN teak.account a ON a.id = m.to_account_id
    LEFT JOIN teak.account f ON f.id = m.from_account_id
    WHERE m.transaction_id = wanted;
END $body$;

-- Which source serials a conversion reissued as which.
CREATE FUNCTION teak.reissued_by(wanted bigint) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $body$
BEGIN
    RETURN (
        SELECT jsonb_agg(jsonb_build_object(
            'source', s.serial, 'source_series', s.series,
            'source_start', s.first_serial, 'source_end', s.last_serial,
            'series', s.reissued_series, 'start', s.reissued_first, 'end', s.reissued_last)
            ORDER BY s.reissued_first)
        FROM teak.source_unit s WHERE s.converted_by = wanted);
END $body$;

-- The body of the log entry, as docs/formats.md describes it.
CREATE FUNCTION teak.body_of(t teak.registry_transaction, checks_passed integer) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $body$
DECLARE
    body jsonb;
    ranges record;
    rules jsonb;
    expiry date;
    of_period integer;
BEGIN
    SELECT moves, replaced INTO ranges FROM teak.ranges_of(t.id);
    body := jsonb_build_object(
        'transaction', (SELECT country FROM teak.registry WHERE id = 1) || t.id,
        'type', t.type, 'supplementary_type', t.supplementary_type, 'unit_type', t.unit_type,
        'quantity', t.quantity, 'act', t.act::jsonb, 'moves', ranges.moves,
        'checks_passed', checks_passed);
    SELECT jsonb_object_agg(r.kind, r.id) INTO rules
    FROM teak.transaction_rule a JOIN teak.rule r ON r.id = a.rule_id
    WHERE a.transaction_id = t.id;
    IF rules IS NOT NULL THEN
        body := body || jsonb_build_object('rules', rules);
    END IF;
    IF t.from_account_id IS NULL THEN
        SELECT expires_on, applicable_period INTO expiry, of_period
        FROM teak.unit_batch WHERE created_by = t.id;
        body := body || jsonb_build_object('period', of_period);
        IF expiry IS NOT NULL THEN
            body := body || jsonb_build_object('expires_on', expiry);
        END IF;
    END IF;
    IF t.to_expiry IS NOT NULL THEN
        body := body || jsonb_build_object('to_expiry', t.to_expiry);
    END IF;
    IF t.to_period IS NOT NULL THEN
        body := body || jsonb_build_object('to_period', t.to_period);
    END IF;
    IF ranges.replaced IS NOT NULL THEN
        body := body || jsonb_build_object('replaced', ranges.replaced);
    END IF;
    IF t.type = 2 THEN
        body := body || jsonb_build_object('reissues', teak.reissued_by(t.id));
    END IF;
    RETURN body;
END $body$;

-- The rules that applied: rows that were valid on the day, for the transaction's unit type.
CREATE FUNCTION teak.record_rules(t teak.registry_transaction, rule_ids jsonb) RETURNS void
LANGUAGE plpgsql AS $body$
DECLARE
    on_day date := teak.day_of(teak.now());
    done bigint;
BEGIN
    INSERT INTO teak.transaction_rule (transaction_id, rule_id)
    SELECT t.id, r.id FROM teak.rule r
    WHERE r.id IN (SELECT value::bigint FROM jsonb_array_elements_text(rule_ids))
    AND r.valid_from <= on_day AND r.valid_to >= on_day;
    GET DIAGNOSTICS done = ROW_COUNT;
    IF done <> jsonb_array_length(rule_ids) THEN
        PERFORM teak.stop_for_conflict('the rules have changed meanwhile');
    END IF;
END $body$;

-- Plans as in teak.propose.
CREATE FUNCTION teak.complete(completion jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off SET jit = off
SET plan_cache_mode = force_generic_plan AS $body$
DECLARE
    me bigint := teak.acting_person((completion ->> 'person_id')::bigint);
    moment timestamptz := teak.now();
    t teak.registry_transaction;
    lasting text;
    queued bigint;
    passed text := COALESCE(completion #>> '{said,passed}', '');
BEGIN
    SELECT * INTO t FROM teak.registry_transaction
    WHERE id = (completion ->> 'transaction_id')::bigint FOR NO KEY UPDATE;
    IF NOT FOUND OR t.status NOT IN (1, 2) THEN
        PERFORM teak.stop_for_conflict('there is no such pending transaction, or no longer');
    END IF;
    IF t.proposed_by = me THEN
        PERFORM teak.stop('nobody approves what they proposed');
    END IF;
    PERFORM 1 FROM teak.holding
    WHERE account_id IN (t.from_account_id, t.to_account_id) AND unit_type = t.unit_type
    ORDER BY account_id FOR UPDATE;
    PERFORM teak.require_accounts_may_move(t);
    UPDATE teak.registry_transaction
    SET status = 4, stage = NULL, decided_by = me, decided_at = moment, completed_at = moment
    WHERE id = t.id;
    INSERT INTO teak.transaction_event (
        transaction_id, status, stage, at, person_id, comment, codes, passed, said)
    VALUES (
        t.id, 4, NULL, moment, me, COALESCE(completion ->> 'comment', ''), '', passed,
        COALESCE(completion #>> '{said,sentences}', ''));
    IF t.from_account_id IS NULL THEN
        PERFORM teak.create_units(t, completion);
    ELSE
        SELECT unit_state INTO lasting FROM teak.account WHERE id = t.to_account_id;
        UPDATE teak.unit_block
        SET account_id = t.to_account_id, state = lasting, moved_by = t.id, reserved_by = NULL,
            fifo_expiry = CASE t.type
                WHEN 8 THEN COALESCE(t.to_expiry, '9999-12-31') ELSE fifo_expiry END,
            applicable_period = CASE t.type WHEN 7 THEN t.to_period ELSE applicable_period END
        WHERE reserved_by = t.id;
    END IF;
    IF jsonb_array_length(COALESCE(completion -> 'rule_ids', '[]')) > 0 THEN
        PERFORM teak.record_rules(t, completion -> 'rule_ids');
    END IF;
    INSERT INTO teak.log_queue (kind, at, persons, body, transaction_id)
    VALUES (
        'transaction', moment,
        jsonb_build_object(
            'proposed', (SELECT user_name FROM teak.person WHERE id = t.proposed_by),
            'approved', (SELECT user_name FROM teak.person WHERE id = me))::text,
        teak.body_of(t, COALESCE(array_length(string_to_array(NULLIF(passed, ''), ' '), 1), 0))
            ::text,
        t.id)
    RETURNING id INTO queued;
    PERFORM teak.tell_often('transactions');
    RETURN jsonb_build_object('id', t.id, 'status', 4, 'log', queued);
END $body$;
