-- A sensor's chain: each record names the one before, carries its own hash, is signed with a
-- key of its station and recorded by the person signed in.

CREATE FUNCTION teak.guard_reading_record() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
DECLARE
    before record;
    key record;
BEGIN
    -- One at a time for each sensor: two records must not take one place.
    PERFORM pg_advisory_xact_lock(hashtextextended('teak reading', NEW.sensor_id));
    SELECT sequence, hash INTO before FROM teak.reading_record
    WHERE sensor_id = NEW.sensor_id ORDER BY sequence DESC LIMIT 1;
    IF NEW.sequence <> COALESCE(before.sequence, 0) + 1 THEN
        PERFORM teak.stop('the records of a sensor follow one another without a gap');
    END IF;
    IF NEW.hash <> sha256('\x00'::bytea || NEW.header) OR octet_length(NEW.header) = 0
        OR (before.hash IS NOT NULL
            AND position(encode(before.hash, 'hex') IN convert_from(NEW.header, 'UTF8')) = 0)
    THEN
        PERFORM teak.stop('a record of readings names the one before it');
    END IF;
    -- One of a station elsewhere comes in an import, signed before its key was retired or after.
    SELECT k.retired_at, k.private_key IS NOT NULL AS is_of_here INTO key
    FROM teak.station_key k JOIN teak.sensor s ON s.station_id = k.station_id
    WHERE k.id = NEW.key_id AND s.id = NEW.sensor_id;
    IF NOT FOUND OR (key.is_of_here AND key.retired_at IS NOT NULL)
        OR (NOT key.is_of_here AND NEW.import_id IS NULL)
    THEN
        PERFORM teak.stop(
            'a record of readings is signed with a key of its station that is in use');
    END IF;
    IF key.is_of_here AND NOT teak.is_owner()
        AND teak.role_held_by(NEW.recorded_by) IS DISTINCT FROM 'technician'
    THEN
        PERFORM teak.stop('a technician records what a station of this registry measures');
    END IF;
    IF NOT teak.is_owner() AND teak.acting_person(NULL) IS DISTINCT FROM NEW.recorded_by THEN
        PERFORM teak.stop('a person acts for themselves alone');
    END IF;
    RETURN NEW;
END $body$;

CREATE TRIGGER guard_reading_record BEFORE INSERT ON reading_record FOR EACH ROW
EXECUTE FUNCTION teak.guard_reading_record();
