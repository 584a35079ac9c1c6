-- Guards of transactions, votes and source units, whoever writes them.

-- One trigger judges all of a row: each further one, and each condition of WHEN, is read anew by
-- the server for every statement.

-- Whether accounts in these states give and receive units: an account that is not open gives none
-- but by what is done about it, and a closed one takes no part at all.
CREATE FUNCTION teak.may_move(t teak.registry_transaction, from_state text, to_state text)
RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $body$
BEGIN
    RETURN from_state NOT IN ('proposed', 'closed', 'rejected')
        AND to_state NOT IN ('proposed', 'closed', 'rejected')
        AND (from_state = 'open' OR t.from_account_id IS NULL OR t.type NOT IN (3, 10)
            OR t.reverses_id IS NOT NULL OR t.supplementary_type <> 0);
END $body$;

CREATE FUNCTION teak.guard_transaction_insert() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
    gives text;
    receives text;
BEGIN
    IF NEW.status NOT IN (1, 2) OR NEW.decided_by IS NOT NULL OR NEW.completed_at IS NOT NULL THEN
        PERFORM teak.stop('a transaction begins as a proposal');
    END IF;
    IF (NEW.from_account_id IS NULL AND NEW.type NOT IN (1, 2, 3))
        OR (NEW.from_account_id IS NOT NULL AND NEW.type IN (1, 2))
    THEN
        PERFORM teak.stop('units come from an account, or into being by an issuance');
    END IF;
    SELECT f.state, a.state INTO gives, receives
    FROM teak.account a, teak.account f, teak.person p, teak.unit_type u
    WHERE a.id = NEW.to_account_id AND p.id = NEW.proposed_by AND u.code = NEW.unit_type
    AND f.id = COALESCE(NEW.from_account_id, NEW.to_account_id);
    IF NOT FOUND THEN
        PERFORM teak.stop('a transaction is of accounts, units and people that are there');
    END IF;
    IF NOT teak.may_move(NEW, gives, receives) THEN
        PERFORM teak.stop('an account that is not open neither gives nor receives units');
    END IF;
    IF NEW.reverses_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM teak.registry_transaction t
        WHERE t.id = NEW.reverses_id AND t.status = 4 AND t.type = 10 AND NEW.type = 10
        AND t.reverses_id IS NULL AND t.from_account_id = NEW.to_account_id
        AND t.to_account_id = NEW.from_account_id AND t.quantity = NEW.quantity
        AND t.unit_type = NEW.unit_type
    ) THEN
        PERFORM teak.stop('only a completed transfer can be rolled back, to where it came from');
    END IF;
    RETURN NEW;
END $body$;

CREATE TRIGGER guard_transaction_insert BEFORE INSERT ON registry_transaction FOR EACH ROW
EXECUTE FUNCTION teak.guard_transaction_insert();

-- The registry's day of a time: Thai, without summer time.
CREATE FUNCTION teak.day_of(moment timestamptz) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (moment AT TIME ZONE 'UTC' + interval '7 hours')::date;

CREATE FUNCTION teak.quorum(of_unit_type text, on_day date) RETURNS integer
LANGUAGE plpgsql STABLE AS $body$
BEGIN
    RETURN COALESCE((
        SELECT trunc(value::numeric)::integer FROM teak.rule
        WHERE kind = 'committee-quorum' AND unit_type = of_unit_type
        AND valid_from <= on_day AND valid_to >= on_day), 3);
END $body$;

CREATE FUNCTION teak.require_completion(t teak.registry_transaction) RETURNS void
LANGUAGE plpgsql AS $body$
DECLARE
    found record;
    reserved bigint;
    strays bigint;
