-- How a guard refuses: a message that begins with "teak: ", as on the embedded registry.

CREATE FUNCTION teak.refuse() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    RAISE EXCEPTION 'teak: %', TG_ARGV[0] USING ERRCODE = 'TK001';
END $body$;

-- Stops an act with the words of the rule it breaks; never returns.
CREATE FUNCTION teak.stop(words text) RETURNS void LANGUAGE plpgsql AS $body$
BEGIN
    RAISE EXCEPTION 'teak: %', words USING ERRCODE = 'TK001';
END $body$;

-- Stops an act because somebody else was quicker: what it rested on has changed; try again.
CREATE FUNCTION teak.stop_for_conflict(words text) RETURNS void LANGUAGE plpgsql AS $body$
BEGIN
    RAISE EXCEPTION 'teak: %', words USING ERRCODE = 'TK409';
END $body$;

-- What is only ever added to: no change, no deletion, no emptying.
DO $body$
DECLARE
    kept text[];
BEGIN
    FOREACH kept SLICE 1 IN ARRAY ARRAY[
        ['log_entry', 'a log entry'],
        ['transaction_event', 'the history of a transaction'],
        ['transaction_block', 'the blocks of a transaction'],
        ['account_change', 'the history of an account'],
        ['document', 'a document'],
        ['certificate', 'a certificate'],
        ['unit_batch', 'a batch of units'],
        ['series', 'a series'],
        ['checkpoint', 'a checkpoint'],
        ['vote', 'a vote'],
        ['transaction_rule', 'the rules of a transaction'],
        ['transaction_document', 'the evidence of a transaction']
    ] LOOP
        EXECUTE format(
            'CREATE TRIGGER guard_%1$s_update BEFORE UPDATE ON %1$I FOR EACH ROW '
            'EXECUTE FUNCTION teak.refuse(%2$L)', kept[1], kept[2] || ' cannot be changed');
        EXECUTE format(
            'CREATE TRIGGER guard_%1$s_delete BEFORE DELETE ON %1$I FOR EACH ROW '
            'EXECUTE FUNCTION teak.refuse(%2$L)', kept[1], kept[2] || ' cannot be deleted');
    END LOOP;
    FOREACH kept SLICE 1 IN ARRAY ARRAY[
        ['notice', 'a notice cannot be deleted'],
        ['rule', 'a rule cannot be deleted'],
        ['rule_change', 'a rule change cannot be deleted'],
        ['trusted_account', 'trust is removed, never deleted'],
        ['unit_block', 'a unit block cannot be deleted'],
        ['holding', 'a holding cannot be deleted'],
        ['own_units', 'a count of own units cannot be deleted'],
        ['registry_transaction', 'a transaction cannot be deleted'],
        ['account', 'an account cannot be deleted'],
        ['person', 'a person cannot be deleted, only revoked'],
        ['registry', 'the registry row cannot be deleted'],
        ['signing_key', 'a signing key is retired, never deleted'],
        ['source_unit', 'a source unit cannot be deleted']
    ] LOOP
        EXECUTE format(
            'CREATE TRIGGER guard_%1$s_delete BEFORE DELETE ON %1$I FOR EACH ROW '
            'EXECUTE FUNCTION teak.refuse(%2$L)', kept[1], kept[2]);
    END LOOP;
    FOREACH kept SLICE 1 IN ARRAY ARRAY[
        ['log_entry'], ['log_queue'], ['transaction_event'], ['transaction_block'],
        ['account_change'], ['document'], ['certificate'], ['unit_batch'], ['series'],
        ['checkpoint'], ['vote'], ['transaction_rule'], ['transaction_document'], ['notice'],
        ['rule'], ['rule_change'], ['trusted_account'], ['unit_block'], ['holding'],
        ['own_units'], ['registry_transaction'], ['account'], ['person'], ['registry'],
        ['signing_key'], ['source_unit'], ['verified_reduction'], ['project'],
        ['project_account'], ['holder'], ['traffic']
    ] LOOP
        EXECUTE format(
            'CREATE TRIGGER guard_%1$s_truncate BEFORE TRUNCATE ON %1$I FOR EACH STATEMENT '
            'EXECUTE FUNCTION teak.refuse(%2$L)', kept[1], 'a table cannot be emptied');
    END LOOP;
END $body$;
