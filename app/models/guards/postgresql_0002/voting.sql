-- A committee member's vote on a conversion; gives how the votes stand.

CREATE FUNCTION teak.vote(ballot jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
    me bigint := teak.acting_person((ballot ->> 'person_id')::bigint);
    number bigint := (ballot ->> 'transaction_id')::bigint;
BEGIN
    INSERT INTO teak.vote (transaction_id, person_id, choice, comment, at)
    VALUES (number, me, ballot ->> 'choice', COALESCE(ballot ->> 'comment', ''), teak.now());
    RETURN (
        SELECT jsonb_build_object(
            'yes', count(*) FILTER (WHERE v.choice = 'yes'),
            'no', count(*) FILTER (WHERE v.choice = 'no'),
            'quorum', teak.quorum(min(t.unit_type), teak.day_of(teak.now())))
        FROM teak.vote v JOIN teak.registry_transaction t ON t.id = v.transaction_id
        WHERE v.transaction_id = number);
END $body$;
