-- Completing in one call. From the desk come the comment, what the checks said and, for new
-- units, their serials; everything else the database takes from the proposal and verifies.

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
CREATE FUNCTION teak.body_of(t teak.registry_transaction, rules jsonb, checks_passed integer)
RETURNS jsonb LANGUAGE plpgsql STABLE AS $body$
DECLARE
    body jsonb;
    found record;
BEGIN
    SELECT (SELECT country FROM teak.registry WHERE id = 1) AS country,
        jsonb_agg(jsonb_build_object(
            'series', m.series, 'start', m.first_serial, 'end', m.last_serial,
            'from', f.number, 'to', a.number) ORDER BY m.id) FILTER (WHERE m.role <> 'replaced')
            AS moves
    INTO found
    FROM teak.transaction_block m
    JOIN teak.account a ON a.id = m.to_account_id
    LEFT JOIN teak.account f ON f.id = m.from_account_id
    WHERE m.transaction_id = t.id;
    body := jsonb_build_object(
        'transaction', found.country || t.id,
        'type', t.type, 'supplementary_type', t.supplementary_type, 'unit_type', t.unit_type,
        'quantity', t.quantity, 'act', t.act::jsonb, 'moves', found.moves,
        'checks_passed', checks_passed);
    IF rules IS NOT NULL THEN
        body := body || jsonb_build_object('rules', rules);
    END IF;
    IF t.from_account_id IS NULL THEN
        body := body || (
            SELECT jsonb_strip_nulls(jsonb_build_object('expires_on', expires_on))
                || jsonb_build_object('period', applicable_period)
            FROM teak.unit_batch WHERE created_by = t.id);
    END IF;
    IF t.to_expiry IS NOT NULL THEN
        body := body || jsonb_build_object('to_expiry', t.to_expiry);
    END IF;
    IF t.to_period IS NOT NULL THEN
        body := body || jsonb_build_object('to_period', t.to_period);
    END IF;
    IF t.type = 6 THEN
        body := body || jsonb_build_object('replaced', (
            SELECT jsonb_agg(jsonb_build_object(
                'series', m.series, 'start', m.first_serial, 'end', m.last_serial,
                'account', a.number) ORDER BY m.id)
            FROM teak.transaction_block m JOIN teak.account a ON a.id = m.to_account_id
            WHERE m.transaction_id = t.id AND m.role = 'replaced'));
    END IF;
    IF t.type = 2 THEN
        body := body || jsonb_build_object('reissues', teak.reissued_by(t.id));
    END IF;
    RETURN body;
END $body$;

-- The rules that applied, each as its row by its kind: rows that were valid on the day.
CREATE FUNCTION teak.record_rules(t teak.registry_transaction, rule_ids jsonb) RETURNS jsonb
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
    RETURN (
        SELECT jsonb_object_agg(r.kind, r.id)
        FROM teak.transaction_rule a JOIN teak.rule r ON r.id = a.rule_id
        WHERE a.transaction_id = t.id);
END $body$;

-- Plans as in teak.propose.
CREATE FUNCTION teak.complete(completion jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off SET jit = off
SET plan_cache_mode = force_generic_plan AS $body$
DECLARE
    me teak.actor := teak.actor((completion ->> 'person_id')::bigint);
    moment timestamptz := teak.now();
    t teak.registry_transaction;
    queued bigint;
    rules jsonb;
    passed text := COALESCE(completion #>> '{said,passed}', '');
BEGIN
    SELECT * INTO t FROM teak.registry_transaction
    WHERE id = (completion ->> 'transaction_id')::bigint FOR NO KEY UPDATE;
    IF NOT FOUND OR t.status NOT IN (1, 2) THEN
        PERFORM teak.stop_for_conflict('there is no such pending transaction, or no longer');
    END IF;
    IF t.proposed_by = me.id THEN
        PERFORM teak.stop('nobody approves what they proposed');
    END IF;
    PERFORM 1 FROM teak.holding
    WHERE account_id IN (t.from_account_id, t.to_account_id) AND unit_type = t.unit_type
    ORDER BY account_id FOR UPDATE;
    UPDATE teak.registry_transaction
    SET status = 4, stage = NULL, decided_by = me.id, decided_at = moment, completed_at = moment
    WHERE id = t.id;
    INSERT INTO teak.transaction_event (
        transaction_id, status, stage, at, person_id, comment, codes, passed, said)
    VALUES (
        t.id, 4, NULL, moment, me.id, COALESCE(completion ->> 'comment', ''), '', passed,
        COALESCE(completion #>> '{said,sentences}', ''));
    IF t.from_account_id IS NULL THEN
        PERFORM teak.create_units(t, completion);
    ELSE
        UPDATE teak.unit_block
        SET account_id = t.to_account_id,
            state = (SELECT unit_state FROM teak.account WHERE id = t.to_account_id),
            moved_by = t.id, reserved_by = NULL,
            fifo_expiry = CASE t.type
                WHEN 8 THEN COALESCE(t.to_expiry, '9999-12-31') ELSE fifo_expiry END,
            applicable_period = CASE t.type WHEN 7 THEN t.to_period ELSE applicable_period END
        WHERE reserved_by = t.id;
    END IF;
    IF jsonb_array_length(COALESCE(completion -> 'rule_ids', '[]')) > 0 THEN
        rules := teak.record_rules(t, completion -> 'rule_ids');
    END IF;
    INSERT INTO teak.log_queue (kind, at, persons, body, transaction_id)
    VALUES (
        'transaction', moment,
        jsonb_build_object(
            'proposed', (SELECT user_name FROM teak.person WHERE id = t.proposed_by),
            'approved', me.user_name)::text,
        teak.body_of(
            t, rules, COALESCE(array_length(string_to_array(NULLIF(passed, ''), ' '), 1), 0)
        )::text,
        t.id)
    RETURNING id INTO queued;
    PERFORM teak.tell_often('transactions');
    RETURN jsonb_build_object('id', t.id, 'status', 4, 'log', queued);
END $body$;
