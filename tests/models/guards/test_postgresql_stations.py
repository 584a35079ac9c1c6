"""Attacks on stations of a networked registry with the raw connection of a person of it.

Each line is an act that must never be, tried with nothing but the driver; `docs/threat-model.md`
names the same acts.
"""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from app.services.calibrating.recording import keep_calibration
from app.services.calibrating.requesting import request_calibration_certificate
from app.services.certificates.requesting import CertificateNotMade
from app.services.documents import add_document
from app.services.readings.verification import verify_readings
from app.services.registry.context import Actor, OpenRegistry
from app.services.stations.events import EventKind, NewEvent, record_event
from app.services.stations.kept_calibrations import get_calibration
from app.services.stations.standards import add_standard
from tests.fixtures.attackers import Attackers, Raw
from tests.fixtures.benches import bench, finished, gas, register_bench
from tests.fixtures.networked import NetworkedDemo

pytestmark = pytest.mark.postgres

REFUSALS = ("42501", "TK001")
_NEXT = (
    "INSERT INTO teak.reading_record (sensor_id, sequence, kind, first_us, last_us, row_count, "
    "header, payload, hash, signature, key_id, recorded_by) SELECT sensor_id, sequence + {step}, "
    "'gap', first_us, last_us, 0, h, '', sha256('\\x00'::bytea || h), signature, {key}, {by} "
    'FROM teak.reading_record, LATERAL (SELECT convert_to(\'{{"previous":"\' || {before} || '
    "'\"}}', 'UTF8') AS h) said ORDER BY sequence DESC LIMIT 1"
)
_ME = "(SELECT id FROM teak.person WHERE user_name = split_part(session_user::text, '.', 2))"
_OTHER = "(SELECT min(id) FROM teak.person WHERE user_name <> 'technician')"
_HASH = "encode(hash, 'hex')"


def _record(step: int = 1, key: str = "key_id", by: str = _ME, before: str = _HASH) -> str:
    return _NEXT.format(step=step, key=key, by=by, before=before)


_CHANGES = {
    "change a record of readings": "UPDATE teak.reading_record SET payload = '\\x00'",
    "delete a record of readings": "DELETE FROM teak.reading_record",
    "empty the records of readings": "TRUNCATE teak.reading_record",
    "rewrite the history of a station": "UPDATE teak.station_event SET note = 'x'",
    "delete the history of a station": "DELETE FROM teak.station_event",
    "delete a station's key": "DELETE FROM teak.station_key",
    "exchange a station's key": "UPDATE teak.station_key SET public_key = '\\x00'",
    "retire a station's key unlogged": "UPDATE teak.station_key SET retired_at = now()",
    "move a station unlogged": "UPDATE teak.station SET latitude = '1'",
    "better a calibration": "UPDATE teak.calibration SET verdict_as_found = 'pass'",
    "delete a calibration": "DELETE FROM teak.calibration",
    "a calibration that nobody signed": "INSERT INTO teak.calibration (code, channel_id, sequence, "
    "method, performed_at, applies_from, slope, intercept, u_slope, u_intercept, covariance, "
    "written_to_device, verdict_as_found, verdict_as_left, details, technician, performed_by, "
    "recorded_at) SELECT 'CAL-X', channel_id, sequence, method, performed_at, applies_from, 2, 0, "
    f"0, 0, 0, false, 'pass', 'pass', details, technician, {_ME}, now() FROM teak.calibration",
    "better the points of a calibration": "UPDATE teak.calibration_point SET error = 0",
    "certify a calibration with a file of one's own": "UPDATE teak.calibration SET "
    "certificate_number = 'CC-1', certificate_sha256 = (SELECT min(sha256) FROM teak.document)",
    "answer one's own request for a calibration certificate": "UPDATE "
    "teak.calibration_certificate_request SET state = 'made'",
    "a request that is answered already": "INSERT INTO teak.calibration_certificate_request "
    "(calibration_id, asked_by, asked_at, language, state, file_sha256, problem) SELECT "
    f"max(id), {_ME}, now(), 'th', 'made', (SELECT min(sha256) FROM teak.document), '' "
    "FROM teak.calibration",
    "ask for a certificate in another's name": "INSERT INTO "
    "teak.calibration_certificate_request (calibration_id, asked_by, asked_at, language, state, "
    f"problem) SELECT max(id), {_OTHER} + 3, now(), 'th', 'asked', '' FROM teak.calibration",
    "better a reference material": "UPDATE teak.reference_standard SET expanded = 0",
    "read the registry's private key": "SELECT private_key FROM teak.signing_key",
    "disable the guards of readings": "ALTER TABLE teak.reading_record DISABLE TRIGGER ALL",
}  # fmt: skip
"""What nobody may, a technician included."""

