"""Triggers of sensor stations by which an SQLite registry itself refuses.

Readings, events and calibrations are only ever added to; a sensor's records follow one another
without a gap, each naming the hash of the one before, signed with a key of its own station.

These statements belong to the migration of the same number and are never edited afterwards.
"""

from __future__ import annotations

from app.models.guards.sqlite_0003.refusing import append_only, never_replaced, refuse

_KEPT = (
    *append_only("reading_record", "a record of readings"),
    *append_only("station_event", "the history of a station"),
    *append_only("calibration_point", "the points of a calibration"),
    *append_only("reading_import", "an import of readings"),
    *(
        refuse(f"{table}_delete", "DELETE", table, f"{what} cannot be deleted")
        for table, what in (
            ("station", "a station"),
            ("station_key", "a station key"),
            ("sensor", "a sensor"),
            ("sensor_channel", "a channel"),
            ("alarm_limit", "an alarm limit"),
            ("alarm", "an alarm"),
            ("reference_standard", "a reference standard"),
            ("calibration", "a calibration"),
            ("calibration_certificate_request", "a request"),
        )
    ),
)

_NEVER_REPLACED = (
    never_replaced("station", "a station", "id"),
    never_replaced("station_key", "a station key", "id"),
    never_replaced("sensor", "a sensor", "id"),
    never_replaced("sensor_channel", "a channel", "id"),
    never_replaced("alarm_limit", "an alarm limit", "id"),
    never_replaced("alarm", "an alarm", "id"),
    never_replaced("station_event", "the history of a station", "id"),
    never_replaced("reference_standard", "a reference standard", "id", "identification"),
    never_replaced("calibration", "a calibration", "id"),
    refuse(
        "calibration_code_replace",
        "INSERT",
        "calibration",
        "a calibration cannot be replaced",
        "EXISTS (SELECT 1 FROM calibration WHERE channel_id = NEW.channel_id AND code = NEW.code)",
    ),
    never_replaced("calibration_certificate_request", "a request", "id"),
    never_replaced("reading_import", "an import of readings", "id"),
)

_CHAIN = (
    refuse(
        "reading_record_sequence",
        "INSERT",
        "reading_record",
        "the records of a sensor follow one another without a gap",
        "NEW.sequence <> (SELECT COALESCE(MAX(sequence), 0) + 1 FROM reading_record "
        "WHERE sensor_id = NEW.sensor_id)",
    ),
    refuse(
        "reading_record_previous",
        "INSERT",
        "reading_record",
        "a record of readings names the one before it",
        "NEW.sequence > 1 AND instr(CAST(NEW.header AS TEXT), (SELECT lower(hex(hash)) "
        "FROM reading_record WHERE sensor_id = NEW.sensor_id "
        "AND sequence = NEW.sequence - 1)) = 0",
    ),
    refuse(
        "reading_record_key",
        "INSERT",
        "reading_record",
        "a record of readings is signed with a key of its station that is in use",
        "NOT EXISTS (SELECT 1 FROM station_key k JOIN sensor s ON s.station_id = k.station_id "
        "WHERE k.id = NEW.key_id AND s.id = NEW.sensor_id "
        "AND CASE WHEN k.private_key IS NULL THEN NEW.import_id IS NOT NULL "
        "ELSE k.retired_at IS NULL END)",
    ),
    refuse(
        "calibration_recorded",
        "INSERT",
        "calibration",
        "a calibration is kept as its signed record says",
        "NEW.certificate_number IS NOT NULL OR NEW.certificate_sha256 IS NOT NULL OR NOT EXISTS ("
        "SELECT 1 FROM reading_record r JOIN sensor_channel c ON c.sensor_id = r.sensor_id "
        "WHERE c.id = NEW.channel_id AND r.sequence = NEW.sequence AND r.kind = 'calibration' "
        "AND CAST(r.payload AS TEXT) = NEW.details AND r.import_id IS NEW.import_id "
        "AND json_extract(CAST(r.header AS TEXT), '$.by') = NEW.technician "
        "AND json_extract(CAST(r.header AS TEXT), '$.body.calibration') = NEW.code "
        "AND json_extract(CAST(r.header AS TEXT), '$.body.channel') = c.channel)",
    ),
)

