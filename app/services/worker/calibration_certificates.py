"""Making the calibration certificates that desks ask for: the worker's part.

Owns deriving, signing, filing and attaching one in one transaction that keeps the lease. A
request says only which calibration and which language; who asked first authorises it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select, update

from app.models.codes import Role
from app.models.storage.unit_of_work import UnitOfWork, reading
from app.models.tables import Calibration, CalibrationCertificateRequest, Person
from app.services.calibrating.certifying import print_again, require_authoriser
from app.services.calibrating.stating import derive_calibration_statement
from app.services.certificates.calibration.certificate import make_calibration_certificate
from app.services.certificates.requesting import ASKED, FAILED, MADE
from app.services.registry.context import Actor, OpenRegistry
from app.services.signing_keys import Signer, current_signer
from app.services.stations.calibrations import attach_certificate_within
from app.services.stations.kept_calibrations import KeptCalibration, get_calibration
from app.services.stations.registering import Within
from app.services.worker.certificates import MOST_AT_ONCE, answer_each, keep_file
from app.services.worker.lease import Lease

_Request = CalibrationCertificateRequest


def answer_calibration_requests(registry: OpenRegistry, lease: Lease, secret: bytes) -> int:
    """Make what is asked for, each in a transaction of its own; give how many were made."""
    with reading(registry.engine) as connection:
        asked = connection.execute(
            select(_Request.id)
            .where(_Request.state == ASKED)
            .order_by(_Request.id)
            .limit(MOST_AT_ONCE)
        )
        numbers = list(asked.scalars())
    return answer_each(
        numbers,
        lambda number: _answer(registry, lease, secret, number),
        lambda number, problem: _mark_failed(registry, lease, number, problem),
    )


def _answer(registry: OpenRegistry, lease: Lease, secret: bytes, number: int) -> bool:
    with UnitOfWork(registry.engine) as unit:
        connection = unit.connection
        lease.keep(connection)
        row = _request(connection, number)
        if row.state != ASKED:
            return False
        asker = Actor(row.asked_by, row.user_name, row.name, Role(row.role))
        kept = get_calibration(registry, row.code)
        signer = current_signer(connection, secret=secret)
        digest = _make(Within(connection, registry, asker, registry.now()), kept, signer, row)
        connection.execute(
            update(_Request).where(_Request.id == number).values(state=MADE, file_sha256=digest)
        )
        unit.commit()
    return True


def _make(within: Within, kept: KeptCalibration, signer: Signer, row: Any) -> str:
    """Issue the first certificate, or print it once more; give the file's digest."""
    registry, asker = within.registry, (within.actor.id, within.actor.user_name)
    if kept.certificate_sha256 is not None:
        again = print_again(registry, kept.certificate_sha256, signer, row.language)
        name = f"{again.number}.pdf"
        return keep_file(within.connection, registry, asker, name=name, pdf=again.pdf)
    require_authoriser(within.connection, within.actor)
    statement = derive_calibration_statement(registry, within.actor, kept)
    number = statement.certificate
    pdf = make_calibration_certificate(statement, signer.private_key, row.language)
    digest = keep_file(within.connection, registry, asker, name=f"{number}.pdf", pdf=pdf)
    attach_certificate_within(
        within,
        kept.id,
        kept.code,
        number=number,
        document_sha256=digest,
        asked_by=within.actor.user_name,
    )
    return digest


def _request(connection: Connection, number: int) -> Any:
    return connection.execute(
        select(
            _Request.state,
            _Request.language,
            _Request.asked_by,
            Calibration.code,
            Person.user_name,
            Person.name,
            Person.role,
        )
        .join(Calibration, Calibration.id == _Request.calibration_id)
        .join(Person, Person.id == _Request.asked_by)
        .where(_Request.id == number)
    ).one()


def _mark_failed(registry: OpenRegistry, lease: Lease, number: int, problem: str) -> None:
    with UnitOfWork(registry.engine) as unit:
        lease.keep(unit.connection)
        unit.connection.execute(
            update(_Request).where(_Request.id == number).values(state=FAILED, problem=problem)
        )
        unit.commit()
