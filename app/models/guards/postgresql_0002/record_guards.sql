-- Guards of accounts, people, rules, trust, notices and the registry itself.

CREATE TRIGGER guard_registry_identity BEFORE UPDATE ON registry FOR EACH ROW
WHEN (
    (NEW.id, NEW.registry_id, NEW.is_demo, NEW.country, NEW.role_prefix)
    IS DISTINCT FROM (OLD.id, OLD.registry_id, OLD.is_demo, OLD.country, OLD.role_prefix)
)
EXECUTE FUNCTION teak.refuse(
    'a registry keeps its identity, and a real one never becomes a demo or the reverse'
);

CREATE TRIGGER guard_account_number BEFORE UPDATE ON account FOR EACH ROW
WHEN (
    (NEW.id, NEW.number, NEW.country, NEW.type_code, NEW.identifier, NEW.period, NEW.unit_state,
     NEW.scheme, NEW.proposed_by)
    IS DISTINCT FROM
    (OLD.id, OLD.number, OLD.country, OLD.type_code, OLD.identifier, OLD.period, OLD.unit_state,
     OLD.scheme, OLD.proposed_by)
)
EXECUTE FUNCTION teak.refuse('an account keeps its number');

CREATE TRIGGER guard_account_closed BEFORE UPDATE ON account FOR EACH ROW
WHEN (OLD.state IN ('closed', 'rejected') AND NEW.state <> OLD.state)
EXECUTE FUNCTION teak.refuse('a closed account never reopens');

CREATE TRIGGER guard_account_proposed_again BEFORE UPDATE ON account FOR EACH ROW
WHEN (
    (NEW.state = 'proposed' AND OLD.state <> 'proposed')
    OR (OLD.state <> 'proposed' AND NEW.approved_by IS DISTINCT FROM OLD.approved_by)
)
EXECUTE FUNCTION teak.refuse('an account is approved once');

-- A changed state waits for the transactions that move units of the account: they hold its
-- holdings while they look at its state.
CREATE FUNCTION teak.guard_account_state() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    PERFORM 1 FROM teak.holding WHERE account_id = OLD.id ORDER BY unit_type FOR UPDATE;
    IF NEW.state = 'closed' THEN
        IF EXISTS (SELECT 1 FROM teak.holding WHERE account_id = OLD.id AND quantity > 0) THEN
            PERFORM teak.stop('an account with units cannot close');
        END IF;
        IF EXISTS (
            SELECT 1 FROM teak.registry_transaction
            WHERE status IN (1, 2) AND (from_account_id = OLD.id OR to_account_id = OLD.id)
        ) THEN
            PERFORM teak.stop('an account with pending transactions cannot close');
        END IF;
    END IF;
    RETURN NEW;
END $body$;

CREATE TRIGGER guard_account_state BEFORE UPDATE ON account FOR EACH ROW
WHEN (NEW.state <> OLD.state)
EXECUTE FUNCTION teak.guard_account_state();

CREATE TRIGGER guard_person_identity BEFORE UPDATE ON person FOR EACH ROW
WHEN ((NEW.id, NEW.user_name, NEW.role) IS DISTINCT FROM (OLD.id, OLD.user_name, OLD.role))
EXECUTE FUNCTION teak.refuse('a person keeps their user name and role');

CREATE TRIGGER guard_one_time_code_reuse BEFORE UPDATE ON person FOR EACH ROW
WHEN (NEW.last_code_step < OLD.last_code_step)
EXECUTE FUNCTION teak.refuse('a one-time code is accepted once');

CREATE TRIGGER guard_signing_key_kept BEFORE UPDATE ON signing_key FOR EACH ROW
WHEN (
    (NEW.id, NEW.public_key) IS DISTINCT FROM (OLD.id, OLD.public_key)
    OR OLD.retired_at IS NOT NULL
)
EXECUTE FUNCTION teak.refuse('a signing key is retired, never changed');