_CHANGES = (
    refuse(
        "station_identity",
        "UPDATE",
        "station",
        "a station keeps its code",
        "NEW.id <> OLD.id OR NEW.origin <> OLD.origin OR NEW.code <> OLD.code "
        "OR NEW.created_at <> OLD.created_at OR NEW.created_by <> OLD.created_by",
    ),
    refuse(
        "station_key_kept",
        "UPDATE",
        "station_key",
        "a station key is retired, never changed",
        "NEW.id <> OLD.id OR NEW.station_id <> OLD.station_id "
        "OR NEW.public_key <> OLD.public_key OR NEW.private_key IS NOT OLD.private_key "
        "OR NEW.added_at <> OLD.added_at OR NEW.added_by <> OLD.added_by "
        "OR OLD.retired_at IS NOT NULL",
    ),
    refuse(
        "station_key_enrolled",
        "INSERT",
        "station_key",
        "a key of a station elsewhere is enrolled by an active administrator",
        "NEW.private_key IS NULL AND NOT EXISTS (SELECT 1 FROM person "
        "WHERE id = NEW.added_by AND role = 'administrator' AND state = 'active')",
    ),
    refuse(
        "sensor_identity",
        "UPDATE",
        "sensor",
        "a sensor keeps its code and its station",
        "NEW.id <> OLD.id OR NEW.station_id <> OLD.station_id OR NEW.code <> OLD.code "
        "OR NEW.created_at <> OLD.created_at OR NEW.created_by <> OLD.created_by",
    ),
    refuse(
        "sensor_channel_identity",
        "UPDATE",
        "sensor_channel",
        "a channel keeps what it measures and its unit",
        "NEW.id <> OLD.id OR NEW.sensor_id <> OLD.sensor_id OR NEW.channel <> OLD.channel "
        "OR NEW.unit <> OLD.unit",
    ),
    refuse(
        "alarm_limit_kept",
        "UPDATE",
        "alarm_limit",
        "an alarm limit is ended, never changed",
        "NEW.id <> OLD.id OR NEW.channel_id <> OLD.channel_id OR NEW.side <> OLD.side "
        "OR NEW.raise_at <> OLD.raise_at OR NEW.clear_at <> OLD.clear_at "
        "OR NEW.message <> OLD.message OR NEW.set_at <> OLD.set_at OR NEW.set_by <> OLD.set_by "
        "OR OLD.ended_at IS NOT NULL",
    ),
    refuse(
        "alarm_kept",
        "UPDATE",
        "alarm",
        "an alarm ends once and is acknowledged once",
        "NEW.id <> OLD.id OR NEW.limit_id <> OLD.limit_id OR NEW.raised_at <> OLD.raised_at "
        "OR NEW.raised_value <> OLD.raised_value "
        "OR (OLD.ended_at IS NOT NULL AND (NEW.ended_at IS NOT OLD.ended_at "
        "OR NEW.end_reason <> OLD.end_reason)) "
        "OR (OLD.acknowledged_at IS NOT NULL AND (NEW.comment <> OLD.comment "
        "OR NEW.acknowledged_at IS NOT OLD.acknowledged_at "
        "OR NEW.acknowledged_by IS NOT OLD.acknowledged_by)) "
        "OR (NEW.acknowledged_at IS NULL) <> (NEW.acknowledged_by IS NULL)",
    ),
    refuse(
        "reference_standard_kept",
        "UPDATE",
        "reference_standard",
        "a reference standard is retired, never changed",
        "NEW.id <> OLD.id OR NEW.identification <> OLD.identification "
        "OR NEW.channel <> OLD.channel OR NEW.value <> OLD.value OR NEW.unit <> OLD.unit "
        "OR NEW.expanded <> OLD.expanded OR NEW.factor <> OLD.factor "
        "OR NEW.certificate <> OLD.certificate OR NEW.issuer <> OLD.issuer "
        "OR NEW.traceable_to <> OLD.traceable_to OR NEW.expires_on IS NOT OLD.expires_on "
        "OR NEW.document_sha256 IS NOT OLD.document_sha256 OR NEW.added_at <> OLD.added_at "
        "OR NEW.added_by <> OLD.added_by OR OLD.retired_at IS NOT NULL",
    ),
    refuse(
        "calibration_kept",
        "UPDATE",
        "calibration",
        "a calibration gets its certificate once, and nothing else of it changes",
        "NEW.id <> OLD.id OR NEW.code <> OLD.code OR NEW.channel_id <> OLD.channel_id "
        "OR NEW.sequence <> OLD.sequence OR NEW.method <> OLD.method "
        "OR NEW.performed_at <> OLD.performed_at OR NEW.applies_from <> OLD.applies_from "
        "OR NEW.next_due_on IS NOT OLD.next_due_on OR NEW.slope <> OLD.slope "
        "OR NEW.intercept <> OLD.intercept OR NEW.u_slope <> OLD.u_slope "
        "OR NEW.u_intercept <> OLD.u_intercept OR NEW.covariance <> OLD.covariance "
        "OR NEW.written_to_device <> OLD.written_to_device "
        "OR NEW.verdict_as_found <> OLD.verdict_as_found "
        "OR NEW.verdict_as_left <> OLD.verdict_as_left OR NEW.details <> OLD.details "
        "OR NEW.technician <> OLD.technician OR NEW.import_id IS NOT OLD.import_id "
        "OR NEW.performed_by <> OLD.performed_by OR NEW.recorded_at <> OLD.recorded_at "
        "OR OLD.certificate_number IS NOT NULL OR OLD.certificate_sha256 IS NOT NULL",
    ),
)

STATEMENTS: tuple[str, ...] = (*_KEPT, *_NEVER_REPLACED, *_CHAIN, *_CHANGES)
