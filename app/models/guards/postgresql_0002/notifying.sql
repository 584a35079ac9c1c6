-- Tells other desks, over the channel teak_changes, what has changed: a word of the desk's.
--
-- Announcing makes the server commit one after another, so of frequent changes only the first
-- within 200 ms is told; whoever listens looks once more a second after they were told.

CREATE SEQUENCE teak.last_told MINVALUE 0 START 0;

CREATE FUNCTION teak.tell_often(word text) RETURNS void
LANGUAGE plpgsql AS $body$
DECLARE
    moment bigint := (extract(epoch FROM clock_timestamp()) * 1000)::bigint;
BEGIN
    IF moment - COALESCE(pg_sequence_last_value('teak.last_told'), 0) > 200 THEN
        PERFORM setval('teak.last_told', moment);
        PERFORM pg_notify('teak_changes', word);
    END IF;
END $body$;

CREATE FUNCTION teak.tell() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    PERFORM pg_notify('teak_changes', TG_ARGV[0]);
    RETURN NULL;
END $body$;

DO $body$
DECLARE
    told text[];
BEGIN
    FOREACH told SLICE 1 IN ARRAY ARRAY[
        ['account', 'accounts'], ['holder', 'accounts'], ['representative', 'accounts'],
        ['trusted_account', 'accounts'], ['project', 'projects'],
        ['project_account', 'projects'], ['verified_reduction', 'projects'],
        ['person', 'people'], ['rule', 'rules'], ['rule_change', 'rules'],
        ['commitment_period', 'rules'], ['holiday', 'rules'], ['certificate', 'certificates'],
        ['certificate_request', 'certificates'], ['notice', 'notices'],
        ['source_unit', 'source-units'], ['vote', 'transactions'], ['checkpoint', 'log'],
        ['registry', 'registry']
    ] LOOP
        EXECUTE format(
            'CREATE TRIGGER tell AFTER INSERT OR UPDATE OR DELETE ON %I FOR EACH STATEMENT '
            'EXECUTE FUNCTION teak.tell(%L)', told[1], told[2]);
    END LOOP;
END $body$;
