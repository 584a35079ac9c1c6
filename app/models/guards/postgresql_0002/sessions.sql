-- Who a connection is, since when, and by which proof: sessions, one-time codes, failures.
--
-- A person connects with a role of their own (SCRAM); that alone shows and allows nothing. Only
-- after teak.sign_in (or teak.resume of a session not yet over) is the connection somebody's.
-- Functions run with the owner's rights and a search path nobody can put anything into; the
-- person is taken from session_user, which a client cannot change.

CREATE TABLE teak.sign_in_failure (
    person_id bigint PRIMARY KEY REFERENCES teak.person (id),
    failures integer NOT NULL,
    last_at timestamptz NOT NULL
);

-- The present, by the server's clock. A demo registry's own clock may be set, so that it can be
-- filled with a past, and tested.
CREATE FUNCTION teak.now() RETURNS timestamptz
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    said text := current_setting('teak.demo_now', true);
BEGIN
    IF coalesce(said, '') <> '' AND EXISTS (SELECT FROM teak.registry WHERE is_demo) THEN
        RETURN said::timestamptz;
    END IF;
    RETURN clock_timestamp();
END $$;

-- When this connection was made.
CREATE FUNCTION teak.backend_start() RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT a.backend_start FROM pg_stat_get_activity(pg_backend_pid()) a
$$;