BEGIN
    SELECT p.role, f.state AS gives, a.state AS receives INTO found
    FROM teak.person p, teak.account a, teak.account f
    WHERE p.id = t.decided_by AND p.state = 'active' AND a.id = t.to_account_id
    AND f.id = COALESCE(t.from_account_id, t.to_account_id);
    IF found.role IS DISTINCT FROM (CASE t.type WHEN 2 THEN 'committee' ELSE 'approver' END) THEN
        PERFORM teak.stop(
            'only an active approver completes a transaction, a committee member a conversion');
    END IF;
    IF NOT teak.may_move(t, found.gives, found.receives) THEN
        PERFORM teak.stop('an account that is not open neither gives nor receives units');
    END IF;
    IF t.completed_at IS NULL OR t.completed_at < t.not_before THEN
        PERFORM teak.stop('a delayed transaction completes no sooner than its delay says');
    END IF;
    IF t.from_account_id IS NOT NULL THEN
        SELECT sum(last_serial - first_serial + 1),
            count(*) FILTER (WHERE moved_by IS DISTINCT FROM t.reverses_id)
        INTO reserved, strays
        FROM teak.unit_block WHERE reserved_by = t.id;
        IF reserved IS DISTINCT FROM t.quantity THEN
            PERFORM teak.stop('a transaction moves exactly the quantity it says');
        END IF;
        IF t.reverses_id IS NOT NULL AND strays > 0 THEN
            PERFORM teak.stop('a rollback takes back the very units its transfer moved');
        END IF;
    ELSIF t.type = 2 THEN
        IF (
            SELECT count(*) FROM teak.vote v JOIN teak.person p ON p.id = v.person_id
            WHERE v.transaction_id = t.id AND v.choice = 'yes'
            AND p.role = 'committee' AND p.state = 'active'
        ) < teak.quorum(t.unit_type, teak.day_of(t.decided_at)) THEN
            PERFORM teak.stop('a conversion completes only with its quorum of the committee');
        END IF;
        IF t.quantity IS DISTINCT FROM (
            SELECT sum(last_serial - first_serial + 1) FROM teak.source_unit
            WHERE converted_by = t.id
        ) THEN
            PERFORM teak.stop('a conversion reissues exactly the source units it names');
        END IF;
    ELSIF t.type = 1 AND t.supplementary_type = 0 AND t.quantity IS DISTINCT FROM (
        SELECT quantity FROM teak.verified_reduction WHERE issued_by = t.id
    ) THEN
        PERFORM teak.stop('an issuance is of exactly the verified reduction it names');
    END IF;
END $body$;

CREATE FUNCTION teak.guard_transaction_update() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF OLD.status IN (4, 5, 6, 7) THEN
        PERFORM teak.stop('a transaction that has ended cannot be changed');
    END IF;
    IF NEW.id <> OLD.id OR NEW.type <> OLD.type OR NEW.quantity <> OLD.quantity
        OR NEW.supplementary_type <> OLD.supplementary_type OR NEW.act <> OLD.act
        OR NEW.from_account_id IS DISTINCT FROM OLD.from_account_id
        OR NEW.to_account_id <> OLD.to_account_id OR NEW.unit_type <> OLD.unit_type
        OR NEW.request_id <> OLD.request_id OR NEW.proposed_by <> OLD.proposed_by
        OR NEW.proposed_at <> OLD.proposed_at
        OR NEW.effective_on IS DISTINCT FROM OLD.effective_on
        OR NEW.reverses_id IS DISTINCT FROM OLD.reverses_id
        OR NEW.notice_id IS DISTINCT FROM OLD.notice_id
        OR NEW.not_before IS DISTINCT FROM OLD.not_before
        OR NEW.to_expiry IS DISTINCT FROM OLD.to_expiry
        OR NEW.to_period IS DISTINCT FROM OLD.to_period
    THEN
        PERFORM teak.stop('what was proposed cannot be changed');
    END IF;
    IF NEW.status = 7 AND NEW.decided_by IS DISTINCT FROM OLD.proposed_by THEN
        PERFORM teak.stop('a proposal is withdrawn by the one who made it');
    END IF;
    IF NEW.status = 4 THEN
        PERFORM teak.require_completion(NEW);
    ELSIF NEW.decided_by IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM teak.person WHERE id = NEW.decided_by)
    THEN
        PERFORM teak.stop('a transaction is decided by a person that is there');
    END IF;
    RETURN NEW;
END $body$;

CREATE TRIGGER guard_transaction_update BEFORE UPDATE ON registry_transaction FOR EACH ROW
EXECUTE FUNCTION teak.guard_transaction_update();

-- At commit: what completed has moved or made its units, and waits for the log.
CREATE FUNCTION teak.guard_transaction_carried_out() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
    found record;
BEGIN
    SELECT EXISTS (SELECT FROM teak.unit_block WHERE reserved_by = NEW.id) AS holds_back,
        EXISTS (SELECT FROM teak.log_queue WHERE transaction_id = NEW.id)
        OR EXISTS (SELECT FROM teak.log_entry WHERE transaction_id = NEW.id) AS is_logged
    INTO found;
    IF found.holds_back THEN
        PERFORM teak.stop('a transaction that has ended holds no units back');
    END IF;
    IF NEW.status = 4 THEN
        IF NOT found.is_logged THEN
            PERFORM teak.stop('a completed transaction stands in the log');
        END IF;
        IF NEW.from_account_id IS NULL
            AND NOT EXISTS (SELECT FROM teak.unit_batch WHERE created_by = NEW.id)
        THEN
            PERFORM teak.stop('an issuance creates the units it says');
        END IF;
    END IF;
    RETURN NULL;
END $body$;

