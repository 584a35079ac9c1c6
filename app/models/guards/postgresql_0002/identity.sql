-- Who acts: always the person signed in on this connection, never whom the client names.

-- Whether this session belongs to the registry's owner: creating, migrating, copying.
CREATE FUNCTION teak.is_owner() RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    RETURN (
        SELECT pg_has_role(session_user, relowner, 'MEMBER') FROM pg_class
        WHERE oid = to_regclass('teak.registry'));
END $body$;

CREATE FUNCTION teak.is_worker() RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    RETURN session_user = (SELECT role_prefix || '_worker' FROM teak.registry WHERE id = 1);
END $body$;

-- The person who acts. Only the owner, who sets a registry up, names somebody.
CREATE FUNCTION teak.acting_person(named bigint) RETURNS bigint
LANGUAGE plpgsql AS $body$
DECLARE
    me bigint := teak.person_id();
BEGIN
    IF me IS NOT NULL THEN
        IF named <> me THEN
            PERFORM teak.stop('a person acts for themselves alone');
        END IF;
        RETURN me;
    END IF;
    IF teak.is_owner() THEN
        RETURN named;
    END IF;
    PERFORM teak.stop('nobody is signed in on this connection');
END $body$;

CREATE TYPE teak.actor AS (id bigint, user_name text, role text);

-- The person who acts, with the role they may act in; none when they are no longer active.
CREATE FUNCTION teak.actor(named bigint) RETURNS teak.actor
LANGUAGE plpgsql AS $body$
DECLARE
    who bigint := teak.acting_person(named);
    me teak.actor;
BEGIN
    SELECT id, user_name, CASE state WHEN 'active' THEN role END INTO me
    FROM teak.person WHERE id = who;
    RETURN me;
END $body$;

CREATE FUNCTION teak.role_held_by(wanted bigint) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    RETURN (SELECT role FROM teak.person WHERE id = wanted AND state = 'active');
END $body$;

-- Rows that persons add themselves: the column TG_ARGV[0] must name them, and the column
-- TG_ARGV[1] gets the server's time, whatever the client says.
CREATE FUNCTION teak.stamp() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
    row_now jsonb;
BEGIN
    IF teak.is_owner() OR teak.is_worker() THEN
        RETURN NEW;
    END IF;
    IF TG_ARGV[0] <> '' THEN
        row_now := to_jsonb(NEW);
        IF teak.acting_person(NULL) IS DISTINCT FROM (row_now ->> TG_ARGV[0])::bigint THEN
            PERFORM teak.stop('a person acts for themselves alone');
        END IF;
    END IF;
    IF TG_ARGV[1] <> '' THEN
        RETURN jsonb_populate_record(NEW, jsonb_build_object(TG_ARGV[1], teak.now()));
    END IF;
    RETURN NEW;
END $body$;

DO $body$
DECLARE
    stamped text[];
BEGIN
    FOREACH stamped SLICE 1 IN ARRAY ARRAY[
        ['account', 'proposed_by', ''],
        ['account_change', 'person_id', 'at'],
        ['rule_change', 'proposed_by', 'proposed_at'],
        ['trusted_account', 'proposed_by', 'proposed_at'],
        ['notice', 'recorded_by', ''],
        ['source_unit', 'registered_by', 'registered_at'],
        ['vote', 'person_id', 'at'],
        ['certificate_request', 'asked_by', 'asked_at'],
        ['holder', '', 'created_at'],
        ['project', '', 'created_at']
    ] LOOP
        EXECUTE format(
            'CREATE TRIGGER first_stamp BEFORE INSERT ON %I FOR EACH ROW '
            'EXECUTE FUNCTION teak.stamp(%L, %L)', stamped[1], stamped[2], stamped[3]);
    END LOOP;
    EXECUTE 'CREATE TRIGGER first_stamp BEFORE INSERT OR UPDATE ON draft FOR EACH ROW '
        'EXECUTE FUNCTION teak.stamp(''person_id'', ''saved_at'')';
END $body$;

-- A document is large: its bytes are neither turned into JSON nor believed unread.
CREATE FUNCTION teak.stamp_document() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    IF NEW.sha256 <> encode(sha256(NEW.content), 'hex')
        OR NEW.size_bytes <> octet_length(NEW.content)
    THEN
        PERFORM teak.stop('a document is kept under the digest of its bytes');
    END IF;
    IF NOT teak.is_owner() AND NOT teak.is_worker() THEN
        IF teak.acting_person(NULL) IS DISTINCT FROM NEW.added_by THEN
            PERFORM teak.stop('a person acts for themselves alone');
        END IF;
        NEW.added_at := teak.now();
    END IF;
    RETURN NEW;
END $body$;

CREATE TRIGGER first_stamp BEFORE INSERT ON document FOR EACH ROW
EXECUTE FUNCTION teak.stamp_document();

-- Accounts that persons add begin as proposals; who opens, and who does all else.
CREATE FUNCTION teak.guard_account_decider() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
    me bigint;
