-- Guards of stations, their keys, sensors, channels, alarms and calibrations.

CREATE TRIGGER guard_station_identity BEFORE UPDATE ON station FOR EACH ROW
WHEN (
    (NEW.id, NEW.origin, NEW.code, NEW.created_at, NEW.created_by)
    IS DISTINCT FROM (OLD.id, OLD.origin, OLD.code, OLD.created_at, OLD.created_by)
)
EXECUTE FUNCTION teak.refuse('a station keeps its code');

CREATE TRIGGER guard_station_key_kept BEFORE UPDATE ON station_key FOR EACH ROW
WHEN (
    (NEW.id, NEW.station_id, NEW.public_key, NEW.private_key, NEW.added_at, NEW.added_by)
    IS DISTINCT FROM
    (OLD.id, OLD.station_id, OLD.public_key, OLD.private_key, OLD.added_at, OLD.added_by)
    OR OLD.retired_at IS NOT NULL
)
EXECUTE FUNCTION teak.refuse('a station key is retired, never changed');

-- A later key is added by somebody who signs with the one before; when is the server's to say.
CREATE FUNCTION teak.guard_station_key_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.private_key IS NOT NULL AND NOT teak.is_owner()
            AND teak.role_held_by(NEW.added_by) IS DISTINCT FROM 'technician'
            AND EXISTS (SELECT 1 FROM teak.station_key WHERE station_id = NEW.station_id)
        THEN
            PERFORM teak.stop('a technician changes the key of a station');
        END IF;
    ELSIF NOT teak.is_owner() THEN
        IF OLD.private_key IS NOT NULL
            AND teak.role_held_by(teak.acting_person(NULL)) IS DISTINCT FROM 'technician'
        THEN
            PERFORM teak.stop('a technician changes the key of a station');
        END IF;
        NEW.retired_at := teak.now();
    END IF;
    RETURN NEW;
END $body$;

CREATE TRIGGER guard_station_key_changed BEFORE INSERT OR UPDATE ON station_key FOR EACH ROW
EXECUTE FUNCTION teak.guard_station_key_changed();

CREATE FUNCTION teak.guard_station_key_enrolled() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    IF teak.role_held_by(NEW.added_by) IS DISTINCT FROM 'administrator' THEN
        PERFORM teak.stop(
            'a key of a station elsewhere is enrolled by an active administrator');
    END IF;
    RETURN NEW;
END $body$;

CREATE TRIGGER guard_station_key_enrolled BEFORE INSERT ON station_key FOR EACH ROW
WHEN (NEW.private_key IS NULL)
EXECUTE FUNCTION teak.guard_station_key_enrolled();

CREATE TRIGGER guard_sensor_identity BEFORE UPDATE ON sensor FOR EACH ROW
WHEN (
    (NEW.id, NEW.station_id, NEW.code, NEW.created_at, NEW.created_by)
    IS DISTINCT FROM (OLD.id, OLD.station_id, OLD.code, OLD.created_at, OLD.created_by)
)
EXECUTE FUNCTION teak.refuse('a sensor keeps its code and its station');

CREATE TRIGGER guard_sensor_channel_identity BEFORE UPDATE ON sensor_channel FOR EACH ROW
WHEN (
    (NEW.id, NEW.sensor_id, NEW.channel, NEW.unit)
    IS DISTINCT FROM (OLD.id, OLD.sensor_id, OLD.channel, OLD.unit)
)
EXECUTE FUNCTION teak.refuse('a channel keeps what it measures and its unit');

CREATE TRIGGER guard_alarm_limit_kept BEFORE UPDATE ON alarm_limit FOR EACH ROW
WHEN (
    (NEW.id, NEW.channel_id, NEW.side, NEW.raise_at, NEW.clear_at, NEW.message, NEW.set_at,
     NEW.set_by)
    IS DISTINCT FROM
    (OLD.id, OLD.channel_id, OLD.side, OLD.raise_at, OLD.clear_at, OLD.message, OLD.set_at,
     OLD.set_by)
    OR OLD.ended_at IS NOT NULL
)
EXECUTE FUNCTION teak.refuse('an alarm limit is ended, never changed');

