-- A client as thin as pgbench for our own functions: what a desk reads, in one call, then
-- teak.propose and teak.complete, each with the rights of another person who has signed in.
-- Only a superuser may so be two people on one connection; the registry's functions are the same.
CREATE SCHEMA bench;
GRANT USAGE ON SCHEMA bench TO PUBLIC;
CREATE TABLE bench.holder AS
SELECT row_number() OVER (ORDER BY id) AS place, id, number FROM teak.account
WHERE name LIKE 'Sample %';
CREATE UNIQUE INDEX ON bench.holder (place);
GRANT SELECT ON bench.holder TO PUBLIC;

-- What the desk reads before it proposes, and the record it makes of it.
CREATE FUNCTION bench.proposal(source_place bigint, target_place bigint, quantity bigint)
RETURNS jsonb LANGUAGE plpgsql AS $body$
DECLARE
    holders record;
    block record;
    pieces jsonb := '[]';
    missing bigint := quantity;
BEGIN
    SELECT s.id AS source, s.number AS source_number, t.id AS target, t.number AS target_number
    INTO holders FROM bench.holder s, bench.holder t
    WHERE s.place = source_place AND t.place = target_place;
    FOR block IN
        SELECT id, series_id, first_serial, last_serial FROM teak.unit_block
        WHERE account_id = holders.source AND unit_type = 'VCU' AND reserved_by IS NULL
        AND fifo_expiry >= current_date
        ORDER BY fifo_expiry, fifo_vintage, series, first_serial LIMIT 32
    LOOP
        pieces := pieces || jsonb_build_object(
            'block_id', block.id, 'block_last', block.last_serial, 'series_id', block.series_id,
            'first', block.first_serial,
            'last', least(block.last_serial, block.first_serial + missing - 1));
        missing := missing - (block.last_serial - block.first_serial + 1);
        EXIT WHEN missing <= 0;
    END LOOP;
    RETURN jsonb_build_object(
        'request_id', gen_random_uuid(), 'type', 10, 'supplementary_type', 0,
        'from_account_id', holders.source, 'to_account_id', holders.target, 'unit_type', 'VCU',
        'quantity', quantity, 'pieces', pieces, 'documents', '[]'::jsonb,
        'act', format('{"act":"transfer","from":"%s","quantity":%s,"to":"%s","unit_type":"VCU"}',
            holders.source_number, quantity, holders.target_number),
        'said', jsonb_build_object('codes', '', 'sentences', '', 'passed', bench.passed()));
END $body$;

-- As many checks as a transfer passes.
CREATE FUNCTION bench.passed() RETURNS text LANGUAGE sql IMMUTABLE
RETURN '4001 4002 4003 4004 4005 4006 4007 4008 4009 4010 5001 5002 5003 5004 5005 5006 5007 5008';

CREATE FUNCTION bench.propose(proposal jsonb) RETURNS text LANGUAGE plpgsql AS $body$
BEGIN
    PERFORM set_config('session_authorization', current_database() || '.officer', false);
    RETURN teak.propose(proposal) ->> 'id';
END $body$;

CREATE FUNCTION bench.complete(number bigint) RETURNS text LANGUAGE plpgsql AS $body$
BEGIN
    PERFORM set_config('session_authorization', current_database() || '.approver', false);
    RETURN teak.complete(jsonb_build_object(
        'transaction_id', number, 'comment', '', 'rule_ids', '[]'::jsonb,
        'said', jsonb_build_object('codes', '', 'sentences', '', 'passed', bench.passed())))
        ->> 'status';
END $body$;

CREATE FUNCTION bench.sign_in() RETURNS void LANGUAGE plpgsql AS $body$
DECLARE
    token text := gen_random_uuid();
BEGIN
    INSERT INTO teak.person_session (
        person_id, database_role, token_digest, signed_in_at, expires_at)
    SELECT p.id, current_database() || '.' || p.user_name, sha256(convert_to(token, 'UTF8')),
        clock_timestamp(), clock_timestamp() + interval '1 hour'
    FROM teak.person p WHERE p.user_name IN ('officer', 'approver');
    PERFORM set_config('teak.session', token, false);
END $body$;