BEGIN
    IF teak.is_owner() THEN
        RETURN NEW;
    END IF;
    me := teak.acting_person(NULL);
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'proposed' OR NEW.approved_by IS NOT NULL OR NEW.opened_on IS NOT NULL
        THEN
            PERFORM teak.stop('an account begins as a proposal');
        END IF;
    ELSIF OLD.state = 'proposed' THEN
        IF NEW.state NOT IN ('open', 'rejected') OR NEW.approved_by IS DISTINCT FROM me
            OR NOT COALESCE(teak.role_held_by(me) = 'approver'
                OR (teak.role_held_by(me) = 'administrator' AND OLD.holder_id IS NULL), false)
        THEN
            PERFORM teak.stop('an account is opened or rejected by the approver who acts, '
                || 'one of the registry''s own by an administrator');
        END IF;
        NEW.opened_on := CASE NEW.state WHEN 'open' THEN teak.day_of(teak.now()) END;
    ELSIF teak.role_held_by(me) IS DISTINCT FROM 'administrator' THEN
        PERFORM teak.stop('an administrator changes the state of an account');
    END IF;
    RETURN NEW;
END $body$;

CREATE TRIGGER guard_account_decider BEFORE INSERT OR UPDATE ON account FOR EACH ROW
EXECUTE FUNCTION teak.guard_account_decider();

CREATE FUNCTION teak.guard_rule_change_decider() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    IF NOT teak.is_owner() THEN
        IF NEW.decided_by IS DISTINCT FROM teak.acting_person(NULL) THEN
            PERFORM teak.stop('a person acts for themselves alone');
        END IF;
        NEW.decided_at := teak.now();
    END IF;
    IF (NEW.status = 'withdrawn') <> (NEW.decided_by = NEW.proposed_by) THEN
        PERFORM teak.stop('a rule change is withdrawn by the one who made it, '
            || 'and decided by another');
    END IF;
    RETURN NEW;
END $body$;

CREATE TRIGGER guard_rule_change_decider BEFORE UPDATE ON rule_change FOR EACH ROW
WHEN (NEW.status <> OLD.status)
EXECUTE FUNCTION teak.guard_rule_change_decider();

CREATE FUNCTION teak.guard_trusted_decider() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    IF teak.is_owner() THEN
        RETURN NEW;
    END IF;
    IF NEW.state = 'removed' THEN
        NEW.removed_at := teak.now();
        RETURN NEW;
    END IF;
    IF NEW.decided_by IS DISTINCT FROM teak.acting_person(NULL) THEN
        PERFORM teak.stop('a person acts for themselves alone');
    END IF;
    NEW.decided_at := teak.now();
    IF NEW.effective_at < NEW.decided_at THEN
        PERFORM teak.stop('trust takes effect no sooner than it is approved');
    END IF;
    RETURN NEW;
END $body$;

CREATE TRIGGER guard_trusted_decider BEFORE UPDATE ON trusted_account FOR EACH ROW
WHEN (NEW.state <> OLD.state)
EXECUTE FUNCTION teak.guard_trusted_decider();

-- At commit: what a person changed stands in the log, or does not stand at all. Looks at the
-- newest of the queue alone: the entry of this very transaction is among them.
CREATE FUNCTION teak.guard_logged() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    IF NOT teak.is_owner() AND NOT teak.is_worker() AND NOT EXISTS (
        SELECT 1 FROM (SELECT xmin AS made_by FROM teak.log_queue ORDER BY id DESC LIMIT 64) newest
        WHERE made_by = pg_current_xact_id()::xid
    ) THEN
        PERFORM teak.stop('an administrative act stands in the log');
    END IF;
    RETURN NULL;
END $body$;

DO $body$
DECLARE
    logged text[];
BEGIN
    FOREACH logged SLICE 1 IN ARRAY ARRAY[
        ['account', 'INSERT OR UPDATE'], ['account_change', 'INSERT'],
        ['rule_change', 'INSERT OR UPDATE'], ['rule', 'INSERT OR UPDATE'],
        ['trusted_account', 'INSERT OR UPDATE'], ['project', 'INSERT'],
        ['project_account', 'INSERT'], ['notice', 'INSERT'], ['source_unit', 'INSERT'],
        ['document', 'INSERT'], ['holder', 'INSERT']
    ] LOOP
        EXECUTE format(
            'CREATE CONSTRAINT TRIGGER guard_logged AFTER %s ON %I DEFERRABLE INITIALLY DEFERRED '
            'FOR EACH ROW EXECUTE FUNCTION teak.guard_logged()', logged[2], logged[1]);
    END LOOP;
END $body$;

-- One that comes with a proposal stands in the log with its issuance.
CREATE CONSTRAINT TRIGGER guard_logged AFTER INSERT ON verified_reduction
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NOT NEW.is_proposed)
EXECUTE FUNCTION teak.guard_logged();
