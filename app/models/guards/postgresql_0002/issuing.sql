-- What an issuance must create: the levy by the rule of the day, serials as they are printed.

-- Prints a range of serials by its template, as app/models/serials/serial_range.py does: a slot
-- is {start} or {end}, padded with zeros as {start:06}, or with commas as {start:,}.
CREATE FUNCTION teak.print_serial(template text, first bigint, last bigint) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $body$
DECLARE
    printed text := replace(
        replace(template, '{start}', first::text), '{end}', last::text);
    form text;
    number bigint := first;
    slot text;
BEGIN
    -- Nearly all grammars print plain numbers.
    IF strpos(printed, '{') = 0 THEN
        RETURN printed;
    END IF;
    FOREACH slot IN ARRAY ARRAY['start', 'end'] LOOP
        IF slot = 'end' THEN
            number := last;
        END IF;
        LOOP
            EXIT WHEN strpos(printed, '{' || slot) = 0;
            form := substring(printed FROM '\{' || slot || ':?([^}]*)\}');
            EXIT WHEN form IS NULL;
            printed := regexp_replace(printed, '\{' || slot || '[^}]*\}', CASE
                WHEN form = '' THEN number::text
                WHEN form = ',' THEN to_char(number, 'FM999,999,999,999,999,990')
                ELSE lpad(number::text, greatest(form::integer, length(number::text)), '0')
            END);
        END LOOP;
    END LOOP;
    RETURN printed;
END $body$;

-- The levy on an issuance, in units, and the row of the rule tables that says so.
CREATE FUNCTION teak.levy_of(
    of_type text, of_quantity bigint, on_day date, OUT units bigint, OUT rule_id bigint
) LANGUAGE plpgsql STABLE AS $body$
DECLARE
    rate numeric;
BEGIN
    SELECT value::numeric, id INTO rate, rule_id FROM teak.rule
    WHERE kind = 'levy-rate' AND unit_type = of_type
    AND valid_from <= on_day AND valid_to >= on_day;
    units := least(round(of_quantity * COALESCE(rate, 0))::bigint, of_quantity);
END $body$;

-- The day up to which units of a vintage last, by the rule of the day; null for ever.
CREATE FUNCTION teak.default_expiry_of(of_type text, of_vintage integer, on_day date)
RETURNS date LANGUAGE plpgsql STABLE AS $body$
DECLARE
    years integer;
BEGIN
    SELECT trunc(value::numeric)::integer INTO years FROM teak.rule
    WHERE kind = 'default-expiry' AND unit_type = of_type
    AND valid_from <= on_day AND valid_to >= on_day;
    IF years IS NULL OR years = 99 THEN
        RETURN NULL;
    END IF;
    RETURN make_date(least(of_vintage + years, 9999), 12, 31);
END $body$;

-- Refuses an issuance whose levy or expiry is another than the rules of the day give.
CREATE FUNCTION teak.require_levy(t teak.registry_transaction, creation jsonb, on_day date)
RETURNS void LANGUAGE plpgsql AS $body$
DECLARE
    due record;
    buffer bigint;
    scheme_of_project text;
    paid bigint;
    kept bigint;
