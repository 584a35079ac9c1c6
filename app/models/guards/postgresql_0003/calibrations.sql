-- Calibrations stand as their signed record says; the worker certifies those of this registry,
-- and what a bundle brought keeps the certificate that it brought.

CREATE FUNCTION teak.guard_calibration_recorded() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
    signed record;
    header jsonb;
    said jsonb;
BEGIN
    SELECT r.header, r.payload, r.import_id, c.channel INTO signed
    FROM teak.reading_record r JOIN teak.sensor_channel c ON c.sensor_id = r.sensor_id
    WHERE c.id = NEW.channel_id AND r.sequence = NEW.sequence AND r.kind = 'calibration';
    IF FOUND THEN
        header := convert_from(signed.header, 'UTF8')::jsonb;
        said := header -> 'body';
    END IF;
    IF said IS NULL OR signed.payload <> convert_to(NEW.details, 'UTF8')
        OR NOT COALESCE((NEW.code, signed.channel, NEW.technician, NEW.method)
            = (said ->> 'calibration', said ->> 'channel', header ->> 'by', said ->> 'method'),
            false)
        OR (NEW.slope, NEW.intercept, NEW.u_slope, NEW.u_intercept, NEW.covariance)
            IS DISTINCT FROM ((said ->> 'slope')::float8, (said ->> 'intercept')::float8,
            (said ->> 'u_slope')::float8, (said ->> 'u_intercept')::float8,
            (said ->> 'covariance')::float8)
        OR (NEW.written_to_device, NEW.verdict_as_found, NEW.verdict_as_left)
            IS DISTINCT FROM ((said ->> 'written_to_device')::boolean,
            said ->> 'verdict_as_found', said ->> 'verdict_as_left')
        OR (extract(epoch FROM NEW.applies_from) * 1000000)::bigint
            IS DISTINCT FROM (said ->> 'applies_from_us')::bigint
        OR NEW.import_id IS DISTINCT FROM signed.import_id
    THEN
        PERFORM teak.stop('a calibration is kept as its signed record says');
    END IF;
    IF NEW.certificate_number IS NOT NULL OR NEW.certificate_sha256 IS NOT NULL THEN
        PERFORM teak.stop('a calibration is certified after it is recorded');
    END IF;
    RETURN NEW;
END $body$;

CREATE TRIGGER guard_calibration_recorded BEFORE INSERT ON calibration FOR EACH ROW
EXECUTE FUNCTION teak.guard_calibration_recorded();

CREATE FUNCTION teak.guard_calibration_certified() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    IF NOT teak.is_owner() AND teak.is_worker() = (OLD.import_id IS NOT NULL) THEN
        PERFORM teak.stop('the worker certifies the calibrations of this registry, '
            || 'and no others');
    END IF;
    RETURN NEW;
END $body$;

CREATE TRIGGER guard_calibration_certified BEFORE UPDATE ON calibration FOR EACH ROW
EXECUTE FUNCTION teak.guard_calibration_certified();

-- Who asks first authorises; everybody may ask for what is certified in another language.
CREATE FUNCTION teak.guard_calibration_certificate_asked() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
    of_calibration record;
BEGIN
    SELECT import_id, certificate_sha256 INTO of_calibration FROM teak.calibration
    WHERE id = NEW.calibration_id;
    IF NEW.state <> 'asked' OR NEW.file_sha256 IS NOT NULL OR NEW.problem <> ''
        OR of_calibration.import_id IS NOT NULL
    THEN
        PERFORM teak.stop('a certificate is asked for, and made by the worker');
    END IF;
    IF of_calibration.certificate_sha256 IS NULL
        AND COALESCE(teak.role_held_by(NEW.asked_by), '') NOT IN ('technician', 'administrator')
    THEN
        PERFORM teak.stop('a calibration certificate is authorised by a technician or an '
            || 'administrator');
    END IF;
    RETURN NEW;
END $body$;

CREATE TRIGGER guard_asked BEFORE INSERT ON calibration_certificate_request FOR EACH ROW
EXECUTE FUNCTION teak.guard_calibration_certificate_asked();

-- The same holds for certificates of cancellations.
CREATE TRIGGER guard_asked BEFORE INSERT ON certificate_request FOR EACH ROW
WHEN (NEW.state <> 'asked' OR NEW.file_sha256 IS NOT NULL OR NEW.problem <> '')
EXECUTE FUNCTION teak.refuse('a certificate is asked for, and made by the worker');

CREATE TRIGGER guard_answered BEFORE UPDATE ON calibration_certificate_request FOR EACH ROW
WHEN (
    OLD.state <> 'asked'
    OR (NEW.id, NEW.calibration_id, NEW.asked_by, NEW.asked_at, NEW.language)
    IS DISTINCT FROM (OLD.id, OLD.calibration_id, OLD.asked_by, OLD.asked_at, OLD.language)
)
EXECUTE FUNCTION teak.refuse('a request is answered once');

-- What other desks show again. Readings come every minute and are told by nobody.
DO $body$
DECLARE
    told text[];
BEGIN
    FOREACH told SLICE 1 IN ARRAY ARRAY[
        ['station', 'stations'], ['station_key', 'stations'], ['sensor', 'stations'],
        ['sensor_channel', 'stations'], ['station_event', 'stations'],
        ['alarm_limit', 'stations'], ['alarm', 'stations'],
        ['reference_standard', 'calibrations'], ['calibration', 'calibrations'],
        ['calibration_certificate_request', 'certificates'], ['reading_import', 'stations']
    ] LOOP
        EXECUTE format(
            'CREATE TRIGGER tell AFTER INSERT OR UPDATE ON %I FOR EACH STATEMENT '
            'EXECUTE FUNCTION teak.tell(%L)', told[1], told[2]);
    END LOOP;
END $body$;
