-- What administrators do for people, and what people do for themselves: roles and passphrases.
--
-- Functions that create and alter roles belong to <prefix>_roles, which may do nothing else, and
-- are called by the functions here alone. A passphrase never comes here: only its SCRAM verifier,
-- made where it was typed.

CREATE FUNCTION teak.refuse(why text) RETURNS void
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'TK001', MESSAGE = 'teak: ' || why;
END $$;

CREATE FUNCTION teak.require_administrator() RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF teak.person_role() IS DISTINCT FROM 'administrator' THEN
        PERFORM teak.refuse('only an administrator does that');
    END IF;
END $$;

CREATE FUNCTION teak.log_act(kind text, body jsonb) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO teak.log_queue (kind, at, persons, body)
    VALUES (kind, teak.now(), jsonb_build_object('done', teak.user_name())::text, body::text)
$$;

-- Owned by <prefix>_roles from here …

CREATE FUNCTION teak.require_verifier(verifier text) RETURNS void
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF verifier IS NULL OR verifier !~
       '^SCRAM-SHA-256\$[0-9]{4,7}:[A-Za-z0-9+/=]{16,64}\$[A-Za-z0-9+/=]{44}:[A-Za-z0-9+/=]{44}$'
    THEN
        RAISE EXCEPTION USING ERRCODE = 'TK001', MESSAGE =
            'teak: a passphrase is given by its SCRAM verifier alone';
    END IF;
END $$;

CREATE FUNCTION teak.make_role(role_name text, prefix text, role_kind text, verifier text)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM teak.require_verifier(verifier);
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
        -- Left over from a person whose adding failed elsewhere: it opens nothing by itself.
        EXECUTE format('ALTER ROLE %I LOGIN CONNECTION LIMIT 8 PASSWORD %L', role_name, verifier);
    ELSE
        EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE INHERIT '
            'NOREPLICATION NOBYPASSRLS CONNECTION LIMIT 8 PASSWORD %L', role_name, verifier);
    END IF;
    EXECUTE format('GRANT %I TO %I', prefix || '_' || role_kind, role_name);
    -- By this the owner's functions may see when the person's connections began, and end them.
    EXECUTE format('GRANT %I TO %I', role_name, prefix || '_owner');
END $$;