_OTHERS = {
    "read a station's private key": "SELECT private_key FROM teak.station_key",
    "read all of a station's keys": "SELECT * FROM teak.station_key",
    "record readings": _record(),
    "retire a station's key": "WITH said AS (SELECT teak.log('station-key-retired', '{}')) "
    "UPDATE teak.station_key SET retired_at = now() WHERE (SELECT * FROM said) > 0",
    "a key of one's own for a station": "INSERT INTO teak.station_key (station_id, public_key, "
    "private_key, added_at, added_by, retired_at) SELECT id, decode(repeat('00', 32), 'hex'), "
    f"decode(repeat('00', 32), 'hex'), now(), {_ME}, now() FROM teak.station LIMIT 1",
}  # fmt: skip
"""What nobody but a technician may: with the key comes the right to sign."""

_TECHNICIANS = {
    "record readings in another's name": _record(by=_OTHER),
    "leave a hole in a chain": _record(step=2),
    "fork a chain": _record(before="repeat('0', 64)"),
    "sign with another station's key": _record(key="key_id + 1"),
    "calibrate in another's name": "UPDATE teak.calibration SET performed_by = 1",
}  # fmt: skip


@pytest.fixture
def storage() -> str:
    return "networked"


@pytest.fixture
def field(
    registry: OpenRegistry, people: dict[str, Actor], networked_demo: NetworkedDemo
) -> Iterator[Attackers]:
    """A station with its key, a signed calibration, an event, and a certificate asked for."""
    technician = people["technician"]
    sensor = register_bench(registry, technician)
    code = keep_calibration(registry, technician, finished(sensor.channels[0].id, bench()))
    event = NewEvent(sensor.station_id, EventKind.NOTE, registry.now(), note="Inlet cleaned")
    record_event(registry, technician, event)
    add_standard(registry, technician, gas("NIMT-400", 400))
    content = b"%PDF- of my own"
    add_document(registry, technician, name="x.pdf", media_type="application/pdf", content=content)
    with pytest.raises(CertificateNotMade):
        request_calibration_certificate(
            registry, technician, get_calibration(registry, code), wait_s=0
        )
    made = Attackers(networked_demo)
    yield made
    for connection in made.opened:
        connection.close()


def picture(field: Attackers) -> list[tuple[object, ...]]:
    """Show all of stations that an attack could want to change."""
    owner, found = field.owner(), []
    for table in (
        "station", "station_key", "sensor", "sensor_channel", "station_event", "reading_record",
        "calibration", "calibration_point", "calibration_certificate_request",
        "reference_standard",
    ):  # fmt: skip
        found += owner.execute(
            f"SELECT '{table}', t::text FROM teak.{table} t ORDER BY 2"
        ).fetchall()
    return found


def outcome(attacker: Raw, statement: str) -> str | None:
    """Try a statement and give the state it was refused with, or None."""
    try:
        attacker.execute(statement)
    except psycopg.Error as error:
        return error.sqlstate
    return None


def not_refused(field: Attackers, user: str, statements: dict[str, str]) -> dict[str, str | None]:
    attacker = field.connect(user)
    said = {name: outcome(attacker, statement) for name, statement in statements.items()}
    return {name: state for name, state in said.items() if state not in REFUSALS}


def test_nobody_writes_a_station_but_by_its_acts(field: Attackers) -> None:
    before = picture(field)
    for user in ("officer", "approver", "committee1", "admin", "auditor"):
        assert not_refused(field, user, _CHANGES | _OTHERS) == {}, user
    assert not_refused(field, "technician", _CHANGES | _TECHNICIANS) == {}
    assert picture(field) == before


def test_a_request_for_a_certificate_is_never_born_answered(attackers: Attackers) -> None:
    """Whoever could would show everybody a file of their own as a cancellation's certificate."""
    statement = (
        "INSERT INTO teak.certificate_request (transaction_id, asked_by, asked_at, language, "
        f"state, file_sha256, problem) SELECT max(id), {_ME}, now(), 'th', %s, %s, %s "
        "FROM teak.registry_transaction"
    )
    attacker = attackers.connect("officer")
    for state, digest, problem in (
        ("made", None, ""),
        ("asked", "0" * 64, ""),
        ("asked", None, "x"),
    ):
        with pytest.raises(psycopg.Error) as refused:
            attacker.execute(statement, (state, digest, problem))
        assert refused.value.sqlstate == "TK001"
    attacker.execute(statement, ("asked", None, ""))


def test_before_the_code_nothing_of_a_station_is_seen(field: Attackers) -> None:
    thief = field.connect("technician", signs_in=False)
    for query in ("SELECT private_key FROM teak.station_key", "SELECT 1 FROM teak.reading_record"):
        assert thief.execute(query).fetchall() == []
    # Of rows it does not see it can make none.
    outcome(thief, _record())
    assert field.one("SELECT count(*) FROM teak.reading_record") == 1


def test_what_a_technician_forges_is_found(field: Attackers, registry: OpenRegistry) -> None:
    """Who holds the key's right may write a record; one that it did not sign does not hold."""
    assert verify_readings(registry).ok
    field.connect("technician").execute(_record())
    verdict = verify_readings(registry)
    assert not verdict.ok
    assert "record 2" in str(verdict.first_failure)