BEGIN
    SELECT p.scheme INTO scheme_of_project FROM teak.project p
    WHERE p.id = (creation #>> '{batch,project_id}')::bigint;
    SELECT * INTO due FROM teak.levy_of(t.unit_type, t.quantity, on_day);
    SELECT COALESCE(sum(b.last - b.first + 1) FILTER (WHERE a.type_code = 901
            AND a.scheme IS NOT DISTINCT FROM scheme_of_project
            AND a.id <> t.to_account_id), 0),
        COALESCE(sum(b.last - b.first + 1) FILTER (WHERE a.id = t.to_account_id), 0)
    INTO paid, kept
    FROM jsonb_to_recordset(creation -> 'blocks') AS b (first bigint, last bigint,
        account_id bigint)
    JOIN teak.account a ON a.id = b.account_id;
    IF paid <> due.units OR kept <> t.quantity - due.units THEN
        PERFORM teak.stop('an issuance pays the levy of the day to its scheme''s buffer: '
            || due.units || ' units');
    END IF;
    IF (creation #>> '{batch,expires_on}')::date IS DISTINCT FROM teak.default_expiry_of(
        t.unit_type, (creation #>> '{batch,vintage}')::integer, on_day)
    THEN
        PERFORM teak.stop('new units expire as the rule of the day says');
    END IF;
END $body$;

-- Refuses new units of another project or vintage than the approver was shown; of units that come
-- from elsewhere also another serial, origin or expiry.
CREATE FUNCTION teak.require_as_proposed(t teak.registry_transaction, batch jsonb) RETURNS void
LANGUAGE plpgsql AS $body$
DECLARE
    said jsonb := t.act::jsonb;
    of_project bigint := (batch ->> 'project_id')::bigint;
BEGIN
    IF (batch ->> 'vintage')::integer IS DISTINCT FROM (said ->> 'vintage')::integer
        OR (SELECT code FROM teak.project WHERE id = of_project)
            IS DISTINCT FROM said ->> 'project'
        OR (t.type = 1 AND t.supplementary_type = 0 AND of_project IS DISTINCT FROM (
            SELECT project_id FROM teak.verified_reduction WHERE issued_by = t.id))
    THEN
        PERFORM teak.stop('new units are of the project and vintage that were proposed');
    END IF;
    IF said ->> 'serial' IS NOT NULL AND (
        said ->> 'serial' IS DISTINCT FROM teak.print_serial(
            batch ->> 'template', (batch ->> 'first')::bigint, (batch ->> 'last')::bigint)
        OR said ->> 'origin' IS DISTINCT FROM batch ->> 'origin'
        OR said ->> 'expires_on' IS DISTINCT FROM batch ->> 'expires_on')
    THEN
        PERFORM teak.stop('units from elsewhere keep the serials, origin and expiry they had');
    END IF;
END $body$;

-- Creates the batch, the blocks and the ranges of a completed issuance, and ties source units to
-- their new serials. The guards look at each; here stands what they cannot see.
CREATE FUNCTION teak.create_units(t teak.registry_transaction, creation jsonb) RETURNS void
LANGUAGE plpgsql SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off
AS $body$
DECLARE
    batch teak.unit_batch;
    wanted jsonb := creation -> 'batch';
    in_series text := creation #>> '{batch,series}';
    on_day date := teak.day_of(teak.now());
BEGIN
    PERFORM teak.require_as_proposed(t, wanted);
    IF t.type = 1 AND t.supplementary_type = 0 THEN
        PERFORM teak.require_levy(t, creation, on_day);
    ELSIF EXISTS (
        SELECT 1 FROM jsonb_to_recordset(creation -> 'blocks') AS b (account_id bigint)
        WHERE b.account_id <> t.to_account_id
    ) THEN
        PERFORM teak.stop('units that pay no levy go to the account they are for');
    END IF;
    SELECT id INTO batch.series_id FROM teak.series WHERE key = in_series;
    IF NOT FOUND THEN
        INSERT INTO teak.series (key) VALUES (in_series)
        ON CONFLICT (key) DO NOTHING RETURNING id INTO batch.series_id;
        IF NOT FOUND THEN
            SELECT id INTO batch.series_id FROM teak.series WHERE key = in_series;
        END IF;
    END IF;
    INSERT INTO teak.unit_batch (
        series_id, first_serial, last_serial, unit_type, origin, project_id, vintage, expires_on,
        original_period, applicable_period, lulucf_activity, track, grammar, template, created_by)
    SELECT batch.series_id, w.first, w.last, t.unit_type, w.origin, w.project_id, w.vintage,
        w.expires_on, w.original_period, w.applicable_period, w.lulucf_activity, 0, w.grammar,
        w.template, t.id
    FROM jsonb_to_record(wanted) AS w (
        first bigint, last bigint, origin text, project_id bigint, vintage integer,
        expires_on date, original_period integer, applicable_period integer,
        lulucf_activity integer, grammar text, template text)
    RETURNING * INTO batch;
    INSERT INTO teak.unit_block (
        batch_id, series_id, series, first_serial, last_serial, unit_type, account_id, state,
        fifo_expiry, fifo_vintage, applicable_period, issued_to, created_by)
    SELECT batch.id, batch.series_id, in_series, b.first, b.last, t.unit_type, a.id, a.unit_state,
        COALESCE(batch.expires_on, '9999-12-31'), COALESCE(batch.vintage, 9999),
        batch.applicable_period, a.id, t.id
    FROM jsonb_to_recordset(creation -> 'blocks') AS b (
        first bigint, last bigint, account_id bigint)
    JOIN teak.account a ON a.id = b.account_id
    ORDER BY b.first;
    INSERT INTO teak.transaction_block (
        transaction_id, role, series, first_serial, last_serial, serial, batch_id, to_account_id)
    SELECT t.id, CASE b.account_id WHEN t.to_account_id THEN 'move' ELSE 'levy' END, in_series,
        b.first_serial, b.last_serial,
        teak.print_serial(batch.template, b.first_serial, b.last_serial), batch.id, b.account_id
    FROM teak.unit_block b WHERE b.batch_id = batch.id ORDER BY b.first_serial;
    UPDATE teak.source_unit s
    SET reissued_series = r.series, reissued_first = r.first, reissued_last = r.last
    FROM jsonb_to_recordset(creation -> 'reissues') AS r (
        source_id bigint, series text, first bigint, last bigint)
    WHERE s.id = r.source_id AND s.converted_by = t.id;
    IF t.type = 2 AND EXISTS (
        SELECT 1 FROM teak.source_unit WHERE converted_by = t.id AND reissued_first IS NULL
    ) THEN
        PERFORM teak.stop('a conversion says which new units stand for each source unit');
    END IF;
END $body$;
