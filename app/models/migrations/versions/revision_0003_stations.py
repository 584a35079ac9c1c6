"""Sensor stations: sensors and channels, signed readings, roll-ups, calibrations, alarms.

Revision 0003. Only adds tables and their guards (`app.models.guards`).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.models.guards.postgresql_0003 import STATEMENTS as POSTGRESQL_GUARDS
from app.models.guards.sqlite_0003 import STATEMENTS as SQLITE_GUARDS
from app.models.tables.base import BIG, ExactDecimal, UtcTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables and their guards."""
    _create_tables()
    # Without parameters a percent sign is one.
    plain = op.get_bind().execution_options(no_parameters=True)
    is_embedded = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE_GUARDS if is_embedded else POSTGRESQL_GUARDS:
        plain.exec_driver_sql(statement)


def _create_tables() -> None:
    op.create_table(
        "reading_import",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("form", sa.String(length=40), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("row_count", BIG, nullable=False),
        sa.Column("refused_count", BIG, nullable=False),
        sa.Column("imported_at", UtcTime(), nullable=False),
        sa.Column("imported_by", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["imported_by"], ["person.id"], name=op.f("fk_reading_import_imported_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading_import")),
        sa.UniqueConstraint("sha256", "subject", name=op.f("uq_reading_import_sha256_subject")),
    )
    op.create_table(
        "reference_standard",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("identification", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("expanded", sa.Double(), nullable=False),
        sa.Column("factor", sa.Double(), nullable=False),
        sa.Column("certificate", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("traceable_to", sa.Text(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("document_sha256", sa.String(length=64), nullable=True),
        sa.Column("added_at", UtcTime(), nullable=False),
        sa.Column("added_by", BIG, nullable=False),
        sa.Column("retired_at", UtcTime(), nullable=True),
        sa.CheckConstraint(
            "expanded >= 0 AND factor > 0", name=op.f("ck_reference_standard_uncertainty")
        ),
        sa.ForeignKeyConstraint(
            ["added_by"], ["person.id"], name=op.f("fk_reference_standard_added_by")
        ),
        sa.ForeignKeyConstraint(
            ["document_sha256"],
            ["document.sha256"],
            name=op.f("fk_reference_standard_document_sha256"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reference_standard")),
        sa.UniqueConstraint("identification", name=op.f("uq_reference_standard_identification")),
    )
    op.create_table(
        "station",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("origin", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("project_id", BIG, nullable=True),
        sa.Column("latitude", ExactDecimal(), nullable=True),
        sa.Column("longitude", ExactDecimal(), nullable=True),
        sa.Column("elevation_m", ExactDecimal(), nullable=True),
        sa.Column("time_zone", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by", BIG, nullable=False),
        sa.CheckConstraint(
            "state IN ('active', 'maintenance', 'offline')", name=op.f("ck_station_state")
        ),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_station_created_by")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_station_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_station")),
        sa.UniqueConstraint("origin", "code", name=op.f("uq_station_origin_code")),
    )
    op.create_table(
        "sensor",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("station_id", BIG, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("sensor_type", sa.String(length=40), nullable=False),
        sa.Column("manufacturer", sa.Text(), nullable=False),
        sa.Column("model_number", sa.Text(), nullable=False),
        sa.Column("serial_number", sa.Text(), nullable=False),
        sa.Column("installation_date", sa.Date(), nullable=True),
        sa.Column("protocol", sa.String(length=40), nullable=False),
        sa.Column("port", sa.Text(), nullable=False),
        sa.Column("address", sa.String(length=40), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("interval_ms", BIG, nullable=False),
        sa.Column("accuracy", sa.Text(), nullable=False),
        sa.Column("certification", sa.Text(), nullable=False),
        sa.Column("connection_type", sa.String(length=40), nullable=False),
        sa.Column("power_source", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("created_by", BIG, nullable=False),
        sa.CheckConstraint(
            "state IN ('active', 'maintenance', 'offline')", name=op.f("ck_sensor_state")
        ),
        sa.CheckConstraint("interval_ms > 0", name=op.f("ck_sensor_interval")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_sensor_created_by")),
        sa.ForeignKeyConstraint(["station_id"], ["station.id"], name=op.f("fk_sensor_station_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sensor")),
        sa.UniqueConstraint("station_id", "code", name=op.f("uq_sensor_station_id_code")),
    )
    op.create_table(
        "station_key",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("station_id", BIG, nullable=False),
        sa.Column("public_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("private_key", sa.LargeBinary(length=32), nullable=True),
        sa.Column("added_at", UtcTime(), nullable=False),
        sa.Column("added_by", BIG, nullable=False),
        sa.Column("retired_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["added_by"], ["person.id"], name=op.f("fk_station_key_added_by")),
        sa.ForeignKeyConstraint(
            ["station_id"], ["station.id"], name=op.f("fk_station_key_station_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_station_key")),
        sa.UniqueConstraint(
            "station_id", "public_key", name=op.f("uq_station_key_station_id_public_key")
        ),
    )
    op.create_index(
        "uq_station_key_in_use",
        "station_key",
        ["station_id"],
        unique=True,
        sqlite_where=sa.text("retired_at IS NULL"),
        postgresql_where=sa.text("retired_at IS NULL"),
    )
    op.create_table(
        "reading_record",
        sa.Column("sensor_id", BIG, nullable=False),
        sa.Column("sequence", BIG, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("first_us", BIG, nullable=False),
        sa.Column("last_us", BIG, nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("header", sa.LargeBinary(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("signature", sa.LargeBinary(length=64), nullable=False),
        sa.Column("key_id", BIG, nullable=False),
        sa.Column("recorded_by", BIG, nullable=False),
        sa.Column("import_id", BIG, nullable=True),
        sa.CheckConstraint("first_us <= last_us", name=op.f("ck_reading_record_span")),
        sa.ForeignKeyConstraint(
            ["import_id"], ["reading_import.id"], name=op.f("fk_reading_record_import_id")
        ),
        sa.ForeignKeyConstraint(
            ["key_id"], ["station_key.id"], name=op.f("fk_reading_record_key_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["person.id"], name=op.f("fk_reading_record_recorded_by")
        ),
        sa.ForeignKeyConstraint(
            ["sensor_id"], ["sensor.id"], name=op.f("fk_reading_record_sensor_id")
        ),
        sa.PrimaryKeyConstraint("sensor_id", "sequence", name=op.f("pk_reading_record")),
    )
    op.create_index(
        op.f("ix_reading_record_sensor_id_kind_first_us_last_us"),
        "reading_record",
        ["sensor_id", "kind", "first_us", "last_us"],
        unique=False,
    )
    op.create_table(
        "sensor_channel",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("sensor_id", BIG, nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("range_low", ExactDecimal(), nullable=True),
        sa.Column("range_high", ExactDecimal(), nullable=True),
        sa.Column("resolution", ExactDecimal(), nullable=True),
        sa.Column("uncertainty", ExactDecimal(), nullable=True),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("calibration_days", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["sensor_id"], ["sensor.id"], name=op.f("fk_sensor_channel_sensor_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sensor_channel")),
        sa.UniqueConstraint(
            "sensor_id", "channel", name=op.f("uq_sensor_channel_sensor_id_channel")
        ),
    )
    op.create_table(
        "station_event",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("station_id", BIG, nullable=False),
        sa.Column("sensor_id", BIG, nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("latitude", ExactDecimal(), nullable=True),
        sa.Column("longitude", ExactDecimal(), nullable=True),
        sa.Column("document_sha256", sa.String(length=64), nullable=True),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("recorded_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_sha256"], ["document.sha256"], name=op.f("fk_station_event_document_sha256")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_station_event_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["sensor_id"], ["sensor.id"], name=op.f("fk_station_event_sensor_id")
        ),
        sa.ForeignKeyConstraint(
            ["station_id"], ["station.id"], name=op.f("fk_station_event_station_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_station_event")),
    )
    op.create_index(
        op.f("ix_station_event_station_id_at"), "station_event", ["station_id", "at"], unique=False
    )
    op.create_table(
        "alarm_limit",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("channel_id", BIG, nullable=False),
        sa.Column("side", sa.String(length=40), nullable=False),
        sa.Column("raise_at", ExactDecimal(), nullable=False),
        sa.Column("clear_at", ExactDecimal(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("set_at", UtcTime(), nullable=False),
        sa.Column("set_by", BIG, nullable=False),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.Column("ended_by", BIG, nullable=True),
        sa.CheckConstraint("side IN ('high', 'low')", name=op.f("ck_alarm_limit_side")),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["sensor_channel.id"], name=op.f("fk_alarm_limit_channel_id")
        ),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"], name=op.f("fk_alarm_limit_ended_by")),
        sa.ForeignKeyConstraint(["set_by"], ["person.id"], name=op.f("fk_alarm_limit_set_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm_limit")),
    )
    op.create_index(op.f("ix_alarm_limit_channel_id"), "alarm_limit", ["channel_id"], unique=False)
    op.create_table(
        "calibration",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("channel_id", BIG, nullable=False),
        sa.Column("sequence", BIG, nullable=False),
        sa.Column("method", sa.String(length=40), nullable=False),
        sa.Column("performed_at", UtcTime(), nullable=False),
        sa.Column("applies_from", UtcTime(), nullable=False),
        sa.Column("next_due_on", sa.Date(), nullable=True),
        sa.Column("slope", sa.Double(), nullable=False),
        sa.Column("intercept", sa.Double(), nullable=False),
        sa.Column("u_slope", sa.Double(), nullable=False),
        sa.Column("u_intercept", sa.Double(), nullable=False),
        sa.Column("covariance", sa.Double(), nullable=False),
        sa.Column("written_to_device", sa.Boolean(), nullable=False),
        sa.Column("verdict_as_found", sa.String(length=40), nullable=False),
        sa.Column("verdict_as_left", sa.String(length=40), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("certificate_number", sa.String(), nullable=True),
        sa.Column("certificate_sha256", sa.String(length=64), nullable=True),
        sa.Column("technician", sa.Text(), nullable=False),
        sa.Column("performed_by", BIG, nullable=False),
        sa.Column("recorded_at", UtcTime(), nullable=False),
        sa.Column("import_id", BIG, nullable=True),
        sa.CheckConstraint("slope <> 0", name=op.f("ck_calibration_slope")),
        sa.ForeignKeyConstraint(
            ["certificate_sha256"],
            ["document.sha256"],
            name=op.f("fk_calibration_certificate_sha256"),
        ),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["sensor_channel.id"], name=op.f("fk_calibration_channel_id")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["reading_import.id"], name=op.f("fk_calibration_import_id")
        ),
        sa.ForeignKeyConstraint(
            ["performed_by"], ["person.id"], name=op.f("fk_calibration_performed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration")),
        sa.UniqueConstraint("channel_id", "code", name=op.f("uq_calibration_channel_id_code")),
    )
    op.create_index(op.f("ix_calibration_code"), "calibration", ["code"], unique=False)
    op.create_table(
        "reading_rollup",
        sa.Column("channel_id", BIG, nullable=False),
        sa.Column("period_s", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("start_us", BIG, autoincrement=False, nullable=False),
        sa.Column("end_us", BIG, nullable=False),
        sa.Column("mean", sa.Double(), nullable=True),
        sa.Column("minimum", sa.Double(), nullable=True),
        sa.Column("maximum", sa.Double(), nullable=True),
        sa.Column("raw_mean", sa.Double(), nullable=True),
        sa.Column("east", sa.Double(), nullable=True),
        sa.Column("north", sa.Double(), nullable=True),
        sa.Column("speed", sa.Double(), nullable=True),
        sa.Column("calms", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=False),
        sa.Column("good", sa.Integer(), nullable=False),
        sa.Column("suspicious", sa.Integer(), nullable=False),
        sa.Column("bad", sa.Integer(), nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["sensor_channel.id"], name=op.f("fk_reading_rollup_channel_id")
        ),
        sa.PrimaryKeyConstraint(
            "channel_id", "period_s", "start_us", name=op.f("pk_reading_rollup")
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "alarm",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("limit_id", BIG, nullable=False),
        sa.Column("raised_at", UtcTime(), nullable=False),
        sa.Column("raised_value", ExactDecimal(), nullable=False),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.Column("end_reason", sa.String(length=40), nullable=False),
        sa.Column("acknowledged_at", UtcTime(), nullable=True),
        sa.Column("acknowledged_by", BIG, nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "end_reason IN ('', 'cleared', 'limit-ended') "
            "AND (ended_at IS NULL) = (end_reason = '')",
            name=op.f("ck_alarm_end_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["acknowledged_by"], ["person.id"], name=op.f("fk_alarm_acknowledged_by")
        ),
        sa.ForeignKeyConstraint(["limit_id"], ["alarm_limit.id"], name=op.f("fk_alarm_limit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm")),
    )
    op.create_index(
        op.f("ix_alarm_limit_id_raised_at"), "alarm", ["limit_id", "raised_at"], unique=False
    )
    op.create_table(
        "calibration_point",
        sa.Column("calibration_id", BIG, nullable=False),
        sa.Column("phase", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("standard_id", BIG, nullable=True),
        sa.Column("reference", ExactDecimal(), nullable=False),
        sa.Column("mean", sa.Double(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("error", sa.Double(), nullable=False),
        sa.Column("expanded", sa.Double(), nullable=False),
        sa.Column("coverage", sa.Double(), nullable=False),
        sa.Column("verdict", sa.String(length=40), nullable=False),
        sa.Column("readings", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "phase IN ('as-found', 'as-left')", name=op.f("ck_calibration_point_phase")
        ),
        sa.ForeignKeyConstraint(
            ["calibration_id"], ["calibration.id"], name=op.f("fk_calibration_point_calibration_id")
        ),
        sa.ForeignKeyConstraint(
            ["standard_id"],
            ["reference_standard.id"],
            name=op.f("fk_calibration_point_standard_id"),
        ),
        sa.PrimaryKeyConstraint(
            "calibration_id", "phase", "number", name=op.f("pk_calibration_point")
        ),
    )
    op.create_table(
        "calibration_certificate_request",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("calibration_id", BIG, nullable=False),
        sa.Column("asked_by", BIG, nullable=False),
        sa.Column("asked_at", UtcTime(), nullable=False),
        sa.Column("language", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["asked_by"],
            ["person.id"],
            name=op.f("fk_calibration_certificate_request_asked_by"),
        ),
        sa.ForeignKeyConstraint(
            ["calibration_id"],
            ["calibration.id"],
            name=op.f("fk_calibration_certificate_request_calibration_id"),
        ),
        sa.ForeignKeyConstraint(
            ["file_sha256"],
            ["document.sha256"],
            name=op.f("fk_calibration_certificate_request_file_sha256"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration_certificate_request")),
    )
    op.create_index(
        op.f("ix_calibration_certificate_request_state"),
        "calibration_certificate_request",
        ["state"],
        unique=False,
    )