CREATE TRIGGER guard_trusted_content BEFORE UPDATE ON trusted_account FOR EACH ROW
WHEN (
    (NEW.id, NEW.account_id, NEW.trusted_number, NEW.proposed_by, NEW.proposed_at)
    IS DISTINCT FROM
    (OLD.id, OLD.account_id, OLD.trusted_number, OLD.proposed_by, OLD.proposed_at)
    OR OLD.state IN ('rejected', 'removed')
    OR (OLD.state = 'approved' AND NEW.state <> 'removed')
)
EXECUTE FUNCTION teak.refuse('what was proposed cannot be changed');

CREATE TRIGGER guard_trusted_born BEFORE INSERT ON trusted_account FOR EACH ROW
WHEN (NEW.state <> 'proposed' OR NEW.decided_by IS NOT NULL OR NEW.effective_at IS NOT NULL)
EXECUTE FUNCTION teak.refuse('trust begins as a proposal');

CREATE TRIGGER guard_notice_content BEFORE UPDATE ON notice FOR EACH ROW
WHEN (
    (NEW.id, NEW.number, NEW.type, NEW.message, NEW.unit_type, NEW.project_id, NEW.account_id,
     NEW.target_quantity, NEW.period, NEW.received_at, NEW.due_on, NEW.recorded_by)
    IS DISTINCT FROM
    (OLD.id, OLD.number, OLD.type, OLD.message, OLD.unit_type, OLD.project_id, OLD.account_id,
     OLD.target_quantity, OLD.period, OLD.received_at, OLD.due_on, OLD.recorded_by)
    OR OLD.status = 3
)
EXECUTE FUNCTION teak.refuse('a notice keeps what it says, and a completed one its status');

CREATE TRIGGER guard_rule_change_born BEFORE INSERT ON rule_change FOR EACH ROW
WHEN (NEW.status <> 'proposed' OR NEW.decided_by IS NOT NULL)
EXECUTE FUNCTION teak.refuse('a rule change begins as a proposal');

CREATE TRIGGER guard_rule_change_content BEFORE UPDATE ON rule_change FOR EACH ROW
WHEN (
    OLD.status <> 'proposed'
    OR (NEW.id, NEW.request_id, NEW.kind, NEW.unit_type, NEW.period, NEW.value, NEW.valid_from,
        NEW.valid_to, NEW.reason, NEW.proposed_by, NEW.proposed_at)
    IS DISTINCT FROM
    (OLD.id, OLD.request_id, OLD.kind, OLD.unit_type, OLD.period, OLD.value, OLD.valid_from,
     OLD.valid_to, OLD.reason, OLD.proposed_by, OLD.proposed_at)
)
EXECUTE FUNCTION teak.refuse(
    'a rule change that was decided, or what it says, cannot be changed'
);

-- Who approves what is kept for a decision: an approver who may still sign in.
CREATE FUNCTION teak.guard_approver() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM teak.person
        WHERE id = NEW.decided_by AND role = 'approver' AND state = 'active'
    ) THEN
        PERFORM teak.stop(TG_ARGV[0]);
    END IF;
    RETURN NEW;
END $body$;

CREATE TRIGGER guard_rule_change_approver BEFORE UPDATE ON rule_change FOR EACH ROW
WHEN (NEW.status = 'approved')
EXECUTE FUNCTION teak.guard_approver('a rule change is approved by an active approver');

CREATE TRIGGER guard_trusted_approver BEFORE UPDATE ON trusted_account FOR EACH ROW
WHEN (NEW.state = 'approved')
EXECUTE FUNCTION teak.guard_approver('a trusted account is approved by an active approver');

CREATE TRIGGER guard_trusted_effective BEFORE UPDATE ON trusted_account FOR EACH ROW
WHEN (NEW.state = 'approved' AND NEW.effective_at IS NULL)
EXECUTE FUNCTION teak.refuse('trust takes effect at a stated time');