CREATE FUNCTION teak.end_role(role_name text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    EXECUTE format('ALTER ROLE %I NOLOGIN PASSWORD NULL', role_name);
END $$;

CREATE FUNCTION teak.set_verifier(role_name text, verifier text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM teak.require_verifier(verifier);
    EXECUTE format('ALTER ROLE %I PASSWORD %L', role_name, verifier);
END $$;

-- … to here.

CREATE FUNCTION teak.set_codes(of_person bigint, digests text[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DELETE FROM teak.recovery_code WHERE person_id = of_person;
    INSERT INTO teak.recovery_code (person_id, code_digest)
    SELECT of_person, decode(digest, 'hex') FROM unnest(digests) AS digest;
$$;

CREATE FUNCTION teak.require_person(of_user text) RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    found bigint := (SELECT id FROM teak.person WHERE user_name = of_user AND state = 'active');
BEGIN
    IF found IS NULL THEN
        PERFORM teak.refuse('there is no active person of this user name');
    END IF;
    RETURN found;
END $$;

CREATE FUNCTION teak.add_person(of_user text, of_name text, of_email text, of_role text,
    secret text, digests text[], verifier text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    made bigint;
BEGIN
    PERFORM teak.require_administrator();
    IF of_user !~ '^[a-z0-9._-]{2,32}$' OR of_role NOT IN
       ('officer', 'approver', 'committee', 'administrator', 'technician', 'auditor') THEN
        PERFORM teak.refuse('such a person cannot be added');
    END IF;
    INSERT INTO teak.person (user_name, name, email, role, state, one_time_secret,
                             last_code_step, created_at)
    VALUES (of_user, of_name, of_email, of_role, 'active', secret, 0, teak.now())
    RETURNING id INTO made;
    PERFORM teak.set_codes(made, digests);
    PERFORM teak.make_role(teak.role_of(of_user), r.role_prefix, of_role, verifier)
    FROM teak.registry r;
    PERFORM teak.log_act('person-added', jsonb_build_object('user', of_user, 'role', of_role));
    RETURN made;
END $$;

-- Called twice by whoever revokes: until the first is lasting the person may connect again and begin
-- an act, and only a later look at who is connected sees that; from then on nobody is admitted.
CREATE FUNCTION teak.revoke_person(of_user text, reason text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    who bigint := (SELECT id FROM teak.person WHERE user_name = of_user);
BEGIN
    PERFORM teak.require_administrator();
    IF who IS NULL OR who = teak.person_id() OR coalesce(reason, '') = '' THEN
        PERFORM teak.refuse('a person is revoked by somebody else, with a reason');
    END IF;
    UPDATE teak.person SET state = 'revoked' WHERE id = who AND state = 'active';
    IF FOUND THEN
        PERFORM teak.log_act('person-revoked',
                             jsonb_build_object('user', of_user, 'reason', reason));
    END IF;
    PERFORM teak.end_role(teak.role_of(of_user));
    PERFORM pg_terminate_backend(a.pid) FROM pg_stat_activity a
    WHERE a.usename = teak.role_of(of_user) AND a.datname = current_database();
END $$;

-- Whoever works with the old passphrase or the old codes must show the new ones. The session that
-- stands on this connection, if it is theirs, goes on.
CREATE FUNCTION teak.end_other_sessions(of_person bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE teak.person_session SET ended_at = clock_timestamp()
    WHERE person_id = of_person AND ended_at IS NULL AND token_digest IS DISTINCT FROM
        sha256(convert_to(current_setting('teak.session', true), 'UTF8'));
END $$;

CREATE FUNCTION teak.enrol_again(of_user text, secret text, digests text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    who bigint;
BEGIN
    PERFORM teak.require_administrator();
    who := teak.require_person(of_user);
    -- The step last accepted stays, so that no code of the past comes back to life.
    UPDATE teak.person SET one_time_secret = secret WHERE id = who;
    PERFORM teak.set_codes(who, digests);
    PERFORM teak.end_other_sessions(who);
    PERFORM teak.log_act('person-enrolled-again', jsonb_build_object('user', of_user));
END $$;

CREATE FUNCTION teak.reset_failures(of_user text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    who bigint;
BEGIN
    PERFORM teak.require_administrator();
    who := teak.require_person(of_user);
    DELETE FROM teak.sign_in_failure WHERE person_id = who;
    PERFORM setval(teak.tries_of(who), 0);
    PERFORM teak.log_act('sign-in-failures-reset', jsonb_build_object('user', of_user));
END $$;

CREATE FUNCTION teak.sign_in_standing(of_user text) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM teak.require_administrator();
    RETURN (SELECT teak.standing(p.id) FROM teak.person p WHERE p.user_name = of_user);
END $$;

CREATE FUNCTION teak.reset_passphrase(of_user text, verifier text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    who bigint;
BEGIN
    PERFORM teak.require_administrator();
    who := teak.require_person(of_user);
    PERFORM teak.set_verifier(teak.role_of(of_user), verifier);
    PERFORM teak.end_other_sessions(who);
    PERFORM teak.log_act('passphrase-reset', jsonb_build_object('user', of_user));
END $$;

-- The old passphrase is shown by a connection that was opened with it just now.
CREATE FUNCTION teak.change_passphrase(verifier text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF teak.person_id() IS NULL THEN
        PERFORM teak.refuse('nobody has signed in on this connection');
    END IF;
    IF teak.backend_start() < clock_timestamp() - interval '1 minute' THEN
        PERFORM teak.refuse('the old passphrase must be shown anew');
    END IF;
    PERFORM teak.set_verifier(session_user::text, verifier);
    PERFORM teak.end_other_sessions(teak.person_id());
    PERFORM teak.log_act('passphrase-changed', jsonb_build_object('user', teak.user_name()));
END $$;