CREATE FUNCTION teak.guard_alarm() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
    IF (NEW.id, NEW.limit_id, NEW.raised_at, NEW.raised_value)
        IS DISTINCT FROM (OLD.id, OLD.limit_id, OLD.raised_at, OLD.raised_value)
        OR (OLD.ended_at IS NOT NULL AND
            (NEW.ended_at, NEW.end_reason) IS DISTINCT FROM (OLD.ended_at, OLD.end_reason))
        OR (OLD.acknowledged_at IS NOT NULL AND
            (NEW.acknowledged_at, NEW.acknowledged_by, NEW.comment)
            IS DISTINCT FROM (OLD.acknowledged_at, OLD.acknowledged_by, OLD.comment))
        OR (NEW.acknowledged_at IS NULL) <> (NEW.acknowledged_by IS NULL)
    THEN
        PERFORM teak.stop('an alarm ends once and is acknowledged once');
    END IF;
    IF OLD.acknowledged_at IS NULL AND NEW.acknowledged_at IS NOT NULL
        AND NOT teak.is_owner()
    THEN
        IF teak.acting_person(NULL) IS DISTINCT FROM NEW.acknowledged_by THEN
            PERFORM teak.stop('a person acts for themselves alone');
        END IF;
        NEW.acknowledged_at := teak.now();
    END IF;
    RETURN NEW;
END $body$;

CREATE TRIGGER guard_alarm BEFORE UPDATE ON alarm FOR EACH ROW
EXECUTE FUNCTION teak.guard_alarm();

CREATE TRIGGER guard_reference_standard_kept BEFORE UPDATE ON reference_standard FOR EACH ROW
WHEN (
    OLD.retired_at IS NOT NULL OR NEW.retired_at IS NULL
    OR (NEW.id, NEW.identification, NEW.channel, NEW.value, NEW.unit, NEW.expanded, NEW.factor,
        NEW.certificate, NEW.issuer, NEW.traceable_to, NEW.expires_on, NEW.document_sha256,
        NEW.added_at, NEW.added_by)
    IS DISTINCT FROM
    (OLD.id, OLD.identification, OLD.channel, OLD.value, OLD.unit, OLD.expanded, OLD.factor,
     OLD.certificate, OLD.issuer, OLD.traceable_to, OLD.expires_on, OLD.document_sha256,
     OLD.added_at, OLD.added_by)
)
EXECUTE FUNCTION teak.refuse('a reference standard is retired, never changed');

CREATE TRIGGER guard_calibration_kept BEFORE UPDATE ON calibration FOR EACH ROW
WHEN (
    OLD.certificate_number IS NOT NULL OR OLD.certificate_sha256 IS NOT NULL
    OR (NEW.id, NEW.code, NEW.channel_id, NEW.sequence, NEW.method, NEW.performed_at,
        NEW.applies_from, NEW.next_due_on, NEW.slope, NEW.intercept, NEW.u_slope,
        NEW.u_intercept, NEW.covariance, NEW.written_to_device, NEW.verdict_as_found,
        NEW.verdict_as_left, NEW.details, NEW.technician, NEW.performed_by, NEW.recorded_at,
        NEW.import_id)
    IS DISTINCT FROM
    (OLD.id, OLD.code, OLD.channel_id, OLD.sequence, OLD.method, OLD.performed_at,
     OLD.applies_from, OLD.next_due_on, OLD.slope, OLD.intercept, OLD.u_slope,
     OLD.u_intercept, OLD.covariance, OLD.written_to_device, OLD.verdict_as_found,
     OLD.verdict_as_left, OLD.details, OLD.technician, OLD.performed_by, OLD.recorded_at,
     OLD.import_id)
)
EXECUTE FUNCTION teak.refuse(
    'a calibration gets its certificate once, and nothing else of it changes'
);
