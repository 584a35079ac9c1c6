-- Ending a pending transaction in any way but completion; its units are free again.

CREATE FUNCTION teak.end_transaction(ending jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
    me bigint := teak.acting_person((ending ->> 'person_id')::bigint);
    held text := teak.role_held_by(me);
    outcome integer := (ending ->> 'status')::integer;
    moment timestamptz := teak.now();
    t teak.registry_transaction;
BEGIN
    SELECT * INTO t FROM teak.registry_transaction
    WHERE id = (ending ->> 'transaction_id')::bigint FOR NO KEY UPDATE;
    IF NOT FOUND OR t.status NOT IN (1, 2) THEN
        PERFORM teak.stop_for_conflict('there is no such pending transaction, or no longer');
    END IF;
    CASE outcome
    WHEN 7 THEN
        IF t.proposed_by <> me OR held IS NULL THEN
            PERFORM teak.stop('a proposal is withdrawn by the one who made it');
        END IF;
    WHEN 5, 6 THEN
        IF t.proposed_by = me THEN
            PERFORM teak.stop('nobody decides on what they proposed');
        END IF;
        IF held IS DISTINCT FROM (CASE t.type WHEN 2 THEN 'committee' ELSE 'approver' END) THEN
            PERFORM teak.stop('an approver decides, the committee on a conversion');
        END IF;
        IF t.type = 2 THEN
            PERFORM teak.require_votes_for_end(t, outcome);
        END IF;
        IF outcome = 6 AND COALESCE(ending ->> 'comment', '') = '' THEN
            PERFORM teak.stop('a rejection has a comment');
        END IF;
        IF outcome = 5 AND COALESCE(ending #>> '{said,codes}', '') = '' THEN
            PERFORM teak.stop('a terminated transaction has its response codes');
        END IF;
    ELSE
        PERFORM teak.stop('a transaction is terminated, rejected or withdrawn');
    END CASE;
    PERFORM 1 FROM teak.holding
    WHERE account_id = t.from_account_id AND unit_type = t.unit_type FOR UPDATE;
    UPDATE teak.registry_transaction
    SET status = outcome, stage = NULL, decided_by = me, decided_at = moment
    WHERE id = t.id;
    INSERT INTO teak.transaction_event (
        transaction_id, status, stage, at, person_id, comment, codes, passed, said)
    VALUES (
        t.id, outcome, NULL, moment, me, COALESCE(ending ->> 'comment', ''),
        COALESCE(ending #>> '{said,codes}', ''), COALESCE(ending #>> '{said,passed}', ''),
        COALESCE(ending #>> '{said,sentences}', ''));
    UPDATE teak.unit_block SET reserved_by = NULL WHERE reserved_by = t.id;
    IF t.from_account_id IS NULL THEN
        DELETE FROM teak.verified_reduction WHERE issued_by = t.id AND is_proposed;
        UPDATE teak.verified_reduction SET issued_by = NULL WHERE issued_by = t.id;
        UPDATE teak.source_unit SET converted_by = NULL WHERE converted_by = t.id;
    END IF;
    PERFORM teak.tell_often('transactions');
    RETURN jsonb_build_object('id', t.id, 'status', outcome);
END $body$;
