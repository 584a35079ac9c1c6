-- Puts an act into the queue of the log; the worker seals it. The server says when and who.

-- `persons` is for the owner alone, who writes what a registry begins with on people's behalf.

CREATE FUNCTION teak.log(kind text, body jsonb, persons jsonb DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
    me bigint := teak.person_id();
    said_by jsonb;
    made bigint;
BEGIN
    IF me IS NULL AND NOT teak.is_owner() AND NOT teak.is_worker() THEN
        PERFORM teak.stop('nobody is signed in on this connection');
    END IF;
    IF kind !~ '^[a-z][a-z-]{2,39}$' OR kind = 'transaction' THEN
        PERFORM teak.stop('a transaction is logged by its completion alone');
    END IF;
    IF jsonb_typeof(body) IS DISTINCT FROM 'object' OR length(body::text) > 100000 THEN
        PERFORM teak.stop('an entry of the log has a body, of 100,000 characters at most');
    END IF;
    IF me IS NOT NULL THEN
        said_by := jsonb_build_object(
            'done', (SELECT user_name FROM teak.person WHERE id = me));
    ELSIF teak.is_worker() THEN
        said_by := jsonb_build_object('done', 'worker');
    ELSE
        said_by := COALESCE(persons, jsonb_build_object('done', 'owner'));
    END IF;
    INSERT INTO teak.log_queue (kind, at, persons, body)
    VALUES (kind, teak.now(), said_by::text, body::text)
    RETURNING id INTO made;
    RETURN made;
END $body$;