CREATE CONSTRAINT TRIGGER guard_transaction_carried_out AFTER UPDATE ON registry_transaction
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN (NEW.status IN (4, 5, 6, 7))
EXECUTE FUNCTION teak.guard_transaction_carried_out();

CREATE FUNCTION teak.guard_vote() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    -- The transaction is held, so that it cannot end while the vote is cast.
    PERFORM 1 FROM teak.registry_transaction t JOIN teak.person p ON p.id = NEW.person_id
    WHERE t.id = NEW.transaction_id AND t.type = 2 AND t.status IN (1, 2)
    AND p.role = 'committee' AND p.state = 'active' AND t.proposed_by <> p.id
    FOR SHARE OF t;
    IF NOT FOUND THEN
        PERFORM teak.stop(
            'an active committee member votes on a pending conversion that is not their own');
    END IF;
    RETURN NEW;
END $body$;

CREATE TRIGGER guard_vote BEFORE INSERT ON vote FOR EACH ROW
EXECUTE FUNCTION teak.guard_vote();

-- Series of other registries are texts, which GiST cannot hold beside a range without an
-- extension; a lock on the series makes the look before the insertion certain instead.
CREATE FUNCTION teak.guard_source_unit_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    IF NEW.converted_by IS NOT NULL OR NEW.reissued_first IS NOT NULL THEN
        PERFORM teak.stop('a source unit begins unconverted');
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('teak source ' || NEW.series, 0));
    IF (
        SELECT last_serial FROM teak.source_unit
        WHERE series = NEW.series AND first_serial <= NEW.last_serial
        ORDER BY first_serial DESC LIMIT 1
    ) >= NEW.first_serial THEN
        PERFORM teak.stop('a source serial is registered and converted once');
    END IF;
    RETURN NEW;
END $body$;

CREATE TRIGGER guard_source_unit_insert BEFORE INSERT ON source_unit FOR EACH ROW
EXECUTE FUNCTION teak.guard_source_unit_insert();

CREATE TRIGGER guard_source_unit_content BEFORE UPDATE ON source_unit FOR EACH ROW
WHEN (
    (NEW.id, NEW.serial, NEW.grammar, NEW.series, NEW.first_serial, NEW.last_serial,
     NEW.unit_type, NEW.host_country, NEW.project, NEW.attributes, NEW.record_sha256,
     NEW.attestation_sha256, NEW.registered_by, NEW.registered_at)
    IS DISTINCT FROM
    (OLD.id, OLD.serial, OLD.grammar, OLD.series, OLD.first_serial, OLD.last_serial,
     OLD.unit_type, OLD.host_country, OLD.project, OLD.attributes, OLD.record_sha256,
     OLD.attestation_sha256, OLD.registered_by, OLD.registered_at)
)
EXECUTE FUNCTION teak.refuse('a source unit keeps its serials and attributes');

CREATE FUNCTION teak.guard_source_unit_update() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF NEW.converted_by IS DISTINCT FROM OLD.converted_by AND (
        (OLD.converted_by IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM teak.registry_transaction
            WHERE id = OLD.converted_by AND status IN (5, 6, 7)))
        OR (NEW.converted_by IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM teak.registry_transaction
            WHERE id = NEW.converted_by AND type = 2 AND status IN (1, 2)))
    ) THEN
        PERFORM teak.stop('a source serial converts once');
    END IF;
    IF (NEW.reissued_series, NEW.reissued_first, NEW.reissued_last)
        IS DISTINCT FROM (OLD.reissued_series, OLD.reissued_first, OLD.reissued_last)
        AND (OLD.reissued_first IS NOT NULL OR NOT EXISTS (
            SELECT 1 FROM teak.unit_batch b JOIN teak.series s ON s.id = b.series_id
            WHERE b.created_by = NEW.converted_by AND s.key = NEW.reissued_series
            AND NEW.reissued_first >= b.first_serial AND NEW.reissued_last <= b.last_serial
            AND NEW.reissued_last - NEW.reissued_first = OLD.last_serial - OLD.first_serial))
    THEN
        PERFORM teak.stop(
            'a source unit is reissued one for one, once, by its completed conversion');
    END IF;
    IF NEW.reissued_first IS NOT NULL AND OLD.reissued_first IS NULL AND EXISTS (
        SELECT 1 FROM teak.source_unit
        WHERE id <> NEW.id AND converted_by = NEW.converted_by
        AND reissued_first <= NEW.reissued_last AND reissued_last >= NEW.reissued_first
    ) THEN
        PERFORM teak.stop('a new unit stands for one source unit');
    END IF;
    RETURN NEW;
END $body$;

CREATE TRIGGER guard_source_unit_update BEFORE UPDATE ON source_unit FOR EACH ROW
EXECUTE FUNCTION teak.guard_source_unit_update();