CREATE FUNCTION teak.guard_rule_insert() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    -- One at a time: two ranges that overlap must not slip in side by side.
    PERFORM pg_advisory_xact_lock(hashtextextended('teak rule ' || NEW.kind || NEW.unit_type, 0));
    IF NEW.ended_by IS NOT NULL
        OR (NEW.change_id IS NULL AND (
            EXISTS (SELECT 1 FROM teak.log_entry) OR EXISTS (SELECT 1 FROM teak.log_queue)))
        OR (NEW.change_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM teak.rule_change c
            WHERE c.id = NEW.change_id AND c.status = 'approved' AND c.kind = NEW.kind
            AND c.unit_type = NEW.unit_type AND c.period = NEW.period AND c.value = NEW.value
            AND c.valid_from = NEW.valid_from AND c.valid_to = NEW.valid_to))
    THEN
        PERFORM teak.stop('a rule comes from its approved change');
    END IF;
    IF EXISTS (
        SELECT 1 FROM teak.rule
        WHERE kind = NEW.kind AND unit_type = NEW.unit_type
        AND valid_from <= NEW.valid_to AND valid_to >= NEW.valid_from
    ) THEN
        PERFORM teak.stop('validity ranges of one rule cannot overlap');
    END IF;
    RETURN NEW;
END $body$;

CREATE TRIGGER guard_rule_insert BEFORE INSERT ON rule FOR EACH ROW
EXECUTE FUNCTION teak.guard_rule_insert();

CREATE FUNCTION teak.guard_rule_update() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    IF (NEW.id, NEW.kind, NEW.unit_type, NEW.period, NEW.value, NEW.valid_from, NEW.change_id)
        IS DISTINCT FROM
        (OLD.id, OLD.kind, OLD.unit_type, OLD.period, OLD.value, OLD.valid_from, OLD.change_id)
        OR NEW.valid_to >= OLD.valid_to OR NEW.valid_to < OLD.valid_from
        OR NOT EXISTS (
            SELECT 1 FROM teak.rule_change c
            WHERE c.id = NEW.ended_by AND c.status = 'approved' AND c.kind = OLD.kind
            AND c.unit_type = OLD.unit_type AND c.valid_from > NEW.valid_to
            AND c.valid_from <= OLD.valid_to)
    THEN
        PERFORM teak.stop('a rule changes only by ending earlier for an approved change');
    END IF;
    RETURN NEW;
END $body$;

CREATE TRIGGER guard_rule_update BEFORE UPDATE ON rule FOR EACH ROW
EXECUTE FUNCTION teak.guard_rule_update();

CREATE FUNCTION teak.guard_reduction() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM pg_advisory_xact_lock(hashtextextended('teak reduction', NEW.project_id));
        IF EXISTS (
            SELECT 1 FROM teak.verified_reduction
            WHERE project_id = NEW.project_id
            AND period_from <= NEW.period_to AND period_to >= NEW.period_from
        ) THEN
            PERFORM teak.stop('monitoring periods of one project cannot overlap');
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        IF OLD.is_proposed IS NOT TRUE OR NOT EXISTS (
            SELECT 1 FROM teak.registry_transaction
            WHERE id = OLD.issued_by AND status IN (5, 6, 7)
        ) THEN
            PERFORM teak.stop(
                'a verified reduction goes only with the proposal that stated it');
        END IF;
        RETURN OLD;
    END IF;
    IF (NEW.id, NEW.project_id, NEW.period_from, NEW.period_to, NEW.quantity, NEW.is_proposed,
        NEW.reference, NEW.document_sha256)
        IS DISTINCT FROM
        (OLD.id, OLD.project_id, OLD.period_from, OLD.period_to, OLD.quantity, OLD.is_proposed,
         OLD.reference, OLD.document_sha256)
    THEN
        PERFORM teak.stop('a verified reduction cannot be changed');
    END IF;
    IF OLD.issued_by IS NOT NULL AND NEW.issued_by IS DISTINCT FROM OLD.issued_by
        AND NOT EXISTS (
            SELECT 1 FROM teak.registry_transaction
            WHERE id = OLD.issued_by AND status IN (5, 6, 7))
    THEN
        PERFORM teak.stop('a monitoring period is issued once');
    END IF;
    RETURN NEW;
END $body$;

CREATE TRIGGER guard_reduction BEFORE INSERT OR UPDATE OR DELETE ON verified_reduction
FOR EACH ROW EXECUTE FUNCTION teak.guard_reduction();
