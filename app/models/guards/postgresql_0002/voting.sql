-- A committee member's vote on a conversion, its log entry, and what it brings about: its
-- completion, whose guard counts the votes once more, or its end, for which they are counted here.

-- Refuses to end a conversion that the committee has not decided: a rejection takes so many
-- against it that the quorum is out of reach, a termination the quorum for it.
CREATE FUNCTION teak.require_votes_for_end(t teak.registry_transaction, outcome integer)
RETURNS void LANGUAGE plpgsql AS $body$
DECLARE
    quorum integer := teak.quorum(t.unit_type, teak.day_of(teak.now()));
    counted record;
BEGIN
    SELECT count(*) FILTER (WHERE v.choice = 'yes') AS yes,
        count(*) FILTER (WHERE v.choice = 'no') AS no, count(*) AS members
    INTO counted
    FROM teak.person p
    LEFT JOIN teak.vote v ON v.person_id = p.id AND v.transaction_id = t.id
    WHERE p.role = 'committee' AND p.state = 'active';
    IF (outcome = 5 AND counted.yes < quorum)
        OR (outcome = 6 AND counted.members - counted.no >= quorum)
    THEN
        PERFORM teak.stop('the committee has not decided on this conversion');
    END IF;
END $body$;

CREATE FUNCTION teak.vote(ballot jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
    me bigint := teak.acting_person((ballot ->> 'person_id')::bigint);
    number bigint := (ballot ->> 'transaction_id')::bigint;
    said text := COALESCE(ballot ->> 'comment', '');
BEGIN
    -- Votes on one transaction come one after another, so that each knows those before it.
    PERFORM 1 FROM teak.registry_transaction WHERE id = number FOR NO KEY UPDATE;
    IF EXISTS (SELECT 1 FROM teak.registry_transaction WHERE id = number AND status NOT IN (1, 2))
    THEN
        PERFORM teak.stop_for_conflict('it has been decided meanwhile');
    END IF;
    INSERT INTO teak.vote (transaction_id, person_id, choice, comment, at)
    VALUES (number, me, ballot ->> 'choice', said, teak.now());
    -- A tally drawn up before somebody else's vote could miss that this one decides.
    IF (SELECT count(*) - 1 FROM teak.vote WHERE transaction_id = number)
        IS DISTINCT FROM (ballot ->> 'seen')::bigint
    THEN
        PERFORM teak.stop_for_conflict('others have voted meanwhile');
    END IF;
    PERFORM teak.log(
        'committee-vote',
        jsonb_build_object(
            'transaction', (SELECT country FROM teak.registry WHERE id = 1) || number,
            'choice', ballot ->> 'choice',
            'comment_sha256', encode(sha256(convert_to(said, 'UTF8')), 'hex')),
        jsonb_build_object('done', (SELECT user_name FROM teak.person WHERE id = me)));
    IF jsonb_typeof(ballot -> 'completion') = 'object' THEN
        RETURN teak.complete(ballot -> 'completion'
            || jsonb_build_object('transaction_id', number, 'person_id', me));
    ELSIF jsonb_typeof(ballot -> 'end') = 'object' THEN
        RETURN teak.end_transaction(ballot -> 'end'
            || jsonb_build_object('transaction_id', number, 'person_id', me));
    END IF;
    PERFORM teak.tell_often('transactions');
    RETURN jsonb_build_object('id', number, 'status', 2);
END $body$;
