-- What is only ever added to, what is never deleted, who is named, and what stands in the log.

DO $body$
DECLARE
    kept text[];
    one text;
BEGIN
    FOREACH kept SLICE 1 IN ARRAY ARRAY[
        ['reading_record', 'a record of readings'],
        ['station_event', 'the history of a station'],
        ['calibration_point', 'the points of a calibration'],
        ['reading_import', 'an import of readings']
    ] LOOP
        EXECUTE format(
            'CREATE TRIGGER guard_%1$s_update BEFORE UPDATE ON %1$I FOR EACH ROW '
            'EXECUTE FUNCTION teak.refuse(%2$L)', kept[1], kept[2] || ' cannot be changed');
        EXECUTE format(
            'CREATE TRIGGER guard_%1$s_delete BEFORE DELETE ON %1$I FOR EACH ROW '
            'EXECUTE FUNCTION teak.refuse(%2$L)', kept[1], kept[2] || ' cannot be deleted');
    END LOOP;
    FOREACH kept SLICE 1 IN ARRAY ARRAY[
        ['station', 'a station cannot be deleted'],
        ['station_key', 'a station key cannot be deleted'],
        ['sensor', 'a sensor cannot be deleted'],
        ['sensor_channel', 'a channel cannot be deleted'],
        ['alarm_limit', 'an alarm limit cannot be deleted'],
        ['alarm', 'an alarm cannot be deleted'],
        ['reference_standard', 'a reference standard cannot be deleted'],
        ['calibration', 'a calibration cannot be deleted'],
        ['calibration_certificate_request', 'a request cannot be deleted']
    ] LOOP
        EXECUTE format(
            'CREATE TRIGGER guard_%1$s_delete BEFORE DELETE ON %1$I FOR EACH ROW '
            'EXECUTE FUNCTION teak.refuse(%2$L)', kept[1], kept[2]);
    END LOOP;
    FOREACH one IN ARRAY ARRAY[
        'reading_record', 'station_event', 'calibration_point', 'reading_import', 'station',
        'station_key', 'sensor', 'sensor_channel', 'alarm_limit', 'alarm', 'reference_standard',
        'calibration', 'calibration_certificate_request'
    ] LOOP
        EXECUTE format(
            'CREATE TRIGGER guard_%1$s_truncate BEFORE TRUNCATE ON %1$I FOR EACH STATEMENT '
            'EXECUTE FUNCTION teak.refuse(%2$L)', one, 'a table cannot be emptied');
    END LOOP;
    FOREACH kept SLICE 1 IN ARRAY ARRAY[
        ['station', 'created_by', 'created_at'],
        ['station_key', 'added_by', 'added_at'],
        ['sensor', 'created_by', 'created_at'],
        ['alarm_limit', 'set_by', 'set_at'],
        ['station_event', 'person_id', 'recorded_at'],
        ['reference_standard', 'added_by', 'added_at'],
        ['calibration', 'performed_by', 'recorded_at'],
        ['calibration_certificate_request', 'asked_by', 'asked_at'],
        ['reading_import', 'imported_by', 'imported_at']
    ] LOOP
        EXECUTE format(
            'CREATE TRIGGER first_stamp BEFORE INSERT ON %I FOR EACH ROW '
            'EXECUTE FUNCTION teak.stamp(%L, %L)', kept[1], kept[2], kept[3]);
    END LOOP;
    FOREACH one IN ARRAY ARRAY[
        'station', 'station_key', 'sensor', 'sensor_channel', 'alarm_limit', 'station_event',
        'reference_standard', 'calibration', 'reading_import'
    ] LOOP
        EXECUTE format(
            'CREATE CONSTRAINT TRIGGER guard_logged AFTER INSERT OR UPDATE ON %I '
            'DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION teak.guard_logged()',
            one);
    END LOOP;
END $body$;
