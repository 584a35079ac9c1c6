"""What each database role may do with stations, beside the rights of revision 0002.

Technicians and administrators write; everybody signed in reads, but for the private half of a
station's key, which those read who sign with it: technicians. The worker alone answers requests
for certificates.
"""

from __future__ import annotations

from app.models.guards.postgresql_0002.rights import rights as rights_0002

_READABLE = (
    "alarm",
    "alarm_limit",
    "calibration",
    "calibration_certificate_request",
    "calibration_point",
    "reading_import",
    "reading_record",
    "reading_rollup",
    "reference_standard",
    "sensor",
    "sensor_channel",
    "station",
    "station_event",
)
_KEY_COLUMNS = "id, station_id, public_key, added_at, added_by, retired_at"
_WITHOUT_SEQUENCE = ("calibration_point", "reading_record", "reading_rollup")
_WRITERS = ("technician", "administrator")
_UPDATES = {
    "station": "name, owner, project_id, latitude, longitude, elevation_m, time_zone, state",
    "station_key": "retired_at",
    "sensor": "sensor_type, manufacturer, model_number, serial_number, installation_date, "
    "protocol, port, address, settings, interval_ms, accuracy, certification, connection_type, "
    "power_source, state",
    "sensor_channel": "range_low, range_high, resolution, uncertainty, rules, calibration_days",
    "alarm_limit": "ended_at, ended_by",
    "alarm": "ended_at, end_reason, acknowledged_at, acknowledged_by, comment",
    "reference_standard": "retired_at",
    "calibration": "certificate_number, certificate_sha256",
    "reading_rollup": "end_us, mean, minimum, maximum, raw_mean, east, north, speed, calms, used, "
    "expected, good, suspicious, bad, missing",
}
_SIGNED_IN = "(SELECT teak.is_signed_in())"


def rights(prefix: str) -> tuple[str, ...]:
    """Write every grant and policy of a registry whose roles begin with `prefix`."""
    return (*rights_0002(prefix), *_reading(prefix), *_writing(prefix), *_policies(prefix))


def _reading(prefix: str) -> tuple[str, ...]:
    readers = f'"{prefix}_person", "{prefix}_worker"'
    return (
        *(f"GRANT SELECT ON teak.{table} TO {readers}" for table in _READABLE),
        f"GRANT SELECT ({_KEY_COLUMNS}) ON teak.station_key TO {readers}",
        f'GRANT SELECT (private_key) ON teak.station_key TO "{prefix}_technician"',
    )


def _writing(prefix: str) -> tuple[str, ...]:
    writers = ", ".join(f'"{prefix}_{group}"' for group in _WRITERS)
    inserted = (*_READABLE, "station_key")
    return (
        *(f"GRANT INSERT ON teak.{table} TO {writers}" for table in inserted),
        *_asking(prefix),
        *(
            f"GRANT USAGE ON SEQUENCE teak.{table}_id_seq TO {writers}"
            for table in inserted
            if table not in _WITHOUT_SEQUENCE
        ),
        *(
            f"GRANT UPDATE ({columns}) ON teak.{table} TO {writers}"
            for table, columns in _UPDATES.items()
        ),
        f"GRANT DELETE ON teak.reading_rollup TO {writers}",
        _acknowledging(prefix),
    )


def _asking(prefix: str) -> tuple[str, ...]:
    """Write who asks for certificates, and that the worker answers; it reads the ledger's own."""
    asked = "teak.calibration_certificate_request"
    worker = f'"{prefix}_worker"'
    return (
        f'GRANT INSERT ON {asked} TO "{prefix}_person"',
        f'GRANT USAGE ON SEQUENCE {asked}_id_seq TO "{prefix}_person"',
        f"GRANT UPDATE (state, file_sha256, problem) ON {asked} TO {worker}",
        f"GRANT UPDATE (certificate_number, certificate_sha256) ON teak.calibration TO {worker}",
    )


def _acknowledging(prefix: str) -> str:
    columns = "acknowledged_at, acknowledged_by, comment"
    return f'GRANT UPDATE ({columns}) ON teak.alarm TO "{prefix}_officer"'


def _policies(prefix: str) -> tuple[str, ...]:
    return tuple(
        statement
        for table in (*_READABLE, "station_key")
        for statement in (
            f"ALTER TABLE teak.{table} ENABLE ROW LEVEL SECURITY",
            f"DROP POLICY IF EXISTS signed_in ON teak.{table}",
            _policy("signed_in", table, f"{prefix}_person", _SIGNED_IN),
            f"DROP POLICY IF EXISTS worker ON teak.{table}",
            _policy("worker", table, f"{prefix}_worker", "true"),
        )
    )


def _policy(name: str, table: str, role: str, shown: str) -> str:
    return f'CREATE POLICY {name} ON teak.{table} TO "{role}" USING ({shown}) WITH CHECK ({shown})'
