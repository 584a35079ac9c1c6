-- Guards of the log: entries follow one another in number, hash and chain; what waits in the
-- queue leaves it only as the entry it became.

-- A block of entries is judged at once: the worker seals hundreds in one statement.
CREATE FUNCTION teak.guard_log_entry() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
    last record;
    broken record;
BEGIN
    SELECT sequence, chain_hash INTO last FROM teak.log_entry
    WHERE sequence < (SELECT min(sequence) FROM added) ORDER BY sequence DESC LIMIT 1;
    SELECT sequence, before_sequence INTO broken FROM (
        SELECT sequence, entry, leaf_hash, chain_hash,
            lag(sequence, 1, COALESCE(last.sequence, 0)) OVER w AS before_sequence,
            lag(chain_hash, 1, COALESCE(last.chain_hash, decode(repeat('00', 32), 'hex'))) OVER w
                AS before_chain
        FROM added WINDOW w AS (ORDER BY sequence)
    ) followed
    WHERE sequence <> before_sequence + 1
    OR leaf_hash <> sha256('\x00'::bytea || entry)
    OR chain_hash <> sha256('\x02'::bytea || before_chain || leaf_hash)
    ORDER BY sequence LIMIT 1;
    IF broken.sequence <> broken.before_sequence + 1 THEN
        PERFORM teak.stop('log entries follow one another without a gap');
    ELSIF broken.sequence IS NOT NULL THEN
        PERFORM teak.stop('a log entry carries its hash and that of the chain');
    END IF;
    IF NOT teak.is_owner() AND EXISTS (
        SELECT kind, convert_from(entry, 'UTF8')::jsonb, transaction_id FROM added
        EXCEPT ALL
        SELECT q.kind, teak.envelope(q), q.transaction_id FROM teak.log_queue q
        WHERE q.at IN (SELECT (convert_from(entry, 'UTF8')::jsonb ->> 'at')::timestamptz FROM added)
    ) THEN
        PERFORM teak.stop('a log entry is one that waited for the log');
    END IF;
    RETURN NULL;
END $body$;

CREATE TRIGGER guard_log_entry AFTER INSERT ON log_entry
REFERENCING NEW TABLE AS added FOR EACH STATEMENT
EXECUTE FUNCTION teak.guard_log_entry();

CREATE TRIGGER guard_log_queue_update BEFORE UPDATE ON log_queue FOR EACH ROW
EXECUTE FUNCTION teak.refuse('what waits for the log cannot be changed');

-- The envelope of an entry as docs/formats.md describes it; as JSON, for comparing.
CREATE FUNCTION teak.envelope(waiting teak.log_queue) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $body$
BEGIN
    RETURN jsonb_build_object(
        'version', 1, 'kind', waiting.kind,
        'at', to_char(waiting.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        'by', waiting.persons::jsonb, 'body', waiting.body::jsonb);
END $body$;

CREATE FUNCTION teak.guard_log_queue_sealed() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
    leaving bigint;
    sealed bigint;
BEGIN
    SELECT count(*) INTO leaving FROM gone;
    SELECT count(*) INTO sealed FROM gone g WHERE teak.envelope(ROW(g.*)::teak.log_queue) IN (
        SELECT convert_from(entry, 'UTF8')::jsonb
        FROM (SELECT entry FROM teak.log_entry ORDER BY sequence DESC LIMIT leaving) newest);
    IF sealed <> leaving THEN
        PERFORM teak.stop('what waits for the log leaves only as the entry it became');
    END IF;
    RETURN NULL;
END $body$;

CREATE TRIGGER guard_log_queue_sealed AFTER DELETE ON log_queue
REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
EXECUTE FUNCTION teak.guard_log_queue_sealed();

CREATE FUNCTION teak.guard_checkpoint() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF NEW.tree_size <= (SELECT COALESCE(max(tree_size), 0) FROM teak.checkpoint)
        OR NEW.tree_size > (SELECT COALESCE(max(sequence), 0) FROM teak.log_entry)
    THEN
        PERFORM teak.stop('a checkpoint states the log as it is, and only ever a longer one');
    END IF;
    RETURN NEW;
END $body$;

CREATE TRIGGER guard_checkpoint BEFORE INSERT ON checkpoint FOR EACH ROW
EXECUTE FUNCTION teak.guard_checkpoint();