-- The database role of a person, and back.
CREATE FUNCTION teak.role_of(user_name text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT r.role_prefix || '.' || user_name FROM teak.registry r
$$;

CREATE FUNCTION teak.role_person() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT p.id FROM teak.person p, teak.registry r
    WHERE session_user = r.role_prefix || '.' || p.user_name AND p.state = 'active'
$$;

-- Who has signed in on this connection, or null. A connection is a session's while the session's
-- secret stands in it, which only teak.sign_in gives and teak.resume takes: 256 bits that nobody
-- else can read or guess, good for one database role alone. Asked by every act and every reading,
-- so it is one look by one key.
-- Whoever writes sees the present: in a transaction that holds on to an older picture nobody acts,
-- for the end of a session and what others have just written would stay out of sight.
CREATE FUNCTION teak.person_id() RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (
        SELECT s.person_id FROM teak.person_session s
        WHERE s.token_digest
              = sha256(convert_to(current_setting('teak.session', true), 'UTF8'))
          AND s.database_role = session_user
          AND s.ended_at IS NULL AND s.expires_at > clock_timestamp()
          AND (current_setting('transaction_isolation') = 'read committed'
              OR current_setting('transaction_read_only') = 'on'));
END $$;

CREATE FUNCTION teak.is_signed_in() RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN teak.person_id() IS NOT NULL;
END $$;

-- Whoever is no longer active has no session.
CREATE FUNCTION teak.end_sessions() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE teak.person_session SET ended_at = clock_timestamp()
    WHERE person_id = NEW.id AND ended_at IS NULL;
    RETURN NULL;
END $$;

CREATE TRIGGER end_sessions AFTER UPDATE OF state ON person FOR EACH ROW
WHEN (NEW.state <> 'active')
EXECUTE FUNCTION teak.end_sessions();

CREATE FUNCTION teak.person_role() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT p.role FROM teak.person p WHERE p.id = teak.person_id()
$$;

CREATE FUNCTION teak.user_name() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT p.user_name FROM teak.person p WHERE p.id = teak.person_id()
$$;

-- SHA-1 (FIPS 180-4) and HMAC (RFC 2104): PostgreSQL's core has no SHA-1, and pgcrypto is not
-- everywhere.
CREATE FUNCTION teak.sha1(message bytea) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    full_word CONSTANT bigint := 4294967295;
    padded bytea;
    w bigint[];
    h0 bigint := 1732584193; h1 bigint := 4023233417; h2 bigint := 2562383102;
    h3 bigint := 271733878; h4 bigint := 3285377520;
    a bigint; b bigint; c bigint; d bigint; e bigint; f bigint; k bigint; x bigint;
    place integer;
BEGIN
    padded := message || '\x80'::bytea
        || decode(repeat('00', (119 - length(message) % 64) % 64), 'hex')
        || int8send(length(message)::bigint * 8);
    FOR block IN 0 .. length(padded) / 64 - 1 LOOP
        FOR t IN 0 .. 15 LOOP
            place := block * 64 + t * 4;
            w[t] := (get_byte(padded, place)::bigint << 24) | (get_byte(padded, place + 1) << 16)
                | (get_byte(padded, place + 2) << 8) | get_byte(padded, place + 3);
        END LOOP;
        FOR t IN 16 .. 79 LOOP
            x := w[t - 3] # w[t - 8] # w[t - 14] # w[t - 16];
            w[t] := ((x << 1) & full_word) | (x >> 31);
        END LOOP;
        a := h0; b := h1; c := h2; d := h3; e := h4;
        FOR t IN 0 .. 79 LOOP
            IF t < 20 THEN f := (b & c) | ((b # full_word) & d); k := 1518500249;
            ELSIF t < 40 THEN f := b # c # d; k := 1859775393;
            ELSIF t < 60 THEN f := (b & c) | (b & d) | (c & d); k := 2400959708;
            ELSE f := b # c # d; k := 3395469782;
            END IF;
            x := ((((a << 5) & full_word) | (a >> 27)) + f + e + k + w[t]) & full_word;
            e := d; d := c; c := ((b << 30) & full_word) | (b >> 2); b := a; a := x;
        END LOOP;
        h0 := (h0 + a) & full_word; h1 := (h1 + b) & full_word; h2 := (h2 + c) & full_word;
        h3 := (h3 + d) & full_word; h4 := (h4 + e) & full_word;
    END LOOP;
    RETURN substring(int8send(h0) FROM 5) || substring(int8send(h1) FROM 5)
        || substring(int8send(h2) FROM 5) || substring(int8send(h3) FROM 5)
        || substring(int8send(h4) FROM 5);
END $$;

CREATE FUNCTION teak.hmac_sha1_plain(key bytea, message bytea) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    padded bytea := CASE WHEN length(key) > 64 THEN teak.sha1(key) ELSE key END;
    inner_key bytea; outer_key bytea;
BEGIN
    padded := padded || decode(repeat('00', 64 - length(padded)), 'hex');
    inner_key := padded; outer_key := padded;
    FOR place IN 0 .. 63 LOOP
        inner_key := set_byte(inner_key, place, get_byte(padded, place) # 54);
        outer_key := set_byte(outer_key, place, get_byte(padded, place) # 92);
    END LOOP;
    RETURN teak.sha1(outer_key || teak.sha1(inner_key || message));
END $$;

-- pgcrypto's where its owner has put it into this database, else our own.
CREATE FUNCTION teak.hmac_sha1(key bytea, message bytea) RETURNS bytea
LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    place text := (SELECT quote_ident(n.nspname) FROM pg_extension e
                   JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pgcrypto');
    found bytea;
BEGIN
    IF place IS NULL THEN
        RETURN teak.hmac_sha1_plain(key, message);
    END IF;
    EXECUTE format('SELECT %s.hmac($1, $2, ''sha1'')', place) INTO found USING message, key;
    RETURN found;
END $$;

-- RFC 4648 base 32 without padding; null for a text that is none.
CREATE FUNCTION teak.read_base32(typed text) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    bits bit varying := ''; found bytea := ''; place integer;
BEGIN
    FOR i IN 1 .. length(typed) LOOP
        place := strpos('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', substr(typed, i, 1)) - 1;
        IF place < 0 THEN RETURN NULL; END IF;
        bits := bits || place::bit(5);
        IF length(bits) >= 8 THEN
            found := found || substring(int4send(substring(bits FROM 1 FOR 8)::bit(8)::integer)
                                        FROM 4);
            bits := substring(bits FROM 9);
        END IF;
    END LOOP;
    RETURN found;
END $$;

-- The six digits of a step (RFC 6238 with HMAC-SHA-1, RFC 4226 truncation).
CREATE FUNCTION teak.code_of_step(key bytea, step bigint) RETURNS text
LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    digest bytea := teak.hmac_sha1(key, int8send(step));
    place integer := get_byte(digest, 19) & 15;
    number bigint;
BEGIN
    number := ((get_byte(digest, place) & 127)::bigint << 24)
        | (get_byte(digest, place + 1) << 16) | (get_byte(digest, place + 2) << 8)
        | get_byte(digest, place + 3);
    RETURN lpad((number % 1000000)::text, 6, '0');
END $$;

-- How often a code was tried since one was right, in a sequence for each person, for what that
-- says no rollback takes back: else a client could guess on for ever, rolling back each failure.
CREATE FUNCTION teak.tries_of(of_person bigint) RETURNS regclass
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT format('teak.sign_in_tries_%s', of_person)::regclass
$$;

CREATE FUNCTION teak.make_tries(of_person bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    EXECUTE format('CREATE SEQUENCE teak.sign_in_tries_%s MINVALUE 0 START 0', of_person);
END $$;

CREATE FUNCTION teak.count_tries() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM teak.make_tries(NEW.id);
    RETURN NULL;
END $$;

CREATE TRIGGER count_tries AFTER INSERT ON person FOR EACH ROW
EXECUTE FUNCTION teak.count_tries();

-- How a person stands after failures: 0, 0, 1, 2, 4 … 60 seconds, locked after ten. The same
-- rule as app/models/storage/sign_in_failures.py. What was rolled back makes nobody wait, but
-- locks.
CREATE FUNCTION teak.standing(of_person bigint) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    f teak.sign_in_failure;
    tried bigint := COALESCE(pg_sequence_last_value(teak.tries_of(of_person)), 0);
    delay integer;
    present timestamptz := teak.now();
BEGIN
    SELECT * INTO f FROM teak.sign_in_failure WHERE person_id = of_person;
    IF NOT FOUND THEN
        RETURN jsonb_build_object('failures', tried, 'wait_s', 0, 'is_locked', tried >= 10);
    END IF;
    tried := greatest(tried, f.failures);
    delay := CASE WHEN f.failures <= 2 OR present < f.last_at THEN 0
                  ELSE least(60, 1 << least(f.failures - 3, 16)) END;
    RETURN jsonb_build_object(
        'failures', tried,
        'wait_s', CASE WHEN tried >= 10 THEN 0 ELSE greatest(0, ceil(extract(epoch FROM
            f.last_at + make_interval(secs => delay) - present)))::integer END,
        'is_locked', tried >= 10);
END $$;

-- Uses up a recovery code or a one-time code; false when it is wrong, or used already.
CREATE FUNCTION teak.use_code(of_person bigint, typed text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    letters text := translate(upper(regexp_replace(typed, '[^0-9A-Za-z]', '', 'g')), '018', 'OIB');
    digits text := regexp_replace(typed, '[^0-9]', '', 'g');
    present bigint := floor(extract(epoch FROM teak.now()) / 30)::bigint;
    p teak.person;
BEGIN
    -- The row's lock lets one connection at a time try a code.
    SELECT * INTO p FROM teak.person WHERE id = of_person FOR UPDATE;
    IF length(letters) = 16 THEN
        UPDATE teak.recovery_code SET used_at = teak.now()
        WHERE id = (SELECT id FROM teak.recovery_code
                    WHERE person_id = of_person AND used_at IS NULL
                      AND code_digest = sha256(convert_to(letters, 'UTF8')) LIMIT 1);
        RETURN FOUND;
    END IF;
    FOR step IN REVERSE present + 1 .. present - 1 LOOP
        IF step > p.last_code_step AND length(digits) = 6
           AND teak.code_of_step(teak.read_base32(p.one_time_secret), step) = digits THEN
            UPDATE teak.person SET last_code_step = step WHERE id = of_person;
            RETURN true;
        END IF;
    END LOOP;
    RETURN false;
END $$;

CREATE FUNCTION teak.record_traffic(who text, host text, act text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO teak.traffic (at, user_name, host, act)
    VALUES (teak.now(), left(who, 40), left(coalesce(host, ''), 255), left(act, 40))
$$;

-- Makes this connection a session of the person, and says what a desk needs to begin.
CREATE FUNCTION teak.begin_session(of_person bigint) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    token text := encode(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())),
        'hex');
    replaced text := current_setting('teak.session', true);
BEGIN
    DELETE FROM teak.person_session
    WHERE person_id = of_person AND expires_at < clock_timestamp() - interval '1 day';
    UPDATE teak.person_session SET ended_at = clock_timestamp()
    WHERE token_digest = sha256(convert_to(replaced, 'UTF8')) AND person_id = of_person
      AND ended_at IS NULL;
    INSERT INTO teak.person_session
        (person_id, database_role, token_digest, signed_in_at, expires_at)
    VALUES (of_person, session_user, sha256(convert_to(token, 'UTF8')), clock_timestamp(),
            clock_timestamp() + interval '12 hours');
    PERFORM set_config('teak.session', token, false);
    RETURN jsonb_build_object('ok', true, 'token', token);
END $$;

-- What a desk shows of the registry and of the person, so that signing in is one round trip.
CREATE FUNCTION teak.opening(of_person bigint) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT jsonb_build_object(
        'person', jsonb_build_object('id', p.id, 'user_name', p.user_name, 'name', p.name,
                                     'role', p.role),
        'registry', jsonb_build_object('registry_id', r.registry_id, 'country', r.country,
            'name_en', r.name_en, 'name_th', r.name_th, 'is_demo', r.is_demo,
            'idle_lock_minutes', r.idle_lock_minutes),
        'revision', (SELECT version_num FROM teak.alembic_version))
    FROM teak.person p, teak.registry r WHERE p.id = of_person
$$;

CREATE FUNCTION teak.sign_in(code text, host text, act text DEFAULT 'sign-in') RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    who bigint := teak.role_person();
    name text := (SELECT user_name FROM teak.person WHERE id = teak.role_person());
    stands jsonb;
    tries regclass;
BEGIN
    IF act NOT IN ('sign-in', 'unlock') THEN
        RAISE EXCEPTION USING ERRCODE = 'TK001', MESSAGE = 'teak: no such way of signing in';
    END IF;
    -- Looked at once more under the lock: they may have been revoked while it was waited for.
    PERFORM FROM teak.person WHERE id = who AND state = 'active' FOR UPDATE;
    IF NOT FOUND THEN
        RETURN jsonb_build_object('ok', false, 'failures', 0, 'wait_s', 0, 'is_locked', false);
    END IF;
    tries := teak.tries_of(who);
    stands := teak.standing(who);
    IF (stands ->> 'is_locked')::boolean OR (stands ->> 'wait_s')::integer > 0 THEN
        PERFORM teak.record_traffic(name, host, act || '-refused');
        RETURN stands || jsonb_build_object('ok', false, 'was_tried', false);
    END IF;
    -- Before it is looked at, and exactly: `nextval` may skip some when the server crashes.
    PERFORM setval(tries, COALESCE(pg_sequence_last_value(tries), 0) + 1);
    IF NOT teak.use_code(who, code) THEN
        INSERT INTO teak.sign_in_failure AS f VALUES (who, 1, teak.now())
        ON CONFLICT (person_id) DO UPDATE SET failures = f.failures + 1, last_at = teak.now();
        PERFORM teak.record_traffic(name, host, act || '-refused');
        RETURN teak.standing(who) || jsonb_build_object('ok', false, 'was_tried', true);
    END IF;
    DELETE FROM teak.sign_in_failure WHERE person_id = who;
    PERFORM setval(tries, 0);
    PERFORM teak.record_traffic(name, host, act);
    IF act = 'unlock' THEN
        -- Only shows that it is still the same person: their session stands elsewhere.
        RETURN jsonb_build_object('ok', true);
    END IF;
    RETURN teak.begin_session(who) || teak.opening(who);
END $$;

CREATE FUNCTION teak.require_demo() RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM teak.registry WHERE is_demo) THEN
        RAISE EXCEPTION USING ERRCODE = 'TK001', MESSAGE =
            'teak: this is a real registry; nobody acts in it without a one-time code';
    END IF;
END $$;

CREATE FUNCTION teak.sign_in_demo(host text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    who bigint := teak.role_person();
BEGIN
    PERFORM teak.require_demo();
    IF who IS NULL THEN
        RETURN jsonb_build_object('ok', false, 'failures', 0, 'wait_s', 0, 'is_locked', false);
    END IF;
    PERFORM teak.record_traffic(p.user_name, host, 'demo-sign-in')
    FROM teak.person p WHERE p.id = who;
    RETURN teak.begin_session(who) || teak.opening(who);
END $$;

-- Everybody of a demo registry with what makes their codes; a real one keeps them to itself.
CREATE FUNCTION teak.demo_people()
RETURNS TABLE (user_name text, name text, role text, one_time_secret text, last_code_step bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM teak.require_demo();
    RETURN QUERY SELECT p.user_name::text, p.name::text, p.role::text, p.one_time_secret::text,
                        p.last_code_step
    FROM teak.person p WHERE p.state = 'active' AND p.one_time_secret IS NOT NULL ORDER BY p.id;
END $$;

-- Admits a further or renewed connection of the same person while their session lasts.
CREATE FUNCTION teak.resume(token text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM set_config('teak.session', token, false);
    RETURN teak.person_id() IS NOT NULL;
END $$;

-- Ends the session on all its connections.
CREATE FUNCTION teak.sign_out(host text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    name text := teak.user_name();
BEGIN
    IF name IS NULL THEN
        RETURN;
    END IF;
    PERFORM teak.record_traffic(name, host, 'sign-out');
    UPDATE teak.person_session SET ended_at = clock_timestamp()
    WHERE ended_at IS NULL AND person_id = teak.person_id()
      AND token_digest = sha256(convert_to(current_setting('teak.session', true), 'UTF8'));
END $$;
